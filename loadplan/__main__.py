"""``loadplan`` and ``python -m loadplan``. Worker processes import this again: the commands come with the call."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""Exit status after Ctrl-C, the same as in ``loadplan.cli.exits``: known before anything else is read."""


def main() -> None:
    """The command ``loadplan``. Ctrl-C before the commands are read ends as it does later."""
    try:
        from loadplan.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Nothing of this command was kept.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()

"""``loadplan`` and ``python -m loadplan``. Worker processes import this again: the commands come with the call."""

from __future__ import annotations


def main() -> None:
    """The command ``loadplan``."""
    from loadplan.cli import main as command

    command()


if __name__ == "__main__":
    main()

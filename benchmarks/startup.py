"""How fast a command is there: beside an empty Python, and beside ``import pandas`` for what needs tables."""

from __future__ import annotations

import contextlib
import io
import tempfile
from datetime import date
from pathlib import Path

from support.side_by_side import cpu_ratios, table

from loadplan.cli import run
from loadplan.demo import run_demo

N = 9
AS_OF = date(2025, 11, 19)
SMALL, STORE, TABLES = 14.0, 20.0, 1.6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run_demo(Path(folder) / "out", run=run, as_of=AS_OF)
        store = str(Path(folder) / "out" / "synthetic" / "demo.db")
        rows = [one(["--version"], SMALL), one(["--help"], SMALL)]
        fast = (["log"], ["plan", "show"], ["pain", "list"], ["shoes"], ["evidence"])
        rows += [one(["--store", store, *line], STORE) for line in fast]
        for line in (["load"], ["check"]):
            command = ["--store", store, *line, "--as-of", AS_OF.isoformat()]
            rows.append(one(command, TABLES, beside="import pandas"))
        table(f"Start-up, on a store of a year of runs; median of {N}", rows)


def one(line: list[str], limit: float, beside: str = "pass") -> tuple[str, str, list[float], float]:
    shown = " ".join(word for word in line if not word.startswith("/") and word != "--store")
    found = cpu_ratios(["-m", "loadplan", *line], ["-c", beside], N)
    return f"loadplan {shown}", f"python -c '{beside}'", found, limit


if __name__ == "__main__":
    main()

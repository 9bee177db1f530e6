"""Print pip constraints that hold each dependency at the lowest version pyproject.toml allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

OLD_FRIENDS = ("pyparsing<3.2", "click<8.2")
"""What the lowest versions need in turn: matplotlib 3.9 and typer 0.16 call names that newer friends warn of."""

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def lowest(requirement: str) -> str | None:
    """``name>=1.2`` as ``name==1.2``; None without a lower bound."""
    found = re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", requirement)
    return f"{found[1]}=={found[2]}" if found else None


if __name__ == "__main__":
    wanted = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    print("\n".join([*filter(None, map(lowest, wanted)), *OLD_FRIENDS]))

"""The suite runs without a network, and the command needs none."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SPEAKERS = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "pickle", "yaml"}


def test_a_test_that_reaches_out_fails() -> None:
    with socket.socket() as out, pytest.raises(AssertionError, match="tried to reach"):
        out.connect(("127.0.0.1", 9))


@pytest.mark.parametrize("package", ["loadplan", "importers", "plans"])
def test_no_room_imports_what_speaks_to_a_network_or_runs_code_from_data(package: str) -> None:
    found = []
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{file.name}: {name}" for name in names if name.split(".")[0] in SPEAKERS]
    assert found == []

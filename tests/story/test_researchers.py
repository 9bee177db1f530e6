"""The page for researchers: its examples run as they stand, on an export and a store."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.story

ROOT = Path(__file__).resolve().parents[2]


def test_the_examples_for_researchers_run_as_they_stand(
    imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(imported / "export.zip", tmp_path / "export.zip")
    shutil.copyfile(imported / "data" / "loadplan.db", tmp_path / "loadplan.db")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "for-researchers.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) > 7
    seen: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "for-researchers.md", "exec"), seen)
    assert (tmp_path / "coach.html").stat().st_size > 10_000
    assert len(seen["weeks"]) > 40  # type: ignore[arg-type]

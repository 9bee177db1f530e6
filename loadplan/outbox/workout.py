"""A planned run as steps that a watch can count: walk, run, repeats, with the range of the cadence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

Intensity = Literal["warmup", "active", "rest", "cooldown"]
RUNNING: Final = frozenset({"run", "run_walk", "long", "hills", "strides"})
"""Kinds of sessions that are runs."""
WARM_UP_MIN: Final = 5.0
"""min; every planned run begins with so much walking or mobility."""
STRIDES, STRIDE_S, STRIDE_REST_S = 4, 20, 70
SECONDS: Final = 60
BLOCK_S: Final = 60
"""s; a block of cadence work, and the time between two."""
_PATTERN: Final = re.compile(r"(\d+)x\((\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)\)")


class CadenceUnit(StrEnum):
    """How a watch counts a target of cadence: one leg, as the FIT profile has it, or both."""

    STRIDES = "strides"
    STEPS = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what to do, for how long, at which cadence (steps/min of both feet)."""

    name: str
    seconds: int
    intensity: Intensity
    low_spm: float | None = None
    high_spm: float | None = None

    @property
    def title(self) -> str:
        """The name with the range of the cadence in it: what a watch shows."""
        if self.low_spm is None or self.high_spm is None:
            return self.name
        return f"{self.name} {self.low_spm:.0f}-{self.high_spm:.0f} spm"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Steps that come several times."""

    times: int
    steps: tuple[Step, ...]


Block = Step | Repeat


def workout(session: Mapping[str, Any]) -> tuple[Block, ...]:
    """The steps of a planned run; nothing for anything else."""
    if session["kind"] not in RUNNING or not session["minutes"]:
        return ()
    return tuple(_blocks(session))


def _blocks(session: Mapping[str, Any]) -> Iterator[Block]:
    walk = session["walk_minutes"] or 0.0
    warm_up = min(WARM_UP_MIN, walk)
    cool_down = warm_up if session.get("level") is not None else walk - warm_up
    if warm_up:
        yield Step(name="Brisk walk", seconds=round(warm_up * SECONDS), intensity="warmup")
    yield from _main(session)
    if session["kind"] == "strides":
        quick = Step(name="Stride, relaxed and quick", seconds=STRIDE_S, intensity="active")
        yield Repeat(STRIDES, (quick, Step(name="Walk back", seconds=STRIDE_REST_S, intensity="rest")))
    if cool_down > 0:
        yield Step(name="Walk", seconds=round(cool_down * SECONDS), intensity="cooldown")


def _main(session: Mapping[str, Any]) -> Iterator[Block]:
    seconds = round(session["minutes"] * SECONDS)
    found = _PATTERN.fullmatch(session["run_walk"] or "")
    if found is not None and float(found[3]):
        run = Step(name="Run", seconds=round(float(found[2]) * SECONDS), intensity="active")
        walk = Step(name="Walk", seconds=round(float(found[3]) * SECONDS), intensity="rest")
        yield Repeat(int(found[1]), (run, walk))
        return
    low, high = session["cadence_low_spm"], session["cadence_high_spm"]
    blocks = session.get("cadence_blocks")
    if blocks and low is not None and 2 * blocks * BLOCK_S <= seconds:
        target = Step(name="Run", seconds=BLOCK_S, intensity="active", low_spm=low, high_spm=high)
        yield Repeat(blocks, (target, Step(name="Run as you like", seconds=BLOCK_S, intensity="active")))
        seconds -= 2 * blocks * BLOCK_S
        low = high = None
    if seconds > 0:
        name = "Run, hilly" if session["hills"] else "Run easily"
        yield Step(name=name, seconds=seconds, intensity="active", low_spm=low, high_spm=high)

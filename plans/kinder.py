"""Diaries with less pain than the one at hand: a worse diary never leads to more than a kinder one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from plans.pain import Light
from plans.plan import DiaryDay
from plans.verdict import HURT


def kinder_diaries(told: Sequence[DiaryDay]) -> Iterator[tuple[DiaryDay, ...]]:
    """The same diary with its hurt entries taken back to green, the oldest written first; the kindest comes first.

    Between green and red lies amber. Each differs from the next in one entry, which is green afterwards.
    """
    hurt = [n for n, one in enumerate(told) if one.light in HURT]
    for k, place in enumerate(hurt):
        later = hurt[k:]
        yield tuple(_kinder(one, Light.GREEN) if n in later else one for n, one in enumerate(told))
        if told[place].light == Light.RED:
            later = hurt[k + 1 :]
            amber = {place: _kinder(told[place], Light.AMBER)}
            yield tuple(_kinder(one, Light.GREEN) if n in later else amber.get(n, one) for n, one in enumerate(told))


def _kinder(one: DiaryDay, light: Light) -> DiaryDay:
    return replace(one, light=str(light))

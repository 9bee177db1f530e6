"""Readers that end badly, for the tests of worker processes, which import them by their names."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import time
from datetime import datetime

from importers.archive import Member
from importers.decoding import Outcome, decode

importlib.import_module("importers.measure")  # before the first file, so that none waits for NumPy to load
MARK = b"<!-- bad -->"


def _is_bad(member: Member) -> bool:
    return MARK in (member.data or b"")


def in_a_worker() -> bool:
    return multiprocessing.parent_process() is not None


class Load:
    """An item that one can count while it is held."""

    def __init__(self, number: int) -> None:
        self.number = number


def negated(load: Load) -> int:
    """Work that is done at once."""
    return -load.number


def dies(member: Member, latest: datetime, seconds: float | None) -> Outcome:
    """Ends its process at once on a bad file, as the system does when memory runs out."""
    assert in_a_worker()
    if _is_bad(member):
        os.kill(os.getpid(), signal.SIGKILL)
    return decode(member, latest, seconds)


def sleeps(member: Member, latest: datetime, seconds: float | None) -> Outcome:
    """Gives no answer on a bad file, and does not compute either."""
    while _is_bad(member):
        time.sleep(1)
    return decode(member, latest, seconds)


class NeverLoads:
    """A reader that ends every worker while it comes up, and reads well in the first process."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)

    def __call__(self, member: Member, latest: datetime, seconds: float | None) -> Outcome:
        assert not in_a_worker()
        return decode(member, latest, seconds)

"""A limit on the computing time of one file, where the platform can interrupt."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AGAIN_S: Final = 1.0
"""How long after the end of the time it is said again (s): Python drops what is raised while an object is freed."""


class TooSlowError(BaseException):
    """The time is over. No ``Exception``: a reader that expects those of bad data must not swallow it."""


@contextmanager
def cpu_limit(seconds: float | None) -> Iterator[None]:
    """Stop what runs inside after so many seconds of computing, by TooSlowError.

    Computing time, not the clock's: a busy or sleeping machine makes no file slow. It needs the main thread and a
    system with interval timers (not Windows), and leaves a profiler that uses the same timer alone; elsewhere, and
    with None, there is no limit.
    """
    if seconds is None or sys.platform == "win32" or not _is_free():
        yield
        return
    before = signal.signal(signal.SIGPROF, _over)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _is_free() -> bool:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return False
    return signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def _over(signum: int, frame: object) -> None:
    raise TooSlowError

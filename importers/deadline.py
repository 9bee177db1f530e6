"""A limit on the computing time of one file, where the platform can interrupt."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

AGAIN_S: Final = 1.0
"""How long after the end of the time it is said again (s): Python drops what is raised while an object is freed."""


class TooSlowError(BaseException):
    """The time is over. No ``Exception``: a reader that expects those of bad data must not swallow it."""


@contextmanager
def cpu_limit(seconds: float | None) -> Iterator[None]:
    """Stop what runs inside after so many seconds of computing, by TooSlowError.

    Computing time, not the clock's: a busy or sleeping machine makes no file slow. In the main thread an interval timer
    tells it, as long as no profiler uses that; in another thread, such as a worker's of a cluster, a watcher looks at
    the thread's own clock. Where the system has neither (Windows, threads of macOS), and with None, there is no limit.
    """
    if seconds is None or sys.platform == "win32":
        yield
    elif threading.current_thread() is not threading.main_thread():
        with _watched(seconds) if hasattr(time, "pthread_getcpuclockid") else nullcontext():
            yield
    elif _is_free():
        with _timed(seconds):
            yield
    else:
        yield


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, _over)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _is_free() -> bool:
    return hasattr(signal, "setitimer") and signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def _over(signum: int, frame: object) -> None:
    raise TooSlowError


# ---------------------------------------------------------------- threads
class _Watcher:
    """Looks after the threads of this process: one thread of its own, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._ends: dict[int, tuple[int, float]] = {}
        """Thread -> its clock, and what that shows when the time is over."""
        self._running = False

    def begin(self, thread: int, seconds: float) -> None:
        clock = time.pthread_getcpuclockid(thread)
        with self._lock:
            self._ends[thread] = (clock, time.clock_gettime(clock) + seconds)
            if not self._running:
                self._running = True
                threading.Thread(target=self._watch, name="deadline", daemon=True).start()
            elif len(self._ends) == 1:
                self._lock.notify()

    def end(self, thread: int) -> None:
        with self._lock:
            self._ends.pop(thread, None)

    def _watch(self) -> None:
        with self._lock:
            while True:
                self._lock.wait(AGAIN_S if self._ends else None)
                for thread, (clock, end) in self._ends.items():
                    if time.clock_gettime(clock) >= end:
                        _raise_in(thread)


def _raise_in(thread: int) -> None:
    """Raise TooSlowError in another thread, between two of its steps."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooSlowError))


_WATCHER: Final = _Watcher()


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    me = threading.get_ident()
    _WATCHER.begin(me, seconds)
    try:
        yield
    finally:
        _WATCHER.end(me)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(me), None)  # said too late: taken back

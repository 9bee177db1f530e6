"""A click track for cadence work, as a WAV file: one click a step, each at its own instant, so that nothing drifts."""

from __future__ import annotations

import io
import math
import wave
from array import array
from typing import Final

RATE_HZ: Final = 11025
"""Samples a second: enough for a click."""
CLICK_HZ, CLICK_S, FADE_PER_S, LOUDNESS = 1600.0, 0.03, 160.0, 0.8
FULL: Final = 32767
SLOWEST_SPM, FASTEST_SPM = 100.0, 240.0
LONGEST_MIN: Final = 120.0
SECONDS_PER_MINUTE: Final = 60


def click_track(spm: float, minutes: float) -> bytes:
    """A mono WAV of 16 bits with ``spm`` clicks a minute (steps of both feet).

    Raises:
        ValueError: no cadence that anybody runs, or no length that anybody listens to.
    """
    if not SLOWEST_SPM <= spm <= FASTEST_SPM:
        raise ValueError(f"a cadence is {SLOWEST_SPM:.0f} to {FASTEST_SPM:.0f} steps/min, not {spm:g}")
    if not 0 < minutes <= LONGEST_MIN:
        raise ValueError(f"a click track lasts more than 0 and at most {LONGEST_MIN:.0f} minutes, not {minutes:g}")
    samples = array("h", bytes(2 * round(minutes * SECONDS_PER_MINUTE * RATE_HZ)))
    click = _click()
    for n in range(math.ceil(minutes * spm - 1e-9)):
        at = round(n * SECONDS_PER_MINUTE * RATE_HZ / spm)
        samples[at : at + len(click)] = click[: len(samples) - at]
    return _wav(samples)


def _click() -> array[int]:
    """A tone that fades out."""
    times = (n / RATE_HZ for n in range(round(CLICK_S * RATE_HZ)))
    return array(
        "h", (round(FULL * LOUDNESS * math.exp(-FADE_PER_S * t) * math.sin(math.tau * CLICK_HZ * t)) for t in times)
    )


def _wav(samples: array[int]) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()

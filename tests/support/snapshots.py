"""Pictures beside kept ones, small and blurred, so that another version of the letters' renderer changes nothing.

``make snapshots`` draws the kept ones anew; look at them before they are committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "data" / "snapshots"
WRITE = os.environ.get("SNAPSHOTS") == "write"
WIDE = 200
"""Pixels of a kept picture: a letter is a grey spot, a bar is a bar."""
SEEN = 0.15
"""A pixel that differs by more has changed; renderers of letters differ by less at this size."""
MOST = 0.005
"""So much of a picture may have changed."""

Pixels = npt.NDArray[np.float64]


def small(picture: bytes | Path) -> Image.Image:
    """The picture as it is kept."""
    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as whole:
        rgb = whole.convert("RGB")
        return rgb.resize((WIDE, round(rgb.height * WIDE / rgb.width)), Image.Resampling.BOX)


def changed(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that look different: 1 where even the shape is another."""
    if one.size != other.size:
        return 1.0
    a, b = (np.asarray(image, dtype=np.float64) / 255 for image in (one, other))
    return float((np.abs(_blurred(a) - _blurred(b)).max(axis=2) > SEEN).mean())


def _blurred(image: Pixels) -> Pixels:
    """The mean of each pixel and its eight neighbours."""
    wide = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, columns = image.shape[:2]
    parts = [wide[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    return np.mean(np.stack(parts), axis=0)


def hold(name: str, picture: bytes | Path) -> None:
    """Hold a picture against the kept one of this name, or keep it where ``SNAPSHOTS=write`` asks for that."""
    path, now = FOLDER / f"{name}.png", small(picture)
    if WRITE:
        FOLDER.mkdir(parents=True, exist_ok=True)
        now.quantize(64).save(path, optimize=True)
        return
    with Image.open(path) as kept:
        share = changed(kept.convert("RGB"), now)
    assert share <= MOST, f"{name}: {100 * share:.1f} % of it has changed; if that is meant, `make snapshots` keeps it"

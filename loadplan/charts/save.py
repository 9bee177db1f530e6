"""A figure as PNG, SVG or PDF: the same picture gives the same bytes, and the file appears whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loadplan.charts.style import house_style
from loadplan.outbox.safe_file import write_private

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS: Final = ("png", "svg", "pdf")


def save_figure(fig: Figure, path: Path | str, *, force: bool = False) -> None:
    """Write a figure; the ending of the path (png, svg, pdf) decides the format. Mode 0600.

    Raises:
        ValueError: the ending is none of the three.
        FileExistsError: the file exists and ``force`` is not given.
    """
    path = Path(path)
    write_private(path, figure_bytes(fig, path.suffix.lstrip(".").lower()), force=force)


def figure_bytes(fig: Figure, kind: str) -> bytes:
    """The figure in one of ``FORMATS``, without dates and random numbers."""
    if kind not in FORMATS:
        raise ValueError(f"a chart can be written as {', '.join(FORMATS)}, not as {kind or 'a file without ending'!r}")
    out = io.BytesIO()
    with house_style():
        fig.savefig(out, format=kind, metadata=_metadata(kind, str(fig.get_label())))
    return out.getvalue()


def _metadata(kind: str, words: str) -> dict[str, Any]:
    """The alternative text, and no trace of when it was made."""
    if kind == "png":
        return {"Software": "loadplan", "Description": words}
    if kind == "svg":
        return {"Date": None, "Creator": "loadplan", "Description": words}
    return {"CreationDate": None, "Producer": "loadplan", "Creator": "loadplan", "Subject": words}

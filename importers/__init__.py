"""Files to runs: ``read_export(path)`` reads a file, folder or archive into runs, a ledger and problems.

The names below are imported when they are first used (PEP 562), so that ``import importers`` brings no numpy.

Example:
    >>> import importers
    >>> export = importers.read_export("export_1234.zip")  # doctest: +SKIP
    >>> export.counts()["rejected"]  # doctest: +SKIP
    0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importers.archive import Limits as Limits
    from importers.export import Export as Export
    from importers.export import Progress as Progress
    from importers.export import read_export as read_export
    from importers.problems import Fate as Fate
    from importers.problems import ImporterError as ImporterError
    from importers.problems import LedgerRow as LedgerRow
    from importers.problems import Problem as Problem
    from importers.run import Recording as Recording
    from importers.run import Run as Run
    from importers.run import Summary as Summary
    from importers.run import Track as Track

_HOMES = {
    "Export": "importers.export",
    "Fate": "importers.problems",
    "ImporterError": "importers.problems",
    "LedgerRow": "importers.problems",
    "Limits": "importers.archive",
    "Problem": "importers.problems",
    "Progress": "importers.export",
    "Recording": "importers.run",
    "Run": "importers.run",
    "Summary": "importers.run",
    "Track": "importers.run",
    "read_export": "importers.export",
}

__all__ = [
    "Export",
    "Fate",
    "ImporterError",
    "LedgerRow",
    "Limits",
    "Problem",
    "Progress",
    "Recording",
    "Run",
    "Summary",
    "Track",
    "read_export",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its room when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'importers' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__

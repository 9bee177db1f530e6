"""The run log out of the store, as the table that every measuring room takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadplan.runlog import log_table
from loadplan.store import Store

if TYPE_CHECKING:
    import pandas as pd


def open_log(store: Path | str, athlete: str = "me") -> pd.DataFrame:
    """Read the run log of one athlete from a store that exists.

    Example:
        >>> from loadplan import open_log
        >>> log = open_log("loadplan.db")  # doctest: +SKIP
    """
    with Store.open(Path(store), create=False, athlete=athlete) as opened:
        return log_table(opened.runs())

"""The parts of a cohort as what a study asks: read in portions, summed up runner by runner."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from loadplan.cohort.flags import FLAGS
from loadplan.cohort.injuries import injury_table
from loadplan.cohort.results import labelled
from loadplan.cohort.study import Sums, joined, summary, sums
from loadplan.cohort.tables import WEEKS, Columns, typed

if TYPE_CHECKING:
    from loadplan.cohort.results import Cohort

PORTION: Final = 100
"""Runners whose weeks are in memory at once."""


def study_of(cohort: Cohort) -> dict[str, Any]:
    """What a cohort says together, as ``study.summary`` tells it. Runners of whom nothing was read are left out."""
    return summary(joined(_portions(cohort)))


def _portions(cohort: Cohort) -> Iterator[Sums]:
    parts = ((person, part) for person, part in cohort.parts() if part.summary["status"] != "failed")
    while some := list(islice(parts, PORTION)):
        tables = {
            name: table_of(b"".join(labelled(person.label, part.texts[name]) for person, part in some), columns)
            for name, columns in (("weeks", WEEKS), ("flags", FLAGS))
        }
        told = [(person.label, person.injuries or None) for person, _ in some]
        hurt = injury_table(pd.DataFrame(told, columns=["runner", "injuries"], dtype="object"))
        yield sums(tables["weeks"], tables["flags"], hurt)


def table_of(rows: bytes, columns: Columns) -> pd.DataFrame:
    """A table out of rows of its CSV, without the header."""
    kinds = {name: "object" if kind == "str" else kind for name, kind in columns.items()}
    unknown = {name: [""] for name, kind in columns.items() if kind == "float64"}
    read = pd.read_csv(
        io.BytesIO(rows), names=list(columns), header=None, dtype=kinds, keep_default_na=False, na_values=unknown
    )
    told = {name: [value or None for value in read[name]] if kind == "str" else read[name].to_numpy()
            for name, kind in columns.items()}  # fmt: skip
    return typed(told, columns)

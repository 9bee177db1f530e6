"""The tables, as numbered migrations. A migration that was ever released is never edited: a new one follows it.

Text dates are ISO. ``NULL`` means not recorded. Coordinates are not stored at all.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x6C6F6164
"""Marks a SQLite file as a loadplan store (``PRAGMA application_id``): the four letters "load"."""

_ONE: Final = (
    "CREATE TABLE athlete (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
    """CREATE TABLE import (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, made TEXT NOT NULL, reader TEXT NOT NULL,
        paths TEXT NOT NULL, counts TEXT NOT NULL, problems TEXT NOT NULL) STRICT""",
    """CREATE TABLE ledger (
        import INTEGER NOT NULL REFERENCES import ON DELETE CASCADE, position INTEGER NOT NULL, source TEXT NOT NULL,
        fate TEXT NOT NULL, code TEXT, detail TEXT, content_sha256 TEXT, runs INTEGER NOT NULL,
        salvaged INTEGER NOT NULL, PRIMARY KEY (import, position)) STRICT, WITHOUT ROWID""",
    # One row a recording. Typed runs have no content_sha256. `removed` is a tombstone: importing again does not revive.
    """CREATE TABLE run (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, base_id TEXT NOT NULL,
        start TEXT NOT NULL, day TEXT NOT NULL, utc_offset_s INTEGER, offset_source TEXT,
        sport TEXT NOT NULL, surface TEXT, distance_m REAL, elapsed_s REAL, moving_s REAL, running_s REAL,
        ascent_m REAL, descent_m REAL, climb_source TEXT, hill_up_m REAL, hill_down_m REAL, steps REAL,
        cadence_spm REAL, heart_rate_bpm REAL, power_w REAL, vertical_oscillation_mm REAL, ground_contact_ms REAL,
        ground_contact_balance_pct REAL, vertical_ratio_pct REAL, step_length_mm REAL, shoe TEXT, rpe REAL, title TEXT,
        device TEXT, source TEXT NOT NULL, content_sha256 TEXT, session INTEGER NOT NULL, salvaged INTEGER NOT NULL,
        worn TEXT, reader TEXT NOT NULL, import INTEGER REFERENCES import, removed TEXT,
        UNIQUE (athlete, content_sha256, session)) STRICT""",
    "CREATE INDEX run_by_day ON run (athlete, day)",
    """CREATE TABLE correction (
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, field TEXT NOT NULL, value TEXT NOT NULL,
        made TEXT NOT NULL, PRIMARY KEY (run, field)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shoe (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, name TEXT NOT NULL, drop_mm REAL,
        stack_mm REAL, plated INTEGER, first_day TEXT, retired TEXT, UNIQUE (athlete, name)) STRICT""",
    """CREATE TABLE shoe_default (
        athlete INTEGER NOT NULL REFERENCES athlete, from_day TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (athlete, from_day)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE screening (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, made TEXT NOT NULL, day TEXT NOT NULL,
        answers TEXT NOT NULL, result TEXT NOT NULL, reason TEXT, clinician TEXT) STRICT""",
    """CREATE TABLE plan (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, original INTEGER REFERENCES plan,
        made TEXT NOT NULL, as_of TEXT NOT NULL, plan TEXT NOT NULL) STRICT""",
    """CREATE TABLE pain (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, made TEXT NOT NULL, day TEXT NOT NULL,
        entry TEXT NOT NULL) STRICT""",
    "CREATE INDEX pain_by_day ON pain (athlete, day)",
)

# NULL in `flags`: measured by a reader that did not check yet. Else codes, one blank between them, "" for none.
_TWO: Final = (
    "ALTER TABLE run ADD COLUMN climb_quality TEXT",
    "ALTER TABLE run ADD COLUMN flags TEXT",
)

# JSON: pairs of a code and a sentence. NULL: measured by a reader that did not tell yet.
_THREE: Final = ("ALTER TABLE run ADD COLUMN notes TEXT",)

# JSON: seconds by speed, metres by grade, seconds by cadence (importers/spread.py). NULL: not recorded or not read yet.
_FOUR: Final = ("ALTER TABLE run ADD COLUMN spread TEXT",)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_ONE, _TWO, _THREE, _FOUR)
"""Statements that lead from version N to N + 1; ``PRAGMA user_version`` says how many were done."""

VERSION: Final = len(MIGRATIONS)

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

# A witness is one account of one activity; a run is what its witnesses come to. `said` is JSON: the values of a run by the
# names of its columns. `gone`: a newer reader no longer finds it. `reading` remembers what each content gave; its `said` holds
# the runs until the import that reads them is complete. `apart`: witnesses that the runner has split.
_FIVE: Final = (
    """CREATE TABLE witness (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, identity TEXT NOT NULL, teller TEXT NOT NULL,
        content_sha256 TEXT, session INTEGER NOT NULL, start TEXT NOT NULL, base_id TEXT NOT NULL, clock TEXT NOT NULL,
        typed_in INTEGER NOT NULL, climb_corrected INTEGER NOT NULL, told TEXT, activities TEXT NOT NULL,
        exports TEXT NOT NULL, restart TEXT, zone TEXT, said TEXT NOT NULL, reader TEXT NOT NULL,
        import INTEGER REFERENCES import, run INTEGER REFERENCES run ON DELETE SET NULL, rule TEXT, gone TEXT,
        UNIQUE (athlete, identity)) STRICT""",
    "CREATE INDEX witness_by_run ON witness (run)",
    """CREATE TABLE reading (
        athlete INTEGER NOT NULL REFERENCES athlete, content_sha256 TEXT NOT NULL, reader TEXT NOT NULL, kind TEXT NOT NULL,
        fate TEXT NOT NULL, code TEXT, detail TEXT, runs INTEGER NOT NULL, salvaged INTEGER NOT NULL,
        problems TEXT NOT NULL, said TEXT, PRIMARY KEY (athlete, content_sha256)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE apart (
        athlete INTEGER NOT NULL REFERENCES athlete, one TEXT NOT NULL, other TEXT NOT NULL, made TEXT NOT NULL,
        PRIMARY KEY (athlete, one, other)) STRICT, WITHOUT ROWID""",
    "ALTER TABLE run ADD COLUMN identity TEXT",
    "ALTER TABLE import ADD COLUMN fingerprint TEXT",
    "ALTER TABLE import ADD COLUMN tallies TEXT",
    """INSERT INTO witness (athlete, identity, teller, content_sha256, session, start, base_id, clock, typed_in,
            climb_corrected, activities, exports, said, reader, import, run, gone)
        SELECT athlete, coalesce(content_sha256 || '#' || session, 'typed:' || key),
            CASE WHEN content_sha256 IS NULL THEN 'typed' WHEN lower(source) LIKE '%.gpx%' THEN 'gpx'
                WHEN lower(source) LIKE '%.tcx%' THEN 'tcx' ELSE 'fit' END,
            content_sha256, session, start, base_id, 'utc', content_sha256 IS NULL, 0, '[]',
            json_array(CASE WHEN import IS NULL THEN 'typed' ELSE 'import ' || import END),
            json_patch('{}', json_object('utc_offset_s', CASE WHEN offset_source IN ('file', 'typed') THEN utc_offset_s END,
                'offset_source', CASE WHEN offset_source IN ('file', 'typed') THEN offset_source END,
                'sport', sport, 'surface', surface, 'distance_m', distance_m, 'elapsed_s', elapsed_s, 'moving_s', moving_s,
                'running_s', running_s, 'ascent_m', ascent_m, 'descent_m', descent_m, 'climb_source', climb_source,
                'climb_quality', climb_quality, 'hill_up_m', hill_up_m, 'hill_down_m', hill_down_m, 'steps', steps,
                'cadence_spm', cadence_spm, 'heart_rate_bpm', heart_rate_bpm, 'power_w', power_w,
                'vertical_oscillation_mm', vertical_oscillation_mm, 'ground_contact_ms', ground_contact_ms,
                'ground_contact_balance_pct', ground_contact_balance_pct, 'vertical_ratio_pct', vertical_ratio_pct,
                'step_length_mm', step_length_mm, 'shoe', shoe, 'rpe', rpe, 'title', title, 'device', device,
                'salvaged', salvaged, 'flags', flags, 'notes', notes, 'spread', spread, 'source', source,
                'content_sha256', content_sha256, 'session', session)),
            reader, import, key, CASE WHEN removed = 'superseded' THEN removed END
        FROM run""",
    "UPDATE run SET identity = coalesce(content_sha256 || '#' || session, 'typed:' || key)",
)

# JSON: what was typed in of a recording of the form. Numbers of earlier days stay as they were typed.
_SIX: Final = (
    """CREATE TABLE form (
        key INTEGER PRIMARY KEY, athlete INTEGER NOT NULL REFERENCES athlete, made TEXT NOT NULL, day TEXT NOT NULL,
        entry TEXT NOT NULL) STRICT""",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_ONE, _TWO, _THREE, _FOUR, _FIVE, _SIX)
"""Statements that lead from version N to N + 1; ``PRAGMA user_version`` says how many were done."""

VERSION: Final = len(MIGRATIONS)

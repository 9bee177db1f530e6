"""Protocols: what a physio would print beside the running plan, as strict TOML files.

A protocol holds choices, not limits: strength by stage, cross-training, wording. Where a clinic sets a limit of its own
it must be a known finding, lie inside that finding's range, and name its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from plans.evidence import FINDINGS, TOLERANCE, Finding
from plans.evidence import limit as general_limit
from plans.plan import PROFILES, Profile
from plans.wrong_value import shown

BUILT_IN: tuple[str, ...] = ("general", "patellofemoral", "itb", "patellar-tendon")
"""Names of the protocols that come with loadplan."""

FormFault = Literal["overstride", "hip_drop", "knee_flexion"]
FORM_FAULTS: tuple[FormFault, ...] = get_args(FormFault)
"""Form findings that choose drills of their own."""


class ProtocolError(ValueError):
    """A protocol that cannot be used: which file, which key, and why."""

    def __init__(self, where: str, key: str, reason: str) -> None:
        super().__init__(f"{where}: {key}: {reason}")
        self.where, self.key, self.reason = where, key, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimit:
    """A limit of a clinic's own, with its source."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One exercise: ``sets`` x ``reps``, in words a runner can follow."""

    name: str
    sets: int
    reps: str
    how: str = ""

    def text(self) -> str:
        """The drill on one line, such as 'side-plank hip dip 3x10 each side: slowly'."""
        line = f"{self.name} {self.sets}x{self.reps}"
        return f"{line}: {self.how}" if self.how else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Drills of a stretch of plan weeks, both ends counted; ``last_week`` None = to the end of the plan."""

    name: str
    first_week: int
    last_week: int | None
    days_per_week: int
    minutes: float
    says: str
    drills: tuple[Drill, ...]

    def holds(self, week: int) -> bool:
        """True where the stage covers plan week ``week``."""
        return self.first_week <= week and (self.last_week is None or week <= self.last_week)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTraining:
    """What to do instead of running: how often in relative rest, how often later, and how long."""

    kinds: tuple[str, ...]
    times_in_relative_rest: int
    times_later: int
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A whole protocol. ``limit`` answers with its own number where it has one, else with the general one."""

    name: str
    profile: Profile
    title: str
    says: str
    what_to_do: tuple[str, ...]
    what_to_watch: tuple[str, ...]
    stages: tuple[Stage, ...]
    cross: CrossTraining
    form_drills: Mapping[FormFault, tuple[Drill, ...]] = field(default_factory=dict)
    limits: Mapping[str, OwnLimit] = field(default_factory=dict)

    def limit(self, key: str) -> float:
        """The number behind a finding: the protocol's own, else the general one."""
        own = self.limits.get(key)
        return own.value if own is not None else general_limit(key)


def load_protocol(name_or_path: str | Path) -> Protocol:
    """A protocol by name (one of ``BUILT_IN``) or from a TOML file.

    Example:
        >>> from plans import load_protocol
        >>> load_protocol("itb").profile
        'itb'

    Raises:
        ProtocolError: no such protocol, or one that is not as it must be.
    """
    where, text = _read(name_or_path)
    return read_protocol(text, where)


def read_protocol(text: str, where: str) -> Protocol:
    """A protocol from its TOML text; ``where`` names it in errors. Raises ProtocolError."""
    import tomllib  # here, so that start-up without a protocol does not pay for it

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(where, "the file", f"is no valid TOML: {error}") from error
    return _protocol(_Table(where, "", table))


def _read(name_or_path: str | Path) -> tuple[str, str]:
    name = str(name_or_path)
    if name in BUILT_IN:
        from importlib.resources import files

        file = f"{name.replace('-', '_')}.toml"
        return file, files("plans").joinpath("protocols", file).read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        return path.name, path.read_text(encoding="utf-8-sig")  # editors on Windows put a mark in front
    except FileNotFoundError as error:
        raise ProtocolError(name, "the file", f"does not exist; built in are: {', '.join(BUILT_IN)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProtocolError(name, "the file", f"cannot be read: {error}") from error


class _Table:
    """One TOML table, read key by key; what nobody asked for is an error at ``close``."""

    def __init__(self, where: str, path: str, table: Mapping[str, Any]) -> None:
        self.where, self.path, self.table = where, path, table
        self.asked: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, reason: str) -> ProtocolError:
        return ProtocolError(self.where, self.key(name), reason)

    def get(self, name: str, kind: type | tuple[type, ...], what: str, *, needed: bool = True) -> Any:
        self.asked.add(name)
        if name not in self.table:
            if needed:
                raise self.wrong(name, f"is missing; it is {what}")
            return None
        value = self.table[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(name, f"must be {what}, not {shown(value)}")
        return value

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self.get(name, str, "a text", needed=needed)
        if value is not None and not value.strip():
            raise self.wrong(name, "must not be empty")
        if value is not None and not value.isprintable():
            raise self.wrong(name, "must be one line without control characters")
        return value or ""

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.get(name, list, "a list of texts")
        if not values or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(name, "must be a list of texts, one at least")
        if not all(value.isprintable() for value in values):
            raise self.wrong(name, "must be texts of one line without control characters")
        return tuple(values)

    def whole(self, name: str, low: int, high: int, *, needed: bool = True) -> int | None:
        value = self.get(name, int, f"a whole number from {low} to {high}", needed=needed)
        if value is not None and not low <= value <= high:
            raise self.wrong(name, f"must be a whole number from {low} to {high}, not {shown(value)}")
        return None if value is None else int(value)

    def count(self, name: str, low: int, high: int) -> int:
        return self.whole(name, low, high) or 0

    def number(self, name: str, low: float, high: float, *, why: str = "") -> float:
        value = self.get(name, (int, float), f"a number from {low:g} to {high:g}")
        if not low - TOLERANCE <= value <= high + TOLERANCE:
            raise self.wrong(name, f"must be a number from {low:g} to {high:g}, not {shown(value)}{why}")
        return float(value)

    def below(self, name: str) -> _Table:
        return _Table(self.where, self.key(name), self.get(name, dict, "a table"))

    def rows(self, name: str, *, needed: bool = True) -> list[_Table]:
        rows = self.get(name, list, "a list of tables", needed=needed)
        if rows is not None and not (rows and all(isinstance(row, dict) for row in rows)):
            raise self.wrong(name, f"must be a list of tables, one at least, each begun with [[{self.key(name)}]]")
        return [_Table(self.where, f"{self.key(name)}[{place}]", row) for place, row in enumerate(rows or (), start=1)]

    def close(self) -> None:
        for name in self.table:
            if name not in self.asked:
                raise self.wrong(name, f"is not known here; known are: {', '.join(sorted(self.asked))}")


MOST_WEEKS = 52
MOST_SETS = 10
MOST_MINUTES = 120.0
DAYS = 7


def _protocol(table: _Table) -> Protocol:
    profile = table.text("profile")
    if profile not in PROFILES:
        raise table.wrong("profile", f"must be one of {', '.join(PROFILES)}, not {profile!r}")
    protocol = Protocol(
        name=table.text("name"),
        profile=next(known for known in PROFILES if known == profile),
        title=table.text("title"),
        says=table.text("says"),
        what_to_do=table.texts("what_to_do"),
        what_to_watch=table.texts("what_to_watch"),
        stages=tuple(_stage(row) for row in table.rows("stage")),
        cross=_cross(table.below("cross")),
        form_drills=_form(table),
        limits=_limits(table),
    )
    table.close()
    return protocol


def _stage(row: _Table) -> Stage:
    first = row.count("first_week", 0, MOST_WEEKS)
    last = row.whole("last_week", first, MOST_WEEKS, needed=False)
    stage = Stage(
        name=row.text("name"),
        first_week=first,
        last_week=last,
        days_per_week=row.count("days_per_week", 1, DAYS),
        minutes=row.number("minutes", 1.0, MOST_MINUTES),
        says=row.text("says", needed=False),
        drills=_drills(row.rows("drill")),
    )
    row.close()
    return stage


def _drills(rows: Sequence[_Table]) -> tuple[Drill, ...]:
    drills = []
    for row in rows:
        drills.append(
            Drill(
                name=row.text("name"),
                sets=row.count("sets", 1, MOST_SETS),
                reps=row.text("reps"),
                how=row.text("how", needed=False),
            )
        )
        row.close()
    return tuple(drills)


def _cross(table: _Table) -> CrossTraining:
    cross = CrossTraining(
        kinds=table.texts("kinds"),
        times_in_relative_rest=table.count("times_in_relative_rest", 0, DAYS - 1),
        times_later=table.count("times_later", 0, DAYS - 1),
        minutes=table.number("minutes", 1.0, MOST_MINUTES),
    )
    table.close()
    return cross


def _form(table: _Table) -> Mapping[FormFault, tuple[Drill, ...]]:
    if table.get("form", dict, "a table of drills by form finding", needed=False) is None:
        return {}
    form = table.below("form")
    drills = {fault: _drills(form.rows(fault, needed=False)) for fault in FORM_FAULTS}
    form.close()
    return drills


def _limits(table: _Table) -> Mapping[str, OwnLimit]:
    """A clinic's own numbers: only findings that the planner asks it for, inside their range, with a source."""
    if table.get("limits", dict, "a table of own limits", needed=False) is None:
        return {}
    own: dict[str, OwnLimit] = {}
    limits = table.below("limits")
    for key in limits.table:
        finding = FINDINGS.get(key)
        if finding is None:
            raise limits.wrong(key, "is no known limit; `loadplan evidence` lists them")
        if finding.is_fixed:
            raise limits.wrong(key, f"a protocol cannot set this limit; it is {finding.value:g} {finding.unit} for all")
        row = limits.below(key)
        own[key] = OwnLimit(value=_own_value(row, finding), source=row.text("source"))
        row.close()
    return own


def _own_value(row: _Table, finding: Finding) -> float:
    value = row.number("value", finding.low, finding.high, why="; the check of a plan judges by the general limit")
    if finding.is_count and not value.is_integer():
        raise row.wrong("value", f"must be a whole number of {finding.unit}, not {value:g}")
    return value

"""Where things are and what is preferred: flags, then environment, then ``config.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loadplan.units import Units
    from plans.evidence import Finding

APP: Final = "loadplan"
STORE_VARIABLE: Final = "LOADPLAN_STORE"
DEFAULT_ATHLETE: Final = "me"
CHOICES: Final[dict[str, tuple[str, ...]]] = {"units": ("km", "mi"), "week_start": ("mon", "sun")}
LIMITS: Final = "limits"
KEYS: Final = ("store", "athlete", *CHOICES, LIMITS)


class ConfigError(Exception):
    """The configuration cannot be used. The text says which file, what is wrong, and what may stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every command needs to know."""

    store: Path
    athlete: str = DEFAULT_ATHLETE
    units: Units = "km"
    week_start: str = "mon"
    debug: bool = False
    limits: Mapping[str, Finding] = field(default_factory=dict)
    """Limits of one's own, for what was run."""


def data_folder() -> Path:
    """The user's data folder for loadplan, as the system has it."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def config_file() -> Path:
    """Where ``config.toml`` is looked for."""
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "config.toml"


def read_config(path: Path) -> dict[str, Any]:
    """The keys of a configuration file; nothing where there is no file. Raises ConfigError for what cannot be meant."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    for key, value in read.items():
        _check(path, key, value)
    if LIMITS in read:
        read[LIMITS] = _limits(path, read[LIMITS])
    return read


def _limits(path: Path, stated: object) -> dict[str, Finding]:
    from loadplan.own_limits import OwnLimitError, own_findings

    try:
        return own_findings(stated)
    except OwnLimitError as error:
        raise ConfigError(f"{path}: {error}") from error


def settings(flags: Mapping[str, Any], environment: Mapping[str, str], file: Mapping[str, Any]) -> Settings:
    """The settings of one command, from the three places in their order."""
    typed = {key: value for key, value in flags.items() if value is not None}
    chosen: dict[str, Any] = {**file, **_from_environment(environment), **typed}
    store = chosen.get("store")
    athlete = str(chosen.get("athlete", DEFAULT_ATHLETE)).strip()
    if not athlete:
        raise ConfigError("an athlete needs a name")
    return Settings(
        store=Path(store).expanduser() if store else data_folder() / f"{APP}.db",
        athlete=athlete,
        units=cast("Units", chosen.get("units", "km")),
        week_start=chosen.get("week_start", "mon"),
        debug=bool(chosen.get("debug")),
        limits=file.get(LIMITS, {}),
    )


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    store = environment.get(STORE_VARIABLE)
    return {"store": store} if store else {}


def _check(path: Path, key: str, value: object) -> None:
    if key not in KEYS:
        raise ConfigError(f"{path}: unknown key {key!r}; known are {', '.join(KEYS)}")
    if key == LIMITS:
        return
    if not isinstance(value, str):
        raise ConfigError(f"{path}: {key} must be text in quotes")
    if key in CHOICES and value not in CHOICES[key]:
        raise ConfigError(f"{path}: {key} is {' or '.join(CHOICES[key])}, not {value!r}")

"""Flags win over the environment, that over config.toml, that over defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadplan.config import ConfigError, config_file, data_folder, read_config, settings


def test_a_first_run_needs_no_configuration(tmp_path: Path) -> None:
    found = settings({}, {}, read_config(tmp_path / "config.toml"))
    assert (found.athlete, found.units, found.week_start, found.debug) == ("me", "km", "mon", False)
    assert found.store == data_folder() / "loadplan.db"
    assert config_file().name == "config.toml"


def test_flags_then_environment_then_file() -> None:
    file = {"store": "/file.db", "athlete": "ann", "units": "mi"}
    environment = {"LOADPLAN_STORE": "/env.db"}
    assert settings({}, {}, file).store == Path("/file.db")
    assert settings({}, environment, file).store == Path("/env.db")
    found = settings({"store": Path("/flag.db"), "athlete": "bob", "units": None}, environment, file)
    assert (found.store, found.athlete, found.units) == (Path("/flag.db"), "bob", "mi")


def test_an_empty_variable_is_no_store() -> None:
    assert settings({}, {"LOADPLAN_STORE": ""}, {}).store == data_folder() / "loadplan.db"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("stroe = 'x'", "unknown key 'stroe'"),
        ("units = 'miles'", "units is km or mi"),
        ("athlete = 3", "athlete must be text"),
        ("week_start", "cannot be read"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong_and_where(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as caught:
        read_config(path)
    assert str(path) in str(caught.value)


def test_an_athlete_needs_a_name() -> None:
    with pytest.raises(ConfigError, match="name"):
        settings({"athlete": " "}, {}, {})

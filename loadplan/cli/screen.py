"""``screen``: warning signs before any plan, asked on a terminal or answered by file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import Exit, say, usage
from loadplan.cli.frame import AsOf, DryRun, Format, Formatted, command, open_store, today
from loadplan.cli.output import show
from loadplan.cli.table import wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loadplan.store import Store

LEVELS: Final = {
    "emergency": "emergency: get help now",
    "same_day": "see a doctor today",
    "clinician": "see a doctor soon",
    "physio": "see a physiotherapist or doctor",
    "guided": "with a clinician only",
    "none": "no warning sign reported",
}
YES: Final = frozenset({"y", "yes"})
NO: Final = frozenset({"n", "no", ""})


@command(app, "screen", "loadplan screen --answers answers.toml")
def screen(
    ctx: typer.Context,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Answers by key, instead of being asked.")
    ] = None,
    override: Annotated[
        str | None, typer.Option(metavar="REASON", help="Lift a stop; printed on every page. Needs --clinician.")
    ] = None,
    clinician: Annotated[str | None, typer.Option(metavar="NAME", help="Who lifted it.")] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Warning signs before any plan: what to do, and whether a plan can be made. No diagnosis."""
    from plans.screen import screen_answers

    override, clinician = _stripped(override), _stripped(clinician)
    if (override is None) != (clinician is None) or "" in (override, clinician):
        raise usage('lifting a stop needs both: --override "REASON" and --clinician NAME')
    day = as_of or today()
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        told = _answers(store, answers, day, lifting=override is not None)
        result = screen_answers(told)
        store.add_screening(day, told, result.as_json(), reason=override, clinician=clinician)
    lifted = {"reason": override, "clinician": clinician} if override else None
    body = {**result.as_json(), "override": lifted}
    show(ctx, form, body, screen_lines(body), rows=[_flat(body)], as_of=day)
    if result.stops and not lifted:
        raise typer.Exit(Exit.STOP)


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()


def ask() -> dict[str, Any]:
    """The questions, one by one, on stderr; an empty answer is no, or not known."""
    from plans.screen import QUESTIONS

    say("Please answer for the knee or leg that troubles you. Enter alone means no, or not known.")
    found = {key: _ask_one(key, question, kind) for key, question, kind in QUESTIONS}
    return {key: value for key, value in found.items() if value is not None}


def can_ask() -> bool:
    """True only where somebody sits at the other end."""
    return sys.stdin.isatty()


def questions() -> list[str]:
    """The questions, for where nobody can be asked."""
    from plans.screen import QUESTIONS

    return [line for key, question, _ in QUESTIONS for line in wrapped(f"{question} ({key})", "    ", "  - ")]


def screen_lines(result: Mapping[str, Any]) -> list[str]:
    """A screening for people."""
    lines = [f"Level: {result['level']} ({LEVELS[result['level']]})"]
    if result["flags"]:
        lines += wrapped(f"Signs: {', '.join(result['flags'])}")
    for advice in result["advice"]:
        lines += wrapped(advice, "    ", "  - ")
    lines += wrapped(f"Described as: {result['profile'] or 'no profile: assessment first'} (not a diagnosis)")
    lifted = result.get("override")
    if lifted:
        lines += wrapped(f"Stop lifted by {lifted['clinician']}: {lifted['reason']}")
    elif result["stops"]:
        lines += wrapped("No plan is made while this stands.")
    return lines


def _answers(store: Store, file: Path | None, day: date, *, lifting: bool) -> dict[str, Any]:
    if file is not None:
        return _read(file)
    if lifting:
        kept = store.last_screening(day)
        if kept is None:
            raise usage("there is no screening to lift; run `loadplan screen` first")
        return dict(kept["answers"])
    if not can_ask():
        say("\n".join(["The questions, to be answered in a TOML file as key = value:", *questions()]))
        raise usage("nobody can be asked here: give the answers with --answers FILE.toml")
    return ask()


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise usage(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise usage(f"{file} is no valid TOML: {error}") from None


def _ask_one(key: str, question: str, kind: str) -> Any:
    from plans.screen import ScreenError, screen_answers

    hint = {"yes_no": "[y/N]", "choice": "[none]", "number": "[not known]"}[kind]
    while True:
        text = typer.prompt(f"{question} {hint}", default="", show_default=False, prompt_suffix=" ", err=True)
        try:
            value = _meant(str(text).strip().lower(), kind)
            if value is not None:
                screen_answers({key: value})
        except (ScreenError, ValueError) as error:
            say(f"Please once more: {error}")
        else:
            return value


def _meant(text: str, kind: str) -> Any:
    if kind == "yes_no":
        if text not in YES | NO:
            raise ValueError("y or n")
        return text in YES
    if not text:
        return None
    return float(text) if kind == "number" else text


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: "; ".join(value) if isinstance(value, list) else value for key, value in body.items()}

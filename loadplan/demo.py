"""The whole tour, by the real commands, in a folder of its own: a synthetic runner first, then an export of one's own.

Nothing of the user's is touched: the tour has its own store, inside the folder.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from loadplan.outbox.safe_file import private_folder, write_private
from loadplan.synthetic import Story, tell_story, write_export

Run = Callable[[Sequence[str]], int]
"""Runs one command line of loadplan; its exit status (``loadplan.cli.run``)."""
Say = Callable[[str], None]

PARTLY: Final = 3
"""Exit status of an import that kept some files and rejected others: as it should be for a real export."""
ENOUGH: Final = frozenset({0, PARTLY})
SHOWN_WEEKS: Final = 10
CHART_WEEKS: Final = 26
STORE_FILES: Final = ("demo.db", "demo.db-wal", "demo.db-shm")
PAGES: Final = ("coach.html", "coach.pdf")
DAYS_A_WEEK: Final = 7
ANSWERS: Final = """\
# What the synthetic runner answers. Everything left out is no.
location = "front"
daily_life_pain = 2
weeks_without_improvement = 1
"""


class DemoError(RuntimeError):
    """A command of the tour did not do what it should: a defect of ours."""


class Tour:
    """One runner's tour: a folder, a throw-away store in it, and the commands run on it."""

    def __init__(self, folder: Path, run: Run, say: Say) -> None:
        """Make the folder; an older tour's store in it goes away."""
        self.folder, self.run, self.say = private_folder(folder), run, say
        for name in STORE_FILES:
            (self.folder / name).unlink(missing_ok=True)

    def show(self, *line: str) -> int:
        """Say a command as one would type it, and run it."""
        self.say(f"\n$ loadplan {' '.join(_quoted(word) for word in line)}")
        sys.stdout.flush()
        return self.run([*self._where, *line])

    def quietly(self, *line: str) -> str:
        """Run a command and give out what it printed."""
        out, told = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            status = self.run([*self._where, *line])
        if status not in ENOUGH:
            raise DemoError(f"`loadplan {' '.join(line)}` ended with {status}: {told.getvalue().strip()}")
        return out.getvalue()

    def keep(self, name: str, text: str) -> None:
        """Write a page into the folder."""
        write_private(self.folder / name, text.encode(), force=True)

    @property
    def _where(self) -> list[str]:
        """The tour's own store and settings, whatever the user's are."""
        return ["--store", str(self.folder / STORE_FILES[0]), "--athlete", "me", "--units", "km", "--week-start", "mon"]


def run_demo(
    out: Path,
    *,
    run: Run,
    export: Path | None = None,
    force: bool = False,
    as_of: date | None = None,
    say: Say | None = None,
) -> int:
    """Run the tour; what it makes stands under ``out/synthetic`` and ``out/yours``.

    Args:
        out: A folder, made private (0700).
        run: Runs one command line and returns its exit status.
        export: An export of one's own, toured after the synthetic runner.
        force: Write into a folder that holds something already.
        as_of: The last day of the synthetic runner; None = today.
        say: Takes each line of the tour; None = stdout.

    Returns:
        0, or the exit status with which the import of ``export`` ended where nothing came of it.

    Raises:
        FileExistsError: ``out`` holds something and ``force`` is not given.
        DemoError: a command on the synthetic runner failed.
    """
    if out.exists() and any(out.iterdir()) and not force:
        raise FileExistsError(f"{out} holds something already")
    tell = say or _to_stdout
    private_folder(out)
    synthetic = Tour(out / "synthetic", run, tell)
    _synthetic(synthetic, as_of or datetime.now().astimezone().date())
    status = 0
    if export is not None:
        status = _yours(Tour(out / "yours", run, tell), export.resolve())
    tell(f"\nPictures and plans are in {out.resolve()}")
    for page in sorted(p for p in out.rglob("*") if p.suffix in {".png", ".txt", ".html", ".pdf"}):
        tell(f"  {page.relative_to(out)}")
    return status


def _synthetic(tour: Tour, as_of: date) -> None:
    story = tell_story(as_of)
    write_export(story, tour.folder / "export.zip")
    tour.say(
        "A runner who never was. For a year about 35 km a week; then, within three weeks, more distance, a new pair of"
    )
    tour.say("shoes, hills and one very long run; then pain at the front of the knee. This is the export of the watch:")
    _demand(tour, "import", str(tour.folder / "export.zip"))
    _enter_shoes(tour, story)
    _enter_pain(tour, story)
    tour.say("\nWhat changed before it hurt?")
    _demand(tour, "load", "--weeks", str(SHOWN_WEEKS), "--as-of", as_of.isoformat())
    _demand(tour, "flare", "--as-of", as_of.isoformat())
    _demand(tour, "shoes", "--as-of", as_of.isoformat())
    _demand(tour, "shoes", "try", story.pairs[-1].name, "--km", "6", "--as-of", as_of.isoformat())
    _demand(tour, "cadence", "--as-of", as_of.isoformat())
    _demand(tour, "pain", "list", "--as-of", as_of.isoformat())
    tour.say("\nWarning signs first, then a plan:")
    tour.keep("answers.toml", ANSWERS)
    _demand(tour, "screen", "--answers", str(tour.folder / "answers.toml"), "--as-of", as_of.isoformat())
    _demand(tour, "plan", "new", "--start", _next_monday(as_of), "--as-of", as_of.isoformat())
    _demand(tour, "plan", "check")
    _pages(tour, as_of, planned=True)


def _yours(tour: Tour, export: Path) -> int:
    """The same on an export of one's own, as of its last run; nobody is asked anything, nothing is made up."""
    tour.say("\nAnd your own export:")
    status = tour.show("import", str(export))
    last = _last_run(tour) if status in ENOUGH else None
    if last is None:
        tour.say("No run came of it, so there is nothing to draw.")
        return status
    tour.say(f"\nAs of the last run in it, {last}:")
    tour.show("load", "--weeks", str(SHOWN_WEEKS), "--as-of", last.isoformat())
    tour.show("check", "--as-of", last.isoformat())
    tour.say("\nA plan as for somebody who comes back without pain; screened is who answers `loadplan screen`:")
    with _nobody_to_ask():
        planned = tour.show(
            "plan", "new", "--profile", "general", "--start", _next_monday(last), "--as-of", last.isoformat()
        )
    _pages(tour, last, planned=planned in ENOUGH)
    return status


def _demand(tour: Tour, *line: str) -> None:
    status = tour.show(*line)
    if status not in ENOUGH:
        raise DemoError(f"`loadplan {' '.join(line)}` ended with {status}")


def _enter_shoes(tour: Tour, story: Story) -> None:
    """The pairs, from when each was the usual one, and every run that was done in another."""
    for pair in story.pairs:
        since = pair.first_day.isoformat()
        tour.quietly(
            "shoes", "add", pair.name, "--drop", f"{pair.drop_mm:g}", "--stack", f"{pair.stack_mm:g}", "--from", since
        )
        if pair.default_from is not None:
            tour.quietly("shoes", "default", pair.name, "--from", pair.default_from.isoformat())
    usual = sorted((p.default_from, p.name) for p in story.pairs if p.default_from is not None)
    for outing in story.runs:
        if outing.shoe != [name for day, name in usual if day <= outing.day][-1]:
            tour.quietly("shoes", "wear", f"{outing.start:%Y%m%dT%H%M%S}-run", outing.shoe)


def _enter_pain(tour: Tour, story: Story) -> None:
    for entry in story.pain:
        scores = ("--during", f"{entry.during:g}", "--after", f"{entry.after_60_min:g}")
        more = ("--morning", f"{entry.next_morning:g}", *(("--note", entry.note) if entry.note else ()))
        tour.quietly("pain", "add", "--date", entry.day.isoformat(), *scores, *more)


def _pages(tour: Tour, as_of: date, *, planned: bool) -> None:
    """All charts; and the plan, where there is one, as a page and as data."""
    day = as_of.isoformat()
    if planned:
        tour.keep("plan.txt", tour.quietly("plan", "show", "--all", "--as-of", day))
        tour.keep("plan.json", tour.quietly("plan", "show", "--as-of", day, "--format", "json"))
    charts = str(tour.folder / "charts")
    tour.quietly("chart", "all", "--out", charts, "--weeks", str(CHART_WEEKS), "--as-of", day, "--force")
    tour.say("\nAnd the page for the coach or physio, for a screen and for paper:")
    for name in PAGES:
        _demand(tour, "report", "--out", str(tour.folder / name), "--as-of", day, "--force")


def _last_run(tour: Tour) -> date | None:
    """Day of the newest run in the tour's store."""
    from loadplan.store import Store

    with Store.open(tour.folder / STORE_FILES[0], create=False) as store:
        days = [date.fromisoformat(row["day"]) for row in store.runs(sport="run")]
    return max(days, default=None)


def _next_monday(day: date) -> str:
    """The first Monday after a day."""
    return (day + timedelta(days=DAYS_A_WEEK - day.weekday())).isoformat()


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


@contextlib.contextmanager
def _nobody_to_ask() -> Iterator[None]:
    """Questions that a terminal would be asked are printed instead."""
    before = sys.stdin
    with Path(os.devnull).open() as nothing:
        sys.stdin = nothing
        try:
            yield
        finally:
            sys.stdin = before


def _to_stdout(line: str) -> None:
    sys.stdout.write(f"{line}\n")

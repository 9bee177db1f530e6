"""The page that the runner brings to a coach or physio: from the store to one self-contained file.

``read_facts`` reads what is known, ``page_of`` says which section comes where, ``html_page`` and ``pdf_page`` set it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from loadplan.report.blocks import Page
    from loadplan.units import Units

Kind = Literal["html", "pdf"]
KINDS: Final[tuple[Kind, ...]] = ("html", "pdf")


def coach_page(
    store: Path | str, as_of: date, *, athlete: str = "me", kind: Kind = "html", units: Units = "km",
    week_start: str = "mon", share: bool = False,
) -> bytes:  # fmt: skip
    """The coach's page of one athlete, as the bytes of a file.

    Args:
        store: A store that exists, or does not yet: then the page says that nothing is known.
        as_of: The day that counts as today; nothing after it is read.
        athlete: Whose page.
        kind: html or pdf.
        units: km or mi.
        week_start: mon or sun.
        share: Leave out titles, exact times and devices.

    Example:
        >>> from datetime import date
        >>> from loadplan import coach_page
        >>> coach_page("no-such-store.db", date(2026, 11, 22))[:15]
        b'<!DOCTYPE html>'
    """
    from loadplan.report.facts import read_facts
    from loadplan.report.page import page_of
    from loadplan.store import Store

    with Store.open(Path(store), create=False, athlete=athlete) as opened:
        facts = read_facts(opened, as_of, units=units, week_start=week_start, share=share)
    return page_bytes(page_of(facts), kind)


def page_bytes(page: Page, kind: Kind) -> bytes:
    """A page set as a file; the same page gives the same bytes."""
    if kind == "pdf":
        from loadplan.report.pdf import pdf_page

        return pdf_page(page)
    from loadplan.report.html import html_page

    return html_page(page).encode()

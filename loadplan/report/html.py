"""A page as one self-contained HTML file: inline SVG and CSS, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template
from typing import Final

from loadplan.report.blocks import MARKS, Block, Bullets, Cell, Level, Page, Panels, Section, Table, Words
from loadplan.report.svg import inline_svg
from loadplan.text import clean

WHOLE: Final = 12
"""Cells up to so many letters (a day, an amount) stay in one line."""
LEVEL_NAMES: Final[dict[str, str]] = {"strong": "strong warning", "warn": "warning", "info": "note", "": ""}


def html_page(page: Page) -> str:
    """The whole file as text. The same page gives the same text."""
    parts = []
    for half, group in groupby(page.sections, key=lambda one: one.half):
        inner = "".join(_section(one) for one in group)
        parts.append(f'<div class="halves">{inner}</div>' if half else inner)
    signs = "".join(_block(one) for one in page.signs)
    return _template().substitute(
        title=_text(page.title),
        css=_css(),
        lead=_text(page.lead),
        sections="".join(parts),
        footer=_text(page.footer),
        signs=f'<div class="signs">{signs}</div>' if signs else "",
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template(files("loadplan.report").joinpath("page.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _css() -> str:
    return files("loadplan.report").joinpath("page.css").read_text(encoding="utf-8").strip()


def _text(text: str) -> str:
    """Any text as it may stand in a page: nothing in it is markup, and nothing in it turns the writing around."""
    return escape(clean(text))


def _section(section: Section) -> str:
    inner = "".join(_block(block) for block in section.blocks)
    return f"<section><h2>{_text(section.title)}</h2>{inner}</section>\n"


def _block(block: Block) -> str:
    if isinstance(block, Words):
        kind = " ".join(filter(None, ("small" if block.small else "", f"box {block.level}" if block.level else "")))
        return (
            f'<p class="{kind}">{_mark(block.level)}{_text(block.text)}</p>' if kind else f"<p>{_text(block.text)}</p>"
        )
    if isinstance(block, Bullets):
        return _bullets(block)
    if isinstance(block, Panels):
        return _panels(block)
    return _table(block)


def _mark(level: Level) -> str:
    """The sign of a level, with its name for who listens."""
    if not level:
        return ""
    return f'<b class="mark {level}" role="img" aria-label="{LEVEL_NAMES[level]}">{MARKS[level]}</b> '


def _bullets(block: Bullets) -> str:
    items = "".join(
        f'<li class="marked">{_mark(level)}{_text(text)}</li>' if level else f"<li>{_text(text)}</li>"
        for text, level in block.items
    )
    title = f"<h3>{_text(block.title)}</h3>" if block.title else ""
    return f'<div class="list{" small" if block.small else ""}">{title}<ul>{items}</ul></div>'


def _panels(block: Panels) -> str:
    figures = "".join(
        f"<figure><figcaption>{_text(one.title)}</figcaption>{inline_svg(one)}</figure>\n" for one in block.panels
    )
    return f'<div class="panels">{figures}</div>'


def _table(block: Table) -> str:
    head = "".join(f'<th scope="col"{_side(n, block)}>{_text(name)}</th>' for n, name in enumerate(block.head))
    rows = "".join(f"<tr>{''.join(_cells(row, block))}</tr>" for row in block.rows)
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    if block.folded:
        return f"<details><summary>{_text(block.caption)}</summary>{table}</details>"
    return table


def _cells(row: tuple[Cell, ...], block: Table) -> Iterator[str]:
    for n, cell in enumerate(row):
        words = _text(cell.text)
        inner = f'<a href="{escape(cell.link)}">{words}</a>' if cell.link else words
        kinds = [*(["n"] if n in block.right else []), *(["w"] if len(cell.text) <= WHOLE else [])]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        yield f"<td{kind}>{_mark(cell.level)}{inner}</td>"


def _side(column: int, block: Table) -> str:
    return ' class="n"' if column in block.right else ""

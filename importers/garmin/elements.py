"""JSON of a Garmin export, one entry after the other: what is damaged costs only itself, what is cut is said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from importers.problems import Problem

CUT: Final = "truncated"
MALFORMED: Final = "malformed"
NO_JSON: Final = "not_json"
DIGITS_MAX: Final = 300
"""Longer whole numbers than this say nothing, and Python refuses to read the longest."""
TRIES_MAX: Final = 20_000
"""Places behind the damaged entries of a file at which a whole one is looked for."""
ENTRY_MAX: Final = 4 * 1024 * 1024
"""Characters of one damaged entry that are searched for its end; real entries have 2,000 to 200,000."""
SEARCH_SHARE: Final = 4
"""So many times its own length is a file searched for what follows its damaged entries, ..."""
SEARCH_LEAST: Final = 1_000_000
"""... and at least so many characters."""
DEEP_COST: Final = 10_000
"""What a try that ends too deep is counted as, in characters."""
_BETWEEN: Final = " \t\n\r,"
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_FOLLOWS: Final = re.compile(r"[ \t\n\r]*[,\]]")
_START: Final = re.compile(r",[ \t\n\r]*\{")
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]]|"', re.DOTALL)
"""A whole string, a bracket, or the quote of a string that never ends."""


_SCALAR_END: Final = re.compile(r"[,\]}]")


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= DIGITS_MAX else float("inf")


_PLAIN: Final = json.JSONDecoder()
_CAREFUL: Final = json.JSONDecoder(parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that is no JSON, with why."""

    why: str


@dataclass(slots=True)
class Effort:
    """How much may be searched behind damaged entries: damage made on purpose could keep a reader busy for days."""

    characters: int
    tries: int = TRIES_MAX

    @classmethod
    def of(cls, text: str) -> Effort:
        """What a file of this text is worth."""
        return cls(SEARCH_SHARE * len(text) + SEARCH_LEAST)


@dataclass(slots=True)
class Elements:
    """Walks the elements of one JSON array; ``at`` is where it stands, ``cut`` tells whether the text ended inside."""

    text: str
    at: int
    """First character inside the brackets."""
    key: str
    """A key that each whole element has once: where to go on behind a damaged one."""
    effort: Effort
    """What may still be spent on damage, shared by all arrays of a file."""
    cut: bool = False

    def __iter__(self) -> Iterator[Any]:
        """Each element in order; a broken one as ``Broken``."""
        while self._more():
            try:
                value, self.at = _read(self.text, self.at)
            except (ValueError, RecursionError) as error:
                end = self._behind()
                if end is None:
                    self.cut = True
                    return
                value, self.at = Broken(_why(error)), end
            yield value

    def _more(self) -> bool:
        """Go to the next element; False at the closing bracket or at the end of the text."""
        while self.at < len(self.text) and self.text[self.at] in _BETWEEN:
            self.at += 1
        if self.at >= len(self.text):
            self.cut = True
            return False
        closed = self.text[self.at] in "]}"
        self.at += closed
        return not closed

    def _behind(self) -> int | None:
        """Where to go on behind the broken element: at its last bracket, or where the next whole one begins."""
        end = end_of(self.text, self.at) if self.effort.characters > 0 else None
        self.effort.characters -= (end or min(len(self.text), self.at + ENTRY_MAX)) - self.at
        if end is not None and self.text.count(f'"{self.key}"', self.at, end) <= 1 and _FOLLOWS.match(self.text, end):
            return end
        for start in _START.finditer(self.text, self.at + 1):
            self.effort.tries -= 1
            if self.effort.tries < 0 or self.effort.characters < 0:
                return None
            if self._is_whole(start.end() - 1):
                return start.end() - 1
        return end

    def _is_whole(self, at: int) -> bool:
        """Whether an element with the key begins here."""
        try:
            value, end = _read(self.text, at)
        except json.JSONDecodeError as error:
            self.effort.characters -= error.pos - at
            return False
        except (ValueError, RecursionError):
            self.effort.characters -= DEEP_COST
            return False
        self.effort.characters -= end - at
        return isinstance(value, dict) and self.key in value


def first_value(text: str) -> Any:
    """The first JSON value of a text, or ``Broken``."""
    try:
        return _read(text, blanks(text, 0))[0]
    except (ValueError, RecursionError) as error:
        return Broken(_why(error))


def blanks(text: str, at: int) -> int:
    """Index of the first character from ``at`` that is not blank."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def end_of(text: str, at: int) -> int | None:
    """Index behind the element that begins at ``at``, found by brackets and strings alone; None where it never ends.

    No recursion: an element that is nested a million deep is passed over like any other.
    """
    if text[at] not in '{["':
        scalar = _SCALAR_END.search(text, at + 1, at + ENTRY_MAX)
        return scalar.start() if scalar else None
    depth = 0
    for token in _TOKEN.finditer(text, at, at + ENTRY_MAX):
        mark = token.group()
        if mark == '"':
            return None
        if depth == 0 and mark[0] == '"':
            return token.end()
        if mark in ("{", "["):
            depth += 1
        elif mark in ("}", "]"):
            depth -= 1
            if depth <= 0:
                return token.end() if depth == 0 else token.start()
    return None


def cut_short(source: str, kept: int, what: str) -> Problem:
    """The file ends in the middle: how many whole entries stand before the cut."""
    detail = f"the file ends in the middle, or is too damaged to go on; the {kept:,} {what} before that were read"
    return Problem(source=source, code=CUT, detail=detail)


def _read(text: str, at: int) -> tuple[Any, int]:
    try:
        return _PLAIN.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of more digits than Python reads
        return _CAREFUL.raw_decode(text, at)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return error.msg if isinstance(error, json.JSONDecodeError) else "unreadable"

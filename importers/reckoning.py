"""What became of everything found, once the runs are known: the ledger's last word, and a tally for each table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from importers.accounts import Told
from importers.join import Joined, table_key
from importers.merge import Merged, Rule
from importers.problems import Fate, LedgerRow
from importers.tally import Tally

SAME_RUN: Final = "same_run"
PLANNED: Final = "planned_route"
COMPLETED: Final = "completed"
WORDS: Final = {
    Rule.NUMBER: "the service's own number",
    Rule.START: "the same start",
    Rule.OVERLAP: "recorded at the same time",
    Rule.SHIFTED: "the same length and distance with the clock shifted",
}
"""Why two witnesses are one run, in words."""


def settled(members: Sequence[LedgerRow], joined: Joined, merged: Sequence[Merged]) -> Iterator[LedgerRow]:
    """The ledger: what is told by a better witness is a duplicate; then the rows and summaries without a file."""
    better = _better(joined, merged)
    for row in members:
        content = row.content_sha256 or ""
        if content in joined.planned and row.fate is not Fate.DUPLICATE:
            yield replace(row, fate=Fate.NOT_ACTIVITY, code=PLANNED, detail="the plan of a route", runs=0)
        elif content in joined.completed and row.fate is not Fate.DUPLICATE:
            detail = f"it has no times: start and duration are those of {joined.completed[content]}"
            yield replace(row, fate=Fate.KEPT, code=COMPLETED, detail=detail, runs=1)
        elif row.fate is Fate.DUPLICATE or content not in better:
            yield _revived(row, joined)
        else:
            yield replace(_revived(row, joined), fate=Fate.DUPLICATE, code=SAME_RUN, detail=better[content])
    for thing, row in joined.rows.items():
        if row.fate is Fate.KEPT and thing in better:
            yield replace(row, fate=Fate.DUPLICATE, code=SAME_RUN, detail=better[thing])
        else:
            yield replace(row, runs=1) if row.fate is Fate.KEPT else row


def _revived(row: LedgerRow, joined: Joined) -> LedgerRow:
    """A file with a wrong clock is kept where a row knows its start."""
    told = joined.restarted.get(row.content_sha256 or "")
    if row.fate is not Fate.REJECTED or not told:
        return row
    return replace(row, fate=Fate.KEPT, code="clock_corrected", detail=f"its start is that of {told}", runs=1)


def _better(joined: Joined, merged: Sequence[Merged]) -> dict[str, str]:
    """Things found that are nobody's first witness -> whose run they tell of."""
    first = {joined.thing[one.identity] for one in merged}
    found: dict[str, str] = {}
    for one in merged:
        for witness in one.witnesses[1:]:
            thing = joined.thing[witness.identity]
            if thing not in first and thing not in found:
                why = WORDS[one.group.rules[witness.identity]]
                found[thing] = f"the same run as {one.witnesses[0].run.source} ({why})"
    return found


def tallies(told: Sequence[Told], joined: Joined, merged: Sequence[Merged]) -> Iterator[Tally]:
    """For each table, what became of its rows."""
    run_of = {witness.identity: n for n, one in enumerate(merged) for witness in one.witnesses}
    for table in told:
        key = table_key(table)
        fates: Counter[str] = Counter()
        seen: set[int] = set()
        for row in table.account.rows:
            fates[_fate(joined.of_row.get((key, row.source), []), run_of, merged, seen)] += 1
        yield Tally(
            source=table.prefix + table.source,
            kind=table.kind,
            rows=table.rows,
            runs=fates["run"],
            other=fates["other"],
            merged=fates["merged"] + joined.doubled.get(key, 0),
            parents=joined.parents.get(key, 0),
            unreadable=joined.unread.get(key, 0),
        )


def _fate(identities: Sequence[str], run_of: Mapping[str, int], merged: Sequence[Merged], seen: set[int]) -> str:
    at = sorted({run_of[identity] for identity in identities})
    if not at:
        return "none"
    new = [n for n in at if n not in seen]
    seen.update(at)
    if not new:
        return "merged"
    return "run" if any(merged[n].run.is_run for n in new) else "other"

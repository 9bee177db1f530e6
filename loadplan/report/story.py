"""What the runner describes: screening, warning signs, the pain diary, and what changed before the pain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from loadplan.report.blocks import Block, Bullets, Cell, Level, Section, Table, Words, plain
from loadplan.text import clean
from loadplan.units import number
from plans.evidence import limit
from plans.screen import QUESTIONS, screen_answers

if TYPE_CHECKING:
    from loadplan.flare import Flare, Trigger
    from loadplan.report.facts import Facts

PROFILES: Final = {
    "patellofemoral": "pain at the front of the kneecap",
    "itb": "pain on the outside of the knee after a steady distance",
    "patellar-tendon": "pain just below the kneecap, on the tendon",
    "general": "no pain now; coming back to running",
}
"""Profile -> what was described. No diagnosis."""
LEVEL_WORDS: Final = {
    "emergency": "emergency: get help now", "same_day": "see a doctor today", "clinician": "see a doctor soon",
    "physio": "see a physiotherapist or doctor", "guided": "with a clinician only",
    "none": "no warning sign reported",
}  # fmt: skip
SHORT: Final = {
    "chest_symptoms": "chest or breath", "hot_red_fever": "hot, red, fever", "cannot_lift_leg": "cannot lift the leg",
    "twist_pop_swelling": "pop and swelling", "cannot_bend_90": "cannot bend to 90\N{DEGREE SIGN}",
    "hip_or_groin_pain": "hip or groin pain", "surgery_6_months": "surgery or fracture in 6 months",
}  # fmt: skip
"""Questions in a word or two, where the key does not say it."""
LIGHT_LEVELS: Final[dict[str, Level]] = {"red": "strong", "amber": "warn"}
DIARY_ROWS: Final = 6
NOT_A_CAUSE: Final = (
    "A change before the pain is not its cause: such weeks also go by without pain, and pain comes without them."
)


def described(facts: Facts) -> Section:
    """Profile, answers to the warning signs, an override, and what was advised."""
    kept = facts.screening
    if kept is None:
        text = "Not screened: the warning signs at the end of this page have not been asked."
        return Section(title="What the runner describes", blocks=(Words(text=text, level="warn"),), half=True)
    result = screen_answers(kept["answers"]).as_json()
    blocks: list[Block] = [Words(text=_profile(result, kept))]
    if kept["reason"]:
        text = f"A stop was lifted by {clean(kept['clinician'])}: {clean(kept['reason'])}"
        blocks.append(Words(text=text, level="strong"))
    elif result["stops"]:
        blocks.append(Words(text=f"Stop: {LEVEL_WORDS[result['level']]}. No plan is made.", level="strong"))
    blocks += _answers(kept["answers"], result)
    if result["flags"]:
        blocks.append(Bullets(items=tuple((text, "") for text in result["advice"])))
    return Section(title="What the runner describes", blocks=tuple(blocks), half=True)


def _profile(result: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    words = PROFILES.get(result["profile"] or "", "no place of pain told, so no profile")
    return f"{words[0].upper()}{words[1:]} (as described, not a diagnosis). Asked on {kept['day']}."


def _answers(answers: Mapping[str, Any], result: Mapping[str, Any]) -> list[Block]:
    """Yes, no and not answered, the flags first."""
    asked = {key: kind for key, _, kind in QUESTIONS}
    yes = [key for key, kind in asked.items() if kind == "yes_no" and answers.get(key) is True]
    told = [key for key, kind in asked.items() if kind != "yes_no" and answers.get(key) is not None]
    no = [key for key, kind in asked.items() if kind == "yes_no" and not answers.get(key)]
    level: Level = "strong" if result["stops"] else "warn" if result["flags"] else ""
    words = LEVEL_WORDS[result["level"]]
    items: list[tuple[str, Level]] = [(f"Warning signs: {words}", level)]
    items += [(f"Yes: {', '.join(_short(key) for key in yes)}", level)] if yes else []
    values = "; ".join(f"{_short(key)} {answers[key]:g}" if key != "location" else str(answers[key]) for key in told)
    items += [(values.capitalize(), level if set(told) & set(result["flags"]) else "")] if told else []
    quiet = Words(text=f"No, or not answered: {', '.join(_short(key) for key in no)}.", small=True)
    return [Bullets(items=tuple(items)), quiet]


def _short(key: str) -> str:
    return SHORT.get(key, key.replace("_", " "))


def pain_diary(facts: Facts) -> Section | None:
    """The last entries, each with its light; notes stay with the runner."""
    if not facts.diary:
        return None
    head: tuple[str, ...] = ("Day", "During", "After", "Morning", "Light", "Signs")
    rows: tuple[tuple[Cell, ...], ...] = tuple(_entry(one) for one in facts.diary[-DIARY_ROWS:])
    free = len(facts.diary)
    text = f"The last {len(rows)} of {free} entries, 0 to 10. A day without an entry is not a day without pain."
    if not any(row[-1].text for row in rows):
        head, rows = head[:-1], tuple(row[:-1] for row in rows)
    shares = (1.5, 1, 0.9, 1.1, 1.1, 2.2)[: len(head)]
    table = Table(head=head, rows=rows, right=frozenset({1, 2, 3}), shares=shares)
    return Section(title="Pain diary", blocks=(table, Words(text=text, small=True)), half=True)


def _entry(entry: Mapping[str, Any]) -> tuple[Cell, ...]:
    signs = [key.replace("_", " ") for key in ("fades", "builds", "altered_stride", "swelling") if entry.get(key)]
    onset = [f"from km {entry['onset_km']:g}"] if entry.get("onset_km") else []
    scores = (number(entry.get(key)) for key in ("during", "after", "morning"))
    light = Cell(entry["light"], LIGHT_LEVELS.get(entry["light"], ""))
    return (*plain(entry["day"], *scores), light, Cell(", ".join([*signs, *onset])))


def before_the_pain(facts: Facts) -> Section | None:
    """What changed in the six weeks before the pain, beside the runner's own earlier weeks."""
    found = facts.flare
    if found is None:
        return None
    title = f"What changed in the six weeks before the pain ({found.first} to {found.onset})"
    if not found.triggers:
        return Section(title=title, blocks=(Words(text="No run is known up to then."),))
    told = [one for one in found.triggers if one.beyond]
    blocks: list[Block] = [Words(text=_verdict(found))]
    if told:
        head = (
            "Beyond its limit",
            "Value",
            "Limit",
            "Week to",
            "Of 6",
            "As high before: weeks",
            "six weeks",
        )
        rows = tuple(_trigger(one) for one in told)
        shares = (2.6, 1, 1, 1.2, 1, 1.5, 1.3)
        blocks.append(Table(head=head, rows=rows, right=frozenset({1, 2, 4, 5, 6}), shares=shares))
    if found.events:
        items = tuple((f"{one['day']}: {clean(one['detail'])}", _level("")) for one in found.events)
        blocks.append(Bullets(items=items))
    within = [one.label for one in found.triggers if not one.beyond and one.value is not None]
    unknown = [one.label for one in found.triggers if one.value is None]
    rest = [f"Within its limit: {', '.join(within)}."] if within else []
    rest += [f"Not known: {', '.join(unknown)}."] if unknown else []
    blocks.append(Words(text=" ".join([*rest, NOT_A_CAUSE]), small=True))
    return Section(title=title, blocks=tuple(blocks))


def _level(level: Level) -> Level:
    return level


def _verdict(found: Flare) -> str:
    if found.outstanding:
        share = 100 * limit("flare_unusual_share")
        return (
            f"With a square: stands out ({len(found.outstanding)} of {len(found.triggers)} exposures looked at): "
            f"beyond its limit and as high in at most {share:.0f} % of the runner's own earlier stretches of six weeks."
        )
    if any(one.beyond and one.share is None for one in found.triggers):
        return "The record before is too short to say how unusual this was: it takes twelve earlier weeks."
    if any(one.beyond for one in found.triggers):
        return "Nothing stands out: what went beyond a limit was no rarer in the runner's own earlier weeks."
    return "Nothing stands out: nothing that is known went beyond its limit in these weeks."


def _trigger(one: Trigger) -> tuple[Cell, ...]:
    digits = one.digits
    unit = "" if one.unit in ("ratio", "runs", "changes") else f" {one.unit}"
    level: Level = "strong" if one.stands_out else "warn"
    return (
        Cell(one.label, level),
        *plain(
            f"{number(one.value, digits)}{unit}", f"{number(one.limit, digits)}{unit}", str(one.to or "-"),
            str(one.weeks_beyond), f"{one.base_as_high} of {one.base_weeks}",
            f"{one.spans_as_high} of {one.base_spans}",
        ),
    )  # fmt: skip


def hurts(entries: Sequence[Mapping[str, Any]]) -> bool:
    """True where one of the entries is amber or red."""
    return any(one["light"] in LIGHT_LEVELS for one in entries)

"""Forty names that a pair of shoes or a run may have: each kind has broken some program that prints names.

Five a line: formulas, formulas of mathematics, markup, control characters, directions, scripts and signs, long ones and
words that mean nothing to programs, paths and templates.
"""

from __future__ import annotations

import unicodedata
from typing import Final

NAMES: Final = (
    "=1+1", "+49 30 1234", "-2+3", "@SUM(A1:A9)", "\t=cmd|' /C calc'!A0",
    r"$\frac{a}{b}$ and $x", "100 % $$", r"\input{/etc/passwd}", r"\bad{", "a_b^c #~&",
    "<script>alert(1)</script>", "</svg><b>", "\"' onload='alert(1)", "&lt;&amp;&#x3c;", "<!-- ]]> -->",
    "a\x1b[31mred\x1b[0m", "b\x1b]0;title\x07", "bell\x07\x08\x7f", "nul\x00byte", "line\nbreak\r\nand\ttab",
    "evil\u202egnp.exe", "\u2066iso\u2069late", "zero\u200bwidth\u200djoin", "שלום חולם", "حذاء الجري",
    "跑鞋 № 5", "ランニングシューズ", "러닝화", "👟🏃‍♀️🇩🇪", "Z̴̡̛a̷͓͝l̸͎͒g̴̺̈o̶͖͗",
    "x" * 300, "é" * 120, "None", "NaN", "null",
    "../../etc/passwd", "C:\\Windows\\system32", "%s %d {0} $title ${css}", "[/bold] [red]", "_legend_",
)  # fmt: skip


def steers(text: str) -> list[str]:
    """Characters in a text that steer a terminal or turn the writing around; line ends are none."""
    turned = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    return [c for c in text if c in turned or (unicodedata.category(c) in ("Cc", "Cs") and c != "\n")]

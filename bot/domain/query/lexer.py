"""A query's tokens: what is an operator, a quote, a field or a bare word.

`-` and `+` are operators only after a blank, the start or an opening bracket, and before something;
a `- ` that opens a line is a bullet. Inside quotes nothing is an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from bot.domain.query.naming import fold_name, leading_name
from bot.domain.query.signs import Typed
from bot.errors import QueryError


class Sign(Enum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    EXACT = auto()
    NAME = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    SEPARATOR = auto()
    LINE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    REQUIRED = auto()
    NEAR = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    sign: Sign
    text: str
    """The word, what stands in the quotes, the name in lower case, the field, or the number of NEAR."""
    start: int
    end: int
    """Plain characters `start` to `end` (exclusive), with the signs that belong to it."""


_SCANNER = re.compile(
    r"""
      (?P<line>\n)
    | (?P<blank>[^\S\n]+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comma>,)
    | (?P<exact_quoted>="(?P<exact_text>[^"]*)")
    | (?P<quoted>"(?P<quoted_text>[^"]*)")
    | (?P<unclosed>=?")
    | (?P<chunk>(?:[^\s(),"=]|=(?!")|(?<=\d),(?=\d{3}(?!\d)))+)
    """,
    re.VERBOSE,
)
_BULLET = re.compile(r"(?:^|(?<=\n))[^\S\n]*[-•*·](?=[^\S\n])")
_OPERATORS = {"AND": Sign.AND, "OR": Sign.OR, "NOT": Sign.NOT}
_BINARY = frozenset({Sign.AND, Sign.OR, Sign.NEAR})
_NEAR = re.compile(r"NEAR(?:/(?P<words>\d*))?")
_FIELD = re.compile(r"([A-Za-z]+):")
_STOP = re.compile(r"(?<=\S)(?=\s+(?:AND|OR|NOT|NEAR)\b|,|\n|\s+[-+(]\S|$)")

FIELDS = ("title", "body", "author", "tag", "source", "site", "lang", "after", "before")


def tokens(typed: Typed) -> list[Token]:
    """Cut a query into tokens, an END last; raise QueryError for a quote that never closes."""
    plain = _BULLET.sub(lambda bullet: " " * len(bullet.group()), typed.plain)
    found: list[Token] = []
    for scanned in _SCANNER.finditer(plain):
        if scanned.lastgroup == "unclosed":
            raise _unclosed(typed, plain, scanned.start())
        if scanned["chunk"]:
            found += _chunk(typed, plain, *scanned.span())
        elif not scanned["blank"]:
            found.append(_mark(scanned))
    return [*found, Token(Sign.END, "", len(plain), len(plain))]


def separated(found: Sequence[Token]) -> Iterator[Token]:
    """Leave out the line ends that stand beside an operator or a bracket: they separate nothing."""
    before: Token | None = None
    for number, token in enumerate(found):
        if token.sign is Sign.LINE:
            after = next(other for other in found[number:] if other.sign is not Sign.LINE)
            opened = before is None or before.sign in _BINARY | {Sign.NOT, Sign.OPEN, Sign.FIELD}
            if opened or after.sign in _BINARY:
                continue
        before = token
        yield token


def _mark(scanned: re.Match[str]) -> Token:
    start, end = scanned.span()
    if scanned["line"]:
        return Token(Sign.LINE, "", start, end)
    if scanned["open"] or scanned["close"]:
        return Token(Sign.OPEN if scanned["open"] else Sign.CLOSE, "", start, end)
    if scanned["comma"]:
        return Token(Sign.SEPARATOR, "", start, end)
    if scanned["exact_quoted"]:
        return Token(Sign.EXACT, scanned["exact_text"], start, end)
    return Token(Sign.QUOTED, scanned["quoted_text"], start, end)


def _chunk(typed: Typed, plain: str, start: int, end: int) -> Iterator[Token]:
    """Read a run of characters without blanks: leading signs and a field, then a word."""
    opens = start == 0 or plain[start - 1] in " \t\n(,"
    if opens and plain[start] in "-+" and end - start + _followed(plain, end) > 1:
        yield Token(Sign.NOT if plain[start] == "-" else Sign.REQUIRED, plain[start], start, start + 1)
        start += 1
    if start < end:
        yield from _word(typed, plain, start, end)


def _followed(plain: str, end: int) -> bool:
    """Say whether a bracket, a quote or `="` follows directly."""
    return plain[end : end + 1] in ("(", '"', "=")


def _word(typed: Typed, plain: str, start: int, end: int) -> Iterator[Token]:
    chunk = plain[start:end]
    if chunk in _OPERATORS:
        yield Token(_OPERATORS[chunk], chunk, start, end)
    elif near := _NEAR.fullmatch(chunk):
        yield Token(Sign.NEAR, _distance(typed, near["words"], start, end), start, end)
    elif (name := _FIELD.match(chunk)) and _is_field(typed, name, plain, start, end):
        field_end = start + name.end()
        yield Token(Sign.FIELD, name[1].lower(), start, field_end)
        if field_end < end and name[1].lower() == "site":
            yield Token(
                Sign.WORD, plain[field_end:end], field_end, end
            )  # may be a link, whose colon makes no field
        elif field_end < end:
            yield from _word(typed, plain, field_end, end)
    elif chunk[0] == "=":
        yield _exact(typed, chunk, start, end)
    elif chunk[0] in "@$" and (called := leading_name(chunk[1:])):
        yield _name(typed, called, start, end)
    else:
        yield Token(Sign.WORD, chunk, start, end)


def _is_field(typed: Typed, name: re.Match[str], plain: str, start: int, end: int) -> bool:
    """Say whether letters and a colon are a field; `Breaking: Kim` holds none, `titel:Kim` is an error."""
    if name[1].lower() in FIELDS:
        return True
    colon_ends_chunk = name.end() == end - start and not _followed(plain, end)
    if colon_ends_chunk:
        return False
    raise _unknown_field(typed, name[1], start, end)


def _exact(typed: Typed, chunk: str, start: int, end: int) -> Token:
    if chunk == "=":
        raise QueryError(
            "“=” must stand directly before the word that is to be found exactly as typed, for example: =WHO",
            typed.at[start],
            typed.replaced(start, end + 1, "=") if typed.plain[end : end + 1] == " " else None,
        )
    return Token(Sign.EXACT, chunk[1:], start, end)


def _name(typed: Typed, name: str, start: int, end: int) -> Token:
    name_end = start + 1 + len(name)
    if re.search(r"\w", typed.plain[name_end:end]):
        raise QueryError(
            f"A term's name has only letters, digits, _ and -: “{typed.original(start, end)}” goes on after"
            f" {typed.plain[start:name_end]}. To look for these very characters, put them in quotes.",
            typed.at[start],
            typed.replaced(start, end, f'"{typed.original(start, end)}"'),
        )
    return Token(Sign.NAME, fold_name(name), start, name_end)


def _distance(typed: Typed, words: str | None, start: int, end: int) -> str:
    if not words:
        raise QueryError(
            "NEAR needs the number of words that may stand between, for example NEAR/5.",
            typed.at[start],
            typed.replaced(start, end, "NEAR/5"),
        )
    return words


def _unclosed(typed: Typed, plain: str, at: int) -> QueryError:
    stop = _STOP.search(plain, plain.index('"', at) + 1)
    close = stop.start() if stop else len(plain)
    return QueryError(
        f"The quote opened at character {typed.at[at] + 1} never closes.",
        typed.at[at],
        typed.replaced(close, close, '"'),
    )


def _unknown_field(typed: Typed, name: str, start: int, end: int) -> QueryError:
    chunk = typed.original(start, end)
    if "://" in chunk:
        return QueryError(
            "A link is not a word to watch for. To see everything of a site, write for example site:politico.com",
            typed.at[start],
        )
    close = get_close_matches(name.lower(), FIELDS, n=1)
    known = ", ".join(f"{field}:" for field in FIELDS)
    return QueryError(
        f"“{name}:” is not a field. The fields are {known}. To look for these very words, put them in quotes.",
        typed.at[start],
        typed.replaced(start, start + len(name), close[0])
        if close
        else typed.replaced(start, end, f'"{chunk}"'),
    )

"""What is said of a query that cannot be read: where, why, and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.domain.query.lexer import Sign, Token
from bot.domain.query.phrases import SHORTEST_PREFIX, can_open
from bot.domain.query.signs import Typed
from bot.errors import QueryError


def nothing_after(typed: Typed, operator: Token) -> QueryError:
    return QueryError(
        f"Nothing stands after “{typed.original(operator.start, operator.end)}”. Say what, or leave it out.",
        typed.at[operator.start],
        _without(typed, operator.start, operator.end),
    )


def nothing_before(typed: Typed, token: Token) -> QueryError:
    """Complain of an operator that joins nothing, or of a closing bracket that closes nothing."""
    if token.sign is Sign.CLOSE:
        message = "This bracket closes nothing."
    else:
        message = (
            f"Nothing stands before “{typed.original(token.start, token.end)}”. Say what, or leave it out."
        )
    return QueryError(message, typed.at[token.start], _without(typed, token.start, token.end))


def unclosed_bracket(typed: Typed, opening: Token) -> QueryError:
    end = len(typed.plain)
    return QueryError(
        f"The bracket opened at character {typed.at[opening.start] + 1} never closes.",
        typed.at[opening.start],
        typed.replaced(end, end, ")"),
    )


def empty_brackets(typed: Typed, opening: Token, closing: Token) -> QueryError:
    return QueryError(
        "There is nothing in these brackets.",
        typed.at[opening.start],
        _without(typed, opening.start, closing.end),
    )


def no_word(typed: Typed, start: int, end: int) -> QueryError:
    shown = typed.original(start, end)
    return QueryError(
        f"“{shown}” holds no word to watch for. Type letters or digits, or leave it out.",
        typed.at[start],
        _without(typed, start, end),
    )


def true_of_everything(typed: Typed, start: int, end: int) -> QueryError:
    shown = typed.original(start, end)
    return QueryError(
        f"“{shown}” only says what must not be there, so it would match nearly every article."
        f" Say first what to watch for, for example: summit {shown}",
        typed.at[start],
    )


def too_far(typed: Typed, operator: Token, limit: int) -> QueryError:
    nearest = 1 if operator.text == "0" else limit
    return QueryError(
        f"NEAR takes from 1 to {limit} words between, as in NEAR/5.",
        typed.at[operator.start],
        typed.replaced(operator.start, operator.end, f"NEAR/{nearest}"),
    )


def not_a_place(typed: Typed, start: int, end: int, operator: Token) -> QueryError:
    shown = typed.original(operator.start, operator.end)
    return QueryError(
        f"{shown} measures between words or phrases. “{typed.original(start, end)}” stands at no one place of a"
        " text; join it with AND.",
        typed.at[start],
        typed.replaced(operator.start, operator.end, "AND"),
    )


def two_fields(typed: Typed, operator: Token) -> QueryError:
    return QueryError(
        "Both sides of NEAR must be looked for in the same field, for example title:(missile NEAR/5 test).",
        typed.at[operator.start],
        typed.replaced(operator.start, operator.end, "AND"),
    )


def empty_field(typed: Typed, token: Token) -> QueryError:
    return QueryError(
        f"“{token.text}:” needs a word, a quoted phrase or brackets directly after it.",
        typed.at[token.start],
        _without(typed, token.start, token.end),
    )


def field_in_field(typed: Typed, token: Token, outer: str) -> QueryError:
    return QueryError(
        f"“{token.text}:” cannot stand inside “{outer}:”. Put them side by side.",
        typed.at[token.start],
        _without(typed, token.start, token.end),
    )


def unknown_name(typed: Typed, token: Token, known: Iterable[str]) -> QueryError:
    shown = typed.original(token.start, token.end)
    close = get_close_matches(token.text, list(known), n=1)
    hint = (
        f"Did you mean {shown[0]}{close[0]}?"
        if close
        else "Define it first, or put it in quotes to look for it."
    )
    better = f"{shown[0]}{close[0]}" if close else f'"{shown}"'
    return QueryError(
        f"There is no term {shown} here. {hint}",
        typed.at[token.start],
        typed.replaced(token.start, token.end, better),
    )


def cycle(typed: Typed, token: Token, within: Sequence[str]) -> QueryError:
    path = [*within[within.index(token.text) :], token.text]
    uses = ", which uses ".join(f"@{name}" for name in path)
    return QueryError(f"A term cannot use itself: {uses}.", typed.at[token.start])


def in_definition(typed: Typed, token: Token, error: QueryError) -> QueryError:
    return QueryError(f"In the term @{token.text}: {error}", typed.at[token.start])


def check_stars(typed: Typed, tokens: Sequence[Token], first: Token, last: Token) -> None:
    """Raise QueryError for a `*` that does not end a word of at least three letters."""
    for token in tokens[tokens.index(first) : tokens.index(last) + 1]:
        star = token.text.find("*")
        if star < 0:
            continue
        if star != len(token.text) - 1 or not star:
            raise QueryError(
                "“*” stands for the rest of a word, so it can only end one, as in denuclear*.",
                typed.at[token.start + star],
                typed.replaced(token.start, token.end, re.sub(r"\*(?!$)|^\*$", "", token.text)) or None,
            )
        if not can_open(token.text):
            raise QueryError(
                f"“{token.text}” would match too many words: at least {SHORTEST_PREFIX} letters must stand"
                " before “*”.",
                typed.at[token.start],
                typed.replaced(token.start, token.end, token.text[:-1]),
            )


def _without(typed: Typed, start: int, end: int) -> str | None:
    """Return the query without some characters, if anything is left."""
    return typed.replaced(start, end, "") or None

"""How subscriptions, channels and matches are told of in answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.model import Channel, Origin, Subscription, TermMatch
from bot.domain.query import Near, Node, Phrase, describe_node, parse_query
from bot.domain.wording import day, times
from bot.errors import QueryError

_FIELDS = {
    "title": "headline",
    "body": "text",
    "author": "byline",
    "tag": "tags",
    "source": "source’s name",
}
_STRAIGHT = str.maketrans("“”„", '"""')
LONGEST = 120
"""Characters of a query or headline that is named in a sentence."""


def place(channel: Channel) -> str:
    """Return a channel as people know it: `#world`."""
    return f"#{channel.name or channel.address.channel}"


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut if it is long; those that it brings along are not doubled."""
    inner = text.translate(_STRAIGHT)
    if len(inner) > 1 and inner[0] == inner[-1] == '"' and inner.count('"') == 2:
        inner = inner[1:-1]
    return f"“{inner if len(inner) <= LONGEST else f'{inner[:LONGEST].rstrip()}…'}”"


def added(subscription: Subscription) -> str:
    """Say who made a subscription: `added by Ann on 1 May 2024`."""
    if subscription.origin is Origin.FILE:
        return "declared in newsbot’s config file"
    if subscription.origin is Origin.CLI or not subscription.created_by:
        return f"added by whoever runs newsbot on {day(subscription.created_at)}"
    return f"added by {subscription.created_by} on {day(subscription.created_at)}"


def stands(terms: Sequence[TermMatch], now: datetime) -> str:
    """Say where words were found: `“Kim Jong Un” stands once in the text, “summit” twice in the headline`, as a sentence."""
    found: dict[str, list[TermMatch]] = {}
    for term in terms:
        found.setdefault(term.term, []).append(term)
    parts: list[str] = []
    for name, fields in found.items():
        if any(one.spans for one in fields):
            parts.append(f"{said(name, now)} {'' if parts else 'stands '}{_where(name, fields, now)}")
        else:
            parts.append(f"it is {said(name, now)}")
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def said(term: str, now: datetime) -> str:
    """Say one term of a query as people would."""
    root = _root(term, now)
    if root is None:
        return quoted(term)
    return quoted(root.shown) if isinstance(root, Phrase) else describe_node(root)


def _where(term: str, fields: Sequence[TermMatch], now: datetime) -> str:
    places = sorted({_FIELDS[one.field] for one in fields})
    where = f"in the {' and '.join(places)}"
    if isinstance(_root(term, now), Near):  # its places are those of both sides
        return where
    return f"{times(sum(len(one.spans) for one in fields))} {where}"


def _root(term: str, now: datetime) -> Node | None:
    try:
        return parse_query(term, now=now).root
    except QueryError:  # with its named terms written out it is longer than a query may be
        return None

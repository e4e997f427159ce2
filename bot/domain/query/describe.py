"""A query said back in plain English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.query.tree import AllOf, AnyOf, Fact, Kind, Near, Node, Not, Phrase, Query

_FIELDS = {
    "title": "in the headline",
    "body": "in the text",
    "author": "in the byline",
    "tag": "among the tags",
    "source": "in the source’s name",
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip

Emphasis = Callable[[str], str]
"""How the words and, or, not are set off: a platform's bold."""


def describe(query: Query, emphasis: Emphasis = str) -> str:
    """Say a query in plain English: the phrase “Kim Jong Un” or the word “summit”."""
    return _describe(query.root, emphasis)


def describe_node(node: Node, emphasis: Emphasis = str) -> str:
    """Say a part of a query in plain English."""
    return _describe(node, emphasis)


def _describe(node: Node, emphasis: Emphasis) -> str:
    match node:
        case AnyOf(parts):
            return f" {emphasis('or')} ".join(_inner(part, emphasis) for part in parts)
        case AllOf(parts):
            return _all(parts, emphasis)
        case Not(part):
            return f"{emphasis('not')} {_inner(part, emphasis)}"
        case Near():
            return _near(node, emphasis)
        case Phrase():
            return _phrase(node)
        case _:
            return _fact(node)


def _inner(node: Node, emphasis: Emphasis) -> str:
    """Put brackets round what could be misread beside its neighbours."""
    said = _describe(node, emphasis)
    return f"({said})" if isinstance(node, AnyOf | AllOf) else said


def _all(parts: tuple[Node, ...], emphasis: Emphasis) -> str:
    wanted = [_inner(part, emphasis) for part in parts if not isinstance(part, Not)]
    unwanted = [part.part for part in parts if isinstance(part, Not)]
    said = f" {emphasis('and')} ".join(wanted)
    if not unwanted:
        return said
    return f"{said}, but {_without(unwanted, emphasis)}" if said else _without(unwanted, emphasis)


def _without(nodes: Sequence[Node], emphasis: Emphasis) -> str:
    """Say what must not be there: without the word “golf”, not on politico.com."""
    facts = [_fact(node) for node in nodes if isinstance(node, Fact)]
    others = [_inner(node, emphasis) for node in nodes if not isinstance(node, Fact)]
    either = f" {emphasis('or')} "
    said = [f"{emphasis('without')} {either.join(others)}"] if others else []
    said += [f"{emphasis('not')} {either.join(facts)}"] if facts else []
    return f" {emphasis('and')} ".join(said)


def _near(near: Near, emphasis: Emphasis) -> str:
    words = "one word" if near.distance == 1 else f"{near.distance} words"
    left, right = _inner(near.left, emphasis), _inner(near.right, emphasis)
    return f"{left} with at most {words} between it {emphasis('and')} {right}"


def _phrase(phrase: Phrase) -> str:
    many = max(len(spelling) for spelling in phrase.spellings) > 1 and " " in phrase.shown
    kind = "phrase" if many else "word"
    where = f" {_FIELDS[phrase.field]}" if phrase.field else ""
    if phrase.spellings[0][-1].prefix:
        return f"a {kind} beginning with “{phrase.shown.removesuffix('*')}”{where}"
    how = {Kind.BARE: "", Kind.QUOTED: " as it stands" if not many else "", Kind.EXACT: " written exactly so"}
    return f"the {kind} “{phrase.shown}”{how[phrase.kind]}{where}"


def _fact(fact: Fact) -> str:
    if isinstance(fact.value, datetime):
        when = f"{fact.value.day} {fact.value:%b %Y}" + (f" {fact.value:%H:%M}" if fact.value.hour else "")
        return f"published {'since' if fact.field == 'after' else 'before'} {when} UTC"
    if fact.field == "site":
        return f"on {fact.value}"
    return f"in {_LANGUAGES.get(fact.value, fact.value)}"

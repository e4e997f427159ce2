"""A reader's own articles, from a JSON file, through the demo's feeds."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from bot.config.values import read_duration, shown
from bot.demo.articles import PAPERS, WATCHES, Article
from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.model import Entry, FeedId
from bot.domain.normalise import RawEntry, RawLink, normalise
from bot.domain.query import parse_query
from bot.domain.stories import agree, story_keys
from bot.domain.text import words
from bot.domain.urls import clean_url
from bot.errors import UserError

MAX_ARTICLES = 200
MAX_FAULTS = 5
"""Faults that are told at once."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot carry."""
_SENTENCES = {
    "missing": "is missing",
    "string_type": "should be text in quotes, not {input}",
    "string_too_short": "should not be empty",
    "string_too_long": "should have at most {max_length} characters",
    "string_unicode": "holds half a character, which no feed can carry",
    "tuple_type": "should be a list in [brackets], not {input}",
    "model_type": "should be an object in {{braces}}, not {input}",
    "model_attributes_type": "should be an object in {{braces}}, not {input}",
    "said": "{sentence}",
    "value_error": "{error}",
}


def read_articles(file: Path, others: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles of a file; `others` are printed before them, and may tell the same stories.

    Raise UserError, which names the file, the article and what is wrong with it.
    """
    given = _validated(file, _data(file))
    articles = tuple(_article(one, number) for number, one in enumerate(given, 1))
    _refuse_duplicates(file, [*others, *articles], len(others))
    placed = [_Told(article, _entry(article)) for article in others]
    for one, article in zip(given, articles, strict=True):
        placed.append(_told(one, article, placed))
    return tuple(told.article for told in placed[len(others) :])


# ---------------------------------------------------------------- what a file may say


def _one_of(names: Iterable[str]) -> AfterValidator:
    known = tuple(names)

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"should be {', '.join(known[:-1])} or {known[-1]}, not {shown(name)}")
        return name

    return AfterValidator(check)


def _web_address(text: str) -> str:
    if "://" not in text or clean_url(text, "") is None:
        raise ValueError(f"should be a web address, like https://news.example/1, not {shown(text)}")
    return text


def _age(value: Any) -> Any:
    return None if value is None else read_duration(value)


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise ValueError("holds a control character, which no feed can carry")
    return text


Text = Annotated[str, Field(max_length=100_000), AfterValidator(_printable)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_printable)]


class OwnArticle(BaseModel):
    """What a reader may say of an article; docs/demo.md explains it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_printable)]
    text: Text = ""
    link: Annotated[Line, AfterValidator(_web_address)] = ""
    author: Line = ""
    tags: tuple[Line, ...] = ()
    feed: Annotated[str, _one_of(PAPERS)] = "meridian"
    age: Annotated[timedelta | None, BeforeValidator(_age)] = timedelta(0)
    alerts: tuple[Annotated[str, _one_of(WATCHES)], ...] | None = None
    """Which channels the reader expects to get it; None leaves that to the matcher."""


def _data(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UserError(f"{file}, line {error.lineno}: this is not JSON: {error.msg}.") from None
    except UnicodeDecodeError:
        raise UserError(f"{file} is not text in UTF-8. Save it in that encoding.") from None
    except OSError as error:
        raise UserError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from None


def _validated(file: Path, data: Any) -> Sequence[OwnArticle]:
    if not isinstance(data, list) or not data:
        raise UserError(f'{file} should hold a list of articles: [{{"title": "…", "text": "…"}}, …].')
    if len(data) > MAX_ARTICLES:
        raise UserError(f"{file} holds {len(data):,} articles; the demo takes {MAX_ARTICLES}.")
    try:
        return TypeAdapter(list[OwnArticle]).validate_python(data)
    except ValidationError as error:
        faults = [f"{file}: {_fault(detail)}" for detail in error.errors()]
        more = len(faults) - MAX_FAULTS
        raise UserError(
            "\n".join([*faults[:MAX_FAULTS], *([f"{file}: and {more} more"] if more > 0 else [])])
        ) from None


def _fault(detail: ErrorDetails) -> str:
    """Say one of pydantic's findings in the reader's words."""
    number, *rest = detail["loc"]
    where = f"article {int(number) + 1}"
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(rest[-1]), OwnArticle.model_fields, 1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(OwnArticle.model_fields)}."
        return f"{where}: “{rest[-1]}” is nothing that an article has. {hint}"
    values = {**detail.get("ctx", {}), "input": shown(detail["input"])}
    sentence = _SENTENCES.get(detail["type"], detail["msg"]).format(**values)
    return f"{where}: {rest[0]} {sentence}." if rest else f"{where} {sentence}."


# ---------------------------------------------------------------- what becomes of it


@dataclass(frozen=True, slots=True)
class _Told:
    """An article and what newsbot reads in it."""

    article: Article
    entry: Entry

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(story_keys(self.entry, FeedId(list(PAPERS).index(self.article.paper))))


def _article(one: OwnArticle, number: int) -> Article:
    return Article(
        paper=one.feed,
        title=one.title,
        text=one.text.strip(),
        link=one.link or f"https://yours.example/{number}",
        id=f"tag:yours.example,2018:{number}",
        author=one.author,
        tags=one.tags,
        age=one.age,
        readers_own=True,
    )


def _refuse_duplicates(file: Path, articles: Sequence[Article], first: int) -> None:
    """Refuse what a feed would list as an edit or under a new id; the file's articles begin at `first`."""
    taken: dict[tuple[str, str], int] = {}
    for place, article in enumerate(articles):
        for what, value in (("link", article.link), ("headline", " ".join(words(article.title)))):
            earlier = taken.setdefault((article.paper, value), place)
            if place >= first and earlier != place:
                other = (
                    f"article {earlier - first + 1}" if earlier >= first else f"“{articles[earlier].title}”"
                )
                raise UserError(
                    f"{file}: article {place - first + 1} has the {what} of {other} in the same feed. "
                    f"Give it another {what}, or put it into another feed to see a copy folded."
                )


def _told(one: OwnArticle, article: Article, before: Sequence[_Told]) -> _Told:
    """Work out, with newsbot's own matcher, who should get an article and which story it tells."""
    told = _Told(article, _entry(article))
    same = next((other for other in before if _same_story(told, other)), None)
    watched = frozenset(one.alerts) if one.alerts is not None else _watched(told.entry)
    return replace(
        told,
        article=replace(
            article,
            watched_by=watched,
            copy_of=same.article.story if same else "",
            points_to=told.entry.original_url or "",
        ),
    )


def _entry(article: Article) -> Entry:
    raw = RawEntry(
        id=article.key,
        title=article.title,
        content=article.text,
        links=(RawLink(article.link),),
        authors=(article.author,),
        tags=article.tags,
    )
    return normalise(raw, PAPERS[article.paper].home)


def _same_story(one: _Told, other: _Told) -> bool:
    return bool(one.keys & other.keys) and agree(
        one.entry.title, one.entry.body, other.entry.title, other.entry.body
    )


def _watched(entry: Entry) -> frozenset[str]:
    return frozenset(
        channel for channel, query in WATCHES.items() if evaluate(parse_query(query), Document.of(entry))
    )

"""`newsbot explain`: what a query means, and why an article matches it or does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from bot.cli.archive import notes_as_data, show_notes
from bot.cli.arguments import AsJson, query
from bot.cli.output import BAD, DIM, GOOD, STRONG, Output
from bot.cli.session import Session, now, run, session_of, terms_for
from bot.domain.document import document_of
from bot.domain.excerpts import excerpt
from bot.domain.explaining import Explanation, also_found, explain, places_of
from bot.domain.message import plain
from bot.domain.model import Article, TermMatch
from bot.domain.query import Note, Phrase, Query, describe, describe_node, lint, parse_query
from bot.domain.urls import url_key
from bot.errors import NotFound


def explain_query(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="QUERY", help="As in a subscription.")],
    article: Annotated[
        str | None, typer.Option(metavar="URL", help="A stored article: why it matches, or what failed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a query means, or why an article matches it or not."""
    text = " ".join(words)
    output = Output.standard()
    asked, notes, stored = run(_look_up(session_of(context), text, article))
    if stored is None:
        _tell_query(output, asked, notes, as_json=as_json)
    else:
        _tell_article(output, asked, stored, as_json=as_json)


async def _look_up(
    session: Session, text: str, url: str | None
) -> tuple[Query, Sequence[Note], Article | None]:
    config = session.config()
    async with session.store(config) as store:
        terms = await terms_for(store, config, text)
        asked = query(text, terms, searching=now())
        if url is None:
            return asked, lint(text, terms, now=now()), None
        article = await store.archive.article(url_key(url), None)
        if article is None:
            raise NotFound(
                f"No stored article has the link {url}. Articles are kept for a while only, and only from feeds"
                " that are followed: newsbot feeds list."
            )
        return asked, (), article


def _tell_query(output: Output, asked: Query, notes: Sequence[Note], *, as_json: bool) -> None:
    if as_json:
        output.json({"query": asked.text, "means": describe(asked), "notes": notes_as_data(notes)})
        return
    output.line(_opened(describe(asked)), ".", indent=1)
    for term in asked.terms:
        if isinstance(term, Phrase) and (forms := also_found(term)):
            also = " and ".join(f"“{form}”" for form in forms)
            output.line(Text(f"“{term.shown}” also finds {also}.", DIM), indent=3)
    show_notes(output, notes)


def _tell_article(output: Output, asked: Query, article: Article, *, as_json: bool) -> None:
    told = explain(asked, document_of(article))
    if as_json:
        output.json(_as_data(asked, article, told))
        return
    verdict = Text("matches", GOOD) if told.matches else Text("does not match", BAD)
    output.line(
        Text(article.entry.title, STRONG), f" · {article.source} ", verdict, f" {describe(asked)}.", indent=1
    )
    for failure in told.failures:
        output.line(failure.text, indent=3)
        _show_places(output, article, failure.found)
    _show_places(output, article, told.found)


def _show_places(output: Output, article: Article, found: Sequence[TermMatch]) -> None:
    for match in found:
        said = _opened(describe_node(parse_query(match.term, now=now()).root))
        where = f" stands in {places_of(match)}" if match.spans else " is so"
        output.line(said, where, ":" if match.spans else ".", indent=3)
        if match.spans:
            output.line(output.marked(excerpt(_text(article, match), match.spans)), indent=5)


def _text(article: Article, match: TermMatch) -> str:
    return document_of(article).text(match.field)


def _as_data(asked: Query, article: Article, told: Explanation) -> dict[str, Any]:
    return {
        "query": asked.text,
        "means": describe(asked),
        "article": {"title": article.entry.title, "url": article.entry.url, "source": article.source},
        "matches": told.matches,
        "found": [_match_as_data(article, match) for match in told.found],
        "failures": [
            {"why": failure.text, "found": [_match_as_data(article, match) for match in failure.found]}
            for failure in told.failures
        ],
    }


def _match_as_data(article: Article, match: TermMatch) -> dict[str, Any]:
    shown = plain(excerpt(_text(article, match), match.spans)) if match.spans else ""
    return {
        "term": match.term,
        "field": match.field,
        "spans": [[span.start, span.end] for span in match.spans],
        "excerpt": shown,
    }


def _opened(said: str) -> str:
    return said[:1].upper() + said[1:]

"""An alert, told to a reader: which headline, which sentence, whose link, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.domain.document import document_of
from bot.domain.evaluation import evaluate
from bot.domain.excerpts import excerpt, mark
from bot.domain.message import AlertMessage
from bot.domain.model import Alert, AlertMatch, Article, Mention, Span, TermMatch
from bot.domain.query import describe, parse_query
from bot.domain.urls import host_name
from bot.errors import QueryError

MAX_TAGS = 3

Places = defaultdict[str, list[Span]]
"""Where the words of an alert's subscriptions stand, by field."""

_FIELDS = {("title",): "headline", ("body",): "text", ("title", "body"): "headline and text"}


def compose(alert: Alert) -> AlertMessage:
    """Render an alert, platform-neutral: the original's link and headline, the matched sentence, the reasons."""
    lead, articles = alert.articles[0], alert.articles
    told, places = _told(alert)
    return AlertMessage(
        headline=mark(lead.entry.title, _places(alert.matches, lead)["title"]),
        excerpt=excerpt(told.entry.body, places["body"]),
        source=_source(lead),
        url=lead.entry.original_url or lead.entry.url,
        byline=_first(article.entry.byline for article in articles),
        tags=next((article.entry.tags[:MAX_TAGS] for article in articles if article.entry.tags), ()),
        published_at=lead.entry.published_at or lead.first_seen_at,
        also_at=_also_at(articles),
        image_url=_first(article.entry.image_url for article in articles) or None,
        icon_url=None if lead.entry.original_url else lead.icon_url,
        reasons=_reasons(alert.matches),
        subscriptions=tuple(dict.fromkeys(match.subscription.title for match in alert.matches)),
        updated=alert.updated,
        color_seed=min((match.subscription.id for match in alert.matches), default=0),
        mentions=_mentions(alert.matches),
        buttons=alert.channel.buttons,
    )


def _told(alert: Alert) -> tuple[Article, Places]:
    """Choose the article whose sentence is shown, and where the words stand in it: the original if it has them."""
    for article in alert.articles:
        places = _places(alert.matches, article)
        if places["title"] or places["body"]:
            return article, places
    return alert.articles[0], defaultdict(list)


def _places(matches: Sequence[AlertMatch], article: Article) -> Places:
    """Find every subscription's words in the text as it stands now, which may have been edited since it matched."""
    places: Places = defaultdict(list)
    for match in matches:
        for term in _found(match, article):
            places[term.field] += term.spans
    places["body"].sort(key=lambda span: span.start)
    return places


def _found(match: AlertMatch, article: Article) -> Iterable[TermMatch]:
    watcher = match.subscription
    try:
        query = parse_query(watcher.query, watcher.terms)
    except QueryError:  # a named term has gone since it matched, once no active subscription used it
        return match.terms if match.entry_id == article.id else ()
    return evaluate(query, document_of(article)) or ()


def _reasons(matches: Sequence[AlertMatch]) -> tuple[str, ...]:
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for match in matches:
        for term in match.terms:
            if term.field not in fields[term.term]:
                fields[term.term].append(term.field)
    return tuple(_reason(term, sorted(found, reverse=True)) for term, found in fields.items())


def _reason(term: str, found: Sequence[str]) -> str:
    """Say a term, and where it stands unless it says so itself."""
    try:
        said = describe(parse_query(term))
    except QueryError:  # with its named terms written out it is longer than a query may be
        said = f"“{term}”"
    return f"{said} ({_FIELDS[tuple(found)]})" if tuple(found) in _FIELDS and ":" not in term else said


def _source(lead: Article) -> str:
    return host_name(lead.entry.original_url) if lead.entry.original_url else lead.source


def _also_at(articles: Sequence[Article]) -> tuple[str, ...]:
    """Name the other sources; a copy that came alone is itself one, beside the original it points to."""
    lead = articles[0]
    others = articles if lead.entry.original_url else articles[1:]
    return tuple(dict.fromkeys(article.source for article in others if article.source != _source(lead)))


def _mentions(matches: Sequence[AlertMatch]) -> tuple[Mention, ...]:
    asked = (match.subscription.mention for match in matches)
    return tuple({(one.kind, one.id): one for one in asked if one is not None}.values())


def _first(texts: Iterable[str | None]) -> str:
    return next((text for text in texts if text), "")

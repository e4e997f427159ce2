"""What software appends to an article: where it was copied from, by whom, and the furniture of a blog page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.bylines import byline
from bot.domain.urls import url_key

TAIL = 1_200
"""Characters at the end of a body among which a trailer is looked for."""

WORDPRESS_TAIL = 500
LONGEST_BYLINE = 150

_SOURCE = ("source", "quelle", "fuente", "fonte", "bron", "källa", "kilde", "źródło", "zdroj", "источник", "джерело",
           "来源", "來源", "出典", "原文")  # fmt: skip
_HINTS = (*_SOURCE, "origin", "first ", "posted from", "published from", "printed from")
"""No trailer without one of these: a cheap look before the closer one."""
_LINK = r"https?://[^\s<>\"“”]{3,1500}"
_ARTICLE = r"(?:article|story|post|piece|column|essay|report|interview|text|content|version|source|link)"
_ELEMENT = re.compile(
    rf"""(?<!\w)[\[(]?(?:
      (?:read\ the\ )? original\ {_ARTICLE} (?:\ (?:at|on|here|url|link))? \s?[:：]?\s* (?P<original>{_LINK})
    | (?:this|the)\ {_ARTICLE}\ (?:was\ )?(?:originally|first)\ (?:published|appeared|posted|printed|ran)
      [^\n]{{0,200}}? (?P<appeared>{_LINK})
    | (?:originally|first)\ (?:published|appeared|posted)\ (?:at|by|in|on) [^\n]{{0,100}}? (?P<published>{_LINK})
    | (?:cross-?posted|reposted|republished|reprinted)\ from [^\n]{{0,100}}? (?P<reposted>{_LINK})
    | (?:{"|".join(_SOURCE)})
      \s?[:：]\s* (?P<source>{_LINK})
    | (?P<tag>\#\w[\w-]{{0,49}})
    | (?P<by>by:)
    | no\ comments\b:? | \d{{1,5}}\ comments?\b:? | post\ a\ comment | email\ this\ ?blogthis! | labels:[^\n]{{0,200}}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTERS = ("original", "appeared", "published", "reposted")
"""Groups that can only mean a copy; `source` may also name what an article is about."""

_BETWEEN = " \t\n|·•–—-.,;:()[]…"
_AFTER_SENTENCE = (*".!?…:)\"'”’»]。！？」』）", "")


@dataclass(frozen=True, slots=True)
class Trailer:
    """The end of a copied article, taken off its text."""

    body: str
    """What stands before it, whole."""
    url: str | None = None
    """Where the text says it was copied from, as published."""
    byline: str = ""
    tags: tuple[str, ...] = ()


def cut_trailer(body: str) -> Trailer:
    """Take the trailer of a copy off its text; text that only mentions a source stays untouched."""
    body = _without_wordpress(body)
    tail = body[-TAIL:]
    if "http" not in tail or not any(map(tail.lower().__contains__, _HINTS)):
        return Trailer(body)
    elements = _closing(tail)
    while elements and not _opens(tail[: elements[0].start]):
        elements = elements[1:]
    links = _links(elements)
    if len({url_key(link) for link in links}) != 1:  # several sources are a list of references
        return Trailer(body)
    return Trailer(
        body=body[: len(body) - len(tail) + elements[0].start].rstrip(),
        url=links[0],
        byline=byline(element.rest for element in elements if element.groups["by"]),
        tags=tuple(tag for element in elements if (tag := element.groups["tag"])),
    )


def _without_wordpress(body: str) -> str:
    """Drop the closing sentence “The post TITLE appeared first on SITE.”: it would match the site's name always."""
    start = body.rfind("The post ", -WORDPRESS_TAIL)
    if start < 0 or " appeared first on " not in body[start:] or not _opens(body[:start][-TAIL:]):
        return body
    return body[:start].rstrip()


@dataclass(frozen=True, slots=True)
class _Element:
    """A piece of a trailer, and what follows it up to the next."""

    start: int
    groups: dict[str, str | None]
    rest: str

    @property
    def closes(self) -> bool:
        """Whether nothing but punctuation follows, or the name that `by:` announces."""
        rest = self.rest.strip(_BETWEEN)
        return not rest or (bool(self.groups["by"]) and len(rest) <= LONGEST_BYLINE and "\n" not in rest)


def _closing(tail: str) -> list[_Element]:
    """Return the elements that follow one another up to the very end."""
    found = list(_ELEMENT.finditer(tail))
    ends = [*(element.start() for element in found[1:]), len(tail)]
    run: list[_Element] = []
    for match, end in zip(found, ends, strict=False):
        run.append(_Element(match.start(), match.groupdict(), tail[match.end() : end]))
        if not run[-1].closes:
            run = []
    return run


def _opens(before: str) -> bool:
    """Tell whether a trailer may begin after this text: on a new line, or where a sentence has ended."""
    text = before.rstrip()
    return text[-1:] in _AFTER_SENTENCE or "\n" in before[len(text) :]


def _links(elements: list[_Element]) -> list[str]:
    """Return where the elements point: those that can only mean a copy, else those that may."""
    sure = [link for element in elements for name in _POINTERS if (link := element.groups[name])]
    found = sure or [link for element in elements if (link := element.groups["source"])]
    return [_trimmed(link) for link in found]


def _trimmed(link: str) -> str:
    """Take the punctuation of the sentence off the end of a link."""
    return link.rstrip(".,;:!?'’»]" if "(" in link else ".,;:!?'’»])")

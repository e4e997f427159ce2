"""The sentence in which a match stands, at a length a reader takes in at a glance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.message import Run, Text
from bot.domain.model import Span

EXCERPT_LENGTH = 300
"""Characters of an excerpt, at most, without its …"""

_WINDOW = 2_000
"""How far around a match its sentence is looked for, characters."""
_SENTENCE_END = re.compile(
    r"""[.!?…]["'”’»)\]]{0,3}\s+(?=["'“‘«(\[]{0,2}[^\W_])|[。！？]["'”’」』）]{0,3}\s*|\n+"""
)
_SHORT_FORM = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Gov|Sen|Rep|St|No|vs|etc|Jr|Sr|Inc|Co|Corp))\.$"
)


def excerpt(text: str, spans: Sequence[Span]) -> Text:
    """Return the sentence around the first span (or the first sentence), every span in it marked.

    Cut at word boundaries with … when the sentence is longer than EXCERPT_LENGTH.
    """
    first = spans[0] if spans else Span(0, 0)
    start, end = _sentence(text, first)
    start, end = _shortened(text, start, end, first)
    body = mark(text, spans, start, end)
    before = (Run("… "),) if not _opens_sentence(text, start) else ()
    after = (Run(" …"),) if end < len(text) and not _closes_sentence(text, end) else ()
    return (*before, *body, *after) if body else ()


def mark(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> Text:
    """Return the characters `start` to `end` of a text in runs, those inside a span marked."""
    end = len(text) if end is None else end
    runs: list[Run] = []
    at = start
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        first, last = max(span.start, at), min(span.end, end)
        if first < last:
            runs += [Run(text[at:first]), Run(text[first:last], marked=True)]
            at = last
    runs.append(Run(text[at:end]))
    return tuple(Run(_one_line(run.text), run.marked) for run in runs if run.text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _sentence(text: str, span: Span) -> tuple[int, int]:
    low, high = max(0, span.start - _WINDOW), min(len(text), span.end + _WINDOW)
    start, end = low, high
    for stop in _SENTENCE_END.finditer(text, low, high):
        if _SHORT_FORM.search(text, max(low, stop.start() - 8), stop.start() + 1):
            continue
        if stop.end() <= span.start:
            start = stop.end()
        elif stop.start() >= span.end and stop.end() > start:
            end = stop.end()
            break
    return _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _shortened(text: str, start: int, end: int, span: Span) -> tuple[int, int]:
    """Cut a long sentence to a window around the span, at spaces where there are any near."""
    if end - start <= EXCERPT_LENGTH:
        return start, end
    low = max(start, min(span.start - EXCERPT_LENGTH // 3, end - EXCERPT_LENGTH))
    high = min(end, low + EXCERPT_LENGTH)
    if low > start:
        space = text.find(" ", low, max(low, span.start))
        low = space + 1 if space >= 0 else low
    if high < end:
        space = text.rfind(" ", min(span.end, high), high)
        high = space if space >= 0 else high
    return _stripped(text, low, high)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" ")
    return start == 0 or not before or before[-1] in "\n.!?…。！？\"'”’»)]」』）"


def _closes_sentence(text: str, end: int) -> bool:
    return text[end - 1] in ".!?…。！？\"'”’»)]」』）" or text[end : end + 1] == "\n"

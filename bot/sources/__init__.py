"""Kinds of source: each says how to ask for a feed and reads the answer, both without I/O.

    feed.py      the kind "feed": RSS, Atom or JSON Feed, whichever the address answers with
    reading.py   what it does with the bytes
      encoding   to UTF-8                      rss        which parser reads XML
      survey     a first look                  fast       fastfeedparser
      notes      a close look                  authority  feedparser
      repair     broken XML made whole         framing    RSS 1.0 for the fast one
      jsonfeed   JSON Feed                     memory     what need not be read twice
      documents  what they have in common
      html_text  HTML to plain text            dates      in every form           images  which shows what it is about
    pool.py      the Parser port: worker processes that can be killed   worker.py  one of them   wire.py  what they say

To add a kind: one file here with `request` and `parse`, one line below, one recorded answer in
`tests/contracts/test_sources.py`. A config may also name one of its own as `module:Class`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from bot import plugins
from bot.ports import Source

KINDS: Mapping[str, str] = MappingProxyType({"feed": "bot.sources.feed:FeedSource"})


@cache
def source(kind: str) -> Source:
    """Return a kind of source by its name here or as `module:Class`; import it only now."""
    found: Source = plugins.load(kind, KINDS, "kind of feed")()
    return found


class _Sources(Mapping[str, Source]):
    """Every kind by its name, including those that are not listed."""

    def __getitem__(self, kind: str) -> Source:
        return source(kind)

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


SOURCES: Mapping[str, Source] = _Sources()

"""How people name feeds: by a row's name, or by URL."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.domain.model import FeedId, Origin, WorkspaceId
from bot.domain.urls import feed_url
from bot.errors import AddressError, NotFound
from bot.stores.tables import feeds, follows
from bot.stores.visibility import ACTIVE, rows_seen_by_workspace

_NAMED = (
    select(feeds.c.id, feeds.c.url, follows.c.name, follows.c.origin)
    .join_from(follows, feeds, feeds.c.id == follows.c.feed_id)
    .where(ACTIVE)
    .order_by(follows.c.id.desc())
)


_SEEN = _NAMED.where(follows.c.id.in_(rows_seen_by_workspace()))


class FeedNames:
    """What names and URLs stand for at the moment; the file's names come before others', older before newer.

    With a workspace, only what it follows has a name.
    """

    def __init__(self, connection: Connection, workspace: WorkspaceId | None = None) -> None:
        if workspace is None:
            rows = connection.execute(_NAMED).all()
        else:
            rows = connection.execute(_SEEN, {"workspace_id": workspace}).all()
        self._by_url = {row.url: FeedId(row.id) for row in rows}
        self._by_name = {row.name: FeedId(row.id) for row in rows if row.name}
        self._by_name |= {row.name: FeedId(row.id) for row in rows if row.origin == Origin.FILE}

    def find(self, wanted: Iterable[str]) -> list[FeedId]:
        """Return the ids of feeds, in order; raise NotFound for the first that nobody follows."""
        return sorted({self._find(one) for one in wanted})

    def _find(self, wanted: str) -> FeedId:
        found = self._by_name.get(wanted) or self._by_url.get(wanted) or self._by_url.get(canonical(wanted))
        if found is None:
            raise NotFound(
                f"No feed is called “{wanted}”. Name one of the feeds that are followed, or its URL."
            )
        return found


def canonical(url: str) -> str:
    """Return the form in which a feed's URL is kept, or the text itself when it is no URL."""
    try:
        return feed_url(url)
    except AddressError:
        return url

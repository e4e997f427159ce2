"""Judging an ordeal by what the platforms received."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.ordeal import ARTICLE_URL, Claimed, Kill, Story
from tests.e2e.world import channel_of
from tests.impersonators.journal import accepted

PLATFORMS = ("slack", "discord")
Message = tuple[str, int]
"""A channel, and the number of the story that stands in it."""
_NUMBER = re.compile(re.escape(ARTICLE_URL) + r"(\d+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of every story on one platform."""

    platform: str
    expected: int
    received: int
    missing: tuple[Message, ...]
    strange: tuple[Message, ...]
    """Messages that nobody should have got."""
    doubles: int
    """Messages beyond the first one of a story in a channel."""
    unexplained: int
    """Doubles beyond the number of kills at which their delivery was claimed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kill, as the table shows it."""

    kill: Kill
    claimed: Mapping[str, int]
    doubles: Mapping[str, int]
    """Deliveries claimed at this kill that had been accepted by then, and were accepted again later."""


def judge(platform: str, journal: Path, stories: Iterable[Story], kills: Sequence[Kill]) -> Verdict:
    """Compare what stands in the channels with what was printed."""
    expected = {(channel_of(platform, story.topic), story.number) for story in stories}
    messages = accepted(journal, platform)
    standing = Counter(_message(row) for row in messages)
    explained = Counter(
        claim.delivery for kill in kills for claim in kill.claimed if claim.platform == platform
    )
    sent = Counter(_delivery(platform, row) for row in messages)
    return Verdict(
        platform=platform,
        expected=len(expected),
        received=len(messages),
        missing=tuple(sorted(expected - standing.keys())),
        strange=tuple(sorted(standing.keys() - expected)),
        doubles=sum(count - 1 for count in standing.values()),
        unexplained=sum(max(count - 1 - explained[delivery], 0) for delivery, count in sent.items()),
    )


def rows(journal: Path, kills: Sequence[Kill]) -> Iterator[Row]:
    """Say of each kill what it had claimed, and which of that came twice."""
    sendings = {platform: _sendings(platform, journal) for platform in PLATFORMS}
    for kill in kills:
        claimed = {name: [claim for claim in kill.claimed if claim.platform == name] for name in PLATFORMS}
        doubles = {
            name: sum(_resent(sendings[name], claim, kill.received[name]) for claim in claims)
            for name, claims in claimed.items()
        }
        yield Row(kill, {name: len(claims) for name, claims in claimed.items()}, doubles)


def _sendings(platform: str, journal: Path) -> Mapping[str, list[int]]:
    """Say for each delivery at which places among all messages it stands."""
    places = defaultdict(list)
    for place, row in enumerate(accepted(journal, platform)):
        places[_delivery(platform, row)].append(place)
    return places


def _resent(sendings: Mapping[str, list[int]], claim: Claimed, received: int) -> bool:
    places = sendings.get(claim.delivery, [])
    return any(place < received for place in places) and any(place >= received for place in places)


def _message(row: Mapping[str, Any]) -> Message:
    found = _NUMBER.search(json.dumps(row["body"]).replace("\\/", "/"))
    return str(row["channel"]), int(found[1]) if found else -1


def _delivery(platform: str, row: Mapping[str, Any]) -> str:
    if platform == "discord":
        return str(row["nonce"])
    metadata = row["metadata"]
    told = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(told["event_payload"]["delivery"])


# ---------------------------------------------------------------- words


HEAD = ("kill", "seed", "phase", "call", "moment", "life", "received", "claimed", "doubles")
WIDTHS = (4, 9, 6, 4, 14, 6, 13, 11, 11)


def table(found: Sequence[Row]) -> str:
    """Draw the kills; two figures are Slack and Discord."""
    lines = [_line(HEAD), _line(["-" * width for width in WIDTHS])]
    for row in found:
        kill, death = row.kill, row.kill.death
        moment = f"{death.moment} {death.delay_ms} ms" if death.moment == "during" else death.moment
        lines.append(
            _line(
                [
                    str(kill.number),
                    str(kill.seed),
                    death.phase,
                    str(death.call),
                    moment,
                    f"{kill.took_s:.1f} s",
                    *(_pair(counts) for counts in (kill.received, row.claimed, row.doubles)),
                ]
            )
        )
    lines.append("received, claimed, doubles: Slack / Discord; claimed by the process that was killed")
    return "\n".join(lines)


def summary(verdicts: Sequence[Verdict], found: Sequence[Row], printed: int, took_s: float) -> str:
    """Say how it ended."""
    lines = [f"{len(found)} kills over {printed} articles in {took_s:.0f} s"]
    for verdict in verdicts:
        claimed = sum(row.claimed[verdict.platform] for row in found)
        lines.append(
            f"{verdict.platform:8} expected {verdict.expected}, received {verdict.received},"
            f" missing {len(verdict.missing)}, doubles {verdict.doubles} (claimed at the kills: {claimed}),"
            f" not expected {len(verdict.strange)}"
        )
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _pair(counts: Mapping[str, int]) -> str:
    return " / ".join(str(counts[name]) for name in PLATFORMS)

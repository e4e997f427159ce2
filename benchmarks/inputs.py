"""What benchmarks read and write: a folder or archive of feeds, made ones where there is none, and JSON."""

from __future__ import annotations

import json
import random
import tarfile
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

SHARED_FEEDS = Path(__file__).parents[2] / "shared" / "feeds" / "real-feeds-half.tar.xz"


def feeds_of(path: Path | None) -> dict[str, bytes]:
    """Return feeds by name: of a folder or tar file, else of the shared archive where there is one, else made."""
    if path is None:
        path = SHARED_FEEDS if SHARED_FEEDS.exists() else None
    if path is None:
        return made_feeds()
    return dict(sorted(_folder(path) if path.is_dir() else _archive(path)))


def _folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.name, file.read_bytes()


def _archive(file: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(file) as archive:
        for member in archive:
            if member.isfile() and (content := archive.extractfile(member)):
                yield Path(member.name).name, content.read()


def made_feeds(count: int = 60, seed: int = 1) -> dict[str, bytes]:
    """Make RSS feeds after the measure of 100 live ones: some of teasers, the others of whole articles.

    Those had 250 kB and 37 items in the mean, 77 kB and 15 items in the median; an item 0.8 to 26 kB (tenth and
    ninetieth percentile) and in the median 49 elements, 4 of them links.
    """
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("aeioulnrstmk", k=chance.randint(2, 10))) for _ in range(5000)]
    return {f"made-{number:03}": _made(number, chance, vocabulary) for number in range(count)}


def _made(number: int, chance: random.Random, vocabulary: list[str]) -> bytes:
    def said(words: int) -> str:
        return " ".join(chance.choices(vocabulary, k=words))

    def paragraph(at: int) -> str:
        link = f'<a href="https://example.org/{number}/about/{at}" rel="nofollow">{said(2)}</a>'
        image = (
            f'<img src="https://example.org/{number}/{at}.jpg" alt="{said(3)}" /><br />'
            if at % 8 == 3
            else ""
        )
        return f'<p class="text">{image}{said(20)} <strong>{said(2)}</strong>, {link} {said(25)}.</p>\n'

    def item(at: int, paragraphs: int) -> str:
        whole = "".join(paragraph(part) for part in range(paragraphs))
        content = f"<content:encoded><![CDATA[{whole}]]></content:encoded>" if paragraphs else ""
        return (
            f"<item><title>{said(9).title()}</title><link>https://example.org/{number}/{at}</link>"
            f"<guid>{number}-{at}</guid><pubDate>{formatdate(1_700_000_000 + at * 600)}</pubDate>"
            f"<dc:creator>{said(2).title()}</dc:creator><category>{said(1)}</category><category>{said(2)}</category>"
            f"<description>&lt;p&gt;{said(50)}.&lt;/p&gt;</description>{content}</item>\n"
        )

    paragraphs = (0, 8, 20, 56)[number // 5 % 4]
    items = "".join(item(at, paragraphs) for at in range((8, 10, 15, 30, 100)[number % 5]))
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>Made {number}</title>{items}</channel></rss>'
    ).encode()


def write_json(file: Path | None, figures: Mapping[str, Any]) -> None:
    """Write a benchmark's figures, if a file was asked for."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(figures, indent=2) + "\n")

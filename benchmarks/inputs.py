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
    """Make RSS feeds of 10 to 80 items with a few paragraphs of words each."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("aeioulnrstmk", k=chance.randint(2, 10))) for _ in range(5000)]
    return {f"made-{number:03}": _made(number, chance, vocabulary) for number in range(count)}


def _made(number: int, chance: random.Random, vocabulary: list[str]) -> bytes:
    def said(words: int) -> str:
        return " ".join(chance.choices(vocabulary, k=words))

    items = "".join(
        f"<item><title>{said(9).title()}</title><link>https://example.org/{number}/{item}</link>"
        f"<guid>{number}-{item}</guid><pubDate>{formatdate(1_700_000_000 + item * 600)}</pubDate>"
        f"<description>&lt;p&gt;{said(60)}.&lt;/p&gt; &lt;p&gt;{said(150)}.&lt;/p&gt;</description></item>"
        for item in range(chance.randint(10, 80))
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Made {number}</title>{items}</channel></rss>'.encode()


def write_json(file: Path | None, figures: Mapping[str, Any]) -> None:
    """Write a benchmark's figures, if a file was asked for."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(figures, indent=2) + "\n")

"""Every feed in tests/data/feeds comes out as the file beside it says; what a file leaves out is not looked at."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import ParsedFeed
from bot.sources.reading import read_feed

FOLDER = Path(__file__).parents[1] / "data" / "feeds"
RECORDED = sorted(file.name.removesuffix(".expected.json") for file in FOLDER.glob("*.expected.json"))
URLS = {
    "rss2": "https://harbour.example/rss",
    "atom": "https://blatt.example/atom.xml",
    "jsonfeed": "https://notes.example/feed.json",
}


def document(name: str) -> Path:
    return next(file for file in FOLDER.glob(f"{name}.*") if not file.name.endswith(".expected.json"))


def read(name: str, known: frozenset[int] = frozenset()) -> ParsedFeed:
    return read_feed(document(name).read_bytes(), "", URLS.get(name, "https://feed.example/"), known)


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda time: time.isoformat()))


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_feed_comes_out_as_expected(name):
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))
    parsed = as_json(asdict(read(name)))
    assert {field: parsed[field] for field in expected if field != "entries"} == {
        field: value for field, value in expected.items() if field != "entries"
    }
    assert len(parsed["entries"]) == len(expected["entries"])
    for entry, wanted in zip(parsed["entries"], expected["entries"], strict=True):
        assert {field: entry[field] for field in wanted} == wanted


@pytest.mark.parametrize("name", RECORDED)
def test_known_items_are_listed_and_left_out(name):
    everything = read(name)
    assert everything.listed
    kept = everything.listed[0]
    some = read(name, frozenset(everything.listed) - {kept})
    assert some.listed == everything.listed
    assert [entry.fingerprint for entry in some.entries] == [kept]
    assert some.entries[0] == everything.entries[0]
    nothing = read(name, frozenset(everything.listed))
    assert nothing.entries == ()
    assert (nothing.title, nothing.ttl_s, nothing.language) == (
        everything.title,
        everything.ttl_s,
        everything.language,
    )


@pytest.mark.parametrize("name", RECORDED)
def test_there_is_a_recorded_document_for_every_expectation(name):
    assert document(name).stat().st_size > 0

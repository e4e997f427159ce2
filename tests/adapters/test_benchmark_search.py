"""The search benchmark runs, finds what it asks for, and writes its figures down."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.library import NEEDLE_ARTICLES, NEEDLES, Library, Piece, build
from benchmarks.questions import COUNTED, KINDS
from benchmarks.search import BEST, NEWEST, PLAIN, ratio
from bot.services.lookup import Lookup
from bot.stores import open_store
from bot.stores.terms import terms_of
from tests.builders import entry

REPOSITORY = Path(__file__).parents[2]


def piece(text):
    return Piece(text, tuple(terms_of(entry("", title=text, body="", url=None), entry().published_at)))


@pytest.fixture
def library():
    return Library(
        [piece("Crude oil falls")], [piece("Prices of oil fell.")], [piece("金正恩访问。")], "made up"
    )


async def test_a_store_that_is_made_in_bulk_is_searched_like_any_other(tmp_path, library):
    file = tmp_path / "made.db"
    done = []
    await asyncio.to_thread(build, file, library, 500, done.append)
    async with open_store(f"sqlite:///{file}") as store:
        lookup = Lookup(store.archive)
        assert done == [500]
        assert (await store.upkeep.stats()).articles == 500
        assert len((await lookup.search("oil", 1000)).found) == 480
        assert len((await lookup.search("金正恩 site:example.org lang:en", 1000)).found) == 20
        assert len((await lookup.search(NEEDLES[3], 1000)).found) == NEEDLE_ARTICLES
        newest = (await lookup.search("oil", 1)).found[0]
        assert newest.article.id == 499


def test_the_ratio_is_that_of_the_medians_of_the_largest_and_the_smallest_store():
    taken = {
        ("common", 10, NEWEST): [1.0, 2.0, 9.0],
        ("common", 99, NEWEST): [3.0],
        ("apart", 99, NEWEST): [99.0],
    }
    taken |= {("rare", 99, NEWEST): [3.0], ("common", 50, NEWEST): [50.0], ("common", 99, BEST): [70.0]}
    assert ratio(taken, NEWEST) == 1.5
    assert ratio(taken, NEWEST, ("common",)) == 1.5


def test_a_short_run_prints_a_table_and_writes_the_same_figures(tmp_path):
    file = tmp_path / "search.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks.search",
        "--sizes",
        "500",
        "1000",
        "--rounds",
        "1",
        "--json",
        str(file),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=100, check=False)
    figures = json.loads(file.read_text())
    assert {row["kind"] for row in figures["rows"]} == set(KINDS)
    assert {row["way"] for row in figures["rows"]} == {NEWEST, BEST, PLAIN}
    assert all(0 < row["p50_ms"] <= row["p99_ms"] for row in figures["rows"])
    assert set(figures["bytes"]) == {"500", "1000"}
    assert done.returncode == int(figures["ratio"] > 1.5)
    assert f"× {figures['ratio']:.2f} in the largest store" in done.stdout
    assert all(kind in done.stdout for kind in COUNTED)

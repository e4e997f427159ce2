"""What servers write into headers, and what is made of it; nothing they write breaks a request."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from bot.errors import FetchError
from bot.fetch import headers
from bot.fetch.headers import LONGEST_WAIT_S
from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Request
from tests.clock import FakeClock
from tests.impersonators.newsstand import Newsstand

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
FEED = "/feed.xml"


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with Newsstand() as stand:
        stand.publish(FEED, b"<rss/>")
        yield stand


def fetcher(stand: Newsstand, **rules: Any) -> HttpFetcher:
    own = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,), **rules)
    return HttpFetcher(own, FakeClock(auto=True))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("9" * 5000, LONGEST_WAIT_S),
        ("Wed, 01 May 2024 12:01:30 GMT", 90),
        ("Wednesday, 01-May-24 12:01:30 GMT", 90),
        ("Wed May  1 12:01:30 2024", 90),
        ("Wed, 01 May 2024 11:00:00 GMT", 0),
        ("Wed, 01 May 9999 11:00:00 GMT", LONGEST_WAIT_S),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_a_date(value, seconds):
    assert headers.retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": "public, MAX-AGE = 600, must-revalidate"}, 600),
        ({"Cache-Control": 'max-age="600"'}, 600),
        ({"Cache-Control": "s-maxage=900"}, None),
        ({"Cache-Control": "s-maxage=900, max-age=60"}, 60),
        ({"Cache-Control": "max-age=600", "Age": "550"}, 50),
        ({"Cache-Control": "max-age=600", "Age": "700"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "old"}, 600),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=" + "9" * 400}, LONGEST_WAIT_S),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "max-age=600", "Expires": "0"}, 600),
        ({"Cache-Control": "private", "Expires": "Wed, 01 May 2024 12:10:00 GMT"}, 600),
        ({"Expires": "Wed, 01 May 2024 12:10:00 GMT"}, 600),
        ({"Expires": "Wed, 01 May 2024 15:10:00 GMT", "Date": "Wed, 01 May 2024 15:00:00 GMT"}, 600),
        ({"Expires": "Wed, 01 May 2024 11:10:00 GMT"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "-1"}, 0),
    ],
)
def test_freshness_follows_the_rules_of_private_caches(told, seconds):
    assert headers.max_age_s(told, NOW) == seconds


def test_repeated_cache_control_lines_are_one_list():
    told = CIMultiDictProxy(CIMultiDict([("Cache-Control", "public"), ("Cache-Control", "max-age=60")]))
    assert headers.max_age_s(told, NOW) == 60


@given(st.text())
def test_no_header_value_makes_reading_it_fail(value):
    told = {"Cache-Control": value, "Age": value}
    for seconds in (
        headers.retry_after_s(value, NOW),
        headers.max_age_s(told, NOW),
        headers.max_age_s({"Expires": value, "Date": value}, NOW),
    ):
        assert seconds is None or 0 <= seconds <= LONGEST_WAIT_S
    kept = headers.validator(value)
    assert kept is None or (kept.isascii() and kept.isprintable())


@pytest.mark.parametrize(
    ("etag", "sent"),
    [
        ('"abc"', '"abc"'),
        ('W/"abc"', 'W/"abc"'),
        ("unquoted", "unquoted"),
        ('"a"\r\nX-Injected: 1', None),
        ('"a\x00"', None),
        ('"é"', None),
        ('"\udcff"', None),
        ('"' + "x" * 5000 + '"', None),
        ("  ", None),
        ("", None),
    ],
)
async def test_a_stored_validator_is_sent_back_as_it_is_or_not_at_all(stand, etag, sent):
    async with fetcher(stand) as http:
        await http.fetch(Request(stand.url(FEED), etag=etag, last_modified=etag))
    (seen,) = stand.requests
    assert seen.headers.get("if-none-match") == sent
    assert seen.headers.get("if-modified-since") == sent
    assert "x-injected" not in seen.headers


async def test_a_validator_that_could_not_be_sent_back_is_not_kept(stand):
    stand.publish(FEED, b"<rss/>", headers={"ETag": '"é"', "Last-Modified": "x" * 2000})
    async with fetcher(stand) as http:
        response = await http.fetch(Request(stand.url(FEED)))
    assert (response.etag, response.last_modified) == (None, None)


async def test_servers_are_told_who_asks_and_what_is_understood(stand):
    async with fetcher(stand, user_agent="newsbot/1.0 (+https://desk.example)") as http:
        await http.fetch(Request(stand.url(FEED), accept="application/rss+xml, */*;q=0.1"))
    (seen,) = stand.requests
    assert seen.headers["user-agent"] == "newsbot/1.0 (+https://desk.example)"
    assert seen.headers["accept"] == "application/rss+xml, */*;q=0.1"
    assert {"gzip", "br"} <= set(seen.headers["accept-encoding"].split(", "))
    assert not {"cookie", "authorization", "referer"} & set(seen.headers)


@pytest.mark.parametrize("encoding", ["gzip", "br", ""])
async def test_bodies_arrive_unpacked(stand, encoding):
    stand.publish(FEED, b"<rss>" + b"x" * 100_000, headers={"Content-Encoding": encoding})
    async with fetcher(stand) as http:
        assert len((await http.fetch(Request(stand.url(FEED)))).body) == 100_005


@pytest.mark.parametrize(
    ("secret", "header"),
    [
        ("user:password", ("Authorization", "Basic dXNlcjpwYXNzd29yZA==")),
        ("user:pass:word", ("Authorization", "Basic dXNlcjpwYXNzOndvcmQ=")),
        ("üser:pässword", ("Authorization", "Basic w7xzZXI6cMOkc3N3b3Jk")),
        ("Bearer abc.def", ("Authorization", "Bearer abc.def")),
        ("X-Api-Key: abc", ("X-Api-Key", "abc")),
        ("user:password\n", ("Authorization", "Basic dXNlcjpwYXNzd29yZA==")),
    ],
)
def test_a_secret_becomes_a_header(secret, header):
    assert headers.credential(secret, "desk") == header


@pytest.mark.parametrize("secret", ["sesame", "Bearer a\r\nX: 1", "X-Key: ключ", "Bearer é"])
def test_a_secret_in_no_known_form_is_refused_without_showing_it(secret):
    with pytest.raises(FetchError) as caught:
        headers.credential(secret, "desk")
    assert "“desk” cannot be used" in caught.value.reason
    assert secret not in caught.value.reason
    assert not caught.value.permanent

"""What a server may cost newsbot: bytes, memory, seconds, redirects."""

import asyncio
import ssl
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.errors import FetchError
from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Request, Response
from tests.clock import FakeClock
from tests.impersonators import mishaps
from tests.impersonators.hosts import Hosts
from tests.impersonators.newsstand import Newsstand

FEED = "/feed.xml"
SHORT_S = 0.3


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with Newsstand() as stand:
        stand.publish(FEED, b"<rss/>")
        yield stand


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """What a server on 127.0.0.1 shows that signed its certificate itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def fetch(stand: Newsstand, path: str = FEED, **rules: Any) -> Response:
    own: dict[str, Any] = {
        "per_host_gap_s": 0,
        "allowed_networks": ("127.0.0.0/8",),
        "extra_ports": (stand.port,),
    }
    async with HttpFetcher(FetchRules(**{**own, **rules}), FakeClock(auto=True)) as fetcher:
        return await fetcher.fetch(Request(stand.url(path)))


def seconds() -> float:
    return asyncio.get_running_loop().time()


async def test_a_document_of_just_the_limit_passes_and_one_byte_more_does_not(stand):
    stand.publish(FEED, b"x" * 10_000)
    assert len((await fetch(stand, max_bytes=10_000)).body) == 10_000
    stand.publish(FEED, b"x" * 10_001)
    with pytest.raises(FetchError, match=r"the document of 127\.0\.0\.1 is larger than 10 kB"):
        await fetch(stand, max_bytes=10_000)


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_the_limit_counts_unpacked_bytes(stand, encoding):
    stand.publish(FEED, b"x" * 10_001, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match="larger than 10 kB"):
        await fetch(stand, max_bytes=10_000)
    assert (await fetch(stand)).body == b"x" * 10_001


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_a_bomb_stops_at_the_limit_and_takes_no_memory(stand, encoding):
    stand.misbehave(FEED, mishaps.bomb(encoding))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 5 MB"):
            await fetch(stand)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 20_000_000


async def test_an_endless_document_stops_at_the_limit(stand):
    stand.misbehave(FEED, mishaps.endless())
    with pytest.raises(FetchError, match="larger than 5 MB"):
        await fetch(stand)


async def test_200_000_empty_gzip_members_end_within_a_second(stand):
    stand.misbehave(FEED, mishaps.gzip_members(200_000))
    began = seconds()
    with pytest.raises(FetchError, match="damaged"):
        await fetch(stand)
    assert seconds() - began < 1


async def test_an_announced_length_over_the_limit_is_not_waited_for(stand):
    stand.misbehave(FEED, mishaps.trickle(60, start=mishaps.head(200, {"Content-Length": "5000001"})))
    with pytest.raises(FetchError, match="larger than 5 MB"):
        await fetch(stand)


async def test_a_length_that_is_too_long_means_a_broken_answer(stand):
    stand.misbehave(FEED, mishaps.lying_length(b"<rss/>", 60))
    with pytest.raises(FetchError, match="damaged or broke off"):
        await fetch(stand)


async def test_a_length_that_is_too_short_leaves_no_room_for_a_second_answer(stand):
    stand.misbehave(
        FEED, mishaps.lying_length(b"<rss/>HTTP/1.1 200 OK\r\n\r\n<rss>smuggled</rss>", 6), times=1
    )
    rules = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, FakeClock(auto=True)) as fetcher:
        with suppress(FetchError):
            await fetcher.fetch(Request(stand.url(FEED)))
        assert (await fetcher.fetch(Request(stand.url(FEED)))).body == b"<rss/>"
    assert stand.connections == 2


@pytest.mark.parametrize(
    "mishap",
    [
        mishaps.hang(),
        mishaps.trickle(0.05),
        mishaps.trickle(0.05, start=b"HTTP/1.1 200 OK\r\nX: "),
        mishaps.trickle(0.05, start=b"HTTP/1.1 200 O"),
        mishaps.gzip_without_end(),
    ],
)
async def test_a_server_that_dawdles_is_left_after_the_time_limit(stand, mishap):
    stand.misbehave(FEED, mishap)
    began = seconds()
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 took longer than 0.3 s"):
        await fetch(stand, timeout_s=SHORT_S)
    assert seconds() - began < SHORT_S + 0.5


async def test_all_redirects_together_have_one_time_limit(stand):
    for number in range(5):
        slow = mishaps.redirect(f"/{number + 1}")
        stand.misbehave(f"/{number}", mishaps.late(0.1, slow))
    stand.publish("/5", b"<rss/>")
    with pytest.raises(FetchError, match="took longer than 0.3 s"):
        await fetch(stand, "/0", timeout_s=SHORT_S)
    assert len(stand.requests) < 5


async def test_five_redirects_are_followed_and_a_sixth_is_not(stand):
    for number in range(6):
        stand.misbehave(f"/{number}", mishaps.redirect(f"{number + 1}", 302))
    stand.publish("/6", b"<rss/>")
    assert (await fetch(stand, "/1")).url == stand.url("/6")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        await fetch(stand, "/0")


async def test_a_circle_is_noticed(stand):
    stand.misbehave("/a", mishaps.redirect("/b"))
    stand.misbehave("/b", mishaps.redirect("/a"))
    with pytest.raises(FetchError, match="redirects in a circle"):
        await fetch(stand, "/a")
    assert len(stand.requests) == 2


async def test_a_redirect_to_nowhere_is_an_answer_like_any_other(stand):
    stand.misbehave(FEED, mishaps.answer(302))
    with pytest.raises(FetchError, match=r"answered 302 \(found\)"):
        await fetch(stand)


async def test_a_location_with_spaces_and_a_fragment_is_followed(stand):
    stand.publish("/my%20feed.xml", b"<rss/>")
    stand.misbehave(FEED, mishaps.redirect("/my feed.xml#top"))
    assert (await fetch(stand)).moved_to == stand.url("/my%20feed.xml")


async def test_a_server_that_hangs_up_is_not_asked_again_at_once(stand):
    for mishap in (mishaps.cut(), mishaps.reset()):
        stand.misbehave(FEED, mishap, times=1)
        with pytest.raises(FetchError, match="closed the connection without an answer"):
            await fetch(stand)
    assert len(stand.requests) == 2


async def test_a_server_that_is_not_there_refuses_connections(stand):
    async with Newsstand() as gone:
        pass
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 refuses connections"):
        await fetch(gone)


async def test_a_server_with_a_certificate_of_its_own_is_not_trusted(certificate):
    async with Newsstand(tls=certificate) as stand:
        with pytest.raises(FetchError, match=r"the certificate of 127\.0\.0\.1 is not valid \(self-signed"):
            await fetch(stand)


async def test_a_server_without_tls_makes_no_secure_connection(stand):
    url = stand.url(FEED).replace("http:", "https:")
    rules = FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, FakeClock(auto=True)) as fetcher:
        with pytest.raises(FetchError, match="makes no secure connection"):
            await fetcher.fetch(Request(url))


async def test_cookies_are_not_kept(stand):
    stand.publish(FEED, b"<rss/>", headers={"Set-Cookie": "id=1; Path=/"})
    rules = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    names = Hosts({"paper.example": [["127.0.0.1"]]})
    async with HttpFetcher(rules, FakeClock(auto=True), resolver=names) as fetcher:
        for _ in range(2):
            await fetcher.fetch(Request(stand.url(FEED, "paper.example")))
    assert [request.headers.get("cookie") for request in stand.requests] == [None, None]


async def test_long_headers_of_real_sites_are_read(stand):
    stand.publish(FEED, b"<rss/>", headers={"Content-Security-Policy": "img-src https://a.example " * 1000})
    assert (await fetch(stand)).body == b"<rss/>"


async def test_a_fetcher_that_was_not_entered_says_so(stand):
    fetcher = HttpFetcher(FetchRules(extra_ports=(stand.port,)), FakeClock(auto=True))
    with pytest.raises(RuntimeError, match="enter the fetcher"):
        await fetcher.fetch(Request(stand.url(FEED)))

"""No feed leads newsbot to an address that is not public: in any form, by any name, over any redirect."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import FetchError
from bot.fetch.guard import Guard
from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Request
from tests.clock import FakeClock
from tests.impersonators import mishaps
from tests.impersonators.hosts import Hosts
from tests.impersonators.newsstand import Newsstand

BAD = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.8.9.10 168.63.129.16 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::a00:1 100::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1
2002:808:808::1 2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()
GOOD = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 93.184.216.34 223.255.255.255
::ffff:8.8.8.8 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001::200e
""".split()
LOOPBACK_FORMS = """
127.0.0.1 127.0.0.2 127.1 2130706433 0x7f000001 0177.0.0.1 0.0.0.0 localhost LOCALHOST localhost. ①②⑦.0.0.1 127。0。0。1
[::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::] [::127.0.0.1] [64:ff9b::7f00:1]
""".split()


@pytest.fixture
async def secret() -> AsyncIterator[Newsstand]:
    """A server that must not be reached."""
    async with Newsstand() as stand:
        stand.publish("/", b"<rss>secret</rss>")
        yield stand
        assert not stand.requests
        assert stand.connections == 0


@pytest.fixture
async def street() -> AsyncIterator[Newsstand]:
    """A server that a setting allows: on 127.0.0.77."""
    async with Newsstand(host="127.0.0.77") as stand:
        stand.publish("/", b"<rss/>")
        yield stand


def fetcher(*stands: Newsstand, names: Hosts | None = None) -> HttpFetcher:
    ports = tuple(stand.port for stand in stands)
    rules = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.77/32",), extra_ports=ports)
    return HttpFetcher(rules, FakeClock(auto=True), resolver=names)


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_not_public_is_refused_in_words(address):
    reason = Guard(FetchRules()).refuse_reason(address)
    assert reason
    assert reason.startswith(address)


@pytest.mark.parametrize("address", GOOD)
def test_a_public_address_passes(address):
    assert Guard(FetchRules()).refuse_reason(address) is None


def test_what_is_not_an_address_is_refused():
    assert Guard(FetchRules()).refuse_reason("localhost") == "localhost is not an address"


def test_reasons_use_the_words_of_an_operator():
    reason = Guard(FetchRules()).refuse_reason
    assert reason("10.0.0.1") == "10.0.0.1 is private"
    assert reason("127.0.0.1") == "127.0.0.1 is loopback"
    assert reason("::ffff:192.168.0.1") == "::ffff:192.168.0.1 is private"
    assert reason("2002:7f00:1::1") == "2002:7f00:1::1 hides an IPv4 address (6to4)"


def test_a_setting_allows_a_network_and_nothing_beside_it():
    reason = Guard(FetchRules(allowed_networks=("10.1.0.0/16", "fd00::/8"))).refuse_reason
    assert reason("10.1.2.3") is None
    assert reason("::ffff:10.1.2.3") is None
    assert reason("fd12::1") is None
    assert reason("10.2.0.1") == "10.2.0.1 is private"


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
async def test_no_way_to_write_loopback_reaches_it(secret, host):
    async with fetcher(secret) as http:
        with pytest.raises(FetchError) as caught:
            await http.fetch(Request(f"http://{host}:{secret.port}/"))
    assert any(words in caught.value.reason for words in ("address not allowed: ", "no address for "))
    assert not caught.value.permanent


async def test_the_reason_names_the_address_that_was_dialled(secret):
    async with fetcher(secret, names=Hosts({"news.example": [["10.0.0.1"]]})) as http:
        with pytest.raises(FetchError, match="^address not allowed: 10.0.0.1 is private$"):
            await http.fetch(Request(secret.url(host="news.example")))


async def test_several_bad_answers_make_one_reason(secret):
    names = Hosts({"news.example": [["127.0.0.1", "::1", "10.0.0.1"]]})
    async with fetcher(secret, names=names) as http:
        with pytest.raises(FetchError, match=r"^address not allowed: [\w.:]+ is \w+$"):
            await http.fetch(Request(secret.url(host="news.example")))


async def test_a_name_that_is_answered_differently_the_second_time_is_blocked(street):
    async with Newsstand(host="127.0.0.1", port=street.port) as secret:
        street.misbehave("/", mishaps.answer(200, {"Connection": "close"}))
        names = Hosts({"rebinding.example": [["127.0.0.77"], ["127.0.0.1"]]})
        async with fetcher(street, names=names) as http:
            request = Request(street.url(host="rebinding.example"))
            await http.fetch(request)
            http._session.connector.clear_dns_cache()
            with pytest.raises(FetchError, match="127.0.0.1 is loopback"):
                await http.fetch(request)
        assert names.asked == ["rebinding.example"] * 2
        assert secret.connections == 0


async def test_of_a_bad_and_a_good_answer_only_the_good_one_is_dialled(street):
    async with Newsstand(host="127.0.0.1", port=street.port) as secret:
        names = Hosts({"news.example": [["127.0.0.1", "127.0.0.77"]]})
        async with fetcher(street, names=names) as http:
            assert (await http.fetch(Request(street.url(host="news.example")))).body == b"<rss/>"
        assert secret.connections == 0


async def test_a_redirect_to_a_private_address_is_not_followed(street, secret):
    street.misbehave("/", mishaps.redirect(secret.url()))
    async with fetcher(street, secret) as http:
        with pytest.raises(FetchError, match="address not allowed: 127.0.0.1 is loopback"):
            await http.fetch(Request(street.url()))


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.77/",
        "unix:/run/docker.sock",
        "http://user:password@127.0.0.77/",
        "http://127.0.0.77:22/",
        "http://127.0.0.77:6379/",
        "http://[::1",
        "http://127.0.0.77\\@127.0.0.1/",
    ],
)
async def test_a_redirect_somewhere_else_is_refused_and_the_feed_may_recover(street, target):
    street.misbehave("/", mishaps.redirect(target))
    async with fetcher(street) as http:
        with pytest.raises(FetchError, match="127.0.0.77 redirects to|address not allowed") as caught:
            await http.fetch(Request(street.url()))
    assert not caught.value.permanent
    assert len(street.requests) == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://news.example/feed", "only http and https are asked, not “ftp”"),
        ("file:///etc/passwd", "only http and https are asked, not “file”"),
        ("news.example/feed", "not a web address"),
        ("", "not a web address"),
        ("http://user:password@news.example/", "name a credential for the feed instead"),
        ("http://user@news.example/", "name a credential for the feed instead"),
        ("http://news.example:22/", "port 22 of news.example is not among the allowed ones"),
        ("http://news.example:25/", "port 25"),
        ("http://news.example:6379/", "port 6379"),
        ("http://news.example:99999/", "not a web address"),
        ("http://good.example\\@evil.example/", "not a web address"),
        ("http://good.example\t.evil.example/", "not a web address"),
        ("http://good.example /", "not a web address"),
        ("http://exa\u202emple.org/", "not a web address"),
        ("http://evil%2F%23.example/", "names no host"),
        ("http:///feed", "names no host"),
    ],
)
async def test_an_address_that_cannot_be_polled_is_refused_before_any_look_up(address, words):
    names = Hosts({})
    async with fetcher(names=names) as http:
        with pytest.raises(FetchError, match=words) as caught:
            await http.fetch(Request(address))
    assert caught.value.permanent
    assert caught.value.__context__ is None
    assert names.asked == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://good.example#@evil.example/", "good.example"),
        ("http://GOOD.example/?@evil.example/", "good.example"),
        ("https://münchen.example/ä", "xn--mnchen-3ya.example"),
        ("http://ｇｏｏｄ.example/", "good.example"),
    ],
)
async def test_the_host_that_is_looked_up_is_the_one_that_a_reader_would_name(address, host):
    names = Hosts({})
    async with fetcher(names=names) as http:
        with pytest.raises(FetchError, match="no address for "):
            await http.fetch(Request(address))
    assert names.asked == [host]


async def test_a_proxy_in_the_environment_is_not_asked(street, secret, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, secret.url())
    async with fetcher(street, secret) as http:
        assert (await http.fetch(Request(street.url()))).body == b"<rss/>"


async def test_the_system_looks_names_up_and_the_answer_is_judged(secret):
    async with fetcher(secret) as http:
        with pytest.raises(FetchError, match="address not allowed: .* is loopback"):
            await http.fetch(Request(secret.url(host="localhost")))
        with pytest.raises(FetchError, match="no address for nowhere.invalid"):
            await http.fetch(Request("http://nowhere.invalid/"))
        with pytest.raises(FetchError, match="no address for a{70}.example"):
            await http.fetch(Request(f"http://{'a' * 70}.example/"))

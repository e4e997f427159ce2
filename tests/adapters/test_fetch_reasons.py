"""Failures in words that an operator can act on, without the secrets that an address may hold."""

import errno
import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.fetch import reasons
from bot.fetch.guard import AddressRefused, Guard
from bot.fetch.rules import FetchRules

KEY = ConnectionKey(
    "paper.example", 80, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)


def unreachable(error: OSError) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(KEY, error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "paper.example took longer than 20 s"),
        (unreachable(OSError(errno.EHOSTUNREACH, "x")), "paper.example cannot be reached (no route to host)"),
        (unreachable(OSError(errno.EMFILE, "x")), "paper.example cannot be reached (too many open files)"),
        (
            unreachable(OSError("Multiple exceptions: a, b")),
            "paper.example cannot be reached (none of its addresses answers)",
        ),
        (unreachable(OSError(errno.ECONNREFUSED, "x")), "paper.example refuses connections"),
        (unreachable(AddressRefused("10.0.0.1 is private")), "address not allowed: 10.0.0.1 is private"),
        (
            unreachable(
                OSError(f"Multiple exceptions: refused, {AddressRefused('::1 is loopback')}, refused")
            ),
            "address not allowed: ::1 is loopback",
        ),
        (ConnectionResetError(), "paper.example closed the connection without an answer"),
        (aiohttp.ClientOSError(errno.ENETDOWN, "x"), "paper.example cannot be reached (network is down)"),
        (aiohttp.ClientPayloadError("x"), "the answer of paper.example is damaged or broke off"),
        (UnicodeError("label too long"), "no address for paper.example"),
        (ValueError("https://paper.example/?token=sesame"), "paper.example could not be asked (ValueError)"),
    ],
)
def test_a_failure_is_told_in_words(error, words):
    told = reasons.of_failure(error, "paper.example", 20.0)
    assert told.reason == words
    assert not told.permanent
    assert told.status is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "paper.example answered 404 (not found)"),
        (429, "paper.example answered 429 (too many requests)"),
        (520, "paper.example answered 520"),
    ],
)
def test_a_status_is_told_with_its_name(status, words):
    assert reasons.of_status(status, "paper.example", None).reason == words


@pytest.mark.parametrize(("size", "words"), [(5_000_000, "5 MB"), (2_500_000, "2.5 MB"), (10_000, "10 kB")])
def test_a_limit_is_told_in_round_numbers(size, words):
    assert (
        reasons.too_large("paper.example", size).reason
        == f"the document of paper.example is larger than {words}"
    )


def test_the_port_is_judged_once_more_where_it_is_dialled():
    with pytest.raises(AddressRefused, match="port 22 is not among the allowed ones"):
        Guard(FetchRules()).socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 22)))

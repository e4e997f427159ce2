"""What whoever adds a feed is told of its address."""

import pytest

from bot.errors import AddressError
from bot.fetch.admission import admit
from bot.fetch.rules import FetchRules


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/feed", "127.0.0.1"),
        ("http://localhost/feed", "127.0.0.1"),
        ("http://10.0.0.1/feed", "10.0.0.1"),
        ("http://169.254.169.254/latest", "allow_networks"),
        ("http://[::1]/feed", "::1"),
        ("http://[::ffff:10.0.0.1]/feed", "is private"),
        ("http://news.example:22/feed", "port 22"),
        ("https://user:hunter2@news.example/feed", "user name or a password"),
        ("ftp://news.example/feed", "only http and https"),
    ],
)
def test_an_address_that_would_never_be_asked_is_refused(url, reason):
    with pytest.raises(AddressError) as caught:
        admit(url, FetchRules())
    assert reason in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://news.example/feed", "http://93.184.215.14:8080/feed", "http://[2606:2800::1]/"]
)
def test_a_public_address_is_admitted(url):
    admit(url, FetchRules())


def test_what_the_settings_allow_is_admitted():
    admit("http://127.0.0.1:8099/feed", FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(8099,)))

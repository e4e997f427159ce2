from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.urls import (
    MAX_KEY_LENGTH,
    MAX_LENGTH,
    absolute_url,
    clean_link,
    clean_url,
    feed_url,
    host_name,
    url_key,
)
from bot.errors import AddressError

BASE = "https://news.example/feeds/world.xml?page=1#top"
STORY = "https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662"


# ---------------------------------------------------------------- what a reader clicks


@pytest.mark.parametrize(
    ("published", "clicked"),
    [
        (STORY, STORY),
        ("HTTPS://WWW.Example.ORG:443/A", "https://www.example.org/A"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("http://example.org:0080/x", "http://example.org/x"),
        ("https://example.org:/x", "https://example.org/x"),
        ("https://example.org./x", "https://example.org/x"),
        ("/story?id=1", "https://news.example/story?id=1"),
        ("story/2", "https://news.example/feeds/story/2"),
        ("../story", "https://news.example/story"),
        ("./", "https://news.example/feeds/"),
        ("../../..", "https://news.example/"),
        ("?page=2", "https://news.example/feeds/world.xml?page=2"),
        ("#note", "https://news.example/feeds/world.xml?page=1"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (r"\\cdn.example\x", "https://cdn.example/x"),
        ("www.example.org/x", "https://www.example.org/x"),
        ("https:///www.example.org/x", "https://www.example.org/x"),
        (r"http:\\example.org\a\b", "http://example.org/a/b"),
        (" \n https://example.org/a\tb\n/c ", "https://example.org/ab/c"),
        ("https://example.org/a b|c<d>%zz%2f", "https://example.org/a%20b%7Cc%3Cd%3E%25zz%2f"),
        ("https://example.org/straße?ä=ö", "https://example.org/stra%C3%9Fe?%C3%A4=%C3%B6"),
        ("https://example.org/?a=1&amp;b=2&#038;c=3", "https://example.org/?a=1&b=2&c=3"),
        ("https://example.org/x?", "https://example.org/x"),
        ("https://example.org/a/./b/../c/", "https://example.org/a/c/"),
    ],
)
def test_a_link_becomes_the_absolute_address_that_a_browser_would_open(published, clicked):
    assert clean_url(published, BASE) == clicked


@pytest.mark.parametrize(
    "published",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:jane@example.org",
        "ftp://example.org/x",
        "https://",
        "https://a..b/",
        "https://exa mple.org/",
        "https://evil%2F.example/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://example.org:123456789/",
        "https://example.org:0/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://[1.2.3]/",
        "https://" + "a" * 300 + ".example/",
        "https://a／b.example/",
        "https://example.org/" + "a" * MAX_LENGTH,
        "https://example.org/" + "a" * 5 * MAX_LENGTH,
    ],
)
def test_what_is_no_web_address_is_no_link(published):
    assert clean_url(published, BASE) is None


@pytest.mark.parametrize("base", ["", "mailto:x@y", "nonsense"])
def test_a_relative_link_without_a_web_address_to_start_from_is_no_link(base):
    assert clean_url("/story", base) is None


@pytest.mark.parametrize(
    ("published", "host"),
    [
        ("https://user:secret@example.org/", "example.org"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("http://①②⑦.0.0.1/", "127.0.0.1"),
        ("https://ＥＸＡＭＰＬＥ.org/", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://straße.example/", "xn--strae-oqa.example"),
        ("http://[::FFFF:1]:8080/", "[::ffff:1]:8080"),
    ],
)
def test_a_host_is_plain_lower_case_ascii_without_a_user_name(published, host):
    assert clean_url(published, "").split("/")[2] == host


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.4.5", "999.1.1.1"])
def test_a_number_that_browsers_read_as_an_address_is_refused_unless_it_is_written_as_one(host):
    assert clean_url(f"http://{host}/", "") is None


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed&utm_campaign=x",
        "UTM_Source=rss",
        "fbclid=IwAR0",
        "gclid=1",
        "mc_cid=1&mc_eid=2",
        "at_medium=RSS&at_campaign=KARANGA",
        "CMP=Share_iOSApp",
        "ns_mchannel=rss&ns_source=PublicRSS20-sa",
        "maca=en-rss-en-all-1573-rdf",
        "ref=rss",
        "source=rss----7f60cf5620c9---4",
        "src=twitter",
        "rss=1",
        "partner=rss&emc=rss",
        "traffic_source=rss",
        "xtor=RSS-3208",
    ],
)
def test_parameters_that_only_say_how_a_reader_came_are_removed(query):
    assert clean_url(f"{STORY}?{query}", "") == STORY
    assert clean_url(f"{STORY}?id=7&{query}", "") == f"{STORY}?id=7"


@pytest.mark.parametrize(
    "query", ["ref=politics", "source=reuters", "b=2&a=1", "rss=world", "from=2018-09-10", "p=123", "a=&b"]
)
def test_parameters_that_may_name_the_page_stay_as_they_are(query):
    assert clean_url(f"{STORY}?{query}", "") == f"{STORY}?{query}"


def test_a_fragment_goes_unless_it_is_a_route_or_asked_for():
    assert clean_url(f"{STORY}#comments", "") == STORY
    assert clean_url("https://app.example/#!/story/1", "") == "https://app.example/#!/story/1"
    assert clean_url("https://app.example/#/story/1", "") == "https://app.example/#/story/1"
    kept = clean_link("https://notes.example/all#one two", "", keep_fragment=True)
    assert kept == ("https://notes.example/all#one%20two", "notes.example/all")
    assert clean_link("https://notes.example/all", "", keep_fragment=True)[0] == "https://notes.example/all"


def google_news(*fields: bytes) -> str:
    """Return a link as Google News makes them: a protobuf message in base64."""
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(
        b"".join(fields)
    ).decode().rstrip("=")


def field(number: int, value: bytes) -> bytes:
    length = len(value)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return bytes([number << 3 | 2]) + size + value


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://pub.example/a%3Fx%3D1%26y%3D2&ct=ga&cd=C&usg=A",
        "https://www.google.co.uk/url?q=https%3A%2F%2Fpub.example%2Fa%3Fx%3D1%26y%3D2&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpub.example%2Fa%3Fx%3D1%26y%3D2%26fbclid%3D1&h=AT0",
        "https://t.umblr.com/redirect?z=https%3A%2F%2Fpub.example%2Fa%3Fx%3D1%26y%3D2&t=abc",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RU=https%3a%2f%2fpub.example%2fa%3fx%3d1%26y%3d2/RK=2/RS=z-",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpub.example%2Fa%3Fx%3D1%26y%3D2&data=1",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpub.example%2fa%3fx%3d1%26y%3d2",
        "https://www.google.com/amp/s/pub.example/a?x=1&y=2&usqp=mq331AQ",
        "https://pub-example.cdn.ampproject.org/v/s/pub.example/a?x=1&y=2&amp_js_v=0.1",
        "http://us.rd.yahoo.com/dailynews/rss/world/*https://pub.example/a?x=1&y=2",
        "https://disq.us/url?url=https%253A%252F%252Fpub.example%252Fa%253Fx%253D1%2526y%253D2",
        google_news(b"\x08\x13", field(4, b"https://pub.example/a?x=1&y=2"), b"\xd2\x01\x00"),
        (
            "https://www.google.com/url?url="
            "https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fpub.example%252Fa%253Fx%253D1%2526y%253D2"
        ),
    ],
)
def test_a_link_that_wraps_another_is_unwrapped_from_its_bytes(wrapped):
    assert clean_url(wrapped, "") == "https://pub.example/a?x=1&y=2"
    assert url_key(wrapped) == "pub.example/a?x=1&y=2"


def test_an_older_google_news_link_may_be_long():
    url = "https://pub.example/" + "a" * 200
    assert clean_url(google_news(b"\x08\x13", field(4, url.encode())), "") == url


@pytest.mark.parametrize(
    "opaque",
    [
        "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0cFpsTGlDUjkxU2FBRURaTWU0",
        google_news(b"\x08\x13", field(4, b"AU_yqLN3he6m66di3u4dJBtpZlLiCR91SaAEDZ")),
        google_news(b"\x09\x13\x14\x15\x16\x17\x18\x19\x20"),
        google_news(b"\x08\xff\xff\xff\xff\xff\xff"),
        "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zA",
        "https://news.google.com/topics/x",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?sa=t",
        "https://www.google.com/search?q=https://pub.example/",
        "https://www.google.com/amp/s/nonsense",
        "https://cdn.ampproject.org/",
        "https://us.rd.yahoo.com/plain",
        "https://r.search.yahoo.com/plain",
        "https://feedproxy.google.com/~r/name/~3/abcdef/",
    ],
)
def test_a_link_whose_target_is_not_in_its_bytes_stays_as_it_is(opaque):
    assert clean_url(opaque, "") == opaque


def test_a_wrapper_around_an_unusable_address_stays_as_it_is():
    assert (
        clean_url("https://www.google.com/url?q=https://a..b/", "")
        == "https://www.google.com/url?q=https://a..b/"
    )


def test_wrappers_in_wrappers_are_followed_a_few_times_only():
    url = STORY
    for _ in range(10):
        url = f"https://www.google.com/url?q={url.replace('%', '%25').replace('&', '%26')}"
    assert clean_url(url, "").startswith("https://www.google.com/url?q=")


def test_an_image_keeps_everything_that_it_was_published_with():
    assert absolute_url("/i.jpg?utm_source=x&w=1#f", BASE) == "https://news.example/i.jpg?utm_source=x&w=1"
    assert absolute_url("data:image/png;base64,x", BASE) is None
    assert absolute_url("/" + "a" * MAX_LENGTH, BASE) is None


# ---------------------------------------------------------------- what is compared


@pytest.mark.parametrize(
    "variant",
    [
        "https://pub.example/a/story?b=2&a=1",
        "http://www.pub.example:80/a/story/?a=1&b=2",
        "https://m.pub.example/a/story?a=1&b=2#comments",
        "https://mobile.pub.example/a//story?a=1&b=2&utm_source=rss",
        "https://amp.pub.example/a/./x/../story?a=1&b=2",
        "https://www.m.pub.example/a/story/index.html?a=1&b=2",
        "https://pub.example/a/story/amp/?a=1&b=2",
        "https://pub.example/amp/a/story?a=1&b=2",
        "https://pub.example/a/story.amp?a=1&b=2",
        "https://pub.example/a/story?a=1&b=2&amp=1",
        "https://pub.example/a/story?a=1&b=2&outputType=amp",
        "https://pub.example/%61/stor%79?a=%31&b=2",
        "https://www.google.com/amp/s/amp.pub.example/a/story?a=1&b=2",
        "pub.example/a/story?a=1&b=2",
    ],
)
def test_variants_of_an_address_have_one_key(variant):
    assert url_key(variant) == "pub.example/a/story?a=1&b=2"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("https://m.co/x", "m.co/x"),
        ("https://amp.dev/amp", "amp.dev/amp"),
        ("https://example.org/amp/amp", "example.org/amp"),
        ("https://example.org/camp/x", "example.org/camp/x"),
        ("https://en.m.wikipedia.org/wiki/Kim", "en.wikipedia.org/wiki/Kim"),
        ("https://blog.example/2018/x.html?m=1", "blog.example/2018/x.html"),
        ("https://blog.example/list?m=1", "blog.example/list?m=1"),
        ("https://blog.example/x.amp.html", "blog.example/x.html"),
        ("https://example.org/Default.aspx", "example.org"),
        ("https://example.org/a%2fb?q=a+b", "example.org/a%2Fb?q=a%20b"),
        ("https://example.org/x?q=", "example.org/x?q"),
        ("https://example.org/x?&&q", "example.org/x?q"),
        ("https://example.org/x?utm_source=a", "example.org/x"),
        ("https://app.example/#!/story/1", "app.example#!/story/1"),
        ("https://bücher.example/ä", "xn--bcher-kva.example/%C3%A4"),
        ("", ""),
        ("not a url", ""),
        ("mailto:a@b.example", ""),
    ],
)
def test_the_key_of_an_address(url, key):
    assert url_key(url) == key


def test_different_pages_have_different_keys():
    pages = ["/a", "/b", "/A", "/a?p=1", "/a?p=2", "/a/b", "/a.html", "/#!/1", "/#!/2"]
    assert len({url_key(f"https://example.org{page}") for page in pages}) == len(pages)


def test_a_long_key_is_cut_to_a_length_that_databases_index_and_stays_distinct():
    a, b = (url_key("https://example.org/" + "x" * 2000 + end) for end in "ab")
    assert a != b
    assert a.startswith("example.org/xxx")
    assert len(a) == MAX_KEY_LENGTH + 33


@given(
    st.text()
    | st.from_regex(r"https?://[a-z.@:\[\]%0-9]{1,20}(/[\w%.~/ ]*)?(\?[\w&=%;+]*)?(#.*)?", fullmatch=True)
)
def test_cleaning_twice_changes_nothing_and_keeps_the_key(text):
    link = clean_link(text, BASE)
    if link is not None:
        url, key = link
        assert url.isascii()
        assert clean_link(url, "") == link
        assert url_key(url) == key


def test_hostile_addresses_take_linear_time():
    start = time.process_time()
    for text in ("https://" + "a." * 8000, "https://a/" + "/." * 8000, "https://a/?" + "&" * 16000, "%" * 16000,
                 "https://a/" + "%2" * 8000, "https://[" + ":" * 16000, "http:" + "/" * 16000, "-" * 16000):  # fmt: skip
        clean_url(text, BASE)
        url_key(text)
    assert time.process_time() - start < 1.5


# ---------------------------------------------------------------- names and feeds


def test_a_host_is_named_without_www_and_stays_in_ascii():
    assert host_name(STORY) == "politico.com"
    assert host_name("https://аррӏе.com/") == "xn--80ak6aa92e.com"
    assert host_name("nonsense") == ""


@pytest.mark.parametrize(
    ("typed", "polled"),
    [
        (" HTTPS://Example.ORG:443/Rss.xml#top ", "https://example.org/Rss.xml"),
        ("http://example.org:80", "http://example.org/"),
        ("example.org/feed", "https://example.org/feed"),
        ("example.org:8080/feed", "https://example.org:8080/feed"),
        ("//example.org/feed", "https://example.org/feed"),
        ("feed://Example.org/rss", "http://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("FEED:http://example.org/rss", "http://example.org/rss"),
        ("https://example.org/?b=2&a=1&utm_source=rss", "https://example.org/?b=2&a=1&utm_source=rss"),
        ("https://bücher.example/feed", "https://xn--bcher-kva.example/feed"),
        ("http://127.0.0.1:8080/rss", "http://127.0.0.1:8080/rss"),
        ("localhost/rss", "https://localhost/rss"),
        ("https://example.org/@user/feed", "https://example.org/@user/feed"),
        ("https://www.google.com/alerts/feeds/1/2", "https://www.google.com/alerts/feeds/1/2"),
    ],
)
def test_a_feed_address_is_brought_into_one_form(typed, polled):
    assert feed_url(typed) == polled


@pytest.mark.parametrize(
    "typed",
    [
        "https://jane:s3cret@example.org/rss",
        "jane:s3cret@example.org/rss",
        "https://jane@example.org",
        "//a:b@c.d",
    ],
)
def test_a_feed_address_with_credentials_is_refused_with_a_hint_that_does_not_repeat_them(typed):
    with pytest.raises(AddressError, match="credentials") as refusal:
        feed_url(typed)
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    "typed", ["ftp://example.org/rss", "file:///etc/passwd", "javascript:alert(1)", "feed:ftp://a"]
)
def test_a_feed_address_of_another_scheme_is_refused(typed):
    with pytest.raises(AddressError, match="http and https only"):
        feed_url(typed)


@pytest.mark.parametrize(
    "typed", ["", "  ", "https://", "two words", "https://a..b/", "https://a/" + "b" * MAX_LENGTH]
)
def test_what_is_no_address_is_refused_as_a_feed(typed):
    with pytest.raises(AddressError, match="not a web address"):
        feed_url(typed)

"""Bytes become UTF-8 whatever the server, the document and the facts say about them."""

from __future__ import annotations

import codecs

import pytest

from bot.sources.encoding import says_utf8, to_utf8
from bot.sources.reading import read_feed

WORDS = "Zürich – “été” €5"
RUSSIAN = "Саммит в Женеве"
KOREAN = "김정은 위원장"
CHINESE = "金正恩与文在寅会谈"
JAPANESE = "首脳会談が開かれる"


def rss(title: str, declared: str | None) -> str:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else '<?xml version="1.0"?>\n'
    return f'{prolog}<rss version="2.0"><channel><title>F</title><item><title>{title}</title></item></channel></rss>'


def title_of(body: bytes, content_type: str = "") -> str:
    return read_feed(body, content_type, "https://x.example/", frozenset()).entries[0].title


@pytest.mark.parametrize(
    ("title", "encoding", "declared", "content_type"),
    [
        (WORDS, "utf-8", "utf-8", ""),
        (WORDS, "utf-8", None, ""),
        (WORDS, "utf-8", "UTF-8", "text/xml; charset=iso-8859-1"),
        (WORDS, "utf-8", "iso-8859-1", "text/xml"),
        (WORDS, "cp1252", "windows-1252", ""),
        (WORDS, "cp1252", "utf-8", "application/rss+xml; charset=utf-8"),
        (WORDS, "cp1252", None, ""),
        (WORDS, "cp1252", "iso-8859-1", ""),
        (WORDS, "cp1252", "us-ascii", ""),
        (RUSSIAN, "cp1251", "windows-1251", ""),
        (RUSSIAN, "cp1251", "windows-1251", "text/xml; charset=ISO-8859-1"),
        (RUSSIAN, "cp1251", None, 'text/xml; charset="windows-1251"'),
        (RUSSIAN, "koi8-r", "koi8-r", ""),
        (RUSSIAN, "iso-8859-5", "windows-1251", "text/xml; charset=iso-8859-5"),
        (KOREAN, "cp949", "euc-kr", ""),
        (KOREAN, "cp949", "ks_c_5601-1987", ""),
        (CHINESE, "gb18030", "gb2312", ""),
        ("金正恩與文在寅會談", "big5", "big5", "text/xml"),
        (JAPANESE, "cp932", "Shift_JIS", ""),
        (JAPANESE, "euc-jp", "euc-jp", ""),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp", ""),
        (WORDS, "utf-16", "utf-16", ""),
        (WORDS, "utf-16-le", "utf-16", ""),
        (WORDS, "utf-16-be", None, ""),
        (WORDS, "utf-32", None, ""),
        (WORDS, "utf-32-be", None, ""),
        (WORDS, "utf-8-sig", "utf-8", ""),
        (WORDS, "utf-8-sig", "iso-8859-1", "text/xml; charset=windows-1251"),
        (WORDS, "utf-8", "no-such-encoding", "text/xml; charset=unheard-of"),
        (WORDS, "utf-8", "zlib", "text/xml; charset=rot13"),
    ],
)
def test_a_title_is_read_in_its_own_encoding(title, encoding, declared, content_type):
    assert title_of(rss(title, declared).encode(encoding), content_type) == title


def test_a_few_bytes_in_another_encoding_do_not_spoil_the_rest():
    body = rss("Zürich XX été", "utf-8").encode().replace(b"XX", "“Genève”".encode("cp1252"))
    assert title_of(body) == "Zürich “Genève” été"


def test_a_broken_byte_does_not_make_it_another_encoding():
    body = rss(KOREAN * 40 + " XX", "euc-kr").encode("cp949").replace(b"XX", b"\xff")
    assert title_of(body).startswith(KOREAN)


def test_what_fits_no_declared_encoding_is_read_byte_by_byte():
    body = rss("x\xff\xfe\xfd" * 9, "euc-kr").encode("latin-1")
    assert title_of(body) == "xÿþý" * 9


def test_utf8_is_not_copied_nor_looked_at():
    body = rss(WORDS, "utf-8").encode()
    assert says_utf8(body, "text/xml; charset=UTF-8")
    assert to_utf8(body) is body


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(WORDS, "iso-8859-1").encode(), ""),
        (rss(WORDS, "utf-8").encode(), "text/xml; charset=koi8-r"),
        (rss(WORDS, None).encode("utf-16-be"), ""),
        (codecs.BOM_UTF8 + rss(WORDS, None).encode(), ""),
        (b"words", ""),
    ],
)
def test_a_doubtful_declaration_is_doubted(body, content_type):
    assert not says_utf8(body, content_type)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_json_feed_may_have_any_unicode_encoding(encoding):
    feed = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "Été"}]}'
    assert title_of(feed.encode(encoding), "application/feed+json") == "Été"


def test_every_sequence_of_bytes_becomes_utf8():
    for body in (b"", b"\xff", b"\xfe\xff\xd8", b"<\0", b"\0\0\0<", bytes(range(256))):
        to_utf8(body, "text/xml; charset=utf-16").decode()

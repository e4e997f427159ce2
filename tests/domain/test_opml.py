"""Lists of feeds, from feed readers of every kind and from people who mean harm."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.domain.opml import Outline, read_opml, write_opml
from bot.errors import UserError

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def opml(body, head=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<opml version="2.0"><body>{body}</body></opml>'.encode()
    )


def test_feeds_are_read_with_their_titles_and_headings():
    body = opml(
        '<outline text="World"><outline text="Asia"><outline type="rss" text="A" xmlUrl="https://a.example/"/>'
        '</outline><outline title="B &amp; C" text="b" xmlUrl=" https://b.example/?x=1&amp;y=2 "/></outline>'
        '<outline text="C" xmlUrl="https://c.example/"/>'
    )
    assert read_opml(body) == (
        Outline("https://a.example/", title="A", name="A", section="World / Asia"),
        Outline("https://b.example/?x=1&y=2", title="B & C", name="b", section="World"),
        Outline("https://c.example/", title="C", name="C"),
    )


def test_names_of_elements_and_attributes_may_be_in_any_case():
    body = b'<OPML><BODY><Outline TEXT="A" XMLURL="https://a.example/"/></BODY></OPML>'
    assert read_opml(body) == (Outline("https://a.example/", "A", "A"),)


def test_an_address_that_stands_twice_is_one_feed():
    assert len(read_opml(opml('<outline xmlUrl="https://a.example/"/>' * 2))) == 1


def test_a_link_without_a_feed_is_no_feed():
    assert read_opml(opml('<outline type="link" text="x" url="https://a.example/"/>')) == ()


def test_other_encodings_are_read():
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><opml><body><outline text="Économie" xmlUrl="https://a/"/></body></opml>'
    assert read_opml(body.encode("latin-1"))[0].title == "Économie"
    assert read_opml(body.replace("ISO-8859-1", "UTF-16").encode("utf-16"))[0].title == "Économie"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no element found in line 1"),
        (b"hello", "not an OPML file: syntax error in line 1"),
        (b"<opml><body>\n<outline text='a & b'/></body></opml>", "in line 2"),
        (b"<rss><channel/></rss>", "does not begin with <opml>"),
        (b"<html><opml/></html>", "does not begin with <opml>"),
    ],
)
def test_what_is_no_opml_is_refused_with_the_place(body, said):
    with pytest.raises(UserError, match=said):
        read_opml(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            opml("".join(f'<outline xmlUrl="https://x/{n}"/>' for n in range(100_000))),
            "more than 5,000 feeds",
        ),
        (
            opml(
                '<outline text="&c;" xmlUrl="https://x/"/>',
                '<!DOCTYPE opml [<!ENTITY a "lol"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
            ),
            "declares entities",
        ),
        (opml("&x;", '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "declares entities"),
        (opml("", '<!DOCTYPE opml [<!ATTLIST opml a CDATA "x">]>'), "or attributes of its own"),
        (opml("", '<!DOCTYPE opml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'), "declares entities"),
        (opml("<outline>" * 100_000), "nested more than 32 levels"),
        (b"<opml>" + b" " * 5_000_001, "5.0 MB; lists of feeds may have 5 MB"),
    ],
    ids=["entries", "laughs", "file", "attributes", "parameter", "depth", "size"],
)
def test_an_attack_ends_in_an_answer_at_once(body, said):
    started = time.process_time()
    with pytest.raises(UserError, match=said):
        read_opml(body)
    assert time.process_time() - started < 2


def test_very_many_attributes_are_no_burden():
    body = opml("<outline " + " ".join(f'a{n}="x"' for n in range(200_000)) + ' xmlUrl="https://x/"/>')
    started = time.process_time()
    assert len(read_opml(body)) == 1
    assert time.process_time() - started < 3


def test_what_is_written_reads_the_same():
    outlines = (
        Outline("https://a.example/?x=1&y=2", 'A “quoted" <b>', "a", "World"),
        Outline("https://b.example/", "https://b.example/", "b", "World"),
        Outline("https://c.example/", "金正恩", "c", "Asia"),
    )
    written = write_opml(outlines, "newsbot", NOW)
    assert read_opml(written) == outlines
    assert b"<dateCreated>Wed, 01 May 2024 12:00:00 GMT</dateCreated>" in written


def test_characters_that_xml_forbids_are_left_out_when_writing():
    written = write_opml([Outline("https://a.example/", "A\x00B\x1b\ud800")], "t\x01", NOW)
    assert read_opml(written) == (Outline("https://a.example/", "AB", "AB"),)


def test_a_feed_without_a_title_is_listed_by_its_address():
    assert read_opml(write_opml([Outline("https://a.example/")], "", NOW))[0].title == "https://a.example/"

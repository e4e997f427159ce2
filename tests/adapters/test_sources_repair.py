"""Broken XML is made whole without losing text, and entities that are made to explode are refused."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.sources.authority import read_slowly
from bot.sources.html_text import paragraphs
from bot.sources.repair import repair
from bot.sources.survey import MAX_ITEMS
from tests.adapters.hostile_feeds import entities, item, rss


def is_whole(body: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(body, True)
    except expat.ExpatError:
        return False
    return True


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("<rss>a & b &amp; c</rss>", "<rss>a &amp; b &amp; c</rss>"),
        ("<rss>&nbsp;&eacute;&lt;&#38;</rss>", "<rss>\u00a0é&lt;&#38;</rss>"),
        ("<rss>&AMP; &GT; &QUOT;</rss>", '<rss>&amp; &gt; "</rss>'),
        ("<rss>&nothing; &no thing;</rss>", "<rss>&amp;nothing; &amp;no thing;</rss>"),
        ("<rss>&#0;&#x1F;&#xD800;&#146;&#9;</rss>", "<rss>\ufffd\ufffd&#146;&#9;</rss>"),
        ("<rss>1 < 2 <3 <- ]]></rss>", "<rss>1 &lt; 2 &lt;3 &lt;- ]]&gt;</rss>"),
        (
            "<rss><![CDATA[a & b < c]]> & <!-- & --> & <?x & ?></rss>",
            "<rss><![CDATA[a & b < c]]> &amp; <!-- & --> &amp; <?x & ?></rss>",
        ),
        ("<rss>a\x00b\x08c\td\ufffe</rss>", "<rss>abc\td</rss>"),
        ('junk <b>\n<?xml version="1.0"?><rss>a</rss> more </rss> junk', "<rss>a</rss> more </rss>"),
        ('<?xml version="1.0"?><?xml version="1.0"?>\n<rss/>', "<rss/>"),
        ("<?xml version='1.1' encoding='martian'?><rss></rss>", "<rss></rss>"),
        ("<!DOCTYPE rss><rss>&uuml;</rss>", "<rss>ü</rss>"),
        (
            "<!DOCTYPE rss [<!ENTITY a \"A & B\"><!ENTITY b '<i>'><!-- ]> -->]><rss>&a;&b;</rss>",
            "<rss>A &amp; B&lt;i&gt;</rss>",
        ),
        ("<rss><![CDATA[never closed & open</rss>", "<rss><![CDATA[never closed &amp; open</rss>"),
    ],
)
def test_what_is_broken_is_mended_and_the_rest_stays(broken, whole):
    assert repair(broken.encode()).decode() == whole


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("billion laughs", "entities within entities"),
        ("quadratic blow-up", "longer than any feed's"),
        ("many references", "many times as long"),
        ("many declarations", "more or longer entities|longer than any feed's"),
        ("an endless type", "does not end"),
    ],
)
def test_entities_made_to_explode_are_refused(name, reason):
    with pytest.raises(ParseError, match=reason):
        repair(dict(entities("file:///etc/passwd"))[name])


def test_a_document_type_that_does_not_end_is_refused():
    for doctype in (
        b"<!DOCTYPE rss [",
        b"<!DOCTYPE rss [<!ENTITY a '>",
        b"<!DOCTYPE rss [ <!-- ",
    ):
        with pytest.raises(ParseError, match="does not end"):
            repair(doctype + b"<rss/>")


def test_two_thousand_short_entities_are_too_many():
    doctype = "<!DOCTYPE rss [" + "".join(f"<!ENTITY a{n} 'b'>" for n in range(2000)) + "]>"
    with pytest.raises(ParseError, match="more or longer entities"):
        repair(doctype.encode() + b"<rss/>")


@given(st.text(alphabet="ab &;<>#x0é\x0b\x00]-!?\u00a0\ufffe", max_size=40))
def test_any_text_between_tags_becomes_whole(text):
    text = text.replace("\x00", "").replace("\x0b", "").replace("\ufffe", "")
    inside = text.replace("</", "").replace("<a", "").replace("<b", "").replace("<x", "").replace("<é", "")
    inside = inside.replace("<!", "").replace("<?", "")
    assert is_whole(repair(f"<rss>{inside}</rss>".encode()))


@given(st.text(alphabet="ab &;<>é'\"", max_size=40))
def test_what_is_whole_stays_as_it_is(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f'<rss a="{escaped.replace(chr(34), "&quot;")}">{escaped}<![CDATA[{text}]]></rss>'.encode()
    assert repair(body) == body


def test_the_slow_parser_is_not_given_more_items_than_are_read():
    items = "".join(item(title=f"T {number}") for number in range(MAX_ITEMS + 50))
    assert len(read_slowly(rss(items), frozenset()).fingerprints) == MAX_ITEMS


def test_markup_that_a_pattern_cannot_tell_from_text_is_parsed():
    assert paragraphs('<p>One <a title="a > b">two</a></p><p>three</p>') == "One two\n\nthree"
    assert paragraphs('<a b="c">d">') == 'd">'

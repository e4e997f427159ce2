"""Titles that parsers lose a part of, or show the markup of: all of them must come out as their authors meant them."""

from __future__ import annotations

import pytest

from bot.domain.model import ParsedFeed
from bot.sources.reading import read_feed

RSS = '<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
ATOM = (
    '<?xml version="1.0"?>{doctype}<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>'
    "<id>f</id><updated>2026-11-09T10:00:00Z</updated>{items}</feed>"
)
ENTITIES = """<!DOCTYPE rss [
  <!ENTITY leader "Kim Jong Un"> <!-- "quoted" ]> -->
  <!ENTITY uuml '&#252;'>
  <!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "https://entities.example/xhtml-lat1.ent">
]>"""

# As it stands in the document, and as it must come out.
TITLES = [
    ("Kim&nbsp;Jong Un &eacute;t&eacute; summit", "Kim Jong Un été summit"),
    ("AT&T & Kim", "AT&T & Kim"),
    ("Q&A: what's next?", "Q&A: what's next?"),
    ("R&D; and more", "R&D; and more"),
    ("AT&amp;T", "AT&T"),
    ("AT&amp;amp;T", "AT&T"),
    ("AT&amp;amp;amp;T", "AT&T"),
    ("Caf&amp;eacute; r&amp;#233;ouvert", "Café réouvert"),
    ("&lt;b&gt;Kim&lt;/b&gt; Jong Un", "Kim Jong Un"),
    ("&amp;lt;b&amp;gt;Kim&amp;lt;/b&amp;gt; Jong Un", "Kim Jong Un"),
    ("<![CDATA[<em>Kim</em> &amp; Moon]]>", "Kim & Moon"),
    ("<![CDATA[Kim &nbsp; Moon & Abe]]>", "Kim Moon & Abe"),
    ("Kim <![CDATA[& Moon]]> meet", "Kim & Moon meet"),
    ("Kim <b>Jong</b> Un", "Kim Jong Un"),
    ("Kim <!-- not the other one -->Jong Un", "Kim Jong Un"),
    ("Kim <?x y?>Jong Un", "Kim Jong Un"),
    ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
    ("1 < 2", "1 < 2"),
    ("How to use &lt;canvas&gt;", "How to use <canvas>"),
    ("Line one&lt;br&gt;line two", "Line one line two"),
    ("It&#146;s &#147;here&#148;", "It’s “here”"),
    ("It&#8217;s &#x201C;here&#x201d;", "It’s “here”"),
    ("Nothing &#0;lost&#1; here", "Nothing �lost here"),
    ("Odd &#xD800;surrogate", "Odd �surrogate"),
    ("Ends ]]> early", "Ends ]]> early"),
    ("Bell\x07 and \x0bvertical tab", "Bell and vertical tab"),
    ("&unknown; stays", "&unknown; stays"),
    ("金正恩 &hearts; 문재인", "金正恩 ♥ 문재인"),
    ("  spaces \n and\tlines  ", "spaces and lines"),
    ("&mdash; Z&uuml;rich &ndash; &euro;5", "— Zürich – €5"),
    ("&#128512; &#x1F600;", "😀 😀"),
]


def items(title: str, template: str) -> str:
    if "Atom" in template:
        return f'<entry><id>1</id><title type="html">{title}</title><link href="https://x.example/1"/></entry><entry><id>2</id><title>Next</title></entry>'
    return f"<item><title>{title}</title><link>https://x.example/1</link></item><item><title>Next</title><guid>2</guid></item>"


def read(
    title: str, template: str = RSS, doctype: str = "", known: frozenset[int] = frozenset()
) -> ParsedFeed:
    body = template.format(doctype=doctype, items=items(title, template)).encode()
    return read_feed(body, "application/xml", "https://x.example/feed", known)


@pytest.mark.parametrize("template", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize(("published", "meant"), TITLES)
def test_a_title_comes_out_whole(published, meant, template):
    assert [entry.title for entry in read(published, template).entries] == [meant, "Next"]


@pytest.mark.parametrize("template", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize(("published", "meant"), TITLES)
def test_a_title_that_came_later_comes_out_whole_as_well(published, meant, template):
    before = read("Something else entirely", template)
    assert len(before.listed) == 2
    later = read(published, template, known=frozenset(before.listed))
    assert [entry.title for entry in later.entries] in ([meant], [meant, "Next"])
    assert read(published, template, known=frozenset(later.listed)).entries == ()


@pytest.mark.parametrize("template", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("&leader; meets Moon", "Kim Jong Un meets Moon"),
        ("Z&uuml;rich &eacute;t&eacute;", "Zürich été"),
        ("&leader; &amp; &undeclared;", "Kim Jong Un & &undeclared;"),
        ("<![CDATA[&leader; & co]]>", "&leader; & co"),
    ],
)
def test_entities_that_the_document_declares_itself_come_out(published, meant, template):
    assert read(published, template, ENTITIES).entries[0].title == meant


def test_an_external_document_type_does_not_hide_undeclared_entities():
    doctype = '<!DOCTYPE rss SYSTEM "https://dtd.example/rss.dtd">'
    assert read("Kim&nbsp;Jong Un", doctype=doctype).entries[0].title == "Kim Jong Un"


@pytest.mark.parametrize("fault", ["<p>never closed", "</b>", '<a href="x>y</a>', "<1>"])
def test_a_document_broken_beyond_repair_still_gives_its_other_articles(fault):
    body = RSS.format(
        doctype="",
        items=f"<item><title>First</title></item><item><title>{fault}</title></item><item><title>Last</title></item>",
    )
    titles = [
        entry.title for entry in read_feed(body.encode(), "", "https://x.example/", frozenset()).entries
    ]
    assert titles[0] == "First"
    assert titles[-1] == "Last"


def test_a_document_that_ends_too_early_gives_the_articles_before_that():
    whole = RSS.format(
        doctype="", items="".join(f"<item><title>Article {n}</title></item>" for n in range(9))
    )
    cut = whole[: whole.index("Article 7")]
    titles = [entry.title for entry in read_feed(cut.encode(), "", "https://x.example/", frozenset()).entries]
    assert titles[:7] == [f"Article {n}" for n in range(7)]


def test_words_before_and_after_the_document_are_cut_off():
    body = "PHP Warning: something in <b>feed.php</b>\n" + RSS.format(
        doctype="", items="<item><title>T</title></item>"
    )
    parsed = read_feed(f"{body}\n<!-- cached --> <p>bye".encode(), "", "https://x.example/", frozenset())
    assert [entry.title for entry in parsed.entries] == ["T"]

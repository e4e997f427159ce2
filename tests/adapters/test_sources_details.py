"""What feeds say beside headline and text: people, pictures, links, bases, tags, pace; and where they say it oddly."""

from __future__ import annotations

import json

import pytest

from bot.domain.model import Entry, ParsedFeed
from bot.errors import ParseError
from bot.sources.documents import canonical_urls, fingerprint, repeats, ttl
from bot.sources.framing import in_rss2_frame
from bot.sources.images import picture
from bot.sources.notes import MAX_ATTRIBUTES, MAX_DEPTH, Notebook
from bot.sources.reading import read_feed
from bot.sources.survey import MAX_ITEMS, Doubtful, has_long_tag, item_starts

URL = "https://x.example/news/feed"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def read(body: str) -> ParsedFeed:
    return read_feed(body.encode(), "", URL, frozenset())


def rss(item: str, head: str = "") -> str:
    return f'<rss version="2.0" {SPACES}><channel><title>F</title>{head}<item><title>T</title>{item}</item></channel></rss>'


def rss_entry(item: str) -> Entry:
    return read(rss(item)).entries[0]


def atom_entry(inside: str, head: str = "") -> Entry:
    return read(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}><title>F</title>{head}<entry><title>T</title>{inside}</entry></feed>'
    ).entries[0]


def broken(item: str) -> str:
    """Return a feed that only the slow parser reads."""
    return rss(item).replace("</channel>", "<p></channel>")


# ---------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("item", "byline"),
    [
        ("<author>qforgey@politico.example (Quint Forgey)</author>", "Quint Forgey"),
        ("<author>Quint Forgey</author>", "Quint Forgey"),
        ("<author>Quint Forgey &lt;q@politico.example&gt;</author>", "Quint Forgey"),
        ("<author>q@politico.example</author>", ""),
        ("<dc:creator><![CDATA[By Quint Forgey]]></dc:creator>", "Quint Forgey"),
        ("<dc:creator>A B</dc:creator><dc:creator>C D</dc:creator>", "A B and C D"),
        ("<author><name>Quint Forgey</name><email>q@x.example</email></author>", "Quint Forgey"),
        ("<atom:author><atom:name>Quint Forgey</atom:name></atom:author>", "Quint Forgey"),
        ("<itunes:author>Quint Forgey</itunes:author>", "Quint Forgey"),
        ("<author/><dc:creator>Quint Forgey</dc:creator>", "Quint Forgey"),
        ("<source url='https://y.example/'>Somebody Else</source>", ""),
    ],
)
def test_authors_of_rss_are_named_in_every_form(item, byline):
    assert rss_entry(item).byline == byline
    assert read(broken(item)).entries[0].byline == byline


@pytest.mark.parametrize(
    ("inside", "head", "byline"),
    [
        ("<author><name>A B</name></author>", "<author><name>The Desk</name></author>", "A B"),
        ("", "<author><name>The Desk</name></author>", "The Desk"),
        ("<author><email>a@x.example</email></author>", "", ""),
        ("<author><name>A B</name></author><author><name>C D</name></author>", "", "A B and C D"),
        ("<contributor><name>C D</name></contributor>", "", ""),
        ("<source><author><name>C D</name></author></source>", "", ""),
        ("<content type='xhtml'><div><author><name>C D</name></author></div></content>", "", ""),
    ],
)
def test_authors_of_atom_are_named_and_inherited(inside, head, byline):
    assert atom_entry(inside, head).byline == byline


def test_the_author_of_an_rss_channel_is_not_that_of_its_items():
    assert (
        read(rss("", "<managingEditor>A B</managingEditor><itunes:author>A B</itunes:author>"))
        .entries[0]
        .byline
        == ""
    )


# ---------------------------------------------------------------- links, ids, bases


def test_an_item_without_id_and_link_keeps_its_identity():
    assert (
        rss_entry("<description>Words</description>").uid == rss_entry("<description>Words</description>").uid
    )


def test_a_link_is_no_id():
    assert rss_entry("<link>https://x.example/today</link>").uid.startswith("hash:")
    assert (
        rss_entry("<link>https://x.example/a</link><guid>https://x.example/a</guid>").uid
        == "https://x.example/a"
    )
    assert read(broken("<link>https://x.example/today</link>")).entries[0].uid.startswith("hash:")
    assert atom_entry("<link href='/a'/>").uid.startswith("hash:")


def test_two_items_without_anything_of_their_own_are_one():
    parsed = read(rss("").replace("</channel>", "<item><title>T</title></item></channel>"))
    assert len(parsed.entries) == len(parsed.listed) == 1


@pytest.mark.parametrize(
    ("body", "link"),
    [
        (rss("<link>/a</link>"), "https://x.example/a"),
        (rss("<link>a?b=1</link>"), "https://x.example/news/a?b=1"),
        (rss("<link>//y.example/a</link>"), "https://y.example/a"),
        (
            rss("<link>/a</link>").replace("<channel>", '<channel xml:base="https://y.example/b/">'),
            "https://y.example/a",
        ),
        (
            rss("<link>a</link>").replace("<item>", '<item xml:base="https://y.example/b/">'),
            "https://y.example/b/a",
        ),
        (rss("<guid>https://y.example/a</guid>"), "https://y.example/a"),
        (rss('<guid isPermaLink="false">not a link</guid>'), None),
        (rss("<link/>") + "<!-- -->", None),
        (rss("<atom:link rel='alternate' href='https://y.example/a'/>"), "https://y.example/a"),
        (broken("<link>/a</link>"), "https://x.example/a"),
    ],
)
def test_links_become_absolute(body, link):
    assert read(body).entries[0].url == link


def test_the_alternate_link_of_atom_goes_before_others():
    links = (
        '<link rel="replies" href="/r"/><link rel="enclosure" href="/e.mp3"/><link rel="self" href="/s"/>'
        '<link rel="alternate" type="text/html" href="/a"/>'
    )
    assert atom_entry(links).url == "https://x.example/a"
    assert atom_entry('<link rel="self" href="/s"/>').url == "https://x.example/s"


def test_the_original_that_an_article_names_is_passed_on():
    html = '<p>Words.</p><a href="https://first.example/story" rel="canonical">first</a>'
    assert canonical_urls(html) == ("https://first.example/story",)
    assert canonical_urls("<p>canonical</p>") == ()
    entry = rss_entry(f"<link>https://x.example/1</link><description><![CDATA[{html}]]></description>")
    assert entry.original_url == "https://first.example/story"


# ---------------------------------------------------------------- text


def test_content_goes_before_a_shorter_summary():
    entry = rss_entry(
        "<description>Words of many …</description><content:encoded>&lt;p&gt;Words of many people.&lt;/p&gt;</content:encoded>"
    )
    assert entry.body == "Words of many people."


def test_a_summary_that_says_something_else_stays():
    entry = rss_entry(
        "<description>In short.</description><content:encoded>At length, and more.</content:encoded>"
    )
    assert entry.body == "In short.\n\nAt length, and more."


def test_a_content_without_summary_is_not_repeated():
    entry = rss_entry(
        "<content:encoded><![CDATA[<p><b>K</b>im met <i>M</i>oon.</p><p>Again.</p>]]></content:encoded>"
    )
    assert entry.body == "Kim met Moon.\n\nAgain."


def test_text_that_is_plain_by_declaration_keeps_its_lines():
    assert (
        atom_entry('<content type="text">One &amp;amp; two\nthree</content>').body == "One &amp; two\nthree"
    )


def test_the_text_of_a_film_is_its_description():
    group = "<media:group><media:content url='/v.mp4'/><media:description>A long film.</media:description></media:group>"
    assert atom_entry(group).body == "A long film."
    assert rss_entry(f"{group}<description>In short.</description>").body == "In short."


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns='http://purl.org/rss/1.0/'><channel rdf:about="c"><title>F</title></channel>{items}</rdf:RDF>"""


def test_rss_1_gives_the_whole_text_of_its_items():
    item = '<item rdf:about="https://x.example/{0}"><title>T {0}</title><content:encoded>Long {0}.</content:encoded></item>'
    parsed = read(RDF.format(items="".join(map(item.format, range(3)))))
    assert [(entry.uid, entry.title, entry.body) for entry in parsed.entries] == [
        (f"https://x.example/{number}", f"T {number}", f"Long {number}.") for number in range(3)
    ]


@pytest.mark.parametrize(
    "body",
    [
        RDF.format(items="").replace("</rdf:RDF>", ""),
        RDF.format(items="").replace("</channel>", ""),
        RDF.format(items="").replace("xmlns='http://purl.org/rss/1.0/'", ""),
        rss(""),
    ],
)
def test_other_documents_are_not_reframed(body):
    assert in_rss2_frame(body.encode()) == body.encode()


def test_rss_1_with_its_items_in_the_channel_is_read():
    body = RDF.format(items="").replace("</channel>", '<item rdf:about="1"><title>T</title></item></channel>')
    assert [entry.title for entry in read(body).entries] == ["T"]


def test_summaries_are_compared_without_their_spaces():
    assert repeats("K im met Moon", "Kim met Moon. Again.")
    assert not repeats("Somebody else", "Kim met Moon.")


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ('<media:thumbnail url="/t.jpg"/>', "/t.jpg"),
        (
            '<media:content url="/v.mp4" type="video/mp4"><media:thumbnail url="/t.jpg"/></media:content>',
            "/t.jpg",
        ),
        ('<media:content url="/v.mp4" type="video/mp4"/>', None),
        (
            '<media:group><media:content url="/a.png" width="10"/><media:content url="/b.png" width="99"/></media:group>',
            "/b.png",
        ),
        ('<media:content url="/without-type"/>', None),
        ('<enclosure url="/e.jpg" type="image/jpeg"/><itunes:image href="/i.jpg"/>', "/e.jpg"),
        ('<itunes:image href="/i.jpg"/>', "/i.jpg"),
        ('<description>&lt;img src="/a.jpg"&gt;</description>', "/a.jpg"),
        ("<description>&lt;img alt='x' src=/a.jpg&gt;</description>", "/a.jpg"),
        ('<description>&lt;img src="/a.jpg?a=1&amp;amp;b=2"&gt;</description>', "/a.jpg?a=1&b=2"),
        (
            '<description>&lt;img src="/p" width="1" height="1"&gt;&lt;img src="/a.jpg"&gt;</description>',
            "/a.jpg",
        ),
        ('<description>&lt;img src="https://stats.x.example/b.gif"&gt;</description>', None),
        ('<description>&lt;img src="data:image/gif;base64,R0"&gt;&lt;img&gt;</description>', None),
        ('<description>&lt;img class="wp-smiley" src="/s.png"&gt;</description>', None),
        ("<description>&lt;img src=</description>", None),
    ],
)
def test_the_picture_that_shows_what_it_is_about_is_found(item, image):
    assert rss_entry(item).image_url == (f"https://x.example{image}" if image else None)


def test_a_picture_is_relative_to_the_text_it_stands_in():
    entry = atom_entry(
        '<content type="html" xml:base="https://y.example/b/">&lt;img src="a.jpg"&gt;</content>'
    )
    assert entry.image_url == "https://y.example/b/a.jpg"


def test_the_slow_parser_finds_the_same_pictures():
    for item in (
        '<media:thumbnail url="/t.jpg"/>',
        '<enclosure url="/t.jpg" type="image/jpeg"/>',
        '<itunes:image href="/t.jpg"/>',
    ):
        assert read(broken(item)).entries[0].image_url == "https://x.example/t.jpg"


def test_the_widest_picture_is_taken_whatever_its_width_looks_like():
    media = [
        {"url": "/a.png", "width": "wide"},
        {"url": "/b.png", "width": "640px"},
        {"url": "/c.png", "width": 320},
    ]
    assert picture(media, (), "") == "/b.png"


# ---------------------------------------------------------------- tags, language, pace, icons


def test_tags_are_collected_from_every_place():
    assert rss_entry("<category>A &amp;amp; B</category><category/><dc:subject>C</dc:subject>").tags == (
        "A & B",
        "C",
    )
    assert atom_entry('<category term="t" label="Label"/><category term="u"/>').tags == ("Label", "u")


def test_the_language_of_an_entry_goes_before_that_of_its_feed():
    assert rss_entry("<dc:language>fr</dc:language>").language == "fr"
    assert read(rss("", "<language>nl</language>")).entries[0].language == "nl"
    assert read(broken("").replace("<item>", "<language>nl</language><item>")).entries[0].language == "nl"


@pytest.mark.parametrize(
    ("minutes", "period", "frequency", "seconds"),
    [
        ("30", None, None, 1800.0),
        (" 60 ", "daily", None, 3600.0),
        (None, "hourly", "2", 1800.0),
        (None, "Daily", None, 86400.0),
        (None, "yearly", None, 86400.0),
        ("100000", None, None, 86400.0),
        ("0", None, None, None),
        ("soon", "sometimes", "0", None),
        ("-5", None, None, None),
        ("9" * 400, None, None, None),
        (None, "daily", "0", 86400.0),
    ],
)
def test_the_pace_that_a_feed_asks_for_is_read(minutes, period, frequency, seconds):
    assert ttl(minutes, period, frequency) == seconds


def test_the_slow_parser_reads_pace_icon_and_site_as_well():
    head = "<link>/home</link><ttl>30</ttl><image><url>/logo.png</url></image><language>en</language>"
    parsed = read(rss("", head).replace("</channel>", "<p></channel>"))
    assert (parsed.ttl_s, parsed.icon_url, parsed.site_url, parsed.language) == (
        1800.0,
        "https://x.example/logo.png",
        "https://x.example/home",
        "en",
    )


def test_a_date_is_never_made_up():
    assert rss_entry("<guid>2026-11-09</guid>").published_at is None
    assert rss_entry("<guid>12</guid><pubDate>10:30</pubDate>").published_at is None
    assert read(broken("<guid>12</guid><pubDate>10:30</pubDate>")).entries[0].published_at is None


def test_the_first_date_that_can_be_read_counts():
    entry = rss_entry("<pubDate>now</pubDate><dc:date>2026-11-09T00:00:00Z</dc:date>")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-11-09T00:00:00+00:00"


# ---------------------------------------------------------------- odd documents


def test_prefixed_atom_is_read():
    body = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>F</a:title><a:entry><a:id>1</a:id><a:title>T</a:title>'
        "<a:updated>2026-11-09T00:00:00Z</a:updated></a:entry></a:feed>"
    )
    assert [(entry.uid, entry.title) for entry in read(body).entries] == [("1", "T")]


def test_markup_in_an_article_that_looks_like_an_item_is_none():
    body = rss("<guid>1</guid><description><![CDATA[<item> and <entry> and </item>]]></description>")
    parsed = read(body)
    assert [entry.uid for entry in parsed.entries] == ["1"]
    assert read_feed(body.encode(), "", URL, frozenset(parsed.listed)).entries == ()


def test_items_outside_the_channel_are_read():
    body = "<rss><channel><title>F</title></channel><item><title>T</title><guid>1</guid></item></rss>"
    assert [entry.uid for entry in read(body).entries] == ["1"]


def test_an_empty_feed_is_a_feed():
    assert read("<rss version='2.0'><channel><title>F</title></channel></rss>").title == "F"
    assert read('<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title></feed>').entries == ()


def test_an_item_that_the_parser_drops_is_read_by_the_other():
    hidden = rss("<guid>1</guid>").replace(
        "</channel>", "<deep><item><title>U</title><guid>2</guid></item></deep></channel>"
    )
    assert {entry.uid for entry in read(hidden).entries} == {"1", "2"}


def test_a_feed_without_namespace_is_read():
    body = "<feed><title>F</title><entry><id>1</id><title>T</title></entry></feed>"
    assert [entry.title for entry in read(body).entries] == ["T"]


# ---------------------------------------------------------------- JSON Feed


def test_one_bad_item_does_not_lose_the_others():
    items = [
        {"id": "1", "title": "A"},
        None,
        7,
        "x",
        [],
        {"id": None, "title": {}},
        {"id": "2", "title": "B", "tags": 3},
    ]
    parsed = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert [entry.title for entry in parsed.entries if entry.title in {"A", "B"}] == ["A", "B"]


def test_a_json_feed_may_link_to_somebody_elses_page():
    items = [
        {"id": "1", "external_url": "https://y.example/a"},
        {"id": "2", "url": "/2", "external_url": "https://y.example/b"},
    ]
    parsed = read(json.dumps({"items": items}))
    assert [entry.url for entry in parsed.entries] == ["https://y.example/a", "https://x.example/2"]


def test_json_nested_too_deep_is_refused():
    with pytest.raises(ParseError, match="nested too deep"):
        read('{"items": ' + "[" * 200_000)


# ---------------------------------------------------------------- looking before reading


def test_a_fingerprint_is_the_same_in_every_version():
    assert fingerprint("body", "id", None, "title") == 1559735643874531


@pytest.mark.parametrize(
    "changed", [("b", "i", "t"), ("body", "j", "t"), ("body", "i", "u"), ("body", "it", "")]
)
def test_whatever_is_said_is_in_the_fingerprint(changed):
    assert fingerprint(*changed) != fingerprint("body", "i", "t")


@pytest.mark.parametrize(
    ("body", "long"),
    [
        (b"<rss>" + b"word " * 5000 + b"</rss>", False),
        (b"<rss><![CDATA[" + b"word " * 5000 + b"]]></rss>", False),
        (b"<rss><a " + b'b="c" ' * 2000 + b"/></rss>", True),
        (b"<rss><a " + b'b=">" ' * 2000 + b"/></rss>", True),
        (b"<rss><a b='>\"' " + b'b="c" ' * 2000 + b"/></rss>", True),
        (b"<rss><a b='\">' " + b'b="c" ' * 2000 + b"/></rss>", True),
        (b"<rss><a" + b" " * 20_000, True),
        (b"word " * 5000, True),
        (b"<rss>" * 5000, False),
        (b"", False),
    ],
)
def test_a_tag_that_may_be_too_long_is_noticed(body, long):
    assert has_long_tag(body) is long


def test_items_are_found_by_their_usual_names():
    assert item_starts(b"<rss><items/><item><title/></item><item\n/><itemize/></rss>") == [13, 34]
    assert item_starts(b'<feed xmlns="x"><entry><item/></entry></feed>') == [16]
    assert len(item_starts(b"<item>" * 9000)) == MAX_ITEMS + 1


def test_limits_are_exact():
    def look(body: str) -> None:
        Notebook().read(body.encode(), whole=True)

    inner = MAX_DEPTH - 1
    look("<rss>" + "<x>" * inner + "</x>" * inner + "</rss>")
    with pytest.raises(ParseError, match="more than 64 deep"):
        look("<rss>" + "<x>" * MAX_DEPTH + "</x>" * MAX_DEPTH + "</rss>")
    attributes = [f'a{number}="1"' for number in range(MAX_ATTRIBUTES + 1)]
    for name in ("x", "title", "item", "pubDate", "rss"):
        look(f"<rss><{name} {' '.join(attributes[:-1])}/></rss>")
        with pytest.raises(ParseError, match="more than 128 attributes"):
            look(f"<rss><{name} {' '.join(attributes)}/></rss>")


@pytest.mark.parametrize("name", ["x", "title", "item", "pubDate", "author", "content", "source"])
def test_no_element_is_allowed_to_nest_deeper(name):
    body = "<rss>" + f"<{name} type='xhtml'>" * 70 + f"</{name}>" * 70 + "</rss>"
    with pytest.raises(ParseError, match="more than 64 deep"):
        Notebook().read(body.encode(), whole=True)


def test_a_document_type_is_no_matter_for_the_fast_parser():
    with pytest.raises(Doubtful, match="document type"):
        Notebook().read(b'<!DOCTYPE rss SYSTEM "x"><rss/>', whole=True)

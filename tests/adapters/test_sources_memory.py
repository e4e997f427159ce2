"""What a worker remembers of a document spares it work, and changes nothing in what it finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import ParsedFeed
from bot.sources.documents import Head, Reading
from bot.sources.memory import Memory
from bot.sources.reading import read_feed
from bot.sources.survey import MAX_ITEMS, Document, Doubtful

URL = "https://x.example/feed"
RSS = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{}</feed>'


def item(number: int, text: str = "Ministers met.") -> str:
    return (
        f"<item><title>Item {number}</title><guid>{number}</guid><description>{text}</description></item>\n"
    )


def entry(number: int) -> str:
    return f"<entry><title>Item {number}</title><id>{number}</id><summary>Ministers met.</summary></entry>\n"


class Reader:
    """Stands for what reads documents: an item is a number, and its fingerprint as well."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.trouble: list[Doubtful] = []

    def __call__(self, document: Document) -> Reading:
        body = document.body
        self.bodies.append(body)
        if self.trouble:
            raise self.trouble.pop()
        numbers = [int(part[: part.index(b"<")]) for part in body.split(b"<item>")[1:]]
        return Reading(Head(), numbers, ())


def document(*numbers: int, root: str = "<rss>") -> bytes:
    return f"{root}{''.join(f'<item>{number}</item> ' for number in numbers)}</rss>".encode()


@pytest.fixture
def reader() -> Reader:
    return Reader()


KNOWN = frozenset(range(100))


def fingerprints(memory: Memory, reader: Reader, body: bytes, url: str = URL) -> list[int]:
    return list(memory.read(url, Document.of(body), KNOWN, reader).fingerprints)


@pytest.mark.parametrize(("frame", "one"), [(RSS, item), (ATOM, entry)])
def test_a_document_with_news_is_read_as_if_nothing_were_remembered(frame, one):
    memory = Memory()
    before = frame.format("".join(map(one, range(2, 9)))).encode()
    after = frame.format("".join(map(one, range(1, 7)))).encode()
    first = read_feed(before, "", URL, frozenset(), memory)
    known = frozenset(first.listed)
    second = read_feed(after, "", URL, known, memory)
    assert second == read_feed(after, "", URL, known)
    assert ([entry.uid for entry in second.entries], len(second.listed)) == (["1"], 6)


def test_an_edited_item_is_read():
    memory = Memory()
    first = read_feed(RSS.format(item(1) + item(2)).encode(), "", URL, frozenset(), memory)
    edited = RSS.format(item(1, "Ministers stayed away.") + item(2)).encode()
    parsed = read_feed(edited, "", URL, frozenset(first.listed), memory)
    assert [(entry.uid, entry.body) for entry in parsed.entries] == [("1", "Ministers stayed away.")]


def test_an_item_that_the_store_has_forgotten_is_read_again():
    memory = Memory()
    body = RSS.format(item(1) + item(2) + item(3)).encode()
    first = read_feed(body, "", URL, frozenset(), memory)
    again = read_feed(body, "", URL, frozenset(first.listed[1:]), memory)
    assert [entry.uid for entry in again.entries] == ["1"]
    assert again.listed == first.listed


def test_a_document_that_needs_repair_is_remembered_as_well():
    memory = Memory()
    broken = RSS.format(item(2, "A &mdash; B &c") + item(3))
    first = read_feed(broken.encode(), "", URL, frozenset(), memory)
    known = frozenset(first.listed)
    news = broken.replace("<item>", item(1) + "<item>", 1).encode()
    parsed = read_feed(news, "", URL, known, memory)
    assert parsed == read_feed(news, "", URL, known)
    assert [entry.uid for entry in parsed.entries] == ["1"]


def test_what_stands_between_items_is_not_lost():
    memory = Memory()
    between = "<link>https://x.example/</link><title>F</title>"
    body = f"<rss><channel>{item(1)}{between}{item(2)}</channel></rss>".encode()
    first = read_feed(body, "", URL, frozenset(), memory)
    again = read_feed(body, "", URL, frozenset(first.listed), memory)
    assert again == replace(first, entries=())
    assert isinstance(again, ParsedFeed)
    assert again.site_url == "https://x.example/"


def test_only_what_is_new_and_the_end_of_the_document_are_read(reader):
    memory = Memory()
    fingerprints(memory, reader, document(2, 3, 4))
    assert fingerprints(memory, reader, document(1, 2, 3, 4)) == [1, 2, 3, 4]
    assert reader.bodies[1:] == [document(1, 4)]


def test_what_is_unknown_to_the_store_is_read(reader):
    memory = Memory()
    fingerprints(memory, reader, document(1, 2, 3))
    memory.read(URL, Document.of(document(1, 2, 3)), frozenset({2}), reader)
    assert reader.bodies[1:] == [document(1, 3)]


def test_another_address_and_another_root_say_nothing_about_an_item(reader):
    memory = Memory()
    fingerprints(memory, reader, document(1, 2))
    fingerprints(memory, reader, document(1, 2), "https://y.example/feed")
    fingerprints(memory, reader, document(1, 2, root='<rss xmlns:a="b">'))
    assert [len(body) for body in reader.bodies[1:]] == [
        len(document(1, 2)),
        len(document(1, 2, root='<rss xmlns:a="b">')),
    ]


@pytest.mark.parametrize("trouble", [True, False])
def test_what_cannot_be_read_in_part_is_read_whole(reader, trouble):
    memory = Memory()
    fingerprints(memory, reader, document(2, 3))
    news = document(1, 2, 3)
    if trouble:
        reader.trouble.append(Doubtful())
        assert fingerprints(memory, reader, news) == [1, 2, 3]
    else:  # another number of items than there seem to be
        memory.read(URL, Document.of(news), KNOWN, lambda _: Reading(Head(), [], ()))
        fingerprints(memory, reader, news)
    assert reader.bodies[-1] == news


def test_the_addresses_read_longest_ago_are_forgotten(reader):
    memory = Memory(limit=4)
    a, b, c = (f"https://{name}.example/" for name in "abc")
    for url in (a, b, a, c):
        fingerprints(memory, reader, document(1, 2, 3), url)
    before = len(reader.bodies)
    fingerprints(memory, reader, document(1, 2, 3), a)
    fingerprints(memory, reader, document(1, 2, 3), b)
    assert reader.bodies[before:] == [document(3), document(1, 2, 3)]


def test_a_document_without_items_is_read(reader):
    assert fingerprints(Memory(), reader, b"<rss></rss>") == []


def test_a_document_with_too_many_items_is_read_whole(reader):
    memory = Memory()
    fingerprints(memory, reader, document(1, 2, 3))
    body = document(*range(MAX_ITEMS + 1))
    fingerprints(memory, reader, body)
    assert reader.bodies[1:] == [body]

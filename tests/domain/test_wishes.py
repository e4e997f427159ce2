"""Subscriptions as a file: written, read back, and every fault named."""

from __future__ import annotations

import json

import pytest

from bot.domain.wishes import MAX_BYTES, MAX_ROWS, Fault, Told, Wish, read_wishes, write_wishes
from bot.errors import UserError

KIM = Wish("line 2", "Kim Jong Un, summit", "slack:T1/C1", ("BBC News", "Reuters"), "group:S1:desk")


def read(text):
    return read_wishes(text.encode() if isinstance(text, str) else text)


def test_what_is_written_is_read_back_and_spreadsheets_take_none_of_it_for_a_formula():
    wishes = [
        KIM,
        *(Wish("", query) for query in ("=WHO", "-golf x", "@kim", "+Kim", "'quoted' word", "'=x")),
    ]
    content = write_wishes((wish, Told("Ann", "2024-05-01", "yes")) for wish in wishes)
    assert content.startswith(b"\xef\xbb\xbfchannel,query,feeds,mention,added by,added on,paused\r\n")
    assert not any(cell[:1] in "=-@+" for cell in content.decode().replace('"', "").split(",") if cell)
    found, faults = read(content)
    assert not faults
    assert [one.query for one in found] == [one.query for one in wishes]
    assert found[0] == KIM


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_as_spreadsheets_write_them(delimiter, charset):
    text = f"Query{delimiter} CHANNEL\r\nété{delimiter}#world\r\n\r\n{delimiter}\r\nKim{delimiter}\r\n"
    found, faults = read(text.encode(charset))
    assert found == (Wish("line 2", "été", "#world"), Wish("line 5", "Kim"))
    assert faults == ()


@pytest.mark.parametrize(
    "text",
    [
        '[{"query": "Kim", "channel": "#a", "feeds": ["BBC", " ", "BBC"], "mention": null, "name": 7}]',
        '{"subscriptions": [{"query": "Kim", "channel": "#a", "feeds": "BBC, BBC"}]}',
        '[[subscriptions]]\nquery = "Kim"\nchannel = "#a"\nfeeds = ["BBC"]\n',
    ],
)
def test_json_and_toml_say_the_same(text):
    assert read(text) == ((Wish("subscription 1", "Kim", "#a", ("BBC",)),), ())


def test_each_row_that_is_not_understood_is_named():
    rows = [
        {"query": "Kim"},
        7,
        {"query": 7},
        {"query": "x", "feeds": [1]},
        {"query": "x", "feeds": 7},
        {"channel": "#a"},
    ]
    found, faults = read(json.dumps(rows))
    assert [one.query for one in found] == ["Kim"]
    assert [one.place for one in faults] == [f"subscription {n}" for n in range(2, 7)]
    assert faults[-1] == Fault("subscription 6", "it has no query.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "must name the columns"),
        ("hello\nworld", "must name the columns"),
        ("[{]", "cannot be read as such in line 1"),
        ("[" * 100_000, "cannot be read as such"),
        ("[" + "1" * 5000 + "]", "cannot be read as such"),
        ("{}", "no list of subscriptions"),
        ('{"subscriptions": {}}', "no list of subscriptions"),
        ("[[subscriptions]\n", "begins like TOML"),
        ("[[x]]\na=" + "[" * 5000, "begins like TOML"),
        ("query\n" + "x" * 200_000, "cannot be read beyond line"),
        ("query\n" + "Kim\n" * (MAX_ROWS + 1), "more than 1,000 rows"),
        ("query\n" + "Kim\n" * (MAX_BYTES // 4), "may have 1 MB"),
    ],
)
def test_what_is_no_list_of_subscriptions_is_refused_in_words(text, told):
    with pytest.raises(UserError, match=told):
        read(text)


def test_a_text_of_unusual_length_is_a_fault():
    assert read("query\n" + "x" * 20_000)[1][0].place == "line 2"


@pytest.mark.parametrize(
    "key",
    [
        "a." * 60_000 + "b = 1",
        '"a" . ' * 60_000 + "b = 1",
        'x = ["""\n"""" , {' + "b." * 60_000 + 'b = 1}, ""]',
        "x = ['''\n'''' , {" + "b." * 60_000 + "b = 1}, '']",
        "[" + "a." * 60_000 + "b]",
    ],
)
def test_a_key_of_many_parts_which_would_take_gigabytes_is_refused(key):
    with pytest.raises(UserError, match="keys of many parts"):
        read_wishes(f"[[subscriptions]]\n{key}\n".encode())


def test_dots_in_what_a_file_says_are_no_key():
    dots = ".".join("abcdefghijklmnopqrstuvw")
    file = f'[[subscriptions]]\nquery = "{dots}"  # {dots}\nchannel = """\n{dots}"""\nfeeds = ["{dots}"]\n'
    [wish], faults = read_wishes(file.encode())
    assert (wish.query, wish.channel, wish.feeds, faults) == (dots, dots, (dots,), ())

"""The impersonators know what comes alive when a chat client renders a text."""

import pytest

from tests.impersonators.discord_text import pings, read_markdown
from tests.impersonators.reading import Link
from tests.impersonators.slack_text import read_block, read_mrkdwn


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("<!channel>", ("!channel",)),
        ("<!here|x>", ("!here",)),
        ("<@U1> and <#C1|world>", ("@U1", "#C1")),
        ("<!subteam^S1>", ("!subteam^S1",)),
        ("&lt;!channel&gt; &amp;lt;!here&amp;gt;", ()),
        ("<!date^1700000000^{time}|noon>", ()),
        ("@channel @here", ()),
    ],
)
def test_slack_mentions_are_found_where_slack_would_find_them(text, mentions):
    assert read_mrkdwn(text).mentions == mentions


def test_slack_text_that_is_not_verbatim_comes_alive_by_itself():
    reading = read_mrkdwn("@channel, see https://evil.example/x &amp; me@here.example", verbatim=False)
    assert reading.mentions == ("@channel",)
    assert reading.links == (Link("https://evil.example/x", "https://evil.example/x"),)


def test_slack_links_show_their_label_and_lead_to_their_address():
    reading = read_mrkdwn("*<https://x.example/?a=1&amp;b=2|A &lt;B&gt;>* and <https://y.example>")
    assert reading.links == (
        Link("https://x.example/?a=1&b=2", "A <B>"),
        Link("https://y.example", "https://y.example"),
    )
    assert reading.text == "A <B> and https://y.example"


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("*bold* text", {"bold": ("bold",)}),
        ("a*b*c and 2 * 3 * 4", {}),
        ("_it_ ~st~ `co`", {"italic": ("it",), "strike": ("st",), "code": ("co",)}),
        ("snake_case_name", {}),
        ("```a\nb```", {"code block": ("a\nb",)}),
        ("x\n&gt; quoted", {"quote": (" quoted",)}),
        (":smile: at 12:30:45", {"emoji": (":smile:", ":30:")}),
    ],
)
def test_slack_formatting_is_found_where_slack_would_find_it(text, styles):
    found = read_mrkdwn(text).styles
    assert {style.kind: read_mrkdwn(text).styled(style.kind) for style in found} == styles


def test_slack_plain_text_has_nothing_alive_but_emoji():
    block = {"type": "header", "text": {"type": "plain_text", "text": "*a* <!here> :x:"}}
    (reading,) = read_block(block)
    assert (reading.text, reading.mentions, reading.styled("emoji")) == ("*a* <!here> :x:", (), (":x:",))


def test_slack_blocks_are_read_from_top_to_bottom():
    text = {"type": "mrkdwn", "text": "two"}
    link = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://x.example"}
    block = {"type": "section", "text": text, "fields": [{**text, "text": "three"}], "accessory": link}
    assert [reading.text for reading in read_block(block)] == ["two", "three", "Open"]
    picture = {"type": "image", "alt_text": "A", "image_url": "https://x.example/a.png"}
    assert [reading.text for reading in read_block(picture)] == ["A"]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("<@123> <@!4> <@&5> <#6>", ("<@123>", "<@!4>", "<@&5>", "<#6>")),
        ("@everyone @here", ("@everyone", "@here")),
        ("</deploy:1> <id:browse>", ("</deploy:1>", "<id:browse>")),
        ("\\<@123> @\u200beveryone", ()),
    ],
)
def test_discord_mentions_are_found_where_discord_would_show_them(text, mentions):
    assert read_markdown(text).mentions == mentions


def test_discord_links_masked_or_bare_are_found():
    reading = read_markdown("[safe](https://evil.example/a) https://x.example/b, <https://y.example/c>")
    assert reading.links == (
        Link("https://evil.example/a", "safe"),
        Link("https://x.example/b", "https://x.example/b"),
        Link("https://y.example/c", "https://y.example/c"),
    )
    assert read_markdown(r"\[safe\]\(https\://evil.example\)").links == ()


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("**bold**", "bold", ("bold",)),
        ("*it* and _it_", "italic", ("it", "it")),
        ("__under__", "underline", ("under",)),
        ("~~gone~~", "strike", ("gone",)),
        ("||secret||", "spoiler", ("secret",)),
        ("`code`", "code", ("code",)),
        ("```py\ncode```", "code block", ("code",)),
        ("# Title", "heading", ("Title",)),
        ("-# small", "subtext", ("small",)),
        ("> said", "quote", ("said",)),
        ("- one\n1. two", "list", ("one", "two")),
        ("<t:1700000000:R>", "token", ("<t:1700000000:R>",)),
        ("<:e:1>", "token", ("<:e:1>",)),
        (":smile:", "emoji", (":smile:",)),
        (r"\*\*bold\*\*", "bold", ()),
        (r"\# Title", "heading", ()),
    ],
)
def test_discord_formatting_is_found_where_discord_would_find_it(text, kind, found):
    assert read_markdown(text).styled(kind) == found


def test_discord_shows_escaped_text_without_its_backslashes():
    assert read_markdown(r"2 \* 3 \_ **x**").text == "2 * 3 _ x"


@pytest.mark.parametrize(
    ("allowed", "called"),
    [
        (None, ("@everyone", "<@1>", "<@&2>")),
        ({"parse": []}, ()),
        ({"parse": ["users"]}, ("<@1>",)),
        ({"parse": [], "roles": [2]}, ("<@&2>",)),
    ],
)
def test_only_allowed_mentions_decides_whom_a_discord_message_calls(allowed, called):
    assert pings(r"\@everyone <@1> <@&2>", allowed) == called

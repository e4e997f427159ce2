"""What somebody typed after Slack's command, whatever Slack made of it on the way."""

from __future__ import annotations

import pytest

from bot.chat.slack_typing import arguments, nameless, words
from bot.domain.commands.exchange import Mention
from bot.domain.commands.typed import read_typed
from bot.domain.model import ChannelAddress
from bot.errors import UserError
from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_typing import as_sent


def read(text):
    typed = read_typed(text)
    return typed.command.name, arguments(typed, "T1")


def channels(*ids):
    return tuple(ChannelAddress("slack", "T1", id) for id in ids)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("&amp;lt;", "&lt;"),
        ("<http://bbc.com|bbc.com>", "bbc.com"),
        ("<https://bbc.com/a?b=1&amp;c=2>", "https://bbc.com/a?b=1&c=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("in <#C1|world>", "in #world"),
        ("<@U1|quint> said", "@quint said"),
        ("<!subteam^S1|@desk>", "@desk"),
        ("<!subteam^S1>", "@S1"),
        ("<!here>", "@here"),
        ("<!everyone|everyone>", "@everyone"),
        ("<https://a.example/story|the story>", "the story"),
        ("5 < 6", "5 < 6"),
    ],
)
def test_words_are_as_they_stood_in_the_field(sent, typed):
    assert words(sent) == typed


def test_names_that_slack_leaves_out_are_put_in():
    assert nameless("<@U1> <#C1|> <@U2|ann> <!here> <http://x.example|x.example>") == {"U1", "C1"}
    assert words("<@U1> in <#C1|>", {"U1": "quint", "C1": "secret"}) == "@quint in #secret"
    assert words("<@U1>") == "@U1"


def test_an_address_is_wanted_whole():
    assert words("<https://a.example/story|the story>", address=True) == "https://a.example/story"
    assert words("<http://bbc.com|bbc.com>", address=True) == "bbc.com"
    assert read("why <https://a.example/story|the story>") == ("why", {"url": "https://a.example/story"})


@pytest.mark.parametrize(
    "text", ["Kim & <b>", "bbc.com, politico.com/news", "a@b.example #nosuch", "@kim OR #world @desk"]
)
def test_what_slack_escapes_is_read_back_to_the_letter(text):
    slack = SlackImpersonator()
    team = slack.add_team()
    slack.add_channel("C1", name="world")
    slack.add_user("U1", name="kim")
    slack.add_group("S1", handle="desk")
    assert words(as_sent(text, team)) == text


@pytest.mark.parametrize("dash", ["--", "—", "–"])
def test_options_stand_after_any_dash(dash):
    sent = f"subscribe &quot Kim &amp; Un {dash}in <#C1|world>, <#C2|> {dash}mention <!subteam^S1|@desk>"
    assert read(sent) == (
        "subscribe",
        {"query": "&quot Kim & Un", "in": channels("C1", "C2"), "mention": Mention("group", "S1", "desk")},
    )


def test_channels_come_as_ids_each_once():
    assert read("copy <#C1|world> <#C2|europe>")[1] == {"from": channels("C1"), "to": channels("C2")}
    assert read("subscribe x --in <#C1|a> <#C1|a>, C77")[1]["in"] == channels("C1", "C77")


def test_a_person_can_be_called():
    assert read("subscribe x --mention <@U1|ann>")[1]["mention"] == Mention("person", "U1", "ann")
    assert read("edit 1 --mention nobody")[1]["mention"] == "nobody"
    typed = read_typed("subscribe x --mention <@U1>")
    assert arguments(typed, "T1", {"U1": "ann"})["mention"] == Mention("person", "U1", "ann")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "subscribe x --in #secret",
            "“#secret” is no channel that I can see. Type # and choose it from Slack’s list",
        ),
        ("subscribe x --in <@U1|ann>", "“@ann” is no channel"),
        ("subscribe x --mention <!channel>", "An alert never calls @channel. Name a user group or a person."),
        ("subscribe x --mention <!everyone|everyone>", "An alert never calls @everyone."),
        (
            "subscribe x --mention desk",
            "“desk” is no user group or person. Type @ and choose from Slack’s list.",
        ),
        ("subscribe x --mention <#C1|world>", "“#world” is no user group or person."),
    ],
)
def test_what_names_nothing_is_refused_in_words(text, told):
    with pytest.raises(UserError) as caught:
        read(text)
    assert told in str(caught.value)

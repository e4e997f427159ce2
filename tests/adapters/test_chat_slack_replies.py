"""Answers as Block Kit: how they look, that Slack takes them, and that nothing in them comes alive."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack_blocks import alert_blocks
from bot.chat.slack_parts import button_row
from bot.chat.slack_replies import announcement_blocks, complaint, reply_blocks, reply_text
from bot.domain.commands.exchange import Action, Button, Line, Look, Reply, Tone, line, say
from bot.domain.message import Run
from bot.domain.model import DeliveryId, Mention
from tests.adapters.test_chat_limits import RUNS, TEXT, URLS
from tests.impersonators import slack_rules
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_text import read_mrkdwn
from tests.messages import HOSTILE, message

LINES = st.lists(st.builds(Line, RUNS, st.sampled_from(Look), URLS), max_size=60).map(tuple)
ACTIONS = st.builds(
    Action,
    st.sampled_from(("confirm", "mute")),
    st.lists(st.sampled_from(("12", "d9")), max_size=2).map(tuple),
)
BUTTONS = st.lists(
    st.builds(Button, TEXT, ACTIONS, st.sampled_from(Tone), st.none() | st.integers(0, 4)), max_size=30
).map(tuple)


def shown(reply):
    return SlackMessage("1", "C1", "U0", reply_text(reply), tuple(reply_blocks(reply)))


def texts(reply):
    return [
        part["text"] for block in reply_blocks(reply) for part in (block.get("elements") or [block["text"]])
    ]


def test_lines_of_one_kind_stand_together():
    reply = Reply(
        (
            line("Watching #world", Look.TITLE),
            line((Run("for "), Run("Kim", marked=True))),
            line("24 sources", Look.DIM),
            line("Nothing older", Look.DIM),
            line("North Korea’s Kim", Look.QUOTE, "https://bbc.example/a"),
            line('"Kim Jong Un"', Look.CODE),
        )
    )
    assert texts(reply) == [
        "*Watching #world*\nfor *Kim*",
        "24 sources\nNothing older",
        '><https://bbc.example/a|North Korea’s Kim>\n`"Kim Jong Un"`',
    ]
    assert [block["type"] for block in reply_blocks(reply)] == ["section", "context", "section"]
    assert reply_text(reply) == "Watching #world"


def test_a_mark_under_a_query_stays_in_its_column():
    reply = say("I can’t read this:")
    reply = Reply((*reply.lines, line('"Kim  `AND` <b>\n^', Look.CODE)))
    assert texts(reply) == ['I can’t read this:\n```"Kim  ˋANDˋ &lt;b&gt;\n^```']


def test_a_table_keeps_its_rows_as_far_as_they_fit():
    week = "\n".join(f"Mon {day}     {'#' * day}" for day in range(14))
    assert texts(Reply((line(week, Look.CODE),))) == [f"```{week}```"]
    (cut,) = texts(Reply((line("\n".join("&" * 120 for _ in range(14)), Look.CODE),)))
    assert cut == f"```{chr(10).join(['&amp;' * 120] * 3)}\n…```"


def test_a_line_may_be_nothing_but_a_link():
    reply = Reply(
        (line("", url="https://a.example/?x=1&y=2"), line(" "), line("", Look.CODE), line("", Look.QUOTE))
    )
    assert texts(reply) == ["<https://a.example/?x=1&amp;y=2|https://a.example/?x=1&amp;y=2>"]
    assert reply_text(reply) == "newsbot"


def test_buttons_carry_their_action_and_stand_in_the_rows_that_they_ask_for():
    buttons = [Button(f"b{number}", Action("pause", (str(number),)), row=number // 3) for number in range(6)]
    first, second = reply_blocks(Reply(buttons=tuple(buttons)))
    assert [part["value"] for part in first["elements"]] == ["pause/0", "pause/1", "pause/2"]
    assert [part["text"]["text"] for part in second["elements"]] == ["b3", "b4", "b5"]
    ids = [part["action_id"] for block in (first, second) for part in block["elements"]]
    assert len(set(ids)) == 6


def test_more_than_five_buttons_wrap():
    rows = reply_blocks(Reply(buttons=tuple(Button("b", Action("x", (str(n),))) for n in range(12))))
    assert [len(row["elements"]) for row in rows] == [5, 5, 2]


def test_tones_are_slacks_styles():
    row = button_row(
        enumerate(
            [
                Button("a", Action("x")),
                Button("b", Action("x"), Tone.PRIMARY),
                Button("c", Action("x"), Tone.DANGER),
            ]
        )
    )
    assert [part.get("style") for part in row["elements"]] == [None, "primary", "danger"]


def test_what_does_not_fit_is_said_not_to():
    reply = say(*(f"{number} " + "word " * 200 for number in range(100)))
    blocks = reply_blocks(Reply(reply.lines, (Button("Older", Action("older")),)))
    assert slack_rules.block_faults(blocks) == []
    assert not slack_rules.too_long_in_total(blocks)
    assert blocks[-2]["elements"][0]["text"] == "… and more than fits here. Ask for less at once."
    assert blocks[-1]["type"] == "actions"


def test_fifty_blocks_are_enough_for_lines_of_changing_kinds():
    looks = [Look.DIM, Look.PLAIN] * 60
    blocks = reply_blocks(Reply(tuple(line("x", look) for look in looks)))
    assert len(blocks) == 50
    assert blocks[-1]["elements"][0]["text"].startswith("… and more")
    assert len(reply_blocks(Reply(tuple(line("x", look) for look in looks[:50])))) == 50


def test_what_users_and_feeds_wrote_calls_nobody():
    reply = Reply(tuple(Line((Run(HOSTILE), Run(HOSTILE, marked=True)), look) for look in Look))
    message = shown(reply)
    assert (message.mentions, message.links) == ((), ())
    announced = SlackMessage("1", "C1", "U0", "x", tuple(announcement_blocks((Run(HOSTILE),))))
    assert (announced.mentions, announced.links) == ((), ())
    assert announcement_blocks(()) != []


def test_a_complaint_is_one_plain_paragraph_without_the_pointer():
    reply = Reply(
        (
            line("I can’t read this query: a quote never closes."),
            line('"Kim\n^', Look.CODE),
            line("Did you mean"),
            line("Kim", Look.CODE),
        )
    )
    assert complaint(reply) == "I can’t read this query: a quote never closes. Did you mean Kim"
    assert complaint(Reply()) == "This cannot be used."


@settings(max_examples=150, deadline=None)
@given(LINES, BUTTONS)
def test_slack_takes_every_answer(lines, buttons):
    blocks = reply_blocks(Reply(lines, buttons))
    assert not blocks or slack_rules.block_faults(blocks) == []
    assert not slack_rules.too_long_in_total(blocks)
    assert reply_text(Reply(lines))
    assert read_mrkdwn(reply_text(Reply(lines)), verbatim=True).mentions == ()


MENTIONS = st.lists(
    st.builds(
        Mention,
        st.sampled_from(("person", "group", "role", "everyone")),
        TEXT | st.sampled_from(("U1", "S1")),
    ),
    max_size=40,
).map(tuple)


@settings(max_examples=50, deadline=None)
@given(RUNS, MENTIONS, st.booleans())
def test_slack_takes_every_alert_with_its_calls_and_buttons(headline, mentions, buttons):
    alert = message(headline=headline, mentions=mentions, buttons=buttons)
    blocks = alert_blocks(alert, alert=DeliveryId("d" * 25))
    assert slack_rules.block_faults(blocks) == []
    shown = SlackMessage("1", "C1", "U0", "x", tuple(blocks))
    called = {f"{'@' if one.kind == 'person' else '!subteam^'}{one.id}" for one in mentions}
    assert set(shown.mentions) <= called
    assert len(shown.buttons) == (3 if buttons else 0)

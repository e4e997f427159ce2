"""Slack's adapter: what is sent, and what each of Slack's failures means."""

from __future__ import annotations

import gc
import logging
import socket

import pytest

from bot.chat.slack import SlackChat
from bot.chat.slack_team import MOST_UNSURE
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from tests.impersonators.faults import anything, banned, broken, cut, hang, lost_reply, rate_limited
from tests.messages import HOSTILE, SUMMIT, hostile, message

WORLD = ChannelAddress.parse("slack:T1/C1")
NOT_FOUND = (
    "I can't find C1: it was deleted, or it is private and I'm not a member. "
    "Type /invite @newsbot there, or move its subscriptions to another channel."
)


@pytest.fixture
async def chat(slack):
    async with SlackChat(slack.world.teams["T1"].token, slack.base_url, timeout_s=5) as chat:
        yield chat


async def send(chat, alert=SUMMIT, delivery="d1", channel=WORLD):
    return await chat.send(channel, alert, DeliveryId(delivery))


async def failure(chat, **arguments) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await send(chat, **arguments)
    return caught.value


async def test_an_alert_is_one_message_with_blocks_a_fallback_and_its_delivery_id(chat, slack):
    receipt = await send(chat)
    (sent,) = slack.channel("C1").messages
    assert receipt == sent.ts
    assert (sent.headline, sent.link) == ("White House planning second Trump–Kim summit", SUMMIT.url)
    assert sent.shown.styled("bold") == ("White House planning second Trump–Kim summit", "Kim Jong Un")
    assert sent.text == "White House planning second Trump–Kim summit (Politico)"
    assert sent.metadata == {"event_type": "newsbot_alert", "event_payload": {"delivery": "d1"}}
    assert sent.options == {
        "parse": "none",
        "link_names": False,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


async def test_hostile_words_call_nobody(chat, slack):
    await send(chat, hostile(HOSTILE))
    (sent,) = slack.messages
    assert (sent.mentions, sent.links, sent.fallback.links) == ((), (), ())
    assert "<!" not in sent.text
    raw = str(sent.blocks)
    assert raw.count("<!") == raw.count("<!date^") == 1


@pytest.mark.parametrize("wait_s", [1, 65, 1337])
async def test_a_rate_limit_becomes_an_error_with_its_time(chat, slack, wait_s):
    slack.faults.next(rate_limited(wait_s))
    error = await failure(chat)
    assert (error.retry_after_s, error.permanent, error.ambiguous) == (wait_s, False, False)
    await send(chat)
    assert len(slack.calls("chat.postMessage")) == 2


async def test_a_rate_limit_without_a_time_is_waited_out_for_half_a_minute(chat, slack):
    slack.faults.next(banned())
    assert (await failure(chat)).retry_after_s == 30


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_leaves_it_open_whether_the_message_stands(chat, slack, status):
    slack.faults.next(broken(status))
    error = await failure(chat)
    assert error.reason == (
        f"Slack had a fault of its own ({status})."
        " If this lasts, look at https://slack-status.com: only Slack can mend it."
    )
    assert (error.ambiguous, error.permanent) == (True, False)
    assert len(slack.requests) == 1


@pytest.mark.parametrize("fault", [lost_reply(502), cut(accepted=True)])
async def test_after_a_lost_answer_the_message_is_looked_for_before_it_is_posted_again(chat, slack, fault):
    slack.faults.next(fault)
    assert (await failure(chat)).ambiguous
    receipt = await send(chat)
    assert [sent.ts for sent in slack.messages] == [receipt]
    assert [call.operation for call in slack.requests].count("chat.postMessage") == 1
    await send(chat, delivery="d2")
    assert len(slack.calls("conversations.history")) == 1


@pytest.mark.parametrize("fault", [broken(502), cut()])
async def test_what_is_not_found_after_a_lost_answer_is_posted_again(chat, slack, fault):
    await send(chat, delivery="d0")
    slack.faults.next(fault)
    await failure(chat)
    await send(chat)
    assert [sent.metadata["event_payload"]["delivery"] for sent in slack.messages] == ["d0", "d1"]


async def test_a_history_that_may_not_be_read_does_not_stop_an_alert(chat, slack):
    slack.world.teams["T1"].scopes = ("chat:write",)
    slack.faults.next(lost_reply())
    await failure(chat)
    await send(chat)
    assert len(slack.messages) == 2


async def test_a_history_that_cannot_be_read_just_now_is_waited_for(chat, slack):
    slack.faults.next(lost_reply())
    await failure(chat)
    slack.faults.next(rate_limited(60), when=lambda request: request.operation == "conversations.history")
    assert (await failure(chat)).retry_after_s == 60
    assert len(slack.messages) == 1


async def test_a_refusal_settles_what_was_unsure(chat, slack):
    slack.faults.next(rate_limited(1))
    await failure(chat)
    await send(chat)
    assert slack.calls("conversations.history") == []


async def test_only_so_many_unsure_deliveries_are_remembered(chat):
    (team,) = chat._teams
    for number in range(MOST_UNSURE + 5):
        team._remember(DeliveryId(f"d{number}"))
    assert len(team._unsure) == MOST_UNSURE
    assert "d4" not in team._unsure


async def test_a_hanging_request_ends_in_time(slack):
    async with SlackChat(slack.world.teams["T1"].token, slack.base_url, timeout_s=0.2) as chat:
        slack.faults.next(hang(accepted=True))
        error = await failure(chat)
        assert error.reason.startswith("Slack did not answer within 0.2 s. If this lasts, look at ")
        assert error.ambiguous
        await send(chat)
    assert len(slack.messages) == 1


async def test_a_slack_that_cannot_be_reached_took_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with SlackChat("xoxb-x", f"http://127.0.0.1:{port}/api") as chat:
        error = await failure(chat)
    assert error.reason == (
        "Slack cannot be reached. If this lasts, look at this machine's connection and firewall,"
        " and at https://slack-status.com."
    )
    assert (error.ambiguous, error.permanent) == (False, False)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_member": False}, "I'm not a member of #world. Type /invite @newsbot there."),
        (
            {"is_archived": True},
            "#world is archived. Unarchive it, or move its subscriptions to another channel.",
        ),
        (
            {"is_member": False, "is_private": True},
            NOT_FOUND,
        ),
    ],
)
async def test_a_channel_that_cannot_be_posted_to_is_permanent_and_named(chat, slack, changes, reason):
    slack.world.teams["T1"].scopes = ("chat:write", "channels:read")
    for name, value in changes.items():
        setattr(slack.channel("C1"), name, value)
    error = await failure(chat)
    assert (error.reason, error.permanent) == (reason, True)


async def test_a_revoked_token_stops_all_sending_for_a_while(chat, slack):
    slack.world.teams["T1"].revoked = True
    error = await failure(chat)
    assert error.reason.startswith("Slack refused the token (token_revoked). Reinstall the app")
    assert (error.permanent, error.retry_after_s) == (False, 900)
    asked = len(slack.requests)
    assert 0 < (await failure(chat, delivery="d2")).retry_after_s <= 900
    assert len(slack.requests) == asked


async def test_a_missing_scope_is_named_with_where_to_add_it(chat, slack):
    slack.world.teams["T1"].scopes = ("channels:read",)
    error = await failure(chat)
    assert error.reason.startswith("The token lacks the scope chat:write. Add it at api.slack.com/apps")
    assert not error.permanent


async def test_a_picture_that_slack_cannot_download_is_left_out(chat, slack):
    slack.world.unreachable_images.add(SUMMIT.image_url)
    await send(chat)
    (sent,) = slack.messages
    assert "image" not in str(sent.blocks)


async def test_a_message_that_slack_refuses_for_its_form_is_permanent(chat, slack):
    error = await failure(chat, delivery="x" * 9000)
    assert error.permanent
    assert error.reason == "Slack refused the message (metadata_too_large)."


async def test_a_refusal_we_do_not_know_is_tried_again(chat, slack):
    async with SlackChat(slack.world.teams["T1"].token, slack.base_url.replace("/api/", "/api/v0.")) as other:
        error = await failure(other)
    assert error.reason == "Slack refused (unknown_method)."
    assert not error.permanent


async def test_check_names_what_is_missing_in_each_channel_and_what_to_do(chat, slack):
    slack.world.teams["T1"].scopes = ("chat:write", "channels:read")
    slack.add_channel("C2", name="summits", is_member=False)
    slack.add_channel("C3", name="old", is_archived=True)
    places = ("T1/C1", "T1/C2", "T1/C3", "T1/C9", "T2/C1")
    lines = await chat.check([ChannelAddress.parse(f"slack:{place}") for place in places])
    assert [(line.ok, line.detail, line.remedy) for line in lines[1:]] == [
        (True, "#world can be posted to", ""),
        (False, "I'm not a member of #summits", "Type /invite @newsbot there"),
        (False, "#old is archived", "Unarchive it, or use another channel"),
        (
            False,
            "I can't find C9: it was deleted, or it is private and I'm not a member",
            "Type /invite @newsbot there, or move its subscriptions to another channel",
        ),
        (
            False,
            "The token belongs to the team T1, not to T2",
            "Correct the team in the channel's address, or set the other token",
        ),
    ]
    assert lines[0].ok
    assert lines[0].detail.startswith("connected to “Foreign desk” as @newsbot; without groups:read")
    assert lines[0].detail.endswith("; without an app-level token or a signing secret no commands are heard")
    assert slack.messages == []


async def test_check_finds_a_public_channel_postable_without_membership_where_the_scope_allows_it(
    chat, slack
):
    slack.channel("C1").is_member = False
    assert [line.ok for line in await chat.check([WORLD])] == [True, True]


async def test_check_names_missing_scopes(chat, slack):
    slack.world.teams["T1"].scopes = ("users:read",)
    line = (await chat.check([]))[0]
    assert not line.ok
    assert (
        line.detail
        == "connected to “Foreign desk” as @newsbot, but the token lacks chat:write, channels:read"
    )
    assert line.remedy.startswith("Add chat:write, channels:read at api.slack.com/apps")


async def test_check_says_what_is_wrong_with_the_token_or_with_slack(slack):
    async with SlackChat("xoxb-wrong", slack.base_url) as chat:
        (line,) = await chat.check([WORLD])
        assert (line.ok, line.detail) == (False, "Slack refused the token (invalid_auth)")
        slack.faults.next(broken(500), when=anything)
        assert (await chat.check([WORLD]))[0].detail == "Slack had a fault of its own (500)"


async def test_the_token_is_in_no_error_and_no_log(slack, caplog):
    caplog.set_level(logging.DEBUG)
    token = slack.world.teams["T1"].token
    async with SlackChat(token, slack.base_url, timeout_s=5) as chat:
        await send(chat)
        for number, fault in enumerate((broken(), cut(), rate_limited(1))):
            slack.faults.next(fault)
            error = await failure(chat, delivery=f"e{number}")
            seen = [str(error), repr(error), repr(error.__cause__), repr(chat)]
            assert all(token not in text for text in seen)
    assert token not in caplog.text


async def test_a_link_or_headline_at_its_limit_is_taken(chat, slack):
    await send(chat, message(headline="&" * 3000, excerpt="&" * 3000, url="https://x.example/?" + "&" * 370))
    assert slack.messages[0].link.startswith("https://x.example/?&&")


async def test_closing_leaves_nothing_open(slack):
    async with SlackChat(slack.world.teams["T1"].token, slack.base_url) as chat:
        await send(chat)
    del chat
    gc.collect()

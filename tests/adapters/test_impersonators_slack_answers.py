"""Answers on the local Slack: by response_url, with an acknowledgement, or by changing messages."""

from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_hand import anything, hand, options, plain


@pytest.fixture
async def slack(platform_clock):
    async with SlackImpersonator(now=platform_clock.now, ack_limit_s=0.2) as server:
        server.add_team()
        server.add_channel("C1", name="world")
        server.add_channel("C2", name="europe")
        server.add_user("U1", name="quint")
        yield server


@pytest.fixture
async def bot(slack):
    async with hand(slack) as led:
        yield led


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def post(url, **body):
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_a_response_url_is_good_five_times(bot, slack):
    payload, _ = await bot.answers(slack.person("U1").types("/news", "x", until=anything))
    statuses = [(await post(payload["response_url"], text=str(number)))[0] for number in range(6)]
    assert statuses == [200] * 5 + [404]
    assert [message.text for message in slack.channel("C1").whispers] == list("01234")
    assert len(slack.calls("response_url")) == 6


async def test_a_response_url_is_good_for_half_an_hour(bot, slack, platform_clock):
    payload, _ = await bot.answers(slack.person("U1").types("/news", "x", until=anything))
    await platform_clock.advance(timedelta(minutes=29, seconds=59).total_seconds())
    assert (await post(payload["response_url"], text="x"))[0] == 200
    await platform_clock.advance(2)
    status, body = await post(payload["response_url"], text="x")
    assert (status, "expired_url" in body) == (404, True)


async def test_a_response_may_be_shared_replace_or_delete(bot, slack):
    quint = slack.person("U1")
    row = {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("Edit")}]}
    payload, _ = await bot.answers(quint.types("/news", "x", until=anything))
    await post(payload["response_url"], text="for you", blocks=[row])
    await post(payload["response_url"], text="for all", response_type="in_channel")
    assert (quint.sees()[0].buttons, slack.channel("C1").texts()) == (("Edit",), ["for all"])
    payload, _ = await bot.answers(quint.presses("Edit", until=anything))
    await post(payload["response_url"], text="replaced", replace_original=True)
    assert [message.shown.text for message in quint.sees()] == ["replaced", "for all"]
    await post(payload["response_url"], delete_original=True)
    assert [message.shown.text for message in quint.sees()] == ["for all"]
    assert (await post(payload["response_url"], delete_original=True))[0] == 400


async def test_a_response_is_held_to_the_rules_of_messages(bot, slack):
    payload, _ = await bot.answers(slack.person("U1").types("/news", "x", until=anything))
    status, body = await post(payload["response_url"], text="x", blocks=[{"type": "marquee"}])
    assert (status, "invalid_blocks" in body) == (400, True)
    assert (await post(f"{payload['response_url']}9", text="x")) == (404, "no_service")


async def test_an_acknowledgement_may_carry_the_answer(bot, slack):
    _, sight = await bot.answers(slack.person("U1").types("/news", "x"), {"text": "at once"})
    assert sight.whispers == ["at once"]


async def test_a_menu_in_a_message_sends_what_was_picked(bot, slack):
    menu = {"type": "static_select", "action_id": "pick", "options": options("Reuters", "BBC")}
    await bot.client.chat_postMessage(
        channel="C1", text="x", blocks=[{"type": "actions", "elements": [menu]}]
    )
    payload, _ = await bot.answers(slack.person("U1").picks("BBC", until=anything))
    assert payload["actions"][0]["selected_option"]["value"] == "bbc"
    assert payload["message"]["text"] == "x"


async def test_messages_are_updated_and_deleted_by_their_author_only(bot, slack):
    quint = slack.person("U1")
    ts = (await bot.client.chat_postMessage(channel="C1", text="one", blocks=[{"type": "divider"}]))["ts"]
    await bot.client.api_call(
        "chat.update", json={"channel": "C1", "ts": ts, "blocks": [{"type": "divider"}] * 2}
    )
    assert (slack.messages[0].text, len(slack.messages[0].blocks)) == ("one", 2)
    await bot.client.api_call("chat.update", json={"channel": "C1", "ts": ts})
    assert len(slack.messages[0].blocks) == 2
    await bot.client.chat_update(channel="C1", ts=ts, text="two")
    assert (slack.messages[0].text, slack.messages[0].blocks, slack.messages[0].edits) == ("two", (), 3)
    theirs = quint.says("mine", channel="C1").ts
    assert (await refusal(bot.client.chat_update(channel="C1", ts=theirs, text="x")))[
        "error"
    ] == "cant_update_message"
    assert (await refusal(bot.client.chat_delete(channel="C1", ts=theirs)))["error"] == "cant_delete_message"
    assert (await refusal(bot.client.chat_delete(channel="C1", ts="1.0")))["error"] == "message_not_found"
    assert (await refusal(bot.client.chat_delete(channel="world", ts=ts)))["error"] == "channel_not_found"
    await bot.client.chat_delete(channel="C1", ts=ts)
    assert slack.channel("C1").texts() == ["mine"]


async def test_ephemeral_messages_reach_one_person_and_cannot_be_updated(bot, slack):
    slack.add_user("U2")
    ts = (await bot.client.chat_postEphemeral(channel="C1", user="U1", text="psst"))["message_ts"]
    assert [message.text for message in slack.person("U1").sees("C1")] == ["psst"]
    assert slack.person("U2").sees("C1") == []
    assert (await refusal(bot.client.chat_update(channel="C1", ts=ts, text="x")))[
        "error"
    ] == "message_not_found"
    slack.channel("C1").members.discard("U2")
    wrong = await refusal(bot.client.chat_postEphemeral(channel="C1", user="U2", text="x"))
    assert wrong["error"] == "user_not_in_channel"
    slack.channel("C1").is_member = False
    away = await refusal(bot.client.chat_postEphemeral(channel="C1", user="U1", text="x"))
    assert away["error"] == "not_in_channel"


async def test_somebody_who_sees_nothing_says_what_they_see(bot, slack):
    quint = slack.person("U1")
    with pytest.raises(AssertionError, match="nothing to press"):
        await quint.presses("Confirm")
    with pytest.raises(AssertionError, match="no window open"):
        await quint.submits({})
    with pytest.raises(AssertionError, match="is not in C9"):
        await quint.types("/news", channel="C9")
    slack.channel("C1").is_archived = True
    with pytest.raises(AssertionError, match="archived"):
        await quint.types("/news", channel="C1")
    quint.says("hello", channel="C2")
    sight = await quint.closes() if quint.modal else quint._look("C2")
    with pytest.raises(TimeoutError, match="in vain and sees: nothing"):
        await sight.until(lambda seen: seen.whispers, within_s=0.01)

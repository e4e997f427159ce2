"""The local Slack behaves to slack_sdk as Slack does, and refuses what Slack refuses."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

HEADLINE = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "*<https://x.example/a|A & B>*", "verbatim": True},
}


def section(text, kind="mrkdwn", **more):
    return {"type": "section", "text": {"type": kind, "text": text}, **more}


def button(action_id="a", **more):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Mute"}, **more}


@pytest.fixture
def client(slack):
    return AsyncWebClient(token=slack.world.teams["T1"].token, base_url=slack.base_url)


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_auth_test_names_the_bot_and_its_scopes(client, slack):
    answer = await client.auth_test()
    assert (answer["team"], answer["user"]) == ("Foreign desk", "newsbot")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_a_posted_message_stands_in_its_channel_as_a_reader_sees_it(client, slack):
    answer = await client.chat_postMessage(channel="C1", text="A &amp; B (X)", blocks=[HEADLINE])
    (message,) = slack.channel("C1").messages
    assert message.ts == answer["ts"] == answer["message"]["ts"]
    assert (message.headline, message.link) == ("A & B", "https://x.example/a")
    assert message.fallback.text == "A & B (X)"
    assert message.shown.styled("bold") == ("A & B",)
    assert slack.messages == [message]


async def test_a_form_says_the_same_as_json(client, slack):
    form = {"channel": "#world", "text": "hello", "blocks": '[{"type": "divider"}]'}
    await client.api_call("chat.postMessage", data=form)
    assert slack.channel("C1").messages[0].blocks == ({"type": "divider"},)


async def test_history_shows_metadata_to_those_who_ask(client, slack):
    metadata = {"event_type": "news_alert", "event_payload": {"delivery": "d1"}}
    await client.chat_postMessage(channel="C1", text="one", metadata=metadata)
    await client.chat_postMessage(channel="C1", text="two")
    plain = await client.conversations_history(channel="C1", limit=1)
    assert [message["text"] for message in plain["messages"]] == ["two"]
    assert plain["has_more"]
    older = await client.conversations_history(
        channel="C1", cursor=plain["response_metadata"]["next_cursor"], include_all_metadata=True
    )
    assert [message["metadata"] for message in older["messages"]] == [metadata]
    assert not older["has_more"]


async def test_history_can_be_limited_in_time(client, slack, platform_clock):
    first = await client.chat_postMessage(channel="C1", text="one")
    await platform_clock.advance(60)
    await client.chat_postMessage(channel="C1", text="two")
    after = await client.conversations_history(channel="C1", oldest=first["ts"])
    assert [message["text"] for message in after["messages"]] == ["two"]
    upto = await client.conversations_history(channel="C1", latest=first["ts"], inclusive=True)
    assert [message["text"] for message in upto["messages"]] == ["one"]


async def test_channels_users_and_teams_can_be_looked_up(client, slack):
    slack.add_user("U1", is_admin=True)
    channel = (await client.conversations_info(channel="C1"))["channel"]
    assert (channel["name"], channel["is_member"], channel["is_archived"]) == ("world", True, False)
    assert (await client.users_info(user="U1"))["user"]["is_admin"]
    assert (await client.team_info())["team"]["name"] == "Foreign desk"
    assert (await refusal(client.users_info(user="U9")))["error"] == "user_not_found"


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xoxb-T2-not-a-secret", "token_revoked")],
)
async def test_a_token_that_is_missing_unknown_or_revoked_is_refused(slack, token, error):
    slack.add_team("T2", revoked=True)
    client = AsyncWebClient(token=token, base_url=slack.base_url)
    assert (await refusal(client.auth_test()))["error"] == error


async def test_a_bot_sees_only_the_channels_of_its_own_team(client, slack):
    slack.add_team("T2")
    slack.add_channel("C2", team="T2")
    assert (await refusal(client.chat_postMessage(channel="C2", text="x")))["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"is_archived": True}, "is_archived"),
        ({"is_member": False}, "not_in_channel"),
        ({"is_member": False, "is_private": True}, "channel_not_found"),
    ],
)
async def test_a_channel_that_cannot_be_posted_to_is_refused(client, slack, changes, error):
    slack.world.teams["T1"].scopes = ("chat:write",)
    for name, value in changes.items():
        setattr(slack.channel("C1"), name, value)
    assert (await refusal(client.chat_postMessage(channel="C1", text="x")))["error"] == error
    assert slack.messages == []


async def test_a_missing_scope_is_named(client, slack):
    slack.world.teams["T1"].scopes = ("channels:read",)
    answer = await refusal(client.chat_postMessage(channel="C1", text="x"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert answer.headers["x-oauth-scopes"] == "channels:read"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "{}"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": "[oops"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "", "event_payload": {}}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "t", "event_payload": {"k": "x" * 8000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "channel": ""}, "invalid_arguments"),
    ],
)
async def test_a_message_that_slack_cannot_take_is_refused(client, slack, arguments, error):
    call = client.api_call("chat.postMessage", json={"channel": "C1", **arguments})
    assert (await refusal(call))["error"] == error


async def test_an_unknown_method_is_refused(client):
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([{"type": "divider"}] * 51, "/blocks]"),
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("🙂" * 1501)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x", kind="markdown")], "unsupported type: markdown"),
        ([{"type": "section"}], "missing required field: text"),
        ([section("x", fields=[{"type": "mrkdwn", "text": "y"}] * 11)], "no more than 10 items"),
        ([section("x", colour="red")], "invalid additional property: colour"),
        ([{"type": "section", "text": "x"}], "must provide an object [json-pointer:/blocks/0/text]"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type]"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "less than 151 characters"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "between 1 and 10 items"),
        ([{"type": "context", "elements": []}], "between 1 and 10 items"),
        ([{"type": "actions", "elements": [button(str(n)) for n in range(26)]}], "no more than 25 items"),
        ([{"type": "actions", "elements": [button(), button()]}], "action_id 'a' already exists"),
        ([{"type": "actions", "elements": [button(value="x" * 2001)]}], "less than 2001 characters"),
        ([{"type": "actions", "elements": [button(url="javascript:alert(1)")]}], "must be a valid URL"),
        ([{"type": "actions", "elements": [button(text={"type": "mrkdwn", "text": "x"})]}], "/text/type]"),
        ([{"type": "actions", "elements": [button(style="loud")]}], "style attribute must be one of"),
        ([section("x", accessory={"type": "image", "image_url": "https://x.example/a.png"})], "alt_text"),
        ([section("x", accessory={"type": "gadget"})], "unsupported type: gadget"),
        ([{"type": "image", "image_url": "file:///etc/passwd", "alt_text": "x"}], "must be a valid URL"),
        ([section("x", block_id="b"), section("y", block_id="b")], "block_id 'b' already exists"),
        ([section("x", block_id="b" * 256)], "less than 256 characters"),
        ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ([], "between 1 and 50 items"),
    ],
)
async def test_blocks_against_the_rules_are_refused_with_their_place(client, blocks, fault):
    answer = await refusal(
        client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "blocks": blocks})
    )
    assert answer["error"] == "invalid_blocks"
    assert any(fault in words for words in answer["errors"]), answer["errors"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {words}" for words in answer["errors"]]


async def test_a_rich_message_within_every_limit_is_taken(client, slack):
    picture = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A"}
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        section("x" * 3000, accessory=picture, block_id="b" * 255),
        section("x", fields=[{"type": "mrkdwn", "text": "y" * 200}] * 10),
        {"type": "context", "elements": [picture, {"type": "mrkdwn", "text": "z"}]},
        {"type": "actions", "elements": [button(str(n), url="https://x.example") for n in range(25)]},
        {**picture, "title": {"type": "plain_text", "text": "A"}},
    ]
    await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert len(slack.messages) == 1


async def test_a_picture_that_slack_cannot_download_spoils_the_message(client, slack):
    slack.world.unreachable_images.add("https://x.example/gone.png")
    picture = {"type": "image", "image_url": "https://x.example/gone.png", "alt_text": "A"}
    blocks = [section("x", accessory=picture)]
    answer = await refusal(client.chat_postMessage(channel="C1", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert "downloading image failed" in answer["errors"][0]


async def test_everything_received_can_be_read_back(client, slack):
    await client.auth_test()
    await client.chat_postMessage(channel="C1", text="x", unfurl_links=False)
    assert [request.operation for request in slack.requests] == ["auth.test", "chat.postMessage"]
    assert slack.calls("chat.postMessage")[0].body["unfurl_links"] is False
    assert slack.channel("C1").messages[0].options == {"unfurl_links": False}
    assert [answer.status for answer in slack.answers] == [200, 200]


async def test_what_is_not_json_counts_as_empty(slack):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.world.teams['T1'].token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for body in ("oops", "[]"):
            async with session.post(f"{slack.base_url}chat.postMessage", data=body) as answer:
                assert (await answer.json())["error"] == "invalid_arguments"

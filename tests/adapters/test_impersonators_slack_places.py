"""What the bot learns of people, groups, channels and files on the local Slack, and what happens around it."""

import re

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


@pytest.fixture
def client(slack):
    return AsyncWebClient(token=slack.team().token, base_url=slack.base_url)


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


@pytest.fixture
async def heard(slack, client):
    """Run an app that notes every event that it hears."""
    events = []
    app = AsyncApp(client=client)

    @app.event(re.compile(".*"))
    async def note(event):
        events.append({key: value for key, value in event.items() if key != "event_ts"})

    handler = AsyncSocketModeHandler(app, slack.team().app_token, ping_interval=0.1)
    await handler.connect_async()
    await slack.sockets.connected()
    yield events
    await handler.close_async()


def kinds(events):
    return [event["type"] for event in events]


async def test_guests_and_admins_are_told_apart(client, slack):
    slack.add_user("U1", name="quint", is_owner=True)
    slack.add_user("U2", name="guest", is_restricted=True, is_ultra_restricted=True)
    owner, guest = [(await client.users_info(user=user))["user"] for user in ("U1", "U2")]
    assert (owner["is_owner"], owner["is_restricted"]) == (True, False)
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert [user["id"] for user in (await client.users_list())["members"]] == ["U1", "U2"]


async def test_members_of_a_channel_are_its_people_and_the_bot(client, slack):
    slack.add_user("U1")
    slack.add_user("U2", is_restricted=True)
    slack.add_channel("C2", is_member=False)
    slack.add_channel("C3", is_private=True, members=["U2"])
    in_1, in_2, in_3 = [(await client.conversations_members(channel=f"C{n}"))["members"] for n in (1, 2, 3)]
    assert (in_1, in_2, in_3) == (["U1", "U0T1BOT"], ["U1"], ["U2", "U0T1BOT"])


async def test_private_channels_without_the_bot_do_not_exist(client, slack):
    slack.add_user("U1")
    slack.add_channel("C2", is_private=True, is_member=False, members=["U1"])
    assert await refusal(client.conversations_members(channel="C2")) == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [item["id"] for item in listed["channels"]] == ["C1"]
    of_person = await client.users_conversations(user="U1", types="public_channel,private_channel")
    assert [item["id"] for item in of_person["channels"]] == ["C1"]
    assert await refusal(client.users_conversations(user="U9")) == "user_not_found"


async def test_lists_come_in_pages(client, slack):
    for number in range(2, 6):
        slack.add_channel(f"C{number}", is_archived=number == 5)
    first = await client.conversations_list(limit=3, exclude_archived=True)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_list(limit=3, exclude_archived=True, cursor=cursor)
    assert [item["id"] for item in [*first["channels"], *rest["channels"]]] == ["C1", "C2", "C3", "C4"]
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_the_bot_joins_public_channels_only(client, slack, heard):
    slack.add_channel("C2", is_member=False)
    slack.add_channel("C3", is_private=True)
    slack.add_channel("C4", is_archived=True, is_member=False)
    assert (await client.conversations_join(channel="C2"))["channel"]["is_member"]
    await slack.until(lambda: heard)
    assert (heard[0]["type"], heard[0]["user"]) == ("member_joined_channel", "U0T1BOT")
    assert await refusal(client.conversations_join(channel="C3")) == "method_not_supported_for_channel_type"
    assert await refusal(client.conversations_join(channel="C4")) == "is_archived"


async def test_user_groups_and_their_people_are_listed(client, slack):
    slack.add_group("S1", handle="editors", users=["U1", "U2"])
    (group,) = (await client.usergroups_list(include_users=True))["usergroups"]
    assert (group["handle"], group["users"]) == ("editors", ["U1", "U2"])
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1", "U2"]
    assert await refusal(client.usergroups_users_list(usergroup="S2")) == "no_such_subteam"


async def test_nothing_of_another_team_can_be_looked_up(client, slack):
    slack.add_team("T2")
    slack.add_channel("C2", team="T2")
    slack.add_user("U2", team="T2")
    slack.add_group("S2", handle="editors", team="T2")
    assert await refusal(client.users_info(user="U2")) == "user_not_found"
    assert await refusal(client.conversations_info(channel="C2")) == "channel_not_found"
    assert await refusal(client.conversations_members(channel="C2")) == "channel_not_found"
    assert await refusal(client.usergroups_users_list(usergroup="S2")) == "no_such_subteam"
    assert (await client.usergroups_list())["usergroups"] == []


async def test_a_file_is_uploaded_in_three_steps_and_downloaded_with_the_token(client, slack):
    answer = await client.files_upload_v2(
        channel="C1", filename="feeds.opml", content="<opml/>", title="Feeds"
    )
    (message,) = slack.channel("C1").messages
    assert [(file.name, file.content) for file in message.files] == [("feeds.opml", b"<opml/>")]
    url = answer["file"]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {client.token}"}) as right:
            assert await right.read() == b"<opml/>"
        async with session.get(url, headers={"Authorization": "Bearer xoxb-other"}) as wrong:
            assert (wrong.status, wrong.content_type) == (200, "text/html")
    assert (await client.files_info(file=answer["file"]["id"]))["file"]["title"] == "Feeds"
    await client.files_delete(file=answer["file"]["id"])
    assert await refusal(client.files_info(file=answer["file"]["id"])) == "file_not_found"


async def test_a_file_is_not_shared_where_the_bot_is_not(client, slack):
    slack.channel("C1").is_member = False
    assert await refusal(client.files_upload_v2(channel="C1", filename="a", content="x")) == "not_in_channel"
    url = (await client.files_getUploadURLExternal(filename="a", length=2))["upload_url"]
    async with aiohttp.ClientSession() as session, session.post(url, data=b"xyz") as answer:
        assert answer.status == 400


async def test_a_direct_message_reaches_one_person(client, slack):
    slack.add_user("U1")
    channel = (await client.conversations_open(users="U1"))["channel"]["id"]
    await client.chat_postMessage(channel="U1", text="hello")
    assert slack.channel(channel).texts() == ["hello"]
    assert await refusal(client.conversations_open(users="U9")) == "user_not_found"


async def test_channels_come_and_go_and_the_bot_hears_of_those_it_may_know(slack, heard):
    slack.add_channel("C2", is_private=True, is_member=False)
    admin = slack.admin()
    slack.add_user("U1")
    await admin.invites("C1", "U1")
    await admin.removes("C1", "U1")
    await admin.archives("C1")
    await admin.unarchives("C1")
    await admin.renames("C1", "europe")
    await admin.removes("C1")
    await admin.invites("C1")
    await admin.deletes("C1")
    for act in (admin.archives, admin.deletes):
        await act("C2")
    assert kinds(heard) == [
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "channel_left",
        "member_left_channel",
        "member_joined_channel",
        "channel_deleted",
    ]
    assert heard[4]["channel"]["name"] == "europe"
    assert {event.get("channel") for event in heard if event["type"] != "channel_rename"} == {"C1"}


async def test_an_uninstalled_app_is_told_and_its_token_ends(client, slack, heard):
    await slack.admin().uninstalls()
    assert sorted(kinds(heard)) == ["app_uninstalled", "tokens_revoked"]
    assert await refusal(client.auth_test()) == "token_revoked"
    slack.admin().reinstalls()
    assert (await client.auth_test())["ok"]


async def test_a_bot_may_give_its_own_token_back(client, slack, heard):
    assert not (await client.auth_revoke(test=True))["revoked"]
    assert (await client.auth_revoke())["revoked"]
    await slack.until(lambda: len(heard) == 2)
    assert sorted(kinds(heard)) == ["app_uninstalled", "tokens_revoked"]
    assert await refusal(client.auth_test()) == "token_revoked"


async def test_events_that_were_not_subscribed_to_do_not_come(slack, heard):
    slack.team().events = ("channel_deleted",)
    assert await slack.admin().renames("C1", "europe") is None
    await slack.admin().deletes("C1")
    assert kinds(heard) == ["channel_deleted"]


async def test_tokens_are_good_for_their_own_methods_only(client, slack):
    team = slack.team()
    assert await refusal(client.apps_connections_open(app_token=team.token)) == "not_allowed_token_type"
    app = AsyncWebClient(token=team.app_token, base_url=slack.base_url)
    assert await refusal(app.auth_test()) == "not_allowed_token_type"
    await slack.admin().revokes_app_token()
    assert await refusal(client.apps_connections_open(app_token=team.app_token)) == "token_revoked"


async def test_a_ticket_for_a_connection_is_good_once(client, slack):
    url = (await client.apps_connections_open(app_token=slack.team().app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as first:
            assert (await first.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_the_eleventh_connection_is_sent_away(client, slack):
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=slack.team().app_token))["url"]
            sockets.append(await session.ws_connect(url))
        said = [await socket.receive_json() for socket in sockets]
    assert [frame["type"] for frame in said] == ["hello"] * 10 + ["disconnect"]
    assert said[9]["num_connections"] == 10
    assert said[10]["reason"] == "too_many_websockets"


async def test_what_acknowledges_nothing_is_kept_apart(client, slack):
    url = (await client.apps_connections_open(app_token=slack.team().app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_json({"envelope_id": "E999"})
        await socket.send_str("oops")
        await slack.until(lambda: len(slack.sockets.stray_acks) == 2)
    assert slack.sockets.stray_acks == [{"envelope_id": "E999"}, {"unreadable": "oops"}]


async def test_an_app_of_several_teams_hears_of_all_over_one_connection(slack, heard):
    slack.add_team("T2", app_token=slack.team().app_token)
    slack.add_channel("C2", team="T2")
    await slack.admin("T2").uninstalls()
    assert sorted(kinds(heard)) == ["app_uninstalled", "tokens_revoked"]
    assert {envelope.payload["team_id"] for envelope in slack.envelopes} == {"T2"}

"""Stock slack-bolt over Socket Mode against the local Slack: a small app, used as people would."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.faults import calling, cut, hang, lost_reply, rate_limited
from tests.impersonators.slack import SlackImpersonator

WINDOW = {
    "type": "modal",
    "callback_id": "subscribe",
    "title": {"type": "plain_text", "text": "Subscribe"},
    "submit": {"type": "plain_text", "text": "Watch"},
    "blocks": [
        {
            "type": "input",
            "block_id": "query",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "file",
            "optional": True,
            "label": {"type": "plain_text", "text": "List"},
            "element": {"type": "file_input", "action_id": "file", "filetypes": ["opml"]},
        },
    ],
}


def buttons(*labels):
    return [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": label.lower(),
                    "value": f"do/{label}",
                    "text": {"type": "plain_text", "text": label},
                }
                for label in labels
            ],
        }
    ]


@pytest.fixture
async def slack():
    async with SlackImpersonator(ack_limit_s=0.3) as server:
        for team, channel, user in (("T1", "C1", "U1"), ("T2", "C2", "U2")):
            server.add_team(team)
            server.add_channel(channel, name="world", team=team)
            server.add_user(user, name=f"quint{user[-1]}", team=team)
        yield server


def app_of(slack, team="T1"):
    """Return an app that answers /news, opens a window for an empty one, and has one button."""
    app = AsyncApp(client=AsyncWebClient(token=slack.team(team).token, base_url=slack.base_url))
    app.heard = []

    @app.command("/news")
    async def news(ack, command, respond, client):
        app.heard.append(command["text"])
        await ack()
        if not command["text"]:
            await client.views_open(trigger_id=command["trigger_id"], view=WINDOW)
            return
        await respond(text="Watching", blocks=[*section(command["text"]), *buttons("Confirm", "Edit")])

    @app.action("confirm")
    async def confirm(ack, action, body, respond, client):
        await ack()
        await respond(text=f"Done: {action['value']}", replace_original=True)
        await client.chat_postMessage(channel=body["channel"]["id"], text="quint watches here")

    @app.view("subscribe")
    async def submitted(ack, view, body, client):
        words = view["state"]["values"]["query"]["text"]["value"]
        if words == "(":
            await ack(response_action="errors", errors={"query": "The bracket never closes."})
            return
        await ack()
        await client.chat_postEphemeral(channel="C1", user=body["user"]["id"], text=f"Watching {words}")

    return app


def section(text):
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


@asynccontextmanager
async def connected(slack, app, team="T1"):
    """Run an app over Socket Mode for as long as the block lasts."""
    before = len(slack.sockets.connections)
    handler = AsyncSocketModeHandler(app, slack.team(team).app_token, ping_interval=0.1)
    await handler.connect_async()
    await slack.sockets.connected(before + 1)
    try:
        yield handler
    finally:
        await handler.close_async()


async def test_a_command_is_answered_to_the_one_who_typed_it(slack):
    async with connected(slack, app_of(slack)):
        sight = await slack.person("U1").types("/news", "Kim Jong Un", channel="C1")
    assert sight.whispers == ["Kim Jong Un\nConfirm\nEdit"]
    assert sight.buttons == ["Confirm", "Edit"]
    assert sight.envelope.outcome == "acknowledged"
    assert slack.channel("C1").texts() == []


async def test_a_pressed_button_changes_its_message_and_the_channel_sees_what_is_posted(slack):
    quint = slack.person("U1")
    async with connected(slack, app_of(slack)):
        await quint.types("/news", "Kim Jong Un")
        sight = await quint.presses("Confirm", until=lambda seen: seen.posts)
    assert sight.whispers == ["Done: do/Confirm"]
    assert sight.posts == slack.channel("C1").texts() == ["quint watches here"]
    assert sight.envelope.payload["container"]["is_ephemeral"]
    assert "message" not in sight.envelope.payload


async def test_a_window_opens_is_filled_in_wrongly_then_rightly(slack):
    quint = slack.person("U1")
    async with connected(slack, app_of(slack)):
        opened = await quint.types("/news")
        assert (opened.modal.title, list(opened.modal.inputs)) == ("Subscribe", ["Words", "List"])
        wrong = await quint.submits({"Words": "("})
        assert wrong.errors == {"query": "The bracket never closes."}
        right = await quint.submits({"Words": "Kim"})
    assert right.whispers == ["Watching Kim"]
    assert quint.modal is None


async def test_an_answer_after_the_limit_is_refused_and_the_person_told(slack):
    app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))
    may_go_on, done = asyncio.Event(), asyncio.Event()

    @app.command("/news")
    async def late(ack, command, client):
        await may_go_on.wait()
        await ack("too late")
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=command["trigger_id"], view=WINDOW)
        done.set()

    async with connected(slack, app):
        sight = await slack.person("U1").types("/news", "x")
        assert sight.failure == "/news failed with the error “operation_timeout”"
        may_go_on.set()
        await slack.until(lambda: sight.envelope.late_acks == 1)
        await slack.until(done.is_set)
    assert sight.texts == []
    assert sight.modal is None


async def test_a_trigger_opens_one_window_only(slack):
    app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))
    errors = []

    @app.command("/news")
    async def twice(ack, command, client, respond):
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=WINDOW)
        try:
            await client.views_open(trigger_id=command["trigger_id"], view=WINDOW)
        except SlackApiError as error:
            errors.append(error.response["error"])
        await respond("done")

    async with connected(slack, app):
        await slack.person("U1").types("/news", until=lambda sight: sight.texts)
    assert errors == ["exchanged_trigger_id"]


async def test_without_a_connection_the_person_is_told_at_once(slack):
    sight = await slack.person("U1").types("/news", "x")
    assert sight.failure == "/news failed with the error “dispatch_failed”"


async def test_two_connections_share_the_load_and_a_doubled_envelope_goes_to_both(slack):
    apps = [app_of(slack), app_of(slack)]
    async with connected(slack, apps[0]), connected(slack, apps[1]):
        for number in range(4):
            await slack.person("U1").types("/news", f"q{number}")
        assert sorted(map(len, (app.heard for app in apps))) == [2, 2]
        slack.sockets.doubling = 1
        sight = await slack.person("U1").types("/news", "twice", until=lambda seen: len(seen.whispers) == 2)
        await slack.until(lambda: sight.envelope.acks == 2)
    assert [app.heard[-1] for app in apps] == ["twice", "twice"]
    assert sight.envelope.late_acks == 0


@pytest.mark.parametrize("how", ["disconnect", "close", "cut"])
async def test_a_bot_that_lost_its_connection_comes_back(slack, how):
    app = app_of(slack)
    async with connected(slack, app):
        (first,) = slack.sockets.connections
        match how:
            case "disconnect":
                await slack.sockets.disconnect("refresh_requested")
            case "close":
                await slack.sockets.close()
            case "cut":
                slack.sockets.cut()
        (second,) = await slack.sockets.connected()
        assert second.number > first.number
        assert (await slack.person("U1").types("/news", "again")).whispers


async def test_teams_do_not_hear_of_one_another(slack):
    one, two = app_of(slack), app_of(slack, "T2")
    async with connected(slack, one), connected(slack, two, "T2"):
        await slack.person("U1").types("/news", "one")
        await slack.person("U2", team="T2").types("/news", "two")
    assert (one.heard, two.heard) == (["one"], ["two"])


async def test_a_shortcut_brings_the_message_it_was_chosen_on(slack):
    app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))

    @app.shortcut("why")
    async def why(ack, shortcut, respond):
        await ack()
        await respond(f"because of {shortcut['message']['text']}")

    slack.team().shortcuts = {"Why this alert": "why"}
    await app.client.chat_postMessage(channel="C1", text="Summit planned")
    async with connected(slack, app):
        (alert,) = slack.channel("C1").messages
        sight = await slack.person("U1").chooses("Why this alert", on=alert)
    assert sight.whispers == ["because of Summit planned"]


async def test_a_rate_limit_in_the_middle_reaches_the_bot(slack):
    app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))

    @app.command("/news")
    async def news(ack, respond, client):
        await ack()
        try:
            await client.chat_postMessage(channel="C1", text="x")
        except SlackApiError as error:
            await respond(f"wait {error.response.headers['Retry-After']} s")

    slack.faults.next(rate_limited(7))
    async with connected(slack, app):
        assert (await slack.person("U1").types("/news", "x")).whispers == ["wait 7 s"]


async def test_a_token_revoked_while_connected_ends_methods_but_not_answers(slack):
    app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))
    told = []

    @app.event("tokens_revoked")
    async def revoked(event):
        told.append(event["tokens"]["bot"])

    @app.command("/news")
    async def news(ack, respond, client):
        await ack()
        try:
            await client.chat_postMessage(channel="C1", text="x")
            await respond("posted")
        except SlackApiError as error:
            await respond(error.response["error"])

    async with connected(slack, app):
        assert (await slack.person("U1").types("/news", "x", until=whispered)).whispers == ["posted"]
        await slack.admin().uninstalls()
        await slack.until(lambda: told)
        assert (await slack.person("U1").types("/news", "x")).whispers == ["token_revoked"]
    assert told == [["U0T1BOT"]]


def whispered(sight):
    return sight.whispers


@pytest.mark.parametrize("fault", [hang(), cut(), lost_reply()], ids=lambda fault: fault.name)
async def test_methods_other_than_posting_can_fail_too(slack, fault):
    app = app_of(slack)
    app.client.timeout = 0.2
    slack.faults.next(fault, times=9, when=calling("views.open"))
    async with connected(slack, app):
        sight = await slack.person("U1").types("/news", until=lambda _: slack.calls("views.open"))
        await slack.until(lambda: fault.name == "hang" or slack.answers[-1].fault == fault.name)
    assert bool(sight.modal) == (fault.name == "lost_reply")


async def test_one_event_reaches_two_replicas(slack):
    heard = []

    def replica():
        app = AsyncApp(client=AsyncWebClient(token=slack.team().token, base_url=slack.base_url))

        @app.event("channel_deleted")
        async def deleted(body):
            heard.append(body["event_id"])

        return app

    async with connected(slack, replica()), connected(slack, replica()):
        slack.sockets.doubling = 1
        await slack.admin().deletes("C1")
        await slack.until(lambda: len(heard) == 2)
    assert len(set(heard)) == 1


async def test_buttons_and_shortcuts_that_nobody_answers_show_it(slack):
    app = app_of(slack)
    await app.client.chat_postMessage(channel="C1", text="x", blocks=buttons("Mute"))
    quint, (alert,) = slack.person("U1"), slack.channel("C1").messages
    async with connected(slack, app):
        assert (await quint.presses("Mute")).failure == "⚠ operation_timeout"
        assert (await quint.chooses("why", on=alert)).failure == "⚠ operation_timeout"
    slack.team().interactivity = False
    assert (await quint.presses("Mute", on=alert)).failure == "⚠ dispatch_failed"
    assert len(slack.timeouts) == 2
    assert [envelope.what for envelope in slack.timeouts] == ["block_actions", "message_action"]

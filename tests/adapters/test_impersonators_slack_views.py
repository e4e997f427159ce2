"""Windows on the local Slack: filled in, pushed, updated, and what it refuses of them."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_elements import length
from tests.impersonators.slack_forms import CannotSubmit
from tests.impersonators.slack_hand import anything, field, hand, options, plain, view
from tests.impersonators.slack_view_rules import view_faults


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


def overflow(count, **more):
    return {"type": "overflow", "action_id": "o", "options": options(*map(str, range(count))), **more}


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_every_kind_of_field_is_filled_in_as_slack_describes_it(bot, slack):
    blocks = [
        field("plain_text_input", "Words", multiline=True),
        field("static_select", "How", options=options("Once", "Daily"), initial_option=options("Once")[0]),
        field("multi_conversations_select", "Channels", initial_conversations=["C1"]),
        field("conversations_select", "Where"),
        field("checkboxes", "More", options=options("Mute", "Pause"), optional=True),
        field("users_select", "Who", optional=True),
        field("file_input", "File", filetypes=["opml"], max_files=1),
        field("datepicker", "From", optional=True),
    ]
    await bot.opens(*blocks)
    filled = {
        "Words": "Kim",
        "How": "Daily",
        "Channels": ["#europe", "C1"],
        "Where": "#world",
        "File": ("a.opml", b"<opml/>"),
    }
    payload, _ = await bot.answers(slack.person("U1").submits(filled, until=anything))
    states = [next(iter(state.values())) for state in payload["view"]["state"]["values"].values()]
    assert states[:6] == [
        {"type": "plain_text_input", "value": "Kim"},
        {"type": "static_select", "selected_option": options("Daily")[0]},
        {"type": "multi_conversations_select", "selected_conversations": ["C2", "C1"]},
        {"type": "conversations_select", "selected_conversation": "C1"},
        {"type": "checkboxes", "selected_options": []},
        {"type": "users_select", "selected_user": None},
    ]
    (file,) = states[6]["files"]
    headers = {"Authorization": f"Bearer {bot.client.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(file["url_private"], headers=headers) as answer,
    ):
        assert await answer.read() == b"<opml/>"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "“Words” is required"),
        ({"Words": "abc"}, "too short or too long"),
        ({"Words": "x", "File": ("a.exe", b"x")}, "a.exe is none of"),
    ],
)
async def test_the_client_refuses_what_cannot_be_submitted(bot, slack, values, words):
    file = field("file_input", "File", filetypes=["opml"], optional=True)
    await bot.opens(field("plain_text_input", max_length=2), file)
    with pytest.raises(CannotSubmit, match=words):
        await slack.person("U1").submits(values)
    with pytest.raises(KeyError, match="no field"):
        await slack.person("U1").submits({"Wrods": "x"})


async def test_a_window_is_pushed_updated_and_cleared(bot, slack):
    quint = slack.person("U1")
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    first = await bot.opens({"type": "actions", "elements": [button]}, external_id="first")
    for title in ("Second", "Third"):
        payload, _ = await bot.answers(quint.presses("More", on=first, until=anything))
        await bot.client.views_push(trigger_id=payload["trigger_id"], view=view(title=plain(title)))
    payload, _ = await bot.answers(quint.presses("More", on=first, until=anything))
    full = await refusal(bot.client.views_push(trigger_id=payload["trigger_id"], view=view()))
    assert full["error"] == "push_limit_reached"
    assert quint.modal.title == "Third"
    stale, changed = quint.modal.hash, view(title=plain("Changed"))
    await bot.client.views_update(view_id=quint.modal.id, view=changed, hash=stale)
    assert quint.modal.title == "Changed"
    again = await refusal(bot.client.views_update(view_id=quint.modal.id, view=changed, hash=stale))
    assert again["error"] == "hash_conflict"
    double = await refusal(bot.client.views_update(view_id=quint.modal.id, view=view(external_id="first")))
    assert double["error"] == "duplicate_external_id"
    await bot.answers(quint.submits({"Words": "x"}, until=anything), {"response_action": "clear"})
    assert quint.modal is None
    gone = await refusal(bot.client.views_update(external_id="first", view=view()))
    assert gone["error"] == "not_found"


async def test_an_acknowledgement_can_update_or_push_a_window(bot, slack):
    quint = slack.person("U1")
    await bot.opens()
    update = {"response_action": "update", "view": view(title=plain("Updated"))}
    _, sight = await bot.answers(quint.submits({"Words": "x"}), update)
    assert sight.modal.title == "Updated"
    push = {"response_action": "push", "view": view(title=plain("Pushed"))}
    _, sight = await bot.answers(quint.submits({"Words": "x"}), push)
    assert sight.modal.title == "Pushed"
    await bot.answers(quint.submits({"Words": "x"}, until=anything))
    assert quint.modal.title == "Updated"


@pytest.mark.parametrize(
    "said",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong"}},
        {"response_action": "shout"},
        {"response_action": "update", "view": view(title=plain("x" * 25))},
    ],
)
async def test_an_answer_that_slack_cannot_use_shows_as_trouble(bot, slack, said):
    opened = await bot.opens()
    _, sight = await bot.answers(slack.person("U1").submits({"Words": "x"}), said)
    assert "trouble connecting" in sight.failure
    assert slack.person("U1").modal is opened
    assert "trouble connecting" in opened.trouble


async def test_what_was_typed_stays_when_the_bot_finds_fault(bot, slack):
    quint = slack.person("U1")
    await bot.opens({**field("plain_text_input"), "block_id": "words"})
    said = {"response_action": "errors", "errors": {"words": "The bracket never closes."}}
    _, sight = await bot.answers(quint.submits({"Words": "("}), said)
    assert sight.errors == {"words": "The bracket never closes."}
    payload, _ = await bot.answers(quint.submits(until=anything))
    assert payload["view"]["state"]["values"]["words"]["value"]["value"] == "("


async def test_a_closed_window_is_told_only_where_it_was_asked_for(bot, slack):
    quint = slack.person("U1")
    await bot.opens()
    await quint.closes()
    await bot.opens(notify_on_close=True)
    payload, _ = await bot.answers(quint.closes())
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)


async def test_triggers_of_others_and_old_ones_open_nothing(bot, slack):
    slack.add_team("T2")
    other = AsyncWebClient(token=slack.team("T2").token, base_url=slack.base_url)
    trigger = await bot.trigger()
    assert (await refusal(other.views_open(trigger_id=trigger, view=view())))["error"] == "invalid_trigger_id"
    slack.world.triggers[trigger].until_s = 0
    assert (await refusal(bot.client.views_open(trigger_id=trigger, view=view())))[
        "error"
    ] == "expired_trigger_id"


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (view(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
        (view(title={"type": "mrkdwn", "text": "x"}), "/view/title/type]"),
        ({**view(), "submit": plain("x" * 25)}, "/view/submit/text]"),
        ({key: value for key, value in view().items() if key != "submit"}, "missing required field: submit"),
        (view(private_metadata="x" * 3001), "/view/private_metadata]"),
        (view(callback_id="x" * 256), "/view/callback_id]"),
        (view(colour="red"), "invalid additional property: colour"),
        (view(*[{"type": "divider"}] * 101), "between 1 and 100 items"),
        (view(field("static_select", options=[])), "between 1 and 100 items"),
        (view(field("static_select", options=options("x" * 76))), "less than 76 characters"),
        (view(field("static_select", options=[{"text": plain("x"), "value": "x" * 151}])), "less than 151"),
        (view(field("checkboxes", options=options(*map(str, range(11))))), "between 1 and 10 items"),
        (
            view(field("static_select", options=options("a"), initial_option=options("b")[0])),
            "initial option",
        ),
        (view(field("plain_text_input", max_length=3001)), "between 0 and 3000"),
        (view(field("plain_text_input", max_length=2, initial_value="abc")), "less than 3 characters"),
        (view(field("plain_text_input", placeholder=plain("x" * 151))), "less than 151 characters"),
        (view(field("file_input", max_files=11)), "between 1 and 10 "),
        (view(field("button", text=plain("x"))), "unsupported type: button"),
        (view({**field("plain_text_input"), "label": {"type": "mrkdwn", "text": "x"}}), "/label/type]"),
        (view(field("static_select", options=["x"])), "must provide an object"),
        (view({"type": "rich_text", "elements": []}), "between 1 and 100 items"),
        (view({"type": "markdown", "text": ""}), "missing required field: text"),
        (view(*[{"type": "markdown", "text": "x" * 6001}] * 2), "12000 characters of markdown"),
        (view({"type": "actions", "elements": [overflow(6)]}), "between 1 and 5 items"),
        (view({"type": "actions", "elements": [overflow(2, confirm={})]}), "/confirm/title]"),
        ({"type": "home", "blocks": []}, "type modal"),
        ({"type": "modal", "title": plain("x")}, "missing required field: blocks"),
    ],
)
async def test_a_view_against_the_rules_is_refused_with_its_place(bot, broken, fault):
    answer = await refusal(bot.client.views_open(trigger_id=await bot.trigger(), view=broken))
    assert answer["error"] == "invalid_arguments"
    assert fault in " ".join(answer["response_metadata"]["messages"])


def test_a_view_at_every_limit_is_taken():
    metadata = {"private_metadata": "x" * 3000, "callback_id": "x" * 255, "close": plain("x" * 24)}
    menus = [field("static_select", label, options=options(*map(str, range(100)))) for label in ("A", "B")]
    assert view_faults(view(*menus, title=plain("x" * 24), **metadata)) == []
    assert length("🙂") == 2


async def test_a_field_for_files_needs_its_scope_and_a_window(bot, slack):
    message = await refusal(bot.client.chat_postMessage(channel="C1", text="x", blocks=[field("file_input")]))
    assert "only for modals" in message["errors"][0]
    slack.team().scopes = ("commands",)
    opened = bot.client.views_open(trigger_id=await bot.trigger(), view=view(field("file_input")))
    assert (await refusal(opened))["needed"] == "files:read"

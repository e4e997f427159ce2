"""The local Discord refuses answers to interactions that Discord would refuse, and words its own as Discord does."""

import json

import aiohttp
import jsonschema
import pytest

from tests.impersonators.discord_routes import answers
from tests.impersonators.discord_schema import DOCUMENT, at_hand
from tests.impersonators.discord_world import DiscordBot
from tests.impersonators.faults import cut, hang

BUTTON = {"type": 2, "style": 1, "label": "Confirm", "custom_id": "confirm/1"}
INPUT = {"type": 4, "style": 1, "label": "Words", "custom_id": "words"}
FORM = {"title": "Form", "custom_id": "form/1", "components": [{"type": 1, "components": [INPUT]}]}
OPTION = {"type": 3, "name": "query", "description": "words", "autocomplete": True}
COMMANDS = [{"type": 1, "name": "news", "description": "News", "options": [OPTION]}]


def row(*parts):
    return {"type": 1, "components": list(parts)}


@pytest.fixture
def ann(discord):
    discord.world.commands[1000, 0] = [{**COMMANDS[0], "id": "5"}]
    return discord.person("ann")


async def send(discord, method, path, body=None):
    address = discord.base_url + path
    async with aiohttp.ClientSession() as session, session.request(method, address, json=body) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


async def respond(discord, answer, body, query="?with_response=1"):
    path = f"/interactions/{answer.interaction.id}/{answer.interaction.token}/callback{query}"
    return await send(discord, "POST", path, body)


async def follow_up(discord, answer, body, method="POST", path="?wait=1"):
    return await send(discord, method, f"/webhooks/1000/{answer.interaction.token}{path}", body)


def said(content="hello", **more):
    return {"type": 4, "data": {"content": content, **more}}


async def test_a_response_is_told_what_became_of_it(discord, ann):
    answer = ann.starts("news")
    status, told = await respond(discord, answer, said(flags=64))
    assert status == 200
    assert told["interaction"]["id"] == str(answer.interaction.id)
    assert told["interaction"]["response_message_ephemeral"] is True
    assert told["resource"]["message"]["id"] == str(ann.sees(123)[0].id)
    assert await respond(discord, ann.starts("news"), said(), query="") == (204, None)
    assert await respond(discord, ann.starts("news"), {"type": 9, "data": FORM}) == (
        200,
        {"interaction": {"id": str(discord.interactions.all[-1].id), "type": 2}},
    )


async def test_only_the_right_token_responds_and_only_once(discord, ann):
    answer, other = ann.starts("news"), ann.starts("news")
    wrong = f"/interactions/{answer.interaction.id}/{other.interaction.token}/callback"
    assert (await send(discord, "POST", wrong, said()))[1]["code"] == 10062
    assert (await send(discord, "POST", "/interactions/1/unknown/callback", said()))[1]["code"] == 10062
    assert (await follow_up(discord, answer, {"content": "before"}))[1]["code"] == 10015
    assert (await respond(discord, answer, said()))[0] == 200
    assert (await respond(discord, answer, said()))[1]["code"] == 40060
    assert (await send(discord, "POST", "/webhooks/1000/unknown", {"content": "x"}))[1]["code"] == 10015


async def test_time_runs_by_the_platforms_clock_too(discord, ann, platform_clock):
    answer = ann.starts("news")
    await platform_clock.advance(2.9)
    assert not discord.interactions.is_late(answer.interaction)
    await platform_clock.advance(0.2)
    assert (await respond(discord, answer, said()))[1] == {"message": "Unknown interaction", "code": 10062}
    assert (await answer.arrives()).has_failed


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"type": 1}, "type"),
        ({"type": 6}, "type"),
        ({"type": 7, "data": {"content": "x"}}, "type"),
        ({"type": 8, "data": {"choices": []}}, "type"),
        (said("x" * 2001), "data.content"),
        (said(embeds=[{"title": "x" * 257}]), "data.embeds.0.title"),
        (said(embeds=[{"description": "x" * 3001}] * 2), "data.embeds"),
        (said(components=[row(*[{**BUTTON, "custom_id": f"{n}"} for n in range(6)])]), "data.components"),
        (said(components=[row(BUTTON, BUTTON)]), "data.components"),
        (said(components=[row({**BUTTON, "custom_id": "x" * 101})]), "data.components"),
        (said(components=[row({**BUTTON, "label": "x" * 81})]), "data.components"),
        (said(components=[row({"type": 2, "style": 1, "label": "x"})]), "data.components"),
        (said(components=[row({**BUTTON, "label": ""})]), "data.components"),
        (
            said(components=[row({"type": 2, "style": 5, "label": "x", "url": "https://" + "x" * 512})]),
            "data.components",
        ),
        (said(components=[row({**BUTTON, "custom_id": f"{n}"}) for n in range(6)]), "data.components"),
        (said(components=[BUTTON]), "data.components"),
        (said(components=[row()]), "data.components"),
        (said(components=[row({"type": 3, "custom_id": "s", "options": []})]), "data.components"),
        (
            said(
                components=[
                    row({"type": 3, "custom_id": "s", "options": [{"label": "x" * 101, "value": "v"}]})
                ]
            ),
            "data.components",
        ),
        (said(flags=1 << 15, components=[{"type": 10, "content": "x"}]), "data.content"),
        ({"type": 9, "data": {**FORM, "title": "x" * 46}}, "data.title"),
        ({"type": 9, "data": {**FORM, "components": []}}, "data.components"),
        (
            {
                "type": 9,
                "data": {**FORM, "components": [row({**INPUT, "custom_id": f"{n}"}) for n in range(6)]},
            },
            "data.components",
        ),
        (
            {"type": 9, "data": {**FORM, "components": [row({**INPUT, "label": "x" * 46})]}},
            "data.components.0.label",
        ),
        (
            {"type": 9, "data": {**FORM, "components": [row({**INPUT, "value": "x" * 4001})]}},
            "data.components.0.value",
        ),
        (
            {"type": 9, "data": {**FORM, "components": [row({**INPUT, "max_length": 4001})]}},
            "data.components.0.max_length",
        ),
        ({"type": 9, "data": {**FORM, "components": [row(BUTTON)]}}, "data.components.0"),
    ],
)
async def test_a_response_against_the_rules_is_refused_and_may_be_bettered(discord, ann, body, place):
    answer = ann.starts("news")
    status, refusal = await respond(discord, answer, body)
    assert (status, refusal["code"]) == (400, 50035)
    node = refusal["errors"]
    for key in place.split("."):
        node = node[key]
    assert node["_errors"]
    assert (await respond(discord, answer, said()))[0] == 200


async def test_an_empty_answer_is_refused(discord, ann):
    answer = ann.starts("news")
    assert (await respond(discord, answer, said("")))[1]["code"] == 50006
    await respond(discord, answer, said())
    assert (await follow_up(discord, answer, {"content": ""}))[1]["code"] == 50006


@pytest.mark.parametrize(
    ("choices", "status"),
    [
        ([{"name": "n" * 100, "value": "v" * 100}] * 25, 200),
        ([{"name": "n", "value": "v"}] * 26, 400),
        ([{"name": "n" * 101, "value": "v"}], 400),
        ([{"name": "n", "value": "v" * 101}], 400),
        ([{"name": "", "value": "v"}], 400),
        (None, 400),
    ],
)
async def test_completions_have_limits(discord, ann, choices, status):
    answer = ann._command(4, "news", discord.channel(123), {"query": "x"})
    assert (await respond(discord, answer, {"type": 8, "data": {"choices": choices}}))[0] == status


async def test_a_deferred_answer_keeps_who_sees_it(discord, ann):
    answer = ann.starts("news")
    await respond(discord, answer, {"type": 5, "data": {"flags": 64}})
    assert ann.sees(123)[0].is_loading
    status, message = await follow_up(discord, answer, {"content": "done"})
    assert (status, message["flags"], message["content"]) == (200, 64, "done")
    assert (await answer.arrives()).is_ephemeral
    assert discord.channel(123).shown() == []


async def test_what_was_answered_can_be_read_edited_and_deleted(discord, ann):
    answer = ann.starts("news")
    await respond(discord, answer, said(components=[row(BUTTON)]))
    _, more = await follow_up(discord, answer, {"content": "more"})
    assert (await follow_up(discord, answer, None, "GET", "/messages/@original"))[1]["content"] == "hello"
    status, edited = await follow_up(discord, answer, {"content": "new"}, "PATCH", "/messages/@original")
    assert (status, edited["content"], len(edited["components"])) == (200, "new", 1)
    assert (await follow_up(discord, answer, {"content": "x" * 2001}, "PATCH", "/messages/@original"))[
        0
    ] == 400
    assert await follow_up(discord, answer, None, "DELETE", f"/messages/{more['id']}") == (204, None)
    assert await follow_up(discord, answer, None, "DELETE", "/messages/@original") == (204, None)
    assert (await follow_up(discord, answer, None, "GET", "/messages/@original"))[1]["code"] == 10008
    assert discord.channel(123).shown() == answer.messages == []


async def test_an_ephemeral_message_is_reached_by_its_token_only(discord, ann):
    await respond(discord, ann.starts("news"), said(flags=64))
    headers = {"Authorization": f"Bot {discord.world.bots[1000].token}", "User-Agent": "DiscordBot (x, 1)"}
    address = f"{discord.base_url}/channels/123/messages/{ann.sees(123)[0].id}"
    async with aiohttp.ClientSession(headers=headers) as session, session.get(address) as reply:
        assert (reply.status, (await reply.json())["code"]) == (404, 10008)


async def test_a_disabled_button_or_link_cannot_be_pressed(discord, ann):
    link = {"type": 2, "style": 5, "label": "Open", "url": "https://x.example"}
    await respond(discord, ann.starts("news"), said(components=[row({**BUTTON, "disabled": True}, link)]))
    assert ann.sees(123)[0].buttons == ()


async def test_a_press_is_told_to_the_bot_that_wrote_the_message(discord, ann):
    discord.world.bots[1001] = DiscordBot(1001, "other")
    answer = ann.starts("news")
    await respond(discord, answer, said(components=[row(BUTTON)]))
    pressed = ann.taps("Confirm")
    assert pressed.interaction.bot_id == 1000
    assert (await respond(discord, pressed, {"type": 6}))[0] == 200
    status, edited = await follow_up(discord, pressed, {"content": "pressed"}, "PATCH", "/messages/@original")
    assert (status, edited["content"]) == (200, "pressed")
    assert (await pressed.arrives()).text == answer.text == "pressed"


async def test_an_answer_may_be_lost_on_the_way(discord, ann):
    discord.faults.next(cut(accepted=True), when=answers)
    answer = ann.starts("news")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await respond(discord, answer, said())
    assert (await answer.arrives()).text == "hello"
    discord.faults.next(hang(), when=answers)
    with pytest.raises(TimeoutError):
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
            await session.post(
                f"{discord.base_url}/webhooks/1000/{answer.interaction.token}", json={"content": "x"}
            )


async def test_components_of_the_second_version_are_read_too(discord, ann):
    texts = [
        {"type": 10, "content": "**Kim**"},
        {"type": 9, "components": [{"type": 10, "content": "side"}], "accessory": BUTTON},
    ]
    body = {"type": 4, "data": {"flags": 1 << 15 | 64, "components": [{"type": 17, "components": texts}]}}
    answer = ann.starts("news")
    assert (await respond(discord, answer, body))[0] == 200
    assert (answer.text, answer.buttons) == ("Kim\nside", ("Confirm",))


@pytest.mark.skipif(not at_hand(), reason="Discord's OpenAPI document is not beside the checkout")
async def test_what_it_says_itself_fits_discords_own_document(discord, ann):
    components = json.loads(DOCUMENT.read_text("utf-8"))["components"]

    def check(name, value):
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        jsonschema.Draft202012Validator(schema).validate(value)

    answer = ann.starts("news")
    _, told = await respond(discord, answer, said(components=[row(BUTTON)]))
    check("InteractionCallbackResponse", told)
    check("MessageResponse", told["resource"]["message"])
    pressed = ann.taps("Confirm")
    check("InteractionCallbackResponse", (await respond(discord, pressed, said()))[1])
    opened = ann.taps("Confirm")
    await respond(discord, opened, {"type": 9, "data": FORM})
    ann.form = opened.interaction
    check("InteractionCallbackResponse", (await respond(discord, ann.hands_in({"words": "x"}), said()))[1])
    headers = {"Authorization": f"Bot {discord.world.bots[1000].token}", "User-Agent": "DiscordBot (x, 1)"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for path, name in (
            ("/guilds/10", "GuildWithCountsResponse"),
            ("/channels/123", "GuildChannelResponse"),
            (f"/guilds/10/members/{ann.id}", "GuildMemberResponse"),
            ("/users/@me", "UserPIIResponse"),
            ("/gateway/bot", "GatewayBotResponse"),
        ):
            async with session.get(discord.base_url + path) as reply:
                check(name, await reply.json())
        address = f"{discord.base_url}/applications/1000/commands"
        async with session.put(address, json=COMMANDS) as reply:
            check("ApplicationCommandResponse", (await reply.json())[0])

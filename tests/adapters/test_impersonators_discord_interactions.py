"""Stock discord.py answers people on the local Discord: commands, buttons, forms, completions, menus."""

import discord as discord_py
import pytest

from tests.impersonators.discord_forms import fields_of
from tests.impersonators.discord_options import PersonCannot
from tests.impersonators.discord_routes import answers
from tests.impersonators.discord_tiny_bot import Buttons, running
from tests.impersonators.discord_world import MANAGE_CHANNELS, SEND_MESSAGES, USE_APPLICATION_COMMANDS, Role
from tests.impersonators.faults import rate_limited, slow


@pytest.fixture
async def client(discord):
    async with running(discord) as client:
        yield client
    assert client.errors == []


@pytest.fixture
def ann(discord, client):
    return discord.person("ann")


async def test_a_command_is_answered_to_the_one_who_typed_it(discord, ann):
    answer = await ann.types("news watch", query="summit")
    assert answer.text == "watch summit in #world for None 1x all"
    assert answer.is_ephemeral
    assert answer.buttons == ("Confirm", "Edit", "Later")
    assert [message.text for message in ann.sees(123)] == [answer.text]
    assert discord.person("bob").sees(123) == discord.channel(123).shown() == []


async def test_a_pressed_button_changes_the_message(ann):
    answer = await ann.types("news watch", query="summit")
    pressed = await ann.presses("Confirm")
    assert pressed.message.id == answer.message.id
    assert (answer.text, answer.buttons) == ("confirmed", ())


async def test_values_arrive_as_the_things_they_name(discord, ann, client):
    discord.add_channel(124, name="summits")
    discord.admin.set_role(Role(11, "desk"), 10)
    answer = await ann.types("news watch", query="x", in_=124, mention=11, times=3, kind="new")
    assert answer.text == "watch x in #summits for desk 3x new"
    answer = await ann.types("news watch", query="x", mention=ann, channel="124")
    assert answer.text == "watch x in #summits for ann 1x all"
    thread = discord.admin.add_thread(125, 124, "G7")
    answer = await ann.types("news watch", query="x", in_=thread)
    assert answer.text == "watch x in #G7 for None 1x all"


async def test_a_sub_command_in_a_group_answers_in_the_open(discord, ann):
    answer = await ann.types("news sources add", source="bbc")
    assert not answer.is_ephemeral
    assert discord.channel(123).shown() == ["ann added bbc"]
    assert discord.channel("123").messages[0].interaction["user"]["username"] == "ann"


async def test_completions_follow_what_is_typed(ann):
    assert await ann.completes("news sources add", source="B") == [("BBC", "bbc")]
    assert await ann.completes("news sources add", source="") == [("BBC", "bbc"), ("Reuters", "reuters")]


async def test_a_form_opens_and_is_handed_in(discord, ann):
    answer = await ann.types("news form")
    assert (answer.text, fields_of(answer.form)) == ("What to watch for", ["Words", "Channels"])
    done = await ann.submits({"words": "Kim, summit", "Channels": [123]})
    assert done.text == "words Kim, summit in #world"
    with pytest.raises(PersonCannot, match="no form open"):
        await ann.submits({"Words": "again"})


async def test_a_form_can_open_from_a_button_and_keeps_what_stands_in_it(ann):
    await ann.types("news watch", query="x")
    opened = await ann.presses("Edit")
    assert opened.form
    assert (await ann.submits({})).text == "words Kim in here"


async def test_a_press_may_be_followed_up_later(discord, ann):
    first = await ann.types("news watch", query="x")
    later = await ann.presses("Later", on=first)
    assert later.text == "later it is"
    assert first.buttons == ("Confirm", "Edit", "Later")
    assert discord.channel(123).shown() == []


async def test_a_menu_in_a_message_takes_a_choice(ann):
    await ann.types("news watch", query="x")
    assert (await ann.picks("How often", "Daily")).text == "chose ['d']"
    with pytest.raises(PersonCannot, match="no choice"):
        await ann.picks("How often", "Hourly")


async def test_a_button_under_a_posted_alert_works_for_everybody_and_after_a_restart(discord, ann, client):
    embed = discord_py.Embed(title="Summit", url="https://x.example")
    await client.get_partial_messageable(123).send(embed=embed, view=Buttons())
    await client.close()
    async with running(discord, sync=False):
        later = await ann.presses("Later", on=discord.messages[0])
        assert (later.text, later.is_ephemeral) == ("later it is", True)
        await discord.person("bob").presses("Confirm")
    [alert] = discord.channel(123).messages
    assert (alert.text, alert.headline, alert.buttons) == ("confirmed\nSummit", "Summit", ())


async def test_a_deferred_answer_is_filled_in_edited_and_followed_up(discord, ann):
    answer = await ann.types("news slow")
    await discord.gateway.until(lambda: answer.text == "thought about it twice\nand still more")
    assert answer.is_ephemeral
    assert answer.file("words.csv") == b"a,b"
    shared = await ann.types("news slow", shared=True)
    await discord.gateway.until(lambda: "twice" in shared.text)
    assert discord.channel(123).shown() == ["thought about it twice"]


async def test_a_file_can_be_handed_in(ann):
    assert (await ann.types("news take", file=("feeds.opml", b"<opml/>"))).text == "feeds.opml: <opml/>"


async def test_the_menu_of_a_message_knows_the_message(discord, ann, client):
    await client.get_partial_messageable(123).send("White House")
    assert (await ann.chooses("Why", on=discord.messages[0])).text == "because of “White House”"


async def test_rights_follow_roles_and_overwrites(discord, ann):
    assert (await ann.types("news rights")).text == "manage False, send True"
    discord.admin.set_role(Role(11, "editors", MANAGE_CHANNELS), 10)
    discord.admin.give_roles(ann.id, discord.world.guilds[10], [11])
    discord.admin.allow(123, 1000, deny=SEND_MESSAGES)
    assert (await ann.types("news rights")).text == "manage True, send False"


async def test_a_response_that_comes_late_is_refused(discord, ann, client):
    discord.interactions.delay_next()
    answer = await ann.types("news watch", query="x")
    assert (answer.has_failed, answer.text) == (True, "The application did not respond")
    await discord.gateway.until(lambda: bool(client.errors))
    assert client.errors.pop().code == 10062


async def test_a_bot_that_never_responds_is_noticed_when_its_time_is_up(discord, ann, client):
    discord.interactions.respond_within_s = 0.05
    discord.faults.next(slow(0.2), when=answers)
    assert (await ann.types("news watch", query="x")).has_failed
    await discord.gateway.until(lambda: bool(client.errors))
    assert client.errors.pop().code == 10062


async def test_an_interaction_told_twice_is_answered_once(discord, ann, client):
    discord.interactions.repeat_next()
    answer = await ann.types("news watch", query="x")
    await discord.gateway.until(lambda: bool(client.errors))
    assert client.errors.pop().code == 40060
    assert len(ann.sees(123)) == len(answer.messages) == 1


async def test_of_two_replicas_that_hear_the_same_one_answers(discord, ann, client):
    async with running(discord, sync=False) as other:
        await discord.gateway.until_connected(2)
        answer = await ann.types("news watch", query="x")
        await discord.gateway.until(lambda: bool(client.errors + other.errors))
        assert [error.code for error in client.errors + other.errors] == [40060]
        client.errors.clear()
    assert len(ann.sees(123)) == len(answer.messages) == 1


async def test_nobody_answers_where_the_bot_was_removed_or_the_channel_is_gone(discord, ann, client):
    answer = await ann.types("news watch", query="x")
    discord.add_channel(124)
    elsewhere = await ann.types("news watch", query="x", channel=124)
    discord.admin.delete_channel(124)
    assert elsewhere.messages == []
    discord.admin.kick(10)
    discord.interactions.respond_within_s = 0.01
    assert (await ann.presses("Confirm", on=answer)).has_failed
    with pytest.raises(PersonCannot, match="offers"):
        await ann.types("news watch", query="x")


async def test_a_token_is_worth_nothing_after_15_minutes(discord, ann, client, platform_clock):
    answer = await ann.types("news watch", query="x")
    token = answer.interaction.token
    webhook = discord_py.Webhook.partial(1000, token, client=client)
    assert (await webhook.send("in time", wait=True)).content == "in time"
    await platform_clock.advance(15 * 60)
    with pytest.raises(discord_py.HTTPException) as refused:
        await webhook.send("too late")
    assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_a_rate_limit_in_the_middle_of_an_answer_is_sat_out(discord, ann):
    discord.faults.next(rate_limited(0.01), when=answers)
    assert (await ann.types("news watch", query="x")).text.startswith("watch x")


async def test_a_person_can_do_only_what_discord_offers(discord, ann, client):
    discord.add_guild(20, name="Elsewhere")
    discord.add_channel(201, guild=20)
    bob = discord.person("bob", guild=20)
    answer = await ann.types("news watch", query="x")
    await client.get_partial_messageable(123).send("shared")
    for attempt, reason in (
        (lambda: bob.types("news watch", query="x", channel=123), "does not see channel 123"),
        (lambda: bob.types("news watch", query="x", in_=123), "sees no channel 123"),
        (lambda: bob.types("news watch", query="x", mention=ann), "finds nobody"),
        (lambda: bob.presses("Confirm"), "sees no button"),
        (lambda: bob.presses("Confirm", on=answer.message), "sees no button"),
        (lambda: discord.person("cy").presses("Confirm", on=answer.message), "sees no button"),
        (lambda: bob.chooses("Why", on=discord.channel(123).messages[0]), "does not see channel"),
        (lambda: ann.chooses("Mute", on=discord.channel(123).messages[0]), "no bot in Foreign desk adds"),
        (lambda: ann.types("news watch"), "needs query"),
        (lambda: ann.types("news watch", query="x" * 21), "too long"),
        (lambda: ann.types("news watch", query="x", kind="old"), "is one of"),
        (lambda: ann.types("news watch", query="x", times="3"), "cannot take"),
        (lambda: ann.types("news watch", query="x", mood="3"), "has no option mood"),
        (lambda: ann.types("news sources"), "no bot in Foreign desk offers"),
        (lambda: ann.types("weather"), "no bot in Foreign desk offers"),
    ):
        with pytest.raises(PersonCannot, match=reason):
            await attempt()
    discord.admin.allow(123, ann.id, deny=USE_APPLICATION_COMMANDS)
    with pytest.raises(PersonCannot, match="may not use"):
        await ann.types("news watch", query="x")


async def test_another_interactions_token_reaches_no_message(discord, ann, client):
    first = await ann.types("news watch", query="x")
    second = await ann.types("news watch", query="y")
    webhook = discord_py.Webhook.partial(1000, second.interaction.token, client=client)
    with pytest.raises(discord_py.NotFound) as refused:
        await webhook.edit_message(first.message.id, content="changed")
    assert refused.value.code == 10008
    other = discord_py.Webhook.partial(1001, second.interaction.token, client=client)
    with pytest.raises(discord_py.HTTPException) as unknown:
        await other.send("x")
    assert unknown.value.code == 50027

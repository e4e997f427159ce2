"""What people see on Discord after a command, a button, a menu entry or a form."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import (
    Action,
    Button,
    Field,
    Form,
    Line,
    Look,
    Press,
    Reply,
    Submission,
    Tone,
    Upload,
    line,
    say,
)
from bot.domain.message import Run
from bot.domain.model import ChannelAddress
from tests.adapters.discord_desk import RecordingDesk, serving
from tests.impersonators.discord_answers import NO_RESPONSE
from tests.impersonators.discord_forms import fields_of
from tests.impersonators.discord_routes import FOLLOW_UP, answers
from tests.impersonators.discord_world import MANAGE_CHANNELS, SEND_MESSAGES
from tests.impersonators.faults import broken, rate_limited

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
CONFIRM = Button("Confirm", Action("confirm", ("d1",)), Tone.PRIMARY)
EDIT = Button("Edit", Action("redraft", ("d1",)))
FORM = Form(
    "Watch for words",
    Action("redraft", ("d1",)),
    (
        Field("query", "What to watch for", "text", "summit", "Commas mean or"),
        Field("in", "Channels", "channels", required=False),
        Field("how", "How often", "choice", "all", choices=(("all", "Every article"), ("day", "Once a day"))),
        Field("feeds", "Only these sources", required=False),
        Field("file", "A list", "file", required=False),
    ),
)


@pytest.fixture
def desk():
    return RecordingDesk()


async def everybody_sees(discord, *texts):
    """Wait until the channel shows just these messages to everybody."""
    await discord.gateway.until(lambda: discord.channel(123).shown() == list(texts))


# ---------------------------------------------------------------- in time


async def test_everything_is_acknowledged_while_the_desk_is_blocked(discord, desk):
    desk.answers["search"] = Reply((line("found"),), (CONFIRM,))
    async with serving(discord, desk, deadline_s=3.0):
        ann = discord.person("ann")
        first = await ann.types("news search", query="summit")
        desk.block()
        started = [
            ann.starts("news search", query="golf"),
            ann.taps("Confirm", on=first),
            *(ann.starts("news status") for _ in range(5)),
        ]
        await discord.gateway.until(lambda: all(item.interaction.response for item in started))
        assert not any(item.interaction.touched for item in started)
        desk.free()
        for item in started:
            await item.arrives()
        assert all(item.text for item in started)


async def test_an_interaction_that_comes_too_late_is_dropped(discord, desk):
    async with serving(discord, desk):
        discord.interactions.delay_next()
        ann = discord.person("ann")
        answer = await ann.types("news status")
        assert answer.text == NO_RESPONSE
        assert (await ann.types("news help")).text == "heard"
        assert [said.command for said in desk.heard] == ["help"]


async def test_an_interaction_that_is_told_twice_is_done_once(discord, desk):
    async with serving(discord, desk):
        discord.interactions.repeat_next(3)
        ann = discord.person("ann")
        await ann.types("news status")
        await ann.types("news help")
        assert [said.command for said in desk.heard] == ["status", "help"]


async def test_of_two_newsbots_that_hear_one_command_only_one_does_it(discord, desk):
    other = RecordingDesk(answer=say("the other"))
    async with serving(discord, desk), serving(discord, other):
        await discord.gateway.until_connected(2)
        answer = await discord.person("ann").types("news status")
        assert answer.text in {"heard", "the other"}
        assert len(desk.heard) + len(other.heard) == 1


async def test_of_two_newsbots_that_could_open_a_form_only_one_is_seen(discord, desk):
    other = RecordingDesk(answer=say("the other"))
    async with serving(discord, desk), serving(discord, other):
        await discord.gateway.until_connected(2)
        ann = discord.person("ann")
        answer = await ann.types("news edit", subscription="12")
        await discord.gateway.until(lambda: len(discord.calls(CALLBACK)) == 2)
        await ann.types("news status")
        assert answer.text in {"heard", "the other"}
        assert len(ann.sees()) == 2


@pytest.mark.parametrize("fault", [rate_limited(0.05), broken(502)])
async def test_an_answer_that_discord_puts_off_comes_all_the_same(discord, desk, fault):
    async with serving(discord, desk):
        ann = discord.person("ann")
        discord.faults.next(fault, when=lambda request: request.operation.startswith("PATCH /webhooks"))
        assert (await ann.types("news status")).text == "heard"


async def test_an_acknowledgement_that_discord_puts_off_comes_all_the_same(discord, desk):
    async with serving(discord, desk):
        discord.faults.next(rate_limited(0.05), when=answers)
        assert (await discord.person("ann").types("news status")).text == "heard"


# ---------------------------------------------------------------- what is shown


async def test_lines_look_as_they_are_meant(discord, desk):
    desk.answer = Reply(
        (
            line("Watching #world", Look.TITLE),
            Line((Run("… leader "), Run("Kim Jong Un", marked=True), Run(" said")), Look.QUOTE),
            line("Summit (again)", url="https://example.com/a_(b)"),
            line(""),
            line("24 sources", Look.DIM),
            line('"Kim AND  summit\n^', Look.CODE),
            line("@everyone <@1> *x*"),
        )
    )
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
    message = answer.message
    assert message.shown.styled("bold") == ("Watching #world", "Kim Jong Un")
    assert message.shown.styled("code block") == ('"Kim AND  summit\n^\n',)
    assert message.shown.styled("subtext") == ("24 sources",)
    assert message.shown.styled("quote") != ()
    assert [(link.url, link.label) for link in message.links] == [
        ("https://example.com/a_%28b%29", "Summit (again)")
    ]
    assert (message.pings, message.shown.mentions, message.allowed_mentions) == ((), (), {"parse": []})
    assert answer.text.endswith("@\u200beveryone <@\u200b1> *x*")


async def test_a_code_cannot_end_its_own_block(discord, desk):
    desk.answer = Reply((line("a ``` **b** `", Look.CODE),))
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
    assert answer.message.shown.styled("code block") != ()
    assert answer.message.content.count("```") == 2


@pytest.mark.parametrize(("lines", "size"), [(30, 60), (100, 200), (5, 5000)])
async def test_long_answers_stay_within_discords_limits(discord, desk, lines, size):
    desk.answer = Reply(tuple(line("ab " * (size // 3)) for _ in range(lines)))
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
    assert answer.text.startswith("ab ab")
    cut = "more lines" in answer.text
    assert cut == (lines * size > 6000 and lines == 100)


async def test_code_that_is_too_long_is_cut(discord, desk):
    desk.answer = Reply((line("x" * 9000, Look.CODE),))
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
    assert answer.message.shown.styled("code block") != ()


async def test_buttons_stand_in_rows_and_what_finds_no_place_is_left_out(discord, desk):
    one = [Button(f"P{number}", Action("pause", (str(number),)), row=0) for number in range(3)]
    two = [Button(f"R{number}", Action("remove", (str(number),)), Tone.DANGER, row=1) for number in range(3)]
    rest = [Button(f"B{number}" + "x" * 90, Action("show", (str(number),))) for number in range(30)]
    long = Button("long", Action("x" * 101))
    desk.answer = Reply((line("many"),), (*one, *two, *rest, CONFIRM, long, CONFIRM))
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
    rows = [[part["label"][:2] for part in row["components"]] for row in answer.message.components]
    assert rows[:2] == [["P0", "P1", "P2"], ["R0", "R1", "R2"]]
    assert [len(row) for row in rows] == [3, 3, 5, 5, 5]
    assert "long" not in answer.buttons


async def test_an_answer_with_nothing_in_it_still_says_something(discord, desk):
    desk.answer = Reply()
    async with serving(discord, desk):
        assert (await discord.person("ann").types("news status")).text == "Done."


async def test_a_shared_answer_is_seen_by_everybody(discord, desk):
    desk.answer = Reply((line("14 articles"),), shared=True)
    async with serving(discord, desk):
        ann, bob = discord.person("ann"), discord.person("bob")
        await ann.types("news search", query="summit")
        await everybody_sees(discord, "14 articles")
        assert [message.text for message in bob.sees()] == ["14 articles"]
        assert [message.text for message in ann.sees() if message.is_ephemeral] == [
            "Everybody sees the answer, below."
        ]


async def test_a_file_is_handed_out(discord, desk):
    desk.answer = Reply((line("Here it is"),), file=Upload("subscriptions.toml", b"[[subscriptions]]"))
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news export", what="subscriptions")
    assert answer.file("subscriptions.toml") == b"[[subscriptions]]"
    assert answer.is_ephemeral


async def test_a_change_is_announced_to_everybody(discord, desk):
    desk.answer = Reply((line("Watching"),), announcement=(Run("ann added “"), Run("Kim"), Run("” @here")))
    async with serving(discord, desk):
        ann, bob = discord.person("ann"), discord.person("bob")
        await ann.types("news status")
        await discord.gateway.until(lambda: bool(bob.sees()))
        (message,) = bob.sees()
        assert (message.text, message.pings) == ("ann added “Kim” @\u200bhere", ())


async def test_a_change_is_announced_in_the_channels_that_it_concerns(discord, desk):
    discord.add_channel(124, name="europe")
    discord.add_channel(125, name="closed")
    discord.admin.allow(125, 10, deny=SEND_MESSAGES)
    places = tuple(ChannelAddress("discord", "10", id) for id in ("125", "124"))
    desk.answer = Reply((line("Copied"),), announcement=(Run("ann copied"),), announced_in=places)
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
        await discord.gateway.until(lambda: bool(discord.channel(124).messages))
        assert discord.channel(124).shown() == ["ann copied"]
        assert discord.channel(123).messages == []
        assert answer.text == "Copied"


async def test_an_answer_that_discord_refuses_is_excused_in_words(discord, desk):
    desk.answer = Reply((line("x"),), (Button("a", Action("b")),))
    async with serving(discord, desk):
        discord.faults.next(broken(400), when=lambda request: request.operation.startswith("PATCH /webhooks"))
        answer = await discord.person("ann").types("news status")
        assert (
            answer.text == "Discord did not take newsbot’s answer. Its operator finds the reason in the log."
        )


async def test_an_answer_that_discord_refuses_twice_is_only_logged(discord, desk):
    async with serving(discord, desk):
        for verb in ("PATCH", "POST"):
            failing = lambda request, verb=verb: request.operation.startswith(f"{verb} /webhooks")
            discord.faults.next(broken(400), when=failing)
        ann = discord.person("ann")
        answer = ann.starts("news status")
        await discord.gateway.until(lambda: len(discord.calls(FOLLOW_UP)) == 1)
        assert not answer.interaction.touched
        assert (await ann.types("news help")).text == "heard"


async def test_an_answer_that_comes_after_its_time_is_only_logged(discord, desk, platform_clock):
    desk.answer = Reply((line("x"),), announcement=(Run("ann did x"),))
    desk.block()
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = ann.starts("news status")
        await desk.until(lambda: bool(desk.heard))
        platform_clock.jump(16 * 60)
        desk.free()
        await discord.gateway.until(lambda: len(discord.calls(FOLLOW_UP)) == 1)
        assert not answer.interaction.touched
        assert (await ann.types("news help")).text == "x"


# ---------------------------------------------------------------- buttons


async def test_a_button_brings_its_action_and_its_message(discord, desk):
    desk.answers["search"] = Reply((line("found"),), (CONFIRM,))
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = await ann.types("news search", query="summit")
        pressed = await ann.presses("Confirm")
        assert desk.last == Press(desk.last.caller, Action("confirm", ("d1",)), str(answer.message.id))
        assert (pressed.text, pressed.is_ephemeral) == ("heard", True)
        assert answer.message.text == "found"


async def test_a_button_works_after_a_restart(discord, desk):
    desk.answers["search"] = Reply((line("found"),), (CONFIRM,), shared=True)
    async with serving(discord, desk):
        await discord.person("ann").types("news search", query="summit")
        await everybody_sees(discord, "found")
    async with serving(discord, desk):
        await discord.person("bob").presses("Confirm")
        assert desk.last.action == Action("confirm", ("d1",))


async def test_an_answer_takes_the_place_of_the_message_whose_button_was_pressed(discord, desk):
    desk.answers["search"] = Reply((line("page 1"),), (CONFIRM,))
    desk.answers["confirm"] = Reply((line("page 2"),), replaces=True)
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = await ann.types("news search", query="summit")
        await ann.presses("Confirm")
        assert (answer.message.text, answer.message.buttons) == ("page 2", ())
        assert len(ann.sees()) == 1


async def test_what_everybody_sees_is_not_replaced_by_an_answer_to_one(discord, desk):
    desk.answers["search"] = Reply((line("for all"),), (CONFIRM,), shared=True)
    desk.answers["confirm"] = Reply((line("for bob"),), replaces=True)
    async with serving(discord, desk):
        await discord.person("ann").types("news search", query="summit")
        await everybody_sees(discord, "for all")
        bob = discord.person("bob")
        assert (await bob.presses("Confirm")).text == "for bob"
        assert discord.channel(123).shown() == ["for all"]
        desk.answers["confirm"] = Reply((line("for all again"),), replaces=True, shared=True)
        await bob.presses("Confirm")
        assert discord.channel(123).shown() == ["for all again"]


async def test_the_menu_of_a_message_brings_its_id(discord, desk):
    desk.answers["search"] = Reply((line("an alert"),), shared=True)
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.types("news search", query="summit")
        await everybody_sees(discord, "an alert")
        (message,) = discord.channel(123).messages
        for entry, verb in (
            ("Mute this story", "mute"),
            ("Not relevant", "irrelevant"),
            ("Why this?", "why"),
        ):
            answer = await ann.chooses(entry, on=message)
            assert (answer.text, answer.is_ephemeral) == ("heard", True)
            assert desk.last == Press(desk.last.caller, Action(verb), str(message.id))


async def test_rights_are_looked_at_anew_when_a_button_is_pressed(discord, desk):
    desk.answers["search"] = Reply((line("found"),), (CONFIRM,))
    async with serving(discord, desk):
        ann = discord.person("ann")
        discord.admin.allow(123, ann.id, allow=MANAGE_CHANNELS)
        await ann.types("news search", query="summit")
        assert desk.last.caller.rights.moderator
        discord.admin.allow(123, ann.id)
        await ann.presses("Confirm")
        assert not desk.last.caller.rights.moderator


# ---------------------------------------------------------------- forms


async def test_a_command_without_its_words_opens_a_form_at_once(discord, desk):
    desk.block()
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = await ann.types("news subscribe")
        assert (answer.text, fields_of(answer.form)[0]) == ("Watch for words", "What to watch for")
        assert desk.heard == []
        desk.free()
        handed_in = await ann.submits({"What to watch for": "Kim, summit", "Channels": [123]})
        assert (handed_in.text, handed_in.is_ephemeral) == ("heard", True)
        assert desk.last == Submission(
            desk.last.caller,
            Action("subscribe"),
            {"query": "Kim, summit", "in": (desk.last.caller.channel,), "feeds": ""},
        )


async def test_every_kind_of_field_comes_back_as_what_it_stands_for(discord, desk):
    desk.answers["search"] = Reply((line("found"),), (EDIT,))
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = await ann.types("news search", query="summit")
        desk.answers["redraft"] = Reply(form=FORM)
        opened = await ann.presses("Edit")
        assert fields_of(opened.form) == [field.label for field in FORM.fields]
        desk.answers["redraft"] = Reply((line("corrected"),), replaces=True)
        await ann.submits({"How often": "Once a day", "A list": ("a.txt", b"1")})
        assert desk.last.values == {
            "query": "summit",
            "in": (),
            "how": "day",
            "feeds": "",
            "file": Upload("a.txt", b"1"),
        }
        assert desk.last.action == Action("redraft", ("d1",))
        assert answer.message.text == "corrected"


async def test_a_form_can_be_handed_in_after_a_restart(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.types("news subscribe")
    async with serving(discord, desk):
        assert (await ann.submits({"query": "summit"})).text == "heard"


async def test_a_form_that_takes_too_long_is_excused(discord, desk):
    desk.block()
    async with serving(discord, desk, form_within_s=0.05):
        answer = await discord.person("ann").types("news edit", subscription="12")
        assert (answer.text, answer.is_ephemeral) == ("newsbot is busy. Try again in a few seconds.", True)
        desk.free()


async def test_an_answer_in_place_of_a_form_is_shown(discord, desk):
    desk.answers["edit"] = say("There is no subscription 12 here.")
    desk.answers["search"] = Reply((line("found"),), (EDIT,))
    desk.answers["redraft"] = Reply((line("This was confirmed already."),), replaces=True)
    async with serving(discord, desk):
        ann = discord.person("ann")
        assert (await ann.types("news edit", subscription="12")).text == "There is no subscription 12 here."
        answer = await ann.types("news search", query="summit")
        await ann.presses("Edit")
        assert answer.message.text == "This was confirmed already."


async def test_a_form_that_comes_after_its_time_is_asked_for_again(discord, desk):
    desk.answers["status"] = Reply(form=FORM)
    async with serving(discord, desk):
        answer = await discord.person("ann").types("news status")
        assert answer.text == "newsbot is busy. Try again in a few seconds."


async def test_a_form_that_discord_does_not_take_is_only_logged(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        discord.interactions.delay_next()
        assert (await ann.types("news subscribe")).text == NO_RESPONSE
        assert (await ann.types("news status")).text == "heard"

"""The desk: what people say goes to the right function, and what goes wrong comes back in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands.exchange import SILENCE, Action, Call, Caller, Choice, Press, Submission, say
from bot.domain.model import ChannelAddress, Person
from bot.domain.query import parse_query
from bot.errors import UserError
from bot.services.commands.context import Context, Handlers, Quotas
from bot.services.commands.desk import NewsDesk
from bot.stores import open_store
from tests.clock import FakeClock

WORLD = Caller(Person("U1", "Ann"), ChannelAddress("slack", "T1", "C1"))


@pytest.fixture
async def context(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield Context(
            store,
            FakeClock(),
            chats={},
            listeners={},
            fetcher=None,
            parser=None,
            sources={},
            quotas=Quotas(commands=3),
        )


async def said(context, call):
    return say(f"{call.command}: {call.arguments['query']}")


async def read(context, call):
    parse_query(call.arguments["query"])
    return say("fine")


async def refuse(context, call):
    raise UserError("There are 200 subscriptions here.\nRemove one first.")


async def fall_over(context, call):
    raise ZeroDivisionError


async def pressed(context, press):
    return say(f"pressed {press.action}")


async def filled_in(context, submission):
    return say(f"{submission.action.verb}: {submission.values['query']}")


async def offer(context, caller, typed):
    if typed == "!":
        raise UserError("no")
    if typed == "0":
        raise ZeroDivisionError
    return [Choice(str(n), typed) for n in range(30)]


def desk(context):
    commands = {"search": said, "preview": read, "subscribe": refuse, "status": fall_over}
    return NewsDesk(
        context, Handlers(commands, {"confirm": pressed}, {"edit": filled_in}, {"subscription": offer})
    )


def texts(reply):
    return ["".join(run.text for run in line.text) for line in reply.lines]


async def run(context, command, caller=WORLD, **arguments):
    return texts(await desk(context).run(Call(caller, command, arguments)))


async def test_a_command_a_press_and_a_form_reach_their_functions(context):
    here = desk(context)
    assert texts(await here.run(Call(WORLD, "search", {"query": "Kim"}))) == ["search: Kim"]
    assert texts(await here.press(Press(WORLD, Action.parse("confirm/7/x")))) == ["pressed confirm/7/x"]
    assert texts(await here.submit(Submission(WORLD, Action("edit"), {"query": "Kim"}))) == ["edit: Kim"]


async def test_what_comes_to_two_desks_is_done_by_one(context):
    once = replace(WORLD, request="13345224609.738474920.8088930838d88f008e0")
    call = Call(once, "search", {"query": "Kim"})
    first, second = [await desk(context).run(call) for _ in range(2)]
    assert texts(first) == ["search: Kim"]
    assert second == SILENCE
    elsewhere = replace(once, channel=ChannelAddress("discord", "10", "123"))
    assert await desk(context).run(replace(call, caller=elsewhere)) != SILENCE


async def test_what_no_function_answers_is_said(context):
    here = desk(context)
    assert texts(await here.run(Call(WORLD, "dance"))) == [
        "There is no command dance. /news help shows them all."
    ]
    assert "older newsbot" in texts(await here.press(Press(WORLD, Action("dance"))))[0]
    assert "older newsbot" in texts(await here.submit(Submission(WORLD, Action("dance"))))[0]


async def test_a_query_that_cannot_be_read_comes_back_with_the_place_and_a_correction(context):
    assert await run(context, "preview", query='"Kim AND summit') == [
        "I can’t read this query: the quote opened at character 1 never closes.",
        '"Kim AND summit\n^',
        "Did you mean",
        '"Kim" AND summit',
    ]
    [fault] = await run(context, "preview", query=" ")
    assert "empty" in fault
    shown = (await run(context, "preview", query="kim " * 40 + "*"))[1]
    assert shown.splitlines()[0].startswith("…")


async def test_a_refusal_and_a_failure_are_said_and_end_nothing(context):
    assert await run(context, "subscribe") == ["There are 200 subscriptions here.", "Remove one first."]
    [failed] = await run(context, "status")
    assert "by a mistake of its own" in failed
    assert "ZeroDivisionError" not in failed


async def test_more_commands_than_the_limit_are_refused_for_that_person_only_and_for_a_while(context):
    here = desk(context)
    ben = Caller(Person("U2", "Ben"), WORLD.channel)
    for _ in range(3):
        await here.run(Call(WORLD, "search", {"query": "Kim"}))
    [refused] = texts(await here.run(Call(WORLD, "search", {"query": "Kim"})))
    assert refused == "That was 3 commands in 10 s, which is the limit. Try again in 10 s."
    assert texts(await here.run(Call(ben, "search", {"query": "Kim"}))) == ["search: Kim"]
    context.clock.jump(11)
    assert texts(await here.run(Call(WORLD, "search", {"query": "Kim"}))) == ["search: Kim"]


async def test_those_who_were_quiet_longest_are_forgotten_first(context, monkeypatch):
    monkeypatch.setattr("bot.services.commands.quotas.MOST_REMEMBERED", 1)
    here = desk(context)
    ben = Caller(Person("U2", "Ben"), WORLD.channel)
    for caller in (WORLD, WORLD, WORLD, ben, WORLD):
        reply = await here.run(Call(caller, "search", {"query": "Kim"}))
    assert texts(reply) == ["search: Kim"]


async def test_completions_are_at_most_25_and_never_an_error(context):
    here, call = desk(context), Call(WORLD, "pause")
    assert len(await here.complete(call, "subscription", "su")) == 25
    assert await here.complete(call, "subscription", "!") == ()
    assert await here.complete(call, "subscription", "0") == ()
    assert await here.complete(call, "nothing", "x") == ()


async def test_a_place_that_was_left_is_paused_and_comes_back(context):
    here = desk(context)
    await here.gone("slack", "T1", None, "the app was removed")
    await here.back("slack", "T1", None)
    assert await here.left("slack", "T1") == []


async def test_a_function_finds_the_workspace_and_the_terms_of_whoever_speaks(context):
    assert (await context.workspace(WORLD.channel)).external_id == "T1"
    assert await context.terms(WORLD) == {}

"""Workspaces side by side: none sees or touches another's things, whatever id it sends."""

from dataclasses import replace

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people

QUERIES = {"T1": "alpha", "T2": "beta", "10": "gamma", "20": "delta"}


@pytest.fixture
async def rooms(house, slack, discord, clock):
    """Have each of the four watch for a word of its own; the subscriptions are 1 to 4."""
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        for person, query, place in (
            (rooms.quint, "alpha", "C1"),
            (rooms.ada, "beta", "C9"),
        ):
            await person.types("/news", f"subscribe {query}", channel=place)
            await person.presses("Confirm", until=lambda sight: "Watching #world" in sight.text)
        for person, query, place in ((rooms.ann, "gamma", 123), (rooms.cyd, "delta", 456)):
            await person.types("news subscribe", query=query, channel=place)
            await person.presses("Confirm")
        yield rooms


async def active(rooms):
    """Return what is watched, as the store has it."""
    return {
        one.id: (one.query, str(one.channel.address))
        for one in await rooms.parts.store.registry.subscriptions()
    }


ALL = {
    1: ("alpha", "slack:T1/C1"),
    2: ("beta", "slack:T2/C9"),
    3: ("gamma", "discord:10/123"),
    4: ("delta", "discord:20/456"),
}


async def test_each_channel_hears_of_what_it_watches_and_of_nothing_else(rooms, wire, clock):
    words = ("alpha", "beta", "gamma", "delta")
    wire.publish(
        *(
            article(f"About {word}", clock, number=number, text=f"<p>It is about {word} only.</p>")
            for number, word in enumerate(words)
        )
    )
    await rooms.settle()
    assert rooms.headlines() == {
        "C1": ["About alpha"],
        "C9": ["About beta"],
        "123": ["About gamma"],
        "456": ["About delta"],
    }


@pytest.mark.parametrize(
    "typed",
    ["unsubscribe 1", "pause 1", "resume 1", "edit 1 --query hacked", "unsubscribe alpha", "pause alpha"],
)
async def test_the_number_or_words_of_another_slack_workspace_stand_for_nothing(rooms, typed):
    sight = await rooms.ada.types("/news", typed, channel="C9")
    assert "alpha" not in sight.text.replace("“alpha”", "")  # but for what ada typed herself
    assert await active(rooms) == ALL


@pytest.mark.parametrize("number", ["1", "3"])
@pytest.mark.parametrize("command", ["unsubscribe", "pause", "resume"])
async def test_the_number_of_another_server_or_platform_stands_for_nothing(rooms, command, number):
    answer = await rooms.cyd.types(f"news {command}", subscription=number, channel=456)
    assert "alpha" not in answer.text
    assert "gamma" not in answer.text
    assert await active(rooms) == ALL


async def test_a_channel_of_another_workspace_cannot_be_named(rooms):
    for place in ("--in <#C1|world>", "--in C1", "--in slack:T1/C1", "--in <#C1>"):
        sight = await rooms.ada.types("/news", "", raw=f"subscribe hacked {place}", channel="C9")
        assert "Confirm" not in sight.buttons, place
    assert await active(rooms) == ALL


async def test_lists_and_where_show_only_what_is_ones_own(rooms):
    ada = rooms.ada
    for typed in ("subscriptions", "where alpha", "status", "export subscriptions", "sources list"):
        sight = await ada.types("/news", typed, channel="C9")
        texts = sight.text + "".join(
            file.content.decode() for message in sight.messages for file in message.files
        )
        assert "quint" not in texts, typed
        assert "alpha" not in texts.replace("“alpha”", ""), typed
    cyd = rooms.cyd
    assert [value for _, value in await cyd.completes("news pause", subscription="", channel=456)] != []
    assert not [label for label, _ in await cyd.completes("news pause", subscription="gam", channel=456)]
    answer = await cyd.types("news where", query="gamma", channel=456)
    assert answer.text == "No channel that you can see watches for the word “gamma”."


async def test_a_button_of_another_slack_workspace_does_nothing_where_it_does_not_belong(rooms):
    await rooms.quint.types("/news", "subscriptions", channel="C1")
    await rooms.ada.types("/news", "subscriptions", channel="C9")
    here = rooms.slack.channel("C9").whispers
    theirs = rooms.slack.channel("C1").whispers[-1]
    here[-1] = replace(here[-1], blocks=theirs.blocks)
    for label in ("Pause 1", "Remove 1"):
        sight = await rooms.ada.presses(label, on=here[-1])
        assert "alpha" not in sight.text
        here[-1] = replace(here[-1], blocks=theirs.blocks)
    assert await active(rooms) == ALL


async def test_a_draft_of_another_workspace_cannot_be_confirmed(rooms):
    await rooms.ann.types("news subscribe", query="epsilon", channel=123)
    await rooms.cyd.types("news subscribe", query="zeta", channel=456)
    theirs = rooms.discord.channel(123).whispers[-1]
    whispers = rooms.discord.channel(456).whispers
    whispers[-1] = replace(whispers[-1], components=theirs.components)
    answer = await rooms.cyd.presses("Confirm", on=whispers[-1])
    assert "epsilon" not in answer.text
    assert await active(rooms) == ALL


async def test_an_alert_of_another_workspace_cannot_be_asked_about_or_muted(rooms, wire, clock):
    await rooms.quint.types("/news", "buttons on", channel="C1")
    await rooms.ada.types("/news", "buttons on", channel="C9")
    wire.publish(
        article("About alpha", clock, number=1, text="<p>alpha</p>"),
        article("About beta", clock, number=2, text="<p>beta</p>"),
    )
    await rooms.settle()
    [theirs] = [message for message in rooms.slack.channel("C1").messages if message.headline]
    messages = rooms.slack.channel("C9").messages
    messages[-1] = replace(messages[-1], blocks=theirs.blocks)
    for label in ("Why this?", "Mute this story", "Not relevant"):
        sight = await rooms.ada.presses(label, on=messages[-1])
        assert "quint" not in sight.text, label
        assert "alpha" not in "".join(sight.whispers), label
    posted = await rooms.parts.store.frontdesk.alert_by_message(
        (await rooms.parts.store.registry.subscription(1, 1)).channel.address, theirs.ts, clock.now()
    )
    assert posted.mute is None


async def test_a_term_of_one_workspace_means_nothing_in_another(rooms):
    sight = await rooms.quint.types("/news", "terms set plan operation walnut", channel="C1")
    assert "@plan" in sight.text
    sight = await rooms.ada.types("/news", "terms list", channel="C9")
    assert "walnut" not in sight.text
    sight = await rooms.ada.types("/news", "subscribe @plan", channel="C9")
    assert "Confirm" not in sight.buttons

"""Workspaces are apart: whoever sends another's ids learns nothing and changes nothing, on every platform."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.commands.exchange import Action, Reply, Submission, Upload
from bot.domain.message import plain
from bot.domain.model import Origin
from tests.builders import entry
from tests.services.newsdesk import newsroom
from tests.services.people import ADMIN, said, somebody

SECRET = "xanadu"
"""Stands in everything that is of the one workspace."""
FEED = f"https://{SECRET}.example/rss"
ALERTED = ("mute", "unmute", "irrelevant", "why", "postheld")


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock)


async def furnish(room, where) -> str:
    """Have a workspace read, watch and hold something; return the id of its alert."""
    platform, _, workspace = where.rpartition("/")[0].partition(":")
    feed = await room.follow(
        FEED, title=SECRET, name=SECRET, origin=Origin.CHAT, workspaces=((platform, workspace),)
    )
    for number in range(12):
        await room.watch(f"{SECRET} {number}, {SECRET}", f"{where}{number:02}")
    now = room.clock.now()
    articles = [entry(f"{SECRET}{n}", title=f"{SECRET} {n}", published_at=now) for n in range(12)]
    ids = await room.read(feed, *articles)
    await room.send(ids[0])
    await room.hold(ids[1], f"{SECRET} is full")
    await room.run("terms set", somebody("Ann", where, ADMIN), name=SECRET, query=SECRET)
    return str(ids[0])


async def replies(room, where) -> AsyncIterator[Reply]:
    """Yield answers that somebody of the workspace gets, whose buttons carry its ids."""
    ann = somebody("Ann", where, ADMIN)
    asked = [
        ("search", {"query": SECRET}),
        ("where", {"query": SECRET}),
        ("why", {"url": f"https://news.example/{SECRET}0"}),
        ("preview", {"query": SECRET}),
        ("status", {}),
        ("sources list", {}),
        ("sources health", {}),
        ("terms list", {}),
        ("subscriptions", {}),
        ("subscribe", {"query": SECRET}),
    ]
    for command, arguments in asked:
        yield await room.run(command, ann, **arguments)
    room.paper.print(entry("t", title=SECRET))
    yield await room.run("sources test", ann, url=f"https://new.{SECRET}.example/rss")


async def everything(room):
    """Return what is declared and chosen, for comparing."""
    here = [one.id for one in await room.store.registry.subscriptions(paused=True)]
    feeds = [one.feed.url for one in await room.store.registry.feeds()]
    watched = [(one.query, one.state) for one in await room.store.registry.subscriptions(paused=True)]
    return here, feeds, watched, await room.states(), await room.all_mutes()


@pytest.mark.parametrize(
    ("where", "stranger"),
    [
        ("slack:T1/C", "slack:T2/C00"),
        ("discord:1/2", "discord:3/200"),
        ("slack:T1/C", "discord:1/200"),
        ("discord:1/2", "slack:1/C00"),
    ],
)
async def test_no_button_of_another_workspace_tells_or_changes_anything(room, where, stranger):
    alert = await furnish(room, where)
    actions = {f"{verb}/{alert}" for verb in ALERTED}
    async for reply in replies(room, f"{where}00"):
        actions |= {str(button.action) for button in reply.buttons}
    assert len({action.partition("/")[0] for action in actions}) > 12
    ann, eve = somebody("Ann", f"{where}00", ADMIN), somebody("Eve", stranger, ADMIN)
    assert SECRET in said(await room.press(f"why/{alert}", by=ann))
    before = await everything(room)
    for action in sorted(actions):
        reply = await room.press(Action.parse(action), by=eve)
        told = said(reply) + plain(reply.announcement)
        assert SECRET not in told.lower(), action
        assert reply.file is None
        assert not any(button.action.verb == "confirm" for button in reply.buttons), action
    for verb in ALERTED:
        assert "knows of no alert" in said(await room.press(Action(verb), by=eve, message="m1"))
    assert await everything(room) == before


@pytest.mark.parametrize(
    ("where", "stranger"), [("slack:T1/C", "slack:T2/C00"), ("discord:1/2", "discord:3/200")]
)
async def test_no_command_tells_of_another_workspace(room, where, stranger):
    await furnish(room, where)
    eve = somebody("Eve", stranger, ADMIN)
    asked = [
        ("search", {"query": "news.example, zebra"}),
        ("where", {"query": "zebra"}),
        ("why", {"url": "https://news.example/0"}),
        ("preview", {"query": "zebra"}),
        ("status", {}),
        ("sources list", {}),
        ("sources health", {}),
        ("sources remove", {"source": "1"}),
        ("terms list", {}),
        ("terms remove", {"name": "x"}),
        ("export", {"what": "sources"}),
        ("export", {"what": "subscriptions"}),
        ("subscriptions", {}),
        ("import", {"file": Upload("x.csv", f"channel,query\n{where}00,zebra".encode())}),
    ]
    before = await everything(room)
    for command, arguments in asked:
        reply = await room.run(command, eve, **arguments)
        assert SECRET not in said(reply).lower(), command
        assert SECRET not in str([button.label for button in reply.buttons])
        assert reply.file is None
    for parameter in ("source", "name", "feeds", "subscription"):
        assert await room.complete(parameter, "", eve) == []
    assert await everything(room) == before


async def test_the_secret_in_the_address_of_a_source_without_a_name_is_shown_nowhere(room):
    await room.follow("https://paid.example/rss?token=S3CRET", title="Paid")
    drafted = await room.run("subscribe", query="summit", feeds="Paid")
    await room.press(drafted, "Confirm")
    [one] = await room.store.registry.subscriptions()
    assert one.feeds_named == ("https://paid.example/rss?token=S3CRET",)
    number = str(one.id)
    changed = await room.run("edit", subscription=number, query="kim")
    answers = [
        await room.run("subscriptions"),
        await room.run("edit", subscription=number),
        await room.press(f"edit/{number}"),
        changed,
        await room.press(changed, "Edit"),
        await room.run("why", url="https://other.example/1"),
        await room.run("export", what="subscriptions"),
        await room.run("status"),
    ]
    assert "S3CRET" not in repr(answers)
    assert "only from https://paid.example/rss?token=" in said(answers[0])
    assert "Only from Paid." in said(changed)
    form = await room.press(f"edit/{number}")
    feeds = next(field.value for field in form.form.fields if field.name == "feeds")
    assert feeds == "Paid"
    filled = Submission(somebody(), Action("edit", (number,)), {"query": "kim", "feeds": feeds})
    again = await room.desk.submit(filled)
    await room.press(again, "Confirm")
    [one] = await room.store.registry.subscriptions()
    assert (one.query, one.feeds_named) == ("kim", ("https://paid.example/rss?token=S3CRET",))

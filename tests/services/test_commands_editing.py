"""`edit`; and who may subscribe and edit, asked anew at every step."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Mention
from bot.domain.message import plain
from bot.domain.model import SubscriptionState
from tests.services.managing import HERE, Room
from tests.services.people import ADMIN, GUEST, pressed, said, somebody, texts

DESK = Mention("group", "S1", "desk")


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


# ---------------------------------------------------------------- editing


async def test_edit_shows_what_the_new_words_find_and_changes_them_when_confirmed(room):
    one = await room.watch("summit")
    await room.stock("Kim plays golf")
    reply = await room.run("edit", subscription=str(one.id), query="Kim -tennis")
    assert texts(reply)[0] == (
        f"Ready to change {one.id} in #c1, to watch for the word “Kim”, but without the word “tennis”."
    )
    assert "Kim plays golf" in said(reply)
    done = await room.press(reply, "Confirm")
    assert plain(done.announcement) == f"Ann changed “summit” ({one.id}) to “Kim -tennis”"
    assert [(other.id, other.query) for other in await room.watched()] == [(one.id, "Kim -tennis")]


async def test_edit_without_new_words_opens_a_form_with_the_old_ones(room):
    await room.follow("https://bbc.example/rss", name="bbc", title="BBC")
    one = await room.watch("summit", feeds=("bbc",), mention=DESK)
    for form in (await room.run("edit", subscription="summit"), await room.press(f"edit/{one.id}")):
        assert form.form is not None
        assert [field.value for field in form.form.fields] == ["summit", "bbc", "keep"]
        reply = await room.submit(form, query="golf")
        assert "Only from bbc. Each alert calls @desk." in texts(reply)
    await room.press(reply, "Confirm")
    changed = await room.one(one.id)
    assert (changed.query, changed.feeds_named, changed.mention) == ("golf", ("bbc",), DESK)


async def test_the_form_can_take_a_mention_away(room):
    one = await room.watch("summit", mention=DESK)
    form = await room.press(f"edit/{one.id}")
    assert form.form is not None
    assert form.form.fields[-1].choices == (("keep", "@desk"), ("nobody", "Nobody"))
    kept = await room.submit(form, query="golf")
    assert "calls @desk" in said(kept)
    freed = await room.submit(await room.press(kept, "Edit"), mention="nobody")
    await room.press(freed, "Confirm")
    assert (await room.one(one.id)).mention is None


async def test_edit_changes_sources_and_mention_and_can_take_them_away(room):
    await room.follow("https://bbc.example/rss", title="BBC")
    one = await room.watch("summit", mention=DESK)
    limited = await room.run("edit", subscription="summit", feeds="BBC", mention="nobody")
    done = await room.press(limited, "Confirm")
    assert plain(done.announcement) == f"Ann changed “summit” ({one.id})"
    changed = await room.one(one.id)
    assert (changed.feeds_named, changed.mention) == (("https://bbc.example/rss",), None)
    everything = await room.run(
        "edit", subscription="summit", feeds="all", mention=Mention("person", "nobody", "nobody")
    )
    await room.press(everything, "Confirm")
    assert (await room.one(one.id)).feeds == frozenset()


async def test_edit_to_what_another_one_says_is_told(room):
    one, other = await room.watch("summit"), await room.watch("golf")
    reply = await room.run("edit", subscription=str(one.id), query="golf")
    assert f"is watched in #c1 already: {other.id}" in said(reply)


async def test_sources_that_only_the_command_line_can_name_stay_as_they_are(room):
    hidden = await room.follow("https://x.example/rss", name="hidden", workspaces=(("slack", "T2"),))
    one = await room.watch("summit", feeds=("hidden",), origin="cli")
    reply = await room.run("edit", subscription=str(one.id), query="golf")
    await room.press(reply, "Confirm")
    changed = await room.one(one.id)
    assert (changed.query, changed.feeds) == ("golf", {hidden})


async def test_what_the_config_file_declares_is_not_edited_here(room):
    one = await room.declare("summit")
    for reply in (
        await room.run("edit", subscription=str(one.id), query="golf"),
        await room.run("edit", subscription=str(one.id)),
        await room.press(f"edit/{one.id}"),
        await room.submit(f"edit/{one.id}", query="golf"),
    ):
        assert said(reply).startswith(f"“the summit” ({one.id}) stands in newsbot’s config file.")
        assert said(reply).endswith(f"here you can pause it: /news pause {one.id}")


async def test_an_edit_of_a_subscription_that_was_removed_meanwhile_is_refused(room):
    one = await room.watch("summit")
    reply = await room.run("edit", subscription=str(one.id), query="golf")
    await room.run("unsubscribe", subscription=str(one.id))
    assert texts(await room.press(reply, "Confirm")) == [f"There is no subscription {one.id} here."]


# ---------------------------------------------------------------- rights, every time


@pytest.mark.parametrize(
    ("where", "rights", "refusal"),
    [
        (HERE, GUEST, "Here only full members (no guests) may manage the subscriptions. Ask one of them."),
        (
            "discord:G1/C1",
            GUEST,
            "Here only people with Manage Channel or Manage Server may manage the subscriptions. Ask one of them.",
        ),
    ],
)
async def test_who_may_not_manage_is_told_who_may_at_every_step(room, where, rights, refusal):
    owner, other = somebody("Ann", where), somebody("Eve", where, rights)
    draft = await room.run("subscribe", owner, query="summit")
    one = await room.watch("golf", where)
    replies = [
        await room.run("subscribe", other, query="summit"),
        await room.submit("subscribe", other, query="summit"),
        await room.press(draft, "Confirm", by=other),
        await room.press(draft, "Edit", by=other),
        await room.press(draft, "Post a sample here", by=other),
        await room.submit(str(pressed(draft, "Edit")), other, query="tennis"),
        await room.press(f"draft/{pressed(draft, 'Edit').parts[0]}", by=other),
        await room.run("edit", other, subscription="golf", query="tennis"),
        await room.press(f"edit/{one.id}", by=other),
        await room.submit(f"edit/{one.id}", other, query="tennis"),
    ]
    assert [texts(reply) for reply in replies] == [[refusal]] * len(replies)
    assert await room.queries(where) == ["golf"]


async def test_rights_in_other_channels_are_asked_of_the_platform(room):
    room.chats["slack"].elsewhere["Ann", "slack:T1/C2"] = GUEST
    reply = await room.run("subscribe", query="summit", in_="slack:T1/C1 slack:T1/C2")
    assert "Here only full members" in said(reply)
    room.chats["slack"].hidden["slack:T1/C3"] = {"Ben"}
    unseen = await room.run("subscribe", query="summit", in_="slack:T1/C3")
    assert texts(unseen) == [
        "There is no such channel here, or you can’t see it. Choose one from the list of channels."
    ]


@pytest.mark.parametrize("place", ["slack:T1", "slack:T2", "discord:G1", "discord:G2"])
async def test_nothing_of_another_workspace_can_be_touched_by_whatever_id(room, place):
    """Ids of drafts, subscriptions and channels, sent from another workspace."""
    others = {"slack:T1", "slack:T2", "discord:G1", "discord:G2"} - {place}
    ann = somebody("Ann", f"{place}/C1")
    draft = await room.run("subscribe", ann, query="summit")
    one = await room.watch("golf", f"{place}/C1")
    id = pressed(draft, "Edit").parts[0]
    for other in others:
        eve = somebody("Eve", f"{other}/C1", ADMIN)
        refused = [
            await room.press(f"{verb}/{id}", by=eve) for verb in ("draft", "confirm", "redraft", "sample")
        ]
        refused += [
            await room.press(f"{verb}/{one.id}", by=eve) for verb in ("edit", "pause", "resume", "remove")
        ]
        refused += [
            await room.run(verb, eve, subscription=str(one.id), query="x")
            for verb in ("edit", "pause", "resume", "unsubscribe")
        ]
        refused.append(await room.submit(f"edit/{one.id}", eve, query="x"))
        refused.append(await room.submit(f"redraft/{id}", eve, query="x"))
        refused.append(await room.run("subscribe", eve, query="x", in_=f"{place}/C1"))
        refused.append(await room.run("subscriptions", eve, in_=f"{place}/C1"))
        refused.append(await room.run("buttons", eve, wanted="on", in_=f"{place}/C1"))
        refused.append(await room.run("copy", eve, from_=f"{place}/C1", to=f"{other}/C1"))
        refused.append(await room.run("copy", eve, from_=f"{other}/C1", to=f"{place}/C1"))
        assert all(reply.refused for reply in refused)
        assert not any(reply.announcement or reply.buttons for reply in refused)
        assert "golf" not in said(await room.press("list/C1/0", by=eve))
        assert await room.complete("subscription", "", by=eve) == []
    [left] = await room.watched(f"{place}/C1")
    assert (left.query, left.state) == ("golf", SubscriptionState.ACTIVE)
    assert await room.queries(None) == ["golf"]
    assert (await room.press(draft, "Confirm", by=ann)).announcement

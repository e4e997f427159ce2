"""Terms in a chat: listed, set with what that touches, removed when nothing uses them."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Call
from bot.domain.model import Origin
from bot.ports import TermRow
from bot.services.commands import terms
from tests.builders import NOW
from tests.services.newsdesk import newsroom
from tests.services.people import GUEST, labels, said, somebody, texts

ANN = somebody("Ann")
BEN = somebody("Ben", rights=GUEST)
KIM = '"Kim Jong Un", 김정은'


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock)


async def define(room, name="kim", query=KIM, by=ANN):
    return await room.run("terms set", by, name=name, query=query)


async def declare(room, **terms):
    """Define terms in the config file."""
    await room.store.registry.apply_file([], [], NOW, terms)


async def hide(room, query, channel="slack:T1/SECRET"):
    """Have a channel watch something that Ann cannot see."""
    room.chats["slack"].hidden[channel] = {"Zoe"}
    return await room.watch(query, channel)


def announced(reply):
    return "".join(run.text for run in reply.announcement)


async def test_a_term_is_set_with_its_meaning_and_everybody_hears_of_it(room):
    reply = await define(room, "@Kim")
    assert texts(reply) == ["@kim means the phrase “Kim Jong Un” or the word “김정은”."]
    assert announced(reply) == f"Ann set @kim to “{KIM}”"
    assert await room.context.terms(ANN) == {"kim": KIM}
    assert await room.context.terms(somebody("Eve", "slack:T2/C1")) == {}
    assert await room.context.terms(somebody("Eve", "discord:T1/C1")) == {}


async def test_a_change_says_what_was_meant_before_and_which_subscriptions_follow(room):
    await define(room)
    await room.watch("@kim AND summit", "slack:T1/WORLD")
    await hide(room, "@kim")
    reply = await define(room, query="Kim")
    assert texts(reply) == [
        "@kim means the word “Kim”.",
        "Before, it meant the phrase “Kim Jong Un” or the word “김정은”.",
        "2 subscriptions follow at once: “@kim AND summit” in #world and 1 in channels that you can’t see.",
    ]
    assert texts(await define(room, query="Kim")) == ["@kim means the word “Kim”."]


async def test_many_subscriptions_are_named_in_part(room):
    await define(room)
    for number in range(7):
        await room.watch("@kim", f"slack:T1/C{number}")
    assert "“@kim” in #c4 and 2 more." in said(await define(room, query="Kim"))


async def test_advice_on_a_definition_comes_with_it(room):
    assert "is a word of the phrase" in said(await define(room, query="Kim or summit"))


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("kim", '"Kim', "I can’t read this query"),
        ("kim", "@kim", "A term cannot rest on itself"),
        ("kim", "@nobody", "@nobody"),
        ("1", "Kim", "cannot name a term"),
    ],
)
async def test_what_cannot_be_read_is_refused(room, name, query, told):
    assert told in said(await define(room, name, query))
    assert await room.context.terms(ANN) == {}


async def test_a_change_that_breaks_a_subscription_names_it_only_if_it_can_be_seen(room):
    await define(room)
    await room.watch("@kim NEAR/3 summit", "slack:T1/WORLD")
    broken = said(await define(room, query="Kim -golf"))
    assert "the subscription “@kim NEAR/3 summit” could not be read any more" in broken
    room.chats["slack"].hidden["slack:T1/WORLD"] = {"Zoe"}
    hidden = said(await define(room, query="Kim -golf"))
    assert "a subscription in a channel that you can’t see could not be read any more" in hidden
    assert "summit" not in hidden
    assert await room.context.terms(ANN) == {"kim": KIM}


async def test_terms_are_listed_with_their_use_page_by_page(room):
    assert "No terms yet" in said(await room.run("terms list"))
    await declare(room, asia="Asia, Korea")
    await define(room)
    await room.watch("@kim")
    here = await room.here()
    await room.store.registry.set_term(TermRow(here, "zoo", "zoo", Origin.CLI), NOW)
    assert texts(await room.run("terms list")) == [
        "3 terms",
        "@asia = Asia, Korea · not used · declared in newsbot’s config file",
        f"@kim = {KIM} · in 1 subscription · by Ann",
        "@zoo = zoo · not used · by whoever runs newsbot",
    ]
    for number in range(9):
        await define(room, f"t{number}", "summit")
    first = await room.run("terms list")
    second = await room.press(first, "More")
    assert (len(texts(second)), labels(second)) == (3, ["Back"])
    assert texts(await room.press(second, "Back")) == texts(first)


async def test_a_term_that_nothing_uses_is_removed(room):
    await define(room)
    reply = await room.run("terms remove", name="@kim")
    assert (said(reply), announced(reply)) == ("@kim is gone.", "Ann removed @kim")
    assert "There is no term @kim here. /news terms list" in said(await room.run("terms remove", name="kim"))


async def test_a_term_that_is_used_cannot_be_removed_and_says_by_what(room):
    await define(room)
    await define(room, "talks", "@kim summit")
    assert said(await room.run("terms remove", name="kim")) == (
        "@kim cannot go while it is used: @talks. Change that first."
    )
    await room.watch("@kim", "slack:T1/WORLD")
    await hide(room, "@kim AND secret")
    refused = said(await room.run("terms remove", name="kim"))
    assert refused == (
        "@kim cannot go while it is used: “@kim” in #world and 1 in channels that you can’t see and @talks."
        " Change that first."
    )


async def test_the_files_terms_stay_and_hold_again_once_one_of_the_same_name_is_removed(room):
    await declare(room, kim="Kim")
    assert "is declared in newsbot’s config file" in said(await room.run("terms remove", name="kim"))
    await room.watch("@kim")
    await define(room)
    reply = await room.run("terms remove", name="kim")
    assert texts(reply) == [
        "@kim means the word “Kim” again, as newsbot’s config file has it.",
        "1 subscription follows at once: “@kim” in #c1.",
    ]


async def test_only_who_may_edit_sets_and_removes(room):
    await define(room)
    assert "may change what everybody shares" in said(await define(room, query="x", by=BEN))
    assert "may change what everybody shares" in said(await room.run("terms remove", BEN, name="kim"))
    assert await room.context.terms(ANN) == {"kim": KIM}


async def test_names_are_completed(room):
    await define(room)
    await define(room, "korea", "Korea")
    call = Call(ANN, "terms remove")
    assert [one.value for one in await room.desk.complete(call, "name", "@KI")] == ["kim"]
    assert [one.label for one in await room.desk.complete(call, "name", "k")] == [
        f"@kim = {KIM}",
        "@korea = Korea",
    ]


def test_a_term_that_can_be_read_no_more_has_no_meaning():
    assert terms._meaning("kim", {"kim": '"Kim'}) == ""


async def test_a_workspace_has_only_so_many_terms_and_those_it_has_can_be_changed(room, monkeypatch):
    monkeypatch.setattr("bot.services.commands.terms.MOST_TERMS", 2)
    for name in ("a1", "a2"):
        await room.run("terms set", name=name, query="kim")
    assert said(await room.run("terms set", name="a3", query="kim")) == (
        "The limit here is 2 terms, and 2 are in use. Remove some first: /news terms list shows them."
    )
    assert "@a2 means" in said(await room.run("terms set", name="a2", query="summit"))

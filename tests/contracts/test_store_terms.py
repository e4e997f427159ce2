"""What every store promises of named terms: see `bot.ports.Registry`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.errors import ConfigError, NotFound, QueryError, UserError
from bot.ports import FileChanges, Store, SubscriptionRow, TermRow
from tests.builders import NOW, at, entry

KIM = '"Kim Jong Un", 김정은'


@dataclass
class Terms:
    """The terms of the console and of a Slack team."""

    store: Store

    async def place(self, place="console:local"):
        return (await self.store.registry.workspace(*place.split(":"), NOW)).id

    async def set(self, name, definition, place="console:local", when=NOW, **row):
        workspace = await self.place(place)
        wanted = TermRow(workspace, name, definition, row.pop("origin", Origin.CLI), **row)
        return titles(await self.store.registry.set_term(wanted, when))

    async def remove(self, name, place="console:local", when=NOW):
        return titles(await self.store.registry.remove_term(name, await self.place(place), when))

    async def defaults(self, when=NOW, rows=(), **terms):
        return await self.store.registry.apply_file([], rows, when, terms)

    async def at(self, place="console:local"):
        found = await self.store.registry.terms(await self.place(place))
        return {term.name: term.definition for term in found}


@pytest.fixture
def terms(store):
    return Terms(store)


def titles(subscriptions):
    return [one.title for one in subscriptions]


def file_row(query, name="Korea", channel="console:world"):
    return SubscriptionRow(ChannelAddress.parse(channel), query, Origin.FILE, name=name)


async def state(store):
    """Everything that terms bear on."""
    changes = await store.registry.changes(0)
    workspaces = [
        await store.registry.workspace(*place, NOW) for place in [("console", "local"), ("slack", "T1")]
    ]
    return changes, [await store.registry.terms(workspace.id) for workspace in workspaces]


# ---------------------------------------------------------------- a workspace's own


async def test_a_term_is_defined_listed_and_removed(terms, store):
    assert await terms.set("kim", KIM, by="ann") == []
    (term,) = await store.registry.terms(await terms.place())
    assert (term.name, term.definition, term.origin) == ("kim", KIM, Origin.CLI)
    assert (term.created_at, term.created_by, term.updated_at, term.updated_by) == (NOW, "ann", NOW, "ann")
    assert term.workspace_id == await terms.place()
    assert await terms.remove("kim") == []
    assert await terms.at() == {}


async def test_terms_are_listed_by_name(terms):
    for name in ("trump", "golf", "kim"):
        await terms.set(name, name)
    assert list(await terms.at()) == ["golf", "kim", "trump"]


async def test_a_new_definition_takes_the_place_of_the_old_one(terms, store):
    await terms.set("kim", "Kim", by="ann")
    await terms.set("kim", KIM, when=at(days=1), by="bob", origin=Origin.CHAT)
    (term,) = await store.registry.terms(await terms.place())
    assert (term.definition, term.origin) == (KIM, Origin.CLI)
    assert (term.created_at, term.created_by, term.updated_at, term.updated_by) == (
        NOW,
        "ann",
        at(days=1),
        "bob",
    )


async def test_the_same_definition_again_changes_nothing(terms, store, desk):
    await terms.set("kim", KIM)
    await desk.subscribe("@kim")
    before = await state(store)
    assert await terms.set("kim", KIM, when=at(days=1), by="bob") == []
    assert await state(store) == before


async def test_what_an_edit_replaced_is_kept_with_its_time(terms, store_url):
    """No port shows it yet; the row's history is looked at where it is kept."""
    await terms.set("kim", "Kim", by="ann")
    await terms.set("kim", KIM, when=at(days=1), by="bob")
    await terms.remove("kim", when=at(days=2))
    await terms.set("kim", "Kim", when=at(days=3))
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        asked = (
            "SELECT at, change, before ->> 'definition', before ->> 'updated_by' FROM row_history ORDER BY id"
        )
        assert connection.execute(asked).fetchall() == [
            (at(days=1).timestamp(), "edited", "Kim", "ann"),
            (at(days=2).timestamp(), "retired", None, None),
            (at(days=3).timestamp(), "revived", KIM, "bob"),
        ]


async def test_a_term_belongs_to_one_workspace(terms, desk):
    await terms.set("kim", "Kim")
    await terms.set("kim", "Jong", "slack:T1")
    assert (await terms.at(), await terms.at("slack:T1"), await terms.at("slack:T2")) == (
        {"kim": "Kim"},
        {"kim": "Jong"},
        {},
    )
    with pytest.raises(QueryError, match="no term @kim"):
        await desk.subscribe("@kim", "slack:T2/C1")


@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ("@kim, Kim", "@kim uses itself."),
        ("@korea", "@kim uses @korea, which uses @kim."),
        ("@nobody", "@kim cannot be read. There is no term @nobody here"),
        ('"Kim', "@kim cannot be read. The quote opened at character 1 never closes."),
        ("-golf", "@kim cannot be read."),
    ],
)
async def test_a_definition_that_cannot_be_is_refused_and_changes_nothing(
    terms, store, definition, complaint
):
    await terms.set("kim", "Kim")
    await terms.set("korea", "@kim, Pyongyang")
    before = await state(store)
    with pytest.raises(UserError, match=complaint):
        await terms.set("kim", definition, when=at(days=1))
    assert await state(store) == before


# ---------------------------------------------------------------- subscriptions


async def test_a_subscription_carries_the_definitions_that_it_rests_on(terms, desk, store):
    await terms.set("kim", KIM)
    await terms.set("korea", "@kim, Pyongyang")
    await terms.set("golf", "golf")
    korea, plain = await desk.subscribe("$Korea AND summit"), await desk.subscribe("summit")
    assert (korea.terms, plain.terms) == ({"kim": KIM, "korea": "@kim, Pyongyang"}, {})
    assert await store.registry.subscriptions() == [korea, plain]


async def test_an_alert_carries_the_definitions_as_they_stand_when_it_goes_out(terms, desk):
    await terms.set("kim", "Kim")
    feed_id = await desk.follow()
    (id,) = await desk.publish(feed_id, entry(), await desk.subscribe("@kim"))
    await terms.set("kim", KIM)
    (match,) = (await desk.claimed(id)).alert.matches
    assert match.subscription.terms == {"kim": KIM}


@pytest.mark.parametrize("query", ["@nobody", "summit AND $nobody", "title:@nobody"])
async def test_a_subscription_to_an_unknown_term_is_refused(desk, store, query):
    with pytest.raises(QueryError, match="There is no term .nobody here"):
        await desk.subscribe(query)
    assert await store.registry.subscriptions() == []


async def test_an_edit_counts_as_a_change_of_the_subscriptions_that_it_touches_and_no_others(
    terms, desk, store
):
    await terms.set("kim", "Kim")
    await terms.set("korea", "@kim, Pyongyang")
    direct, through = await desk.subscribe("@kim"), await desk.subscribe("@korea", name="Korea")
    await desk.subscribe("Kim")
    await desk.subscribe('"@kim"')
    gone = await desk.subscribe("@kim AND golf")
    await store.registry.unsubscribe(str(gone.id), NOW)
    await terms.set("kim", "Kim", "slack:T1")
    elsewhere = await desk.subscribe("@kim", "slack:T1/C1")
    before = (await store.registry.changes(0)).revision
    assert await terms.set("kim", KIM) == ["@kim", "Korea"]
    changes = await store.registry.changes(before)
    assert changes.revision == before + 1
    assert [(one.id, one.terms["kim"]) for one in changes.changed] == [(direct.id, KIM), (through.id, KIM)]
    assert elsewhere.terms == {"kim": "Kim"}


async def test_an_edit_that_touches_no_subscription_stales_no_decision(terms, desk, store):
    await desk.subscribe("kim")
    before = (await store.registry.changes(0)).revision
    await terms.set("kim", KIM)
    assert (await store.registry.changes(0)).revision == before


async def test_an_edit_that_makes_a_subscription_unreadable_is_refused(terms, desk, store):
    await terms.set("kim", "Kim")
    await terms.set("test", "@kim NEAR/5 test")
    before = await state(store)
    with pytest.raises(UserError, match="@test could not be read any more. "):
        await terms.set("kim", "Kim AND summit")
    await terms.remove("test")
    await desk.subscribe("@kim NEAR/5 test", name="Tests")
    before = await state(store)
    with pytest.raises(UserError, match="The subscription “Tests” could not be read any more. "):
        await terms.set("kim", "Kim AND summit")
    assert await state(store) == before


# ---------------------------------------------------------------- remove


async def test_a_used_term_cannot_be_removed(terms, desk, store):
    await terms.set("kim", KIM)
    await terms.set("korea", "@kim, Pyongyang")
    await desk.subscribe("@kim AND summit", name="Summits")
    await desk.subscribe("@kim")
    before = await state(store)
    with pytest.raises(UserError) as refused:
        await terms.remove("kim")
    assert str(refused.value) == (
        "@kim cannot go while it is used by the subscription “Summits” in console:world, the subscription “@kim” in"
        " console:world and the term @korea."
        " Change or remove that first."
    )
    assert await state(store) == before


async def test_a_term_whose_last_user_is_gone_can_be_removed(terms, desk, store):
    await terms.set("kim", KIM)
    user = await desk.subscribe("@kim")
    await store.registry.unsubscribe(str(user.id), NOW)
    await terms.remove("kim")
    assert await terms.at() == {}
    with pytest.raises(QueryError, match="no term @kim"):
        await desk.subscribe("@kim")


@pytest.mark.parametrize("when", ["never", "not any more", "elsewhere"])
async def test_removing_an_unknown_term_raises_not_found(terms, when):
    if when != "never":
        await terms.set("kim", KIM, "slack:T1" if when == "elsewhere" else "console:local")
    if when == "not any more":
        await terms.remove("kim")
    with pytest.raises(NotFound, match="There is no term @kim"):
        await terms.remove("kim")


# ---------------------------------------------------------------- the file's


async def test_the_files_terms_hold_in_every_workspace(terms, desk):
    assert await terms.defaults(kim=KIM) == FileChanges(added=("@kim",))
    assert await terms.at() == await terms.at("slack:T1") == {"kim": KIM}
    assert (await desk.subscribe("@kim", "slack:T1/C1")).terms == {"kim": KIM}


async def test_a_second_time_the_file_changes_nothing(terms, desk, store):
    await terms.defaults(kim=KIM, korea="@kim")
    await desk.subscribe("@korea")
    before = await state(store)
    assert await terms.defaults(kim=KIM, korea="@kim", when=at(days=1)) == FileChanges()
    assert await state(store) == before


async def test_a_workspaces_own_definition_wins(terms, desk, store):
    await terms.defaults(kim="Kim")
    here, there = await desk.subscribe("@kim"), await desk.subscribe("@kim", "slack:T1/C1")
    before = (await store.registry.changes(0)).revision
    assert await terms.set("kim", KIM) == ["@kim"]
    assert (await terms.at(), await terms.at("slack:T1")) == ({"kim": KIM}, {"kim": "Kim"})
    assert [one.id for one in (await store.registry.changes(before)).changed] == [here.id]
    assert await terms.defaults(kim="Jong", when=at(days=1)) == FileChanges(
        edited=("@kim",), touched=("@kim",)
    )
    assert [one.id for one in (await store.registry.changes(before + 1)).changed] == [there.id]
    assert (await desk.subscription(here.id)).terms == {"kim": KIM}


async def test_without_a_workspaces_own_definition_the_files_holds_again(terms, desk):
    await terms.defaults(kim="Kim")
    await terms.set("kim", KIM)
    user = await desk.subscribe("@kim")
    assert await terms.remove("kim") == ["@kim"]
    assert (await desk.subscription(user.id)).terms == {"kim": "Kim"}


async def test_the_files_terms_are_not_touched_by_others(terms):
    await terms.defaults(kim=KIM)
    with pytest.raises(UserError, match="@kim is defined in the config file. Change or remove it there."):
        await terms.remove("kim")


async def test_a_workspaces_own_terms_may_rest_on_the_files(terms, desk):
    await terms.defaults(kim="Kim")
    await terms.set("korea", "@kim, Pyongyang", "slack:T1")
    user = await desk.subscribe("@korea", "slack:T1/C1")
    assert (await terms.defaults(kim=KIM)).touched == ("@korea",)
    assert (await desk.subscription(user.id)).terms["kim"] == KIM


async def test_the_files_subscriptions_use_the_files_terms(terms, store):
    assert await terms.defaults(rows=[file_row("@kim")], kim=KIM) == FileChanges(added=("@kim", "Korea"))
    (row,) = await store.registry.subscriptions()
    assert row.terms == {"kim": KIM}
    edited = await terms.defaults(rows=[file_row("@kim AND summit")], kim="Kim", when=at(days=1))
    assert edited == FileChanges(edited=("@kim", "Korea"))
    again = await terms.defaults(rows=[file_row("@kim AND summit")], kim=KIM, when=at(days=2))
    assert again == FileChanges(edited=("@kim",), touched=("Korea",))


async def test_a_term_that_is_no_longer_used_may_vanish_from_the_file(terms):
    await terms.defaults(rows=[file_row("@kim")], kim=KIM)
    assert await terms.defaults(when=at(days=1)) == FileChanges(retired=("@kim", "Korea"))
    assert await terms.at() == {}
    assert await terms.defaults(kim=KIM, when=at(days=2)) == FileChanges(added=("@kim",))


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ({"kim": "Kim"}, {}, "console: @kim cannot go while it is used by the subscription “Mine” in"),
        ({"kim": "Kim"}, {"kim": "@kim"}, "console: @kim uses itself"),
        ({"kim": "Kim"}, {"kim": "-golf"}, "console: @kim cannot be read"),
    ],
)
async def test_a_file_whose_terms_do_not_suit_what_is_there_is_refused_whole(
    terms, desk, store, before, after, complaint
):
    await terms.defaults(**before)
    await desk.subscribe("@kim", name="Mine")
    known = await state(store)
    with pytest.raises(ConfigError, match=f"The .terms. of the config file do not suit {complaint}"):
        await terms.defaults(rows=[file_row("summit")], when=at(days=1), **after)
    assert await state(store) == known


async def test_a_term_that_a_workspaces_own_rests_on_cannot_vanish_from_the_file(terms):
    await terms.defaults(kim="Kim")
    await terms.set("korea", "@kim, Pyongyang", "slack:T1")
    with pytest.raises(ConfigError, match="slack:T1: @kim cannot go while it is used by the term @korea"):
        await terms.defaults(when=at(days=1))
    await terms.set("kim", "Kim", "slack:T1")
    await terms.defaults(when=at(days=1))
    assert await terms.at() == {}


async def test_the_file_cannot_close_a_circle_with_a_workspaces_own_terms(terms):
    await terms.defaults(kim="Kim", korea="Korea")
    await terms.set("korea", "@kim", "slack:T1")
    with pytest.raises(ConfigError, match="slack:T1: @kim uses @korea, which uses @kim"):
        await terms.defaults(kim="@korea", korea="Korea", when=at(days=1))


async def test_a_subscription_of_the_file_to_an_unknown_term_is_refused(terms, store):
    with pytest.raises(ConfigError, match="The subscription “Korea”: There is no term @kim here"):
        await terms.defaults(rows=[file_row("@kim")])
    assert await store.registry.subscriptions() == []


# ---------------------------------------------------------------- try_file


async def test_trying_a_file_tells_what_it_would_do_and_changes_nothing(terms, desk, store):
    await terms.defaults(kim="Kim")
    await desk.subscribe("@kim", name="Mine")
    before = await state(store)
    told = await store.registry.try_file([], [file_row("summit")], at(days=1), {"kim": KIM})
    assert told == FileChanges(added=("Korea",), edited=("@kim",), touched=("Mine",))
    assert await state(store) == before


async def test_trying_a_file_raises_what_applying_it_would(terms, desk, store):
    await terms.defaults(kim="Kim")
    await desk.subscribe("@kim", name="Mine")
    with pytest.raises(ConfigError, match="@kim cannot go"):
        await store.registry.try_file([], [], at(days=1))

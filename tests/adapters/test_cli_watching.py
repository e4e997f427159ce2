"""`newsbot subscriptions …` with a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.ports import SubscriptionRow
from tests.builders import entry
from tests.stocked import stock

NOTHING_BEFORE = "   Nothing published before now will be posted."


def test_without_subscriptions_the_list_says_how_to_begin(shell):
    said = shell("subscriptions", "list")
    assert said.out.startswith("No subscriptions yet. For example:  newsbot subscriptions add")


def test_a_subscription_is_added_listed_and_removed(shell):
    added = shell("subscriptions", "add", "Kim Jong Un, summit", "--in", "slack:T1/C2", "--name", "Korea")
    assert added.out.splitlines() == [
        " Watching slack:T1/C2 for the phrase “Kim Jong Un” or the word “summit”.",
        "   There is no feed to find them in yet: newsbot feeds add URL.",
        NOTHING_BEFORE,
    ]
    (row,) = shell("subscriptions", "list", "--json").data
    assert (row["name"], row["channel"], row["query"]) == ("Korea", "slack:T1/C2", "Kim Jong Un, summit")
    assert row["origin"] == "cli"
    (line,) = shell("subscriptions", "list").out.splitlines()
    assert line.startswith(" 1  slack:T1/C2  Korea  cli, ")
    assert line.endswith("  Kim Jong Un, summit")
    assert shell("subscriptions", "remove", "Korea").out == "No longer watching Korea.\n"
    assert shell("subscriptions", "list", "--json").data == []


def test_adding_says_what_to_expect(shell, stored):
    now = datetime.now(UTC)
    hours = [timedelta(hours=n + 1) for n in range(14)]
    articles = [entry(str(age), title=f"summit {age}", published_at=now - age) for age in hours]
    kim = entry("kim", title="Kim", body="x", published_at=now)
    stored(lambda store: stock(store, *articles, kim, title="The Wire", at=now))
    lines = shell("subscriptions", "add", "summit, Kim, zebra", "--in", "console:world").out.splitlines()
    assert lines[0] == " Watching console:world for the word “summit” or the word “Kim” or the word “zebra”."
    assert lines[1].startswith("   1 feed, last read ")
    assert lines[1].endswith(". About 15 alerts a week here: 14 from “summit”, 1 from “Kim”.")
    assert lines[2] == NOTHING_BEFORE
    assert "«Kim» · The Wire" in lines[3]


def test_frequent_words_are_told_by_the_day(shell, stored):
    now = datetime.now(UTC)
    articles = [entry(str(n), title=f"summit Kim {n}", published_at=now) for n in range(14)]
    stored(lambda store: stock(store, *articles, at=now))
    lines = shell("subscriptions", "add", "summit, Kim", "--in", "console:world").out.splitlines()
    assert lines[1].endswith(". About 2 alerts a day here: 2 from “summit”, 2 from “Kim”.")


def test_adding_says_when_nothing_would_have_matched(shell, stored):
    stored(lambda store: stock(store, entry("1", published_at=datetime.now(UTC)), at=datetime.now(UTC)))
    lines = shell("subscriptions", "add", "zebra", "--in", "console:world").out.splitlines()
    assert lines[1].endswith(". Nothing of the last 7 days would have matched.")


def test_one_term_is_not_told_twice(shell, stored):
    now = datetime.now(UTC)
    stored(lambda store: stock(store, entry("1", title="summit", published_at=now), at=now))
    lines = shell("subscriptions", "add", "summit", "--in", "console:world").out.splitlines()
    assert lines[1].endswith(". About 1 alert a week here.")


def test_a_subscription_may_be_limited_to_feeds_of_a_file_that_was_never_started(shell):
    shell.config('[[feeds]]\nname = "Wire"\nurl = "https://wire.example/"\n')
    said = shell("subscriptions", "add", "kim", "--in", "console:world", "--feeds", "Wire, ")
    assert said.code == 0
    assert said.out.splitlines()[1] == "   Wire."
    (row,) = shell("subscriptions", "list", "--json").data
    assert len(row["feeds"]) == 1


def test_a_feed_that_nobody_follows_is_refused(shell):
    said = shell("subscriptions", "add", "kim", "--in", "console:world", "--feeds", "Wire")
    assert said.code == 1
    assert "Wire" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kim", "--in", "#world"], "“#world” is not a channel."),
        (["kim AND", "--in", "console:world"], "I can't read this query."),
    ],
)
def test_what_cannot_be_watched_is_said(shell, arguments, said):
    answer = shell("subscriptions", "add", *arguments)
    assert answer.code == 1
    assert said in answer.err


def test_subscriptions_of_the_file_are_listed_before_the_first_start_and_belong_to_it(shell, stored):
    shell.config('[[subscriptions]]\nname = "Korea"\nchannel = "console:world"\nquery = "kim"\n')
    assert shell("subscriptions", "list").out == "   console:world  Korea  from the next start on  kim\n"
    assert shell("subscriptions", "list", "--json").data[0]["id"] is None
    assert shell("subscriptions", "remove", "Korea").code == 1


def test_the_history_of_a_subscription_says_what_it_said_before(shell, stored):
    async def edited(store):
        for query, age in (("Kim", 3), ("Kim, summit", 2)):
            row = SubscriptionRow(ChannelAddress.parse("console:world"), query, Origin.FILE, "Korea")
            await store.registry.apply_file([], [row], datetime.now(UTC) - timedelta(hours=age))
        await store.registry.apply_file([], [], datetime.now(UTC) - timedelta(hours=1))

    stored(edited)
    assert shell("subscriptions", "history", "Korea").out.splitlines() == [
        " 2 h ago  edited   query was Kim",
        " 1 h ago  retired",
    ]
    first, second = shell("subscriptions", "history", "Korea", "--json").data
    assert (first["change"], first["before"], second["before"]) == ("edited", {"query": "Kim"}, {})


def test_a_subscription_that_was_never_changed_or_never_there_is_told_as_such(shell):
    shell("subscriptions", "add", "kim", "--in", "console:world")
    assert shell("subscriptions", "history", "1").out == "1 is as it was made.\n"
    said = shell("subscriptions", "history", "Korea")
    assert (said.code, "was ever called “Korea”" in said.err) == (1, True)

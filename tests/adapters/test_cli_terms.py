"""`newsbot terms …`, and the commands that understand `@names`, with a real database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import entry
from tests.stocked import stock

KIM = '"Kim Jong Un", Kim Jong-il'
KIM_MEANS = "the phrase “Kim Jong Un” or the phrase “Kim Jong-il”"
KOREA = '[terms]\nkorea = "Korea, Pyongyang"\n'
WATCHED = '[[subscriptions]]\nname = "Korea"\nchannel = "console:world"\nquery = "@korea AND summit"\n'


@pytest.fixture
def news(stored):
    now = datetime.now(UTC)
    told = [
        entry("1", title="Kim Jong Un travels", published_at=now),
        entry("2", title="Rain in Pyongyang", published_at=now),
        entry("3", title="A summit", published_at=now),
    ]
    stored(lambda store: stock(store, *told, at=now))


def lines(said):
    assert said.code == 0, said.err
    return said.out.splitlines()


def test_without_terms_the_list_says_how_to_begin(shell):
    assert shell("terms", "list").out.startswith("No terms yet. For example:  newsbot terms set kim ")
    assert shell("terms", "list", "--json").data == []


def test_a_term_is_defined_listed_and_removed(shell):
    assert lines(shell("terms", "set", "@Kim", KIM)) == [f" @kim in console means {KIM_MEANS}."]
    (line,) = lines(shell("terms", "list"))
    assert line.startswith(" @kim  cli, ")
    assert line.endswith(f"  not used  {KIM}")
    (row,) = shell("terms", "list", "--json").data
    assert (row["name"], row["definition"], row["origin"], row["default"]) == ("kim", KIM, "cli", False)
    assert (row["created_by"], row["subscriptions"]) == ("cli", [])
    assert lines(shell("terms", "remove", "kim")) == [" @kim is no longer defined in console."]
    assert shell("terms", "list", "--json").data == []


def test_the_words_of_a_definition_need_no_quotes_of_the_shell(shell):
    assert lines(shell("terms", "set", "kim", "Kim", "Jong", "Un,", "Kim")) == [
        " @kim in console means the phrase “Kim Jong Un” or the word “Kim”."
    ]


def test_an_edit_says_what_it_meant_before_and_which_subscriptions_follow(shell):
    shell("terms", "set", "kim", "Kim")
    shell("terms", "set", "korea", "@kim, Pyongyang")
    shell("subscriptions", "add", "@kim", "--in", "console:world", "--name", "Kim")
    shell("subscriptions", "add", "@korea AND summit", "--in", "console:asia")
    shell("subscriptions", "add", "golf", "--in", "console:asia")
    assert lines(shell("terms", "set", "kim", KIM)) == [
        f" @kim in console means {KIM_MEANS}.",
        "   Before, it meant the word “Kim”.",
        "   2 subscriptions follow at once:",
        "     1  console:world  Kim  @kim",
        "     2  console:asia        @korea AND summit",
    ]
    (line, _) = lines(shell("terms", "list"))
    assert f"  in 2 subscriptions  {KIM}" in line


def test_an_edit_as_data(shell):
    shell("terms", "set", "kim", "Kim")
    shell("subscriptions", "add", "@kim", "--in", "console:world", "--name", "Kim")
    assert shell("terms", "set", "kim", KIM, "--json").data == {
        "name": "kim",
        "workspace": "console",
        "definition": KIM,
        "means": KIM_MEANS,
        "meant": "the word “Kim”",
        "subscriptions": [{"id": 1, "channel": "console:world", "name": "Kim", "query": "@kim"}],
        "notes": [],
    }


def test_a_definition_that_may_mean_something_else_gets_advice(shell):
    (_, note, correction) = lines(shell("terms", "set", "who", "WHO"))
    assert note.startswith(" Note: “WHO” also finds ")
    assert correction.endswith("Try:  =WHO")


def test_a_term_belongs_to_its_workspace(shell):
    said = shell("terms", "set", "kim", "Kim", "--workspace", "slack:T1")
    assert lines(said) == [" @kim in slack:T1 means the word “Kim”."]
    assert shell("terms", "list", "--json").data == []
    (there,) = shell("terms", "list", "--workspace", "slack:T1", "--json").data
    assert there["name"] == "kim"
    assert "for the word “Kim”" in shell("subscriptions", "add", "@kim", "--in", "slack:T1/C1").out
    refused = shell("subscriptions", "add", "@kim", "--in", "console:world")
    assert (refused.code, refused.err.splitlines()[0]) == (
        1,
        "I can't read this query. There is no term @kim here. Define it first, or put it in quotes to look for it.",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kim", '"Kim'], "I can't read this query. The quote opened at character 1 never closes."),
        (["kim", "@korea"], "@kim uses @korea, which uses @kim. A term cannot rest on itself."),
        (["kim", "@kin"], "I can't read this query. There is no term @kin here. "),
        (["2nd", "Kim"], "“2nd” cannot name a term. A name begins with a letter"),
        (["kim", "Kim AND summit"], "The subscription “Tests” could not be read any more."),
        (["kim", "Kim", "--workspace", "slack"], "--workspace should be a workspace, like "),
    ],
)
def test_what_cannot_be_defined_is_said_and_changes_nothing(shell, arguments, said):
    shell("terms", "set", "kim", "Kim")
    shell("terms", "set", "korea", "@kim, Pyongyang")
    shell("subscriptions", "add", "@kim NEAR/5 test", "--in", "console:world", "--name", "Tests")
    refused = shell("terms", "set", *arguments)
    assert (refused.code, refused.err.startswith(said)) == (1, True), refused.err
    assert shell("terms", "list", "--json").data[0]["definition"] == "Kim"


def test_a_used_term_is_not_removed(shell):
    shell("terms", "set", "kim", "Kim")
    shell("subscriptions", "add", "@kim AND summit", "--in", "console:world")
    refused = shell("terms", "remove", "kim")
    assert (refused.code, refused.err) == (
        1,
        "@kim cannot go while it is used by the subscription “@kim AND summit” in console:world. Change or remove that first.\n",
    )


# ---------------------------------------------------------------- the config file's


def test_the_files_terms_are_listed_before_and_after_the_first_start(shell):
    shell.config(KOREA)
    assert lines(shell("terms", "list")) == [" @korea  from the next start on    Korea, Pyongyang"]
    (row,) = shell("terms", "list", "--json").data
    assert (row["name"], row["origin"], row["default"]) == ("korea", "file", True)
    shell("subscriptions", "add", "@korea", "--in", "slack:T1/C1")
    (line,) = lines(shell("terms", "list", "--workspace", "slack:T1"))
    assert line.startswith(" @korea  file, ")
    assert line.endswith("  in 1 subscription  Korea, Pyongyang")


def test_a_workspaces_own_definition_hides_the_files_until_it_is_removed(shell):
    shell.config(KOREA)
    shell("subscriptions", "add", "@korea", "--in", "console:world")
    shell("terms", "set", "korea", "Korea")
    assert lines(shell("terms", "remove", "korea")) == [
        " @korea in console means the word “Korea” or the word “Pyongyang”.",
        "   Before, it meant the word “Korea”.",
        "   1 subscription follows at once:",
        "     1  console:world    @korea",
    ]
    assert shell("terms", "remove", "korea").err.startswith("@korea is defined in the config file.")


def test_a_definition_may_use_the_files_terms_that_no_start_has_read(shell):
    shell.config(KOREA)
    assert lines(shell("terms", "set", "asia", "@korea, Japan")) == [
        " @asia in console means the word “Korea” or the word “Pyongyang” or the word “Japan”."
    ]


def test_check_refuses_a_file_without_a_term_that_is_used(shell):
    shell.config(KOREA + WATCHED)
    shell("subscriptions", "add", "@korea", "--in", "console:asia", "--name", "Asia")
    said = shell("check", "--json")
    assert said.data["results"][0]["detail"].endswith("config.toml, 0 feeds, 1 subscription, 1 term")
    shell.config("")
    said = shell("check", "--json")
    assert said.code == 1
    assert said.data["results"][0]["detail"] == (
        "The [terms] of the config file do not suit console: @korea cannot go while it is used by"
        " the subscription “Asia” in console:asia. Change or remove that first."
    )
    assert len(shell("subscriptions", "list", "--json").data) == 2  # it was only tried


async def test_a_start_refuses_a_file_without_a_term_that_is_used(shell):
    shell.config(KOREA)
    await shell.apart("subscriptions", "add", "@korea", "--in", "console:asia", "--name", "Asia")
    shell.config("")
    said = await shell.apart("run")
    assert said.code == 2
    assert "@korea cannot go while it is used by the subscription “Asia”" in said.err


# ---------------------------------------------------------------- search and preview


@pytest.mark.parametrize("known", ["in the store", "in the file"])
def test_searches_and_previews_understand_names(shell, news, known):
    if known == "in the file":
        shell.config(KOREA)
    else:
        shell("terms", "set", "korea", "Korea, Pyongyang")
    (found,) = shell("search", "@korea", "--json").data["articles"]
    assert found["title"] == "Rain in Pyongyang"
    assert shell("preview", "@KOREA, summit", "--json").data["stories"] == 2
    for command in ("search", "preview"):
        said = shell(command, "@nobody")
        assert (said.code, said.err.splitlines()[1:]) == (
            1,
            ["  @nobody", "  ^", 'Did you mean  "@nobody"  ?'],
        )


def test_a_subscription_by_a_name_says_what_to_expect(shell, news):
    shell("terms", "set", "kim", KIM)
    said = lines(shell("subscriptions", "add", "@kim", "--in", "console:world"))
    assert said[0] == f" Watching console:world for {KIM_MEANS}."
    assert "About 1 alert a week here" in said[1]


def test_a_subscription_whose_term_is_missing_is_shown(shell, stored):
    shell("terms", "set", "kim", "Kim")
    shell("subscriptions", "add", "@kim", "--in", "console:world")

    async def lose(store):
        from sqlalchemy import delete

        from bot.stores.tables import terms

        await store.registry._database.write(lambda connection: connection.execute(delete(terms)))

    stored(lose)
    said = lines(shell("subscriptions", "list"))
    assert said[1].strip().startswith("cannot be read: There is no term @kim here.")
    (row,) = shell("subscriptions", "list", "--json").data
    assert row["problem"].startswith("cannot be read: There is no term @kim here.")

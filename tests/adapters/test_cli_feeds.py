"""`newsbot feeds …` with a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import encryption_key, load
from bot.domain.opml import read_opml
from bot.stores import open_store

STARTER = Path(__file__).parents[2] / "docs/starter-sources.opml"
WIRE = "https://wire.example/feed"


def test_without_feeds_the_list_says_how_to_begin(shell):
    said = shell("feeds", "list")
    assert said.code == 0
    assert said.out.splitlines() == [
        "No feeds yet. Begin with a starter set:",
        "  newsbot feeds import docs/starter-sources.opml",
        "or with one of your own:",
        "  newsbot feeds add https://example.org/rss",
    ]


def test_a_feed_is_added_listed_and_removed(shell):
    added = shell(
        "feeds", "add", WIRE, "--name", "Wire", "--title", "The Wire", "--interval", "2m", "--for", "slack:T1"
    )
    assert added.out == "Following Wire (feed 1). Nothing published before now will be posted.\n"
    (feed,) = shell("feeds", "list", "--json").data
    assert (feed["name"], feed["title"], feed["url"]) == ("Wire", "The Wire", WIRE)
    assert (feed["origin"], feed["workspaces"], feed["polled_at"]) == ("cli", ["slack:T1"], None)
    assert shell("feeds", "list").out == f" 1  Wire  not read yet  {WIRE}\n 1 feed\n"
    assert shell("feeds", "remove", "Wire").out == "No longer following Wire.\n"
    assert shell("feeds", "list", "--json").data == []


@pytest.mark.parametrize("name", [WIRE, "wire.example/feed", "1"])
def test_a_feed_is_removed_by_its_address_or_number(shell, name):
    shell("feeds", "add", WIRE)
    assert shell("feeds", "remove", name).code == 0
    assert shell("feeds", "list", "--json").data == []


@pytest.mark.parametrize("name", ["Wire", "9" * 30])
def test_removing_what_is_not_there_is_an_error_with_a_hint(shell, name):
    said = shell("feeds", "remove", name)
    assert said.code == 1
    assert "newsbot feeds list" in said.err


def test_adding_twice_is_one_feed(shell):
    shell("feeds", "add", WIRE)
    shell("feeds", "add", "https://WIRE.example:443/feed#x")
    assert len(shell("feeds", "list", "--json").data) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://wire.example/"], "Feeds are read over http and https only"),
        ([WIRE, "--interval", "5"], '--interval should be a length of time with its unit: "5s"'),
        ([WIRE, "--for", "slack"], "--for should be a workspace"),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(shell, arguments, said):
    answer = shell("feeds", "add", *arguments)
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1


async def test_a_password_is_read_from_a_pipe_and_kept_encrypted(shell):
    said = await shell.apart("feeds", "add", WIRE, "--user", "ann", stdin="hunter2\n")
    assert (said.code, said.err) == (0, "")
    config = load(None, {})
    async with open_store(config.store.url, encryption_key(config)) as store:
        (followed,) = await store.registry.feeds()
        assert followed.feed.credentials == "ann@wire.example"
        assert await store.registry.credential("ann@wire.example") == "ann:hunter2"
    for file in shell.folder.iterdir():
        assert b"hunter2" not in file.read_bytes()


async def test_a_password_that_was_not_given_adds_nothing(shell):
    said = await shell.apart("feeds", "add", WIRE, "--user", "ann")
    assert said.code == 1
    assert "No password was given" in said.err
    assert (await shell.apart("feeds", "list", "--json")).data == []


def test_the_list_says_how_each_feed_is_doing(shell, stored):
    shell("feeds", "add", WIRE, "--name", "Wire")
    shell("feeds", "add", "https://other.example/", "--name", "Other")

    async def polled(store):
        at = datetime.now(UTC)
        wire, other = (feed.feed for feed in await store.registry.feeds())
        failing = replace(
            wire.state,
            failures=3,
            error="answered 404.",
            failing_since=at - timedelta(days=3),
            next_poll_at=at + timedelta(hours=2, seconds=30),
        )
        await store.schedule.record_state(wire.id, failing)
        await store.schedule.record_state(other.id, replace(other.state, polled_at=at - timedelta(minutes=3)))

    stored(polled)
    assert shell("feeds", "list").out.splitlines() == [
        f" 1  Wire   failing for 3 days  {WIRE}",
        "                               answered 404; again in 2 h",
        " 2  Other  ok, read 3 min ago  https://other.example/",
        " 2 feeds, 1 failing",
    ]


def test_feeds_of_the_file_are_listed_before_the_first_start(shell):
    shell.config(f'[[feeds]]\nname = "Wire"\nurl = "{WIRE}"\n')
    assert shell("feeds", "list").out == f"   Wire  from the next start on  {WIRE}\n 1 feed\n"
    assert shell("feeds", "list", "--json").data[0]["origin"] == "file"


# ---------------------------------------------------------------- OPML


def test_the_starter_set_is_imported_and_exported_as_it_was(shell):
    wanted = read_opml(STARTER.read_bytes())
    said = shell("feeds", "import", STARTER)
    assert said.out == f"Following {len(wanted)} new feeds.\n"
    assert shell("feeds", "import", STARTER).out == f"Following 0 new feeds; {len(wanted)} followed before.\n"
    assert shell("feeds", "export", "mine.opml").code == 0
    exported = read_opml((shell.folder / "mine.opml").read_bytes())
    assert {(o.name, o.title, o.url) for o in exported} == {(o.name, o.title, o.url) for o in wanted}


def test_an_export_goes_to_standard_output_unless_a_file_is_named(shell):
    shell("feeds", "add", WIRE)
    assert read_opml(shell("feeds", "export").out.encode())[0].url == WIRE


def test_an_import_takes_what_it_can_and_names_the_rest(shell):
    file = shell.folder / "list.opml"
    file.write_text(
        '<opml><body><outline text="Wire" xmlUrl="https://wire.example/feed"/>'
        '<outline text="Secret" xmlUrl="https://ann:hunter2@x.example/"/>'
        '<outline text="Files" xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    said = shell("feeds", "import", file)
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0] == "Following 1 new feed."
    assert [line.split("  ")[1] for line in lines[1:]] == ["Secret", "Files"]
    assert said.err == "2 addresses could not be taken over.\n"
    assert "hunter2" not in said.out


def test_a_list_without_any_feed_says_so(shell):
    outline = '<outline text="A page" htmlUrl="https://a.example/"/>'
    (shell.folder / "pages.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>')
    said = shell("feeds", "import", "pages.opml")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("pages.opml lists no feed: ")


async def test_an_import_reads_standard_input(shell):
    said = await shell.apart("feeds", "import", "-", stdin=STARTER.read_text())
    assert said.out.startswith("Following ")
    assert said.code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("gone.opml", "gone.opml cannot be read: no such file"), ("bad.opml", "not an OPML file")],
)
def test_a_list_that_cannot_be_read_is_an_error(shell, name, said):
    (shell.folder / "bad.opml").write_text("hello")
    answer = shell("feeds", "import", name)
    assert answer.code == 1
    assert said in answer.err


def test_an_export_that_cannot_be_written_is_an_error(shell):
    said = shell("feeds", "export", "gone/mine.opml")
    assert said.code == 1
    assert said.err == "gone/mine.opml cannot be written: no such file or directory.\n"


def test_a_name_stands_for_one_feed(shell):
    shell("feeds", "add", WIRE, "--name", "Wire")
    said = shell("feeds", "add", "https://other.example/feed", "--name", "Wire")
    assert said.code == 1
    assert "Another feed is called “Wire” already." in said.err
    assert shell("feeds", "add", WIRE, "--name", "Wire").code == 0


def test_an_import_leaves_out_names_that_are_taken(shell):
    rows = "".join(
        f'<outline text="News" title="Paper {n}" xmlUrl="https://p{n}.example/rss"/>' for n in "12"
    )
    (shell.folder / "list.opml").write_text(f'<opml version="2.0"><body>{rows}</body></opml>')
    assert shell("feeds", "import", "list.opml").code == 0
    assert [feed["name"] for feed in shell("feeds", "list", "--json").data] == ["News", None]

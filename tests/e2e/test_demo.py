"""`newsbot demo` as a person runs it: the real program, its real server, its real pipeline."""

import asyncio
import io
import json
import os
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.console import ConsoleChat
from bot.demo.articles import Edition
from bot.demo.own import read_articles
from bot.demo.run import Programme, demo, full_programme
from bot.demo.stories import opening, seed, seed_copy
from bot.demo.summary import ForPeople, ForPrograms
from bot.demo.witness import Reporter
from bot.runtime import SystemClock

LINK = "https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662"
WITHIN_S = 60
"""Half of it is promised, by the demo's own watch; the rest is for a machine that takes long to start a program."""


@pytest.fixture
def start(tmp_path):
    """Start the program with its output piped, and its files where the test can see them."""

    async def starting(*arguments):
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from bot.cli import main; main()", "demo", *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "TMPDIR": str(tmp_path)},
        )

    return starting


@pytest.fixture
def run(start):
    """Run the program to its end; return its exit code, output and errors."""

    async def running(*arguments):
        process = await start(*arguments)
        try:
            async with asyncio.timeout(WITHIN_S):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        return process.returncode, out.decode(), err.decode()

    return running


def lines(out):
    documents = [json.loads(line) for line in out.splitlines()]
    return [document for document in documents if document["type"] == "alert"], documents[-1]


async def play(programme, folder):
    """Play a programme in this process; return its result, and its alerts and summary as data."""
    out = io.StringIO()
    data = ForPrograms(out, folder)
    result = await demo(programme, Reporter(data.alert), data, folder)
    return result, *lines(out.getvalue())


# ---------------------------------------------------------------- the program


async def test_piped_it_ends_well_within_30_s_as_plain_text_that_a_person_can_read(run, tmp_path):
    code, out, err = await run()
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert out.count(LINK) == 2
    assert out.count("By Quint Forgey · Headlines · also at headlines.example") == 2
    assert "qforgey@" not in out
    text = " ".join(out.split())
    assert "President Donald Trump and «Kim Jong Un», North Korea’s leader," in text
    assert "A second «summit» of President Donald Trump" in text
    assert "matched the phrase “Kim Jong Un” (text)" in text
    assert re.search(r"^ +12 alerts +5 in #korea, 7 in #diplomacy$", out, re.MULTILINE)
    assert max(map(len, (line for line in out.splitlines() if "http" not in line))) <= 100
    assert list(tmp_path.iterdir()) == []  # nothing is left behind


async def test_as_data_it_prints_alerts_and_a_summary_that_agree_with_what_was_published(run):
    code, out, err = await run("--json")
    alerts, summary = lines(out)
    assert (code, err) == (0, "")
    programme = full_programme()
    assert summary["ok"]
    assert summary["articles"] == len({(a.paper, a.key) for a in programme.articles}) == 27
    assert (summary["feeds"], summary["folded"], summary["matches"], summary["quiet"]) == (5, 2, 16, 4)
    assert summary["alerts"] == len(alerts) == 12
    assert summary["unchanged"] > 5
    assert summary["took_s"] < 30
    assert [alert["channel"] for alert in alerts if alert["link"] == LINK] in (
        ["korea", "diplomacy"],
        ["diplomacy", "korea"],
    )
    assert [alert["headline"] for alert in alerts if alert["updated"]] == ["Talks in Vienna break off early"]
    assert {word.replace("\u00a0", " ") for alert in alerts for word in alert["matched"]} == {
        *("Kim Jong Un", "Kim Jong-un", "summit", "Summit", "SUMMIT")
    }


async def test_a_readers_own_articles_come_through_the_same_feeds(tmp_path):
    file = tmp_path / "mine.json"
    text = "Leaders agreed on a summit next month, after two days of talks by the lake."
    mine = [
        {"title": "Lake talks", "text": text, "link": "https://news.example/1", "author": "Ann Lee"},
        {
            "title": "Lake talks",
            "text": f"{text}\nOriginal Post: https://news.example/1",
            "feed": "headlines",
        },
        {"title": "AT&T <b>not</b> bold", "text": "Kim\nJong Un’s 1 < 2 & so on", "feed": "harbourwire"},
        {"title": "Nothing to see", "feed": "fieldnotes"},
        {"title": "An old summit", "age": "5d"},
    ]
    file.write_text(json.dumps(mine))
    programme = Programme(opening(), (Edition(read_articles(file, opening().articles)),), pace_s=0.1)
    result, alerts, summary = await play(programme, tmp_path)
    assert result.differences == []
    assert (summary["articles"], summary["folded"], summary["alerts"]) == (9 + 5, 1, 2)
    (lake,) = [alert for alert in alerts if alert["headline"] == "Lake talks"]
    assert (lake["channel"], lake["link"], lake["byline"]) == (
        "diplomacy",
        "https://news.example/1",
        "Ann Lee",
    )


async def test_what_does_not_come_as_expected_is_named_and_the_exit_code_is_1(run, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(
        '[{"title": "Bread is dearer", "alerts": ["korea"]}, {"title": "A summit", "alerts": []}]'
    )
    code, out, _ = await run("--articles", str(file))
    assert code == 1
    assert "Wrong: " in out
    assert "#korea did not get “Bread is dearer” (yours.example/1)" in out
    assert "#diplomacy got “A summit” (yours.example/2), which nothing in it calls for" in out
    kept = Path(re.search(r"The log and the database are in (\S+)", out)[1])
    assert kept.parent == tmp_path
    assert "delivery settled" in (kept / "newsbot.log").read_text()


async def test_a_file_that_cannot_be_used_is_refused_before_anything_starts(run, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('[{"titel": "x"}]')
    code, out, err = await run("--articles", str(file))
    assert code not in {0, None}
    assert out == ""
    assert "article 1: “titel” is nothing that an article has. Did you mean “title”?" in " ".join(err.split())


async def test_kept_running_it_goes_on_until_it_is_told_to_end(start):
    process = await start("--keep", "--json")
    try:
        async with asyncio.timeout(3 * WITHIN_S):
            heard = []
            while len(heard) < 13:  # one more than the programme holds
                heard.append(json.loads(await process.stdout.readline()))
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    *_, summary = [json.loads(line) for line in out.decode().splitlines()]
    assert (process.returncode, summary["ok"], err) == (0, True, b"")
    assert summary["alerts"] >= 13


async def test_a_second_ctrl_c_ends_it_at_once_and_leaves_nothing_behind(start, tmp_path):
    process = await start()
    try:
        async with asyncio.timeout(WITHIN_S):
            while b"By Ines Okafor" not in await process.stdout.readline():
                pass
            process.send_signal(signal.SIGINT)
            await asyncio.sleep(0.1)  # two signals at the same moment are one
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert (process.returncode, err) == (130, b"")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the order of things


@pytest.mark.parametrize("first", ["copy", "original"])
async def test_original_and_copy_are_one_alert_with_the_originals_link_whichever_comes_first(tmp_path, first):
    pair = (seed_copy(), seed()) if first == "copy" else (seed(), seed_copy())
    editions = tuple(Edition((article,), after_reading=True) for article in pair)
    programme = Programme(opening(), editions, pace_s=0.1, gather=timedelta(seconds=5))
    result, alerts, _ = await play(programme, tmp_path)
    assert result.differences == []
    assert result.counts.folded == 1
    assert sorted(alert["channel"] for alert in alerts) == ["diplomacy", "korea"]
    for alert in alerts:
        assert (alert["link"], alert["byline"], alert["tags"]) == (LINK, "Quint Forgey", ["Headlines"])
        assert (alert["source"], alert["also_at"]) == ("Politico", ["headlines.example"])


async def test_a_copy_whose_original_comes_after_the_alert_was_sent_stays_the_only_alert(tmp_path):
    pair = tuple(Edition((article,), after_reading=True) for article in (seed_copy(), seed()))
    programme = Programme(opening(), pair, pace_s=2.5, gather=timedelta(0))
    result, alerts, _ = await play(programme, tmp_path)
    assert result.differences == []
    assert [(alert["link"], alert["also_at"]) for alert in alerts] == [(LINK, ["headlines.example"])] * 2


async def test_what_has_not_arrived_at_the_deadline_is_a_difference(tmp_path):
    late = Programme(opening(), (Edition((seed(),)),), gather=timedelta(seconds=60), deadline_s=12.0)
    result, _, summary = await play(late, tmp_path)
    assert not summary["ok"]
    assert f"#korea did not get “{seed().title}”" in " ".join(result.differences)


async def test_a_programme_that_is_not_printed_by_its_deadline_is_a_difference(tmp_path):
    result, _, summary = await play(Programme(opening(), (Edition((seed(),)),), deadline_s=0.0), tmp_path)
    assert not summary["ok"]
    assert "read too slowly" in " ".join(result.differences)


# ---------------------------------------------------------------- what it looks like


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize("plain", [False, True], ids=["in colour", "NO_COLOR"])
async def test_in_a_terminal_matches_are_coloured_unless_the_reader_wants_no_colour(tmp_path, plain):
    environ = {"TERM": "xterm-256color", "COLUMNS": "80", **({"NO_COLOR": "1"} if plain else {})}
    out = Terminal()
    people = ForPeople(out, tmp_path, environ)
    programme = Programme(opening(), (Edition((seed(),)),), pace_s=0.1, gather=timedelta(0))
    await demo(programme, ConsoleChat(SystemClock(), out, environ), people, tmp_path)
    text = out.getvalue()
    assert ("\x1b[" in text, "«Kim Jong Un»" in text) == (not plain, plain)
    assert re.search(r"Right: .*as published|Right: ", text)

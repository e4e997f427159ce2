"""A reply in Discord's terms, whatever stands in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.discord_replies import Shown, announced, shown
from bot.domain.commands.exchange import Line, Look
from bot.domain.message import Run
from tests.impersonators.discord_rules import length
from tests.impersonators.discord_text import pings, read_markdown
from tests.messages import HOSTILE

words = st.one_of(
    st.text(max_size=300),
    st.sampled_from(["```", "`", "\n", HOSTILE, "@everyone", "𝔽" * 900, "a b  c " * 300]),
)
runs = st.lists(st.builds(Run, words, st.booleans()), max_size=4).map(tuple)
urls = st.sampled_from(
    [None, "https://example.com/(a)?q=[b]#>", "javascript:alert(1)", "https://example.com/" + "x" * 900]
)
lines = st.lists(st.builds(Line, runs, st.sampled_from(Look), urls), max_size=40)


def texts(text: Shown) -> tuple[str, ...]:
    return (text.content, *text.embeds)


@settings(deadline=None)
@given(lines)
def test_no_reply_is_longer_than_discord_takes(given_lines):
    text = shown(given_lines)
    assert length(text.content) <= 2000
    assert all(1 <= length(embed) <= 4096 for embed in text.embeds)
    assert sum(length(embed) for embed in text.embeds) <= 6000


@settings(deadline=None)
@given(lines)
def test_no_reply_leaves_a_block_of_code_open(given_lines):
    assert all(text.count("```") % 2 == 0 for text in texts(shown(given_lines)))


@settings(deadline=None)
@given(
    st.lists(
        st.builds(Line, runs, st.sampled_from([look for look in Look if look is not Look.CODE])), max_size=10
    )
)
def test_words_mention_nobody_and_link_nowhere(given_lines):
    for text in texts(shown(given_lines)):
        assert read_markdown(text).mentions == ()
        assert read_markdown(text).links == ()


@settings(deadline=None)
@given(runs)
def test_an_announcement_is_one_line_that_fits(text):
    line = announced(text)
    assert length(line) <= 2000
    assert "\n" not in line
    assert pings(line, {"parse": []}) == ()


def test_only_web_addresses_become_links():
    line = Line((Run("a"),), url="javascript:alert(1)")
    assert shown([line]) == Shown("a")


def test_neighbouring_lines_of_code_share_a_block():
    code = [Line((Run(text),), Look.CODE) for text in ("/news help", "/news status")]
    assert shown(code).content == "```\n/news help\n/news status\n```"


def test_what_finds_no_room_is_counted():
    text = shown([Line((Run("ab " * 300),))] * 12)
    assert sum(embed.count("ab ab") > 0 for embed in text.embeds) == 2
    assert text.embeds[-1].endswith("more lines")

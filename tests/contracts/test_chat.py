"""What every chat platform owes: one suite, run against each of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat import ADAPTERS, adapter_class
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError, ConfigError
from bot.ports import ChatAdapter
from tests.clock import FakeClock
from tests.impersonators import DiscordImpersonator, SlackImpersonator
from tests.messages import BARE, SUMMIT, hostile, message


@dataclass(frozen=True)
class Platform:
    """An adapter, a channel of it, and how to see what stands there."""

    adapter: ChatAdapter
    channel: ChannelAddress
    shown: Callable[[], list[str]]
    """The visible text of each message."""
    alive: Callable[[], list[Any]]
    """Every mention and link of all messages, but those of the headline."""
    break_it: Callable[[], Any]
    """Make the channel refuse every message for good."""


def on_console(clock: FakeClock) -> Platform:
    stream = io.StringIO()
    adapter = adapter_class("console")(clock, stream=stream, environ={})
    return Platform(
        adapter,
        ChannelAddress.parse("console:world"),
        shown=lambda: [block for block in stream.getvalue().split("\n\n") if block.strip()],
        alive=lambda: [char for char in stream.getvalue() if not char.isprintable() and char != "\n"],
        break_it=stream.close,
    )


def on_slack(server: SlackImpersonator) -> Platform:
    adapter = adapter_class("slack")(server.world.teams["T1"].token, server.base_url)
    return Platform(
        adapter,
        ChannelAddress.parse("slack:T1/C1"),
        shown=lambda: [item.shown.text for item in server.messages],
        alive=lambda: [
            x for item in server.messages for x in (*item.mentions, *item.fallback.links, *item.links[1:])
        ],
        break_it=lambda: setattr(server.channel("C1"), "is_archived", True),
    )


def on_discord(server: DiscordImpersonator) -> Platform:
    adapter = adapter_class("discord")(server.world.bots[1000].token, server.base_url)
    return Platform(
        adapter,
        ChannelAddress.parse("discord:10/123"),
        shown=lambda: [item.shown.text for item in server.messages],
        alive=lambda: [
            x for item in server.messages for x in (*item.pings, *item.shown.mentions, *item.shown.links)
        ],
        break_it=server.world.guilds[10].channels.clear,
    )


@pytest.fixture(params=["console", "slack", "discord"])
async def platform(request, platform_clock, slack, discord) -> AsyncIterator[Platform]:
    makers = {
        "console": lambda: on_console(platform_clock),
        "slack": lambda: on_slack(slack),
        "discord": lambda: on_discord(discord),
    }
    made = makers[request.param]()
    async with made.adapter:
        yield made


async def send(platform: Platform, alert=SUMMIT, delivery="d1"):
    return await platform.adapter.send(platform.channel, alert, DeliveryId(delivery))


async def test_send_posts_exactly_one_message_and_returns_its_id(platform):
    first, second = await send(platform), await send(platform, delivery="d2")
    assert first
    assert first != second
    assert len(platform.shown()) == 2


async def test_a_message_tells_everything_a_reader_needs_to_decide(platform):
    await send(platform)
    (shown,) = platform.shown()
    shown = " ".join(shown.split())
    for words in (
        "White House planning second Trump–Kim summit",
        "North Korean leader",
        "Kim Jong Un",
        "Politico",
        "By Quint Forgey",
        "Headlines",
        "also at headlines.example",
        "matched the phrase “Kim Jong Un” (text)",
    ):
        assert words in shown


async def test_headline_comes_before_sentence_and_sentence_before_reason(platform):
    await send(platform)
    (shown,) = platform.shown()
    places = [
        shown.index(words) for words in ("White House planning", "Sarah Huckabee", "matched the phrase")
    ]
    assert places == sorted(places)


async def test_an_alert_that_knows_only_its_headline_is_posted(platform):
    await send(platform, BARE)
    assert "Summit ends" in platform.shown()[0]


async def test_an_alert_without_a_single_word_is_posted_all_the_same(platform):
    await send(
        platform, message(headline="", excerpt="", source="", byline="", reasons=(), also_at=(), tags=())
    )
    assert "Untitled article" in platform.shown()[0]


async def test_an_updated_alert_says_so(platform):
    await send(platform, message(updated=True))
    assert "updated" in platform.shown()[0]


async def test_many_other_sources_are_counted(platform):
    await send(platform, message(also_at=("Reuters", "BBC", "AP", "AFP", "dpa")))
    assert "also at Reuters, BBC, AP +2" in " ".join(platform.shown()[0].split())


async def test_hostile_words_stay_words(platform):
    await send(platform, hostile())
    assert len(platform.shown()) == 1
    assert platform.alive() == []


async def test_a_long_alert_is_cut_to_fit(platform):
    long = "emoji 👨‍👩‍👧 & <angle> " * 500
    await send(platform, hostile(long))
    assert len(platform.shown()) == 1


async def test_a_channel_that_refuses_for_good_is_a_permanent_error(platform):
    platform.break_it()
    with pytest.raises(ChatError) as refused:
        await send(platform)
    assert refused.value.permanent
    assert refused.value.reason.endswith(".")


async def test_check_speaks_of_the_platform_and_of_each_channel_and_posts_nothing(platform):
    lines = await platform.adapter.check([platform.channel])
    assert [line.subject for line in lines] == [platform.adapter.platform, str(platform.channel)]
    assert all(line.ok and line.detail for line in lines)
    assert platform.shown() == []


def test_every_adapter_says_its_platform_and_pace():
    for name in ADAPTERS:
        adapter = adapter_class(name)
        assert adapter.platform == name
        assert adapter.min_gap_s >= 0


def test_a_third_partys_adapter_is_named_by_module_and_class():
    assert adapter_class("bot.chat.console:ConsoleChat") is adapter_class("console")


@pytest.mark.parametrize("name", ["irc", "bot.chat.irc:IrcChat", "bot.chat.console:IrcChat"])
def test_an_adapter_that_is_not_there_is_refused_in_words(name):
    with pytest.raises(ConfigError, match="irc|IrcChat"):
        adapter_class(name)

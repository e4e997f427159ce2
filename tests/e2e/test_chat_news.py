"""What people change in chats reaches the news that are read at once: sources, terms, subscriptions, pauses."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import BLOG, WORLD
from tests.e2e.newsrooms import newsrooms, people


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        yield rooms


async def watching(rooms, query):
    await rooms.quint.types("/news", f"subscribe {query}", channel="C1")
    await rooms.quint.presses("Confirm", until=lambda sight: "Watching #world" in sight.text)


def about(word, clock, number):
    return article(
        f"All about {word}", clock, number=number, text=f"<p>It is about {word} and nothing else.</p>"
    )


async def test_a_source_that_one_workspace_adds_is_read_at_once_and_for_that_workspace_alone(
    rooms, wire, clock
):
    await rooms.watch("alpha", "slack:T2/C9")
    sight = await rooms.quint.types("/news", f"sources add {wire.url(WORLD)}", channel="C1")
    assert "from now on" in sight.text
    await watching(rooms, "alpha")
    await rooms.poll()
    wire.publish(about("alpha", clock, 1))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["All about alpha"]}
    sight = await rooms.ada.types("/news", "sources list", channel="C9")
    assert "World" not in sight.text
    assert wire.url(WORLD) not in sight.text


async def test_an_edited_term_holds_for_the_next_article(rooms, wire, clock):
    await rooms.follow(WORLD)
    await rooms.poll()
    await rooms.quint.types("/news", "terms set topic alpha", channel="C1")
    await watching(rooms, "@topic")
    wire.publish(about("alpha", clock, 1), about("beta", clock, 2))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["All about alpha"]}
    sight = await rooms.quint.types("/news", "terms set topic beta", channel="C1")
    if "Confirm" in sight.buttons:
        await rooms.quint.presses("Confirm")
    wire.publish(about("alpha", clock, 3), about("beta, again", clock, 4))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["All about alpha", "All about beta, again"]}


async def test_what_is_paused_edited_and_resumed_is_so_for_the_next_article(rooms, wire, clock):
    await rooms.follow(WORLD)
    await rooms.poll()
    await watching(rooms, "alpha")
    await rooms.quint.types("/news", "pause alpha", channel="C1")
    wire.publish(about("alpha", clock, 1))
    await rooms.settle()
    assert rooms.headlines() == {}
    await rooms.quint.types("/news", "resume alpha", channel="C1")
    sight = await rooms.quint.types("/news", "edit 1 --query beta", channel="C1")
    if "Confirm" in sight.buttons:
        await rooms.quint.presses("Confirm", until=lambda sight: "Watching" in sight.text or sight.posts)
    wire.publish(about("alpha", clock, 2), about("beta", clock, 3))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["All about beta"]}


async def test_a_search_leads_to_a_subscription_on_both_platforms(rooms, wire, clock):
    await rooms.follow(WORLD)
    await rooms.poll()
    wire.publish(about("alpha", clock, 1))
    await rooms.settle()
    sight = await rooms.quint.types("/news", "alpha", channel="C1")
    assert "1 article with the word “alpha”" in sight.text
    await rooms.quint.presses("Subscribe to this")
    await rooms.quint.presses("Confirm", until=lambda sight: "Watching #world" in sight.text)
    answer = await rooms.ann.types("news search", query="alpha", channel=123)
    assert "1 article with the word “alpha”" in answer.text
    await rooms.ann.presses("Subscribe to this")
    await rooms.ann.presses("Confirm")
    wire.publish(about("alpha, once more", clock, 2))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["All about alpha, once more"], "123": ["All about alpha, once more"]}


async def test_what_is_handed_out_as_a_file_can_be_taken_in_elsewhere(rooms, wire):
    for paper in (WORLD, BLOG):
        await rooms.ann.types("news sources add", url=wire.url(paper), channel=123)
    answer = await rooms.ann.types("news export", what="sources", channel=123)
    opml = answer.file()
    assert wire.url(WORLD).encode() in opml
    sight = await rooms.ada.types("/news", "import", channel="C9")
    assert sight.modal is not None


async def test_a_newcomer_is_told_everything_in_the_help_of_each_platform(rooms):
    sight = await rooms.quint.types("/news", "", channel="C1")
    assert "/news subscribe Kim Jong Un, summit" in sight.text
    answer = await rooms.bob.types("news help", channel=123)
    assert "/news subscribe" in answer.text


async def test_status_says_which_settings_hold_and_keeps_the_operators_own_to_itself(rooms, house):
    sight = await rooms.ada.types("/news", "status", channel="C9")
    assert "0 subscriptions" in sight.text
    assert str(house.config.store.file) not in sight.text
    assert "127.0.0" not in sight.text

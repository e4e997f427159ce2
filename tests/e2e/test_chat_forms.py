"""Forms and files, from the window that opens to the alert that arrives."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import BLOG, WORLD
from tests.e2e.newsrooms import newsrooms, people, told


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        yield rooms


async def test_in_slack_the_command_alone_opens_a_form_and_what_is_filled_in_is_watched(rooms, wire, clock):
    sight = await rooms.quint.types("/news", "subscribe", channel="C1")
    assert sight.modal is not None
    sight = await rooms.quint.submits({"What to watch for": "second meeting\nsummit"}, until=told)
    await sight.until(lambda sight: "Ready to watch #world" in sight.text)
    await rooms.quint.presses("Confirm")
    await rooms.quint.types("/news", "edit 1", channel="C1")
    assert rooms.quint.modal is not None
    sight = await rooms.quint.submits({"What to watch for": "second meeting"}, until=told)
    await sight.until(lambda sight: "Ready to change 1" in sight.text)
    await rooms.quint.presses("Confirm")
    [one] = await rooms.parts.store.registry.subscriptions()
    assert one.query == "second meeting"
    wire.publish(article(at=clock))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["Kim agrees to a second meeting"]}


async def test_on_discord_the_command_alone_opens_a_form_and_what_is_filled_in_is_watched(rooms, wire, clock):
    answer = await rooms.ann.types("news subscribe", channel=123)
    assert answer.form is not None
    answer = await rooms.ann.submits({"What to watch for": "summit"})
    assert "Ready to watch #world" in answer.text
    await rooms.ann.presses("Edit")
    answer = await rooms.ann.submits({"What to watch for": "second meeting"})
    assert "“second meeting”" in answer.text
    await rooms.ann.presses("Confirm")
    [one] = await rooms.parts.store.registry.subscriptions()
    assert one.query == "second meeting"
    wire.publish(article(at=clock))
    await rooms.settle()
    assert rooms.headlines() == {"123": ["Kim agrees to a second meeting"]}


async def test_a_query_that_cannot_be_read_keeps_the_form_open_or_is_shown_with_its_place(rooms):
    await rooms.quint.types("/news", "subscribe", channel="C1")
    sight = await rooms.quint.submits({"What to watch for": '"Kim AND'})
    assert "never closes" in sight.text + str(sight.errors)
    await rooms.ann.types("news subscribe", channel=123)
    answer = await rooms.ann.submits({"What to watch for": '"Kim AND'})
    assert "never closes" in answer.text
    assert not await rooms.parts.store.registry.subscriptions()


async def test_the_sources_of_one_place_can_be_carried_to_another(rooms, wire):
    await rooms.ann.types("news sources add", url=wire.url(BLOG), channel=123)
    answer = await rooms.ann.types("news export", what="sources", channel=123)
    opml = answer.file()
    assert wire.url(BLOG).encode() in opml
    await rooms.ada.types("/news", "import", channel="C9")
    sight = await rooms.ada.submits({"The file": ("sources.opml", opml)}, until=told)
    await sight.until(lambda sight: "Blog" in sight.text or "source" in sight.text)
    await rooms.poll()
    sight = await rooms.ada.types("/news", "sources list", channel="C9")
    assert "Blog" in sight.text
    answer = await rooms.cyd.types("news import", file=("sources.opml", opml), channel=456)
    assert "source" in answer.text
    assert "Blog" in (await rooms.cyd.types("news sources list", channel=456)).text
    # Nobody else reads it for that.
    sight = await rooms.quint.types("/news", "sources list", channel="C1")
    assert "Blog" not in sight.text


async def test_a_sample_shows_an_alert_as_it_will_look_and_changes_nothing(rooms, wire, clock):
    wire.publish(article(at=clock))
    await rooms.settle()
    await rooms.quint.types("/news", "subscribe second meeting", channel="C1")
    await rooms.quint.presses("Post a sample here", until=lambda sight: sight.posts)
    await rooms.ann.types("news subscribe", query="second meeting", channel=123)
    await rooms.ann.presses("Post a sample here")
    await rooms.until(lambda: rooms.discord.channel(123).messages)
    assert all("Kim agrees" in headlines[0] for headlines in rooms.headlines().values())
    assert set(rooms.headlines()) == {"C1", "123"}
    assert not await rooms.parts.store.registry.subscriptions()

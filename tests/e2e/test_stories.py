"""One piece of news, one message, with the original's link, whatever feeds make of it."""

from dataclasses import replace
from datetime import timedelta

from tests import stalls
from tests.e2e.articles import TEXT, article, copy_of
from tests.e2e.conftest import BLOG, WORLD

LONGEST_STALL_S = 0.2
"""Measured 0.09 s, with eight other programs busy on four processors too; 0.26 s if the loop itself decides."""


def links(channel):
    return [message.link for message in channel.messages]


def headlines(channel):
    return [message.headline for message in channel.messages]


# ---------------------------------------------------------------- copies


async def test_an_article_is_posted_to_both_platforms_with_its_link(bot, wire, slack, discord, clock):
    news = article(at=clock)
    wire.publish(news)
    await bot.settle()
    assert links(slack.channel("C1")) == links(discord.channel(123)) == [news.url]
    assert headlines(slack.channel("C1")) == headlines(discord.channel(123)) == [news.title]


async def test_a_copy_that_arrives_first_is_linked_to_its_original(bot, wire, slack, discord, clock):
    original = article(at=clock)
    wire.publish(copy_of(original), paper=BLOG)
    await bot.poll()
    wire.publish(original)
    await bot.poll()
    await bot.deliver()
    assert links(slack.channel("C1")) == links(discord.channel(123)) == [original.url]


async def test_a_copy_that_arrives_after_its_original_was_posted_is_not_posted(
    bot, wire, slack, discord, clock
):
    original = article(at=clock)
    wire.publish(original)
    await bot.settle()
    wire.publish(copy_of(original), paper=BLOG)
    await bot.settle()
    assert links(slack.channel("C1")) == links(discord.channel(123)) == [original.url]


async def test_an_original_that_arrives_after_its_copy_was_posted_is_not_posted(bot, wire, slack, clock):
    original = article(at=clock)
    wire.publish(copy_of(original), paper=BLOG)
    await bot.settle()
    wire.publish(original)
    await bot.settle()
    assert links(slack.channel("C1")) == [original.url]


async def test_the_message_names_where_else_the_story_stands(bot, wire, slack, clock):
    original = article(at=clock)
    wire.publish(original)
    wire.publish(copy_of(original), paper=BLOG)
    await bot.settle()
    [message] = slack.channel("C1").messages
    assert "Blog" in message.shown.text


async def test_an_original_and_its_copy_read_at_the_same_moment_are_one_message(
    bot, wire, slack, discord, clock
):
    originals = [article(f"Kim, part {number}", clock, number=number) for number in range(10)]
    wire.publish(*originals)
    wire.publish(*(copy_of(item, 900 + number) for number, item in enumerate(originals)), paper=BLOG)
    await bot.settle()
    wanted = sorted(item.url for item in originals)
    assert sorted(links(slack.channel("C1"))) == sorted(links(discord.channel(123))) == wanted


async def test_two_feeds_that_race_with_the_same_article_bring_one_message(bot, wire, slack, discord, clock):
    await bot.follow(*(f"/race{number}.xml" for number in range(6)))
    for number in range(6):
        wire.publish(article(at=clock, id=f"{number}"), paper=f"/race{number}.xml")
    reports = await bot.poll()
    assert sum(report.new for report in reports) == 6
    await bot.deliver()
    assert len(links(slack.channel("C1"))) == len(links(discord.channel(123))) == 1


async def test_a_feed_that_falsely_names_another_ones_article_does_not_swallow_it(bot, wire, slack, clock):
    original = article(at=clock)
    lie = replace(
        article(
            "Kim sells carpets", clock, text="<p>Kim has carpets of every size, at half the price, today.</p>"
        ),
        url=original.url,
    )
    wire.publish(lie, paper=BLOG)
    await bot.settle()
    wire.publish(original)
    await bot.settle()
    assert sorted(headlines(slack.channel("C1"))) == [original.title, "Kim sells carpets"]


# ---------------------------------------------------------------- what is news


async def test_nothing_that_a_feed_already_lists_is_announced_when_it_is_followed(bot, wire, slack, clock):
    old = [article(f"Kim, part {n}", clock.now() - timedelta(hours=n), number=n) for n in range(1, 5)]
    undated = article("Kim, some day", number=9)
    wire.publish(*old, undated, paper="/new.xml")
    await bot.follow("/new.xml")
    await bot.settle()
    assert slack.messages == []
    fresh = article("Kim, part 10", clock, number=10)
    wire.publish(fresh, paper="/new.xml")
    await bot.settle()
    assert headlines(slack.channel("C1")) == ["Kim, part 10"]


async def test_what_is_published_between_following_and_the_first_poll_is_announced(bot, wire, slack, clock):
    await bot.follow("/new.xml")
    clock.jump(30)
    wire.publish(article(at=clock), paper="/new.xml")
    await bot.settle()
    assert len(slack.messages) == 1


async def test_an_old_article_that_turns_up_late_is_not_announced(bot, wire, slack, clock):
    wire.publish(article(at=clock.now() - timedelta(hours=49)))
    wire.publish(article("Kim, yesterday", clock.now() - timedelta(hours=24), number=2))
    await bot.settle()
    assert headlines(slack.channel("C1")) == ["Kim, yesterday"]


async def test_an_undated_article_counts_as_published_when_it_is_first_seen(bot, wire, slack):
    wire.publish(article())
    await bot.settle()
    assert len(slack.messages) == 1


async def test_an_edited_article_is_not_announced_again(bot, wire, slack, discord, clock):
    news = article(at=clock)
    wire.publish(news)
    await bot.settle()
    wire.replace(replace(news, title="Kim agreed to a second meeting", text=TEXT + "<p>Kim spoke.</p>"))
    await bot.settle()
    assert len(slack.messages) == len(discord.messages) == 1


async def test_an_edit_that_first_makes_an_article_match_is_announced_as_updated(
    bot, wire, slack, discord, clock
):
    news = article("Talks in the capital", clock, text="<p>Somebody will meet somebody on Friday.</p>")
    wire.publish(news)
    await bot.settle()
    assert slack.messages == []
    wire.replace(replace(news, text="<p>Kim will meet somebody on Friday.</p>"))
    await bot.settle()
    [on_slack], [on_discord] = slack.messages, discord.messages
    assert "updated" in on_slack.shown.text.lower()
    assert "updated" in on_discord.shown.text.lower()
    assert on_slack.link == on_discord.link == news.url


async def test_an_edit_of_an_old_article_is_not_announced(bot, wire, slack, clock):
    news = article("Talks in the capital", clock, text="<p>Somebody will meet somebody on Friday.</p>")
    wire.publish(news)
    await bot.settle()
    clock.jump(49 * 3600)
    wire.replace(replace(news, text="<p>Kim will meet somebody on Friday.</p>"))
    await bot.settle()
    assert slack.messages == []


async def test_a_feed_that_changes_all_its_ids_at_once_announces_nothing_again(bot, wire, slack, clock):
    news = [article(f"Kim, part {n}", clock, number=n, id=f"old-{n}") for n in range(10)]
    wire.publish(*news)
    await bot.settle()
    assert len(slack.messages) == 10
    wire.replace(*(replace(item, id=f"new-{n}") for n, item in enumerate(news)))
    await bot.settle()
    moved = [
        replace(item, id=f"newer-{n}", url=f"https://paper.example/moved/{n}") for n, item in enumerate(news)
    ]
    wire.replace(*moved)
    await bot.settle()
    assert len(slack.messages) == 10


# ---------------------------------------------------------------- floods


async def test_five_thousand_new_articles_do_not_flood_a_channel(bot, wire, slack, discord, clock):
    newest_last = [
        article(
            f"Kim, part {n}",
            clock.now() - timedelta(seconds=5000 - n),
            number=n,
            text=f"<p>Part {n} of what Kim did.</p>",
        )
        for n in range(5000)
    ]
    wire.publish(*newest_last)
    with stalls.under(LONGEST_STALL_S):
        await bot.poll()
        for _ in range(4):  # a channel takes one message a second, and keeps the others waiting
            await bot.deliver(after_s=10)
    wanted = {item.url for item in newest_last[-20:]}
    assert set(links(slack.channel("C1"))) == set(links(discord.channel(123))) == wanted
    assert await bot.states() == {"sent": 40, "held": 9960}
    assert await bot.reasons() == [
        "one of 5,000 alerts at once from one feed; only the newest 20 were posted"
    ]


async def test_a_subscription_limited_to_a_feed_sees_no_other(bot, wire, slack, clock):
    await bot.watch("carpets", "slack:T1/C2", feeds=(wire.url(BLOG),))
    for number, paper in enumerate((WORLD, BLOG)):
        wire.publish(
            article(f"Carpets in {paper}", clock, number=number, text="<p>No more.</p>"), paper=paper
        )
    await bot.settle()
    assert headlines(slack.channel("C2")) == [f"Carpets in {BLOG}"]

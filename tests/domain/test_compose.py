"""What a reader of an alert is told."""

from dataclasses import replace

from bot.domain.compose import compose
from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.message import plain
from bot.domain.model import AlertMatch, EntryId, StoryId, SubscriptionId, TermMatch
from bot.domain.query import parse_query
from tests.builders import alert, article, at, channel, entry, mention, subscription, term

URL = "https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662"
BODY = "It is Monday. The White House is planning a summit with Kim Jong Un. It said so."


def original(**fields):
    told = entry("1", title="Second Trump–Kim summit", body=BODY, url=URL, **fields)
    return article(told, source="Politico")


def copied(**fields):
    told = entry("9", title="Blog headline", body=BODY, url="https://headlines.example/9", **fields)
    return article(told, id=EntryId(9), source="Headlines Example")


def matched(told, query, number=1):
    asked = subscription(query, id=SubscriptionId(number))
    return AlertMatch(
        asked, told.id, (evaluate(parse_query(query), Document(told.entry.title, told.entry.body)) or ())
    )


def marked(text):
    return "".join(f"[{run.text}]" if run.marked else run.text for run in text)


def test_an_alert_shows_headline_sentence_source_byline_section_link_and_reason():
    lead = original(byline="Quint Forgey", tags=("Headlines",))
    message = compose(alert(lead, matches=(matched(lead, "Kim Jong Un"),)))
    assert marked(message.headline) == "Second Trump–Kim summit"
    assert marked(message.excerpt) == "The White House is planning a summit with [Kim Jong Un]."
    assert (message.source, message.url, message.byline) == ("Politico", URL, "Quint Forgey")
    assert message.tags == ("Headlines",)
    assert message.reasons == ("the phrase “Kim Jong Un” (text)",)
    assert message.subscriptions == ("Kim Jong Un",)
    assert message.also_at == ()
    assert message.published_at == at()
    assert message.summary == "Second Trump–Kim summit (Politico)"


def test_words_of_every_subscription_are_marked_in_headline_and_text():
    lead = original()
    message = compose(alert(lead, matches=(matched(lead, "Kim Jong Un", 4), matched(lead, "summit", 2))))
    assert marked(message.headline) == "Second Trump–Kim [summit]"
    assert marked(message.excerpt) == "The White House is planning a [summit] with [Kim Jong Un]."
    assert message.reasons == ("the phrase “Kim Jong Un” (text)", "the word “summit” (headline and text)")
    assert message.subscriptions == ("Kim Jong Un", "summit")
    assert message.color_seed == 2


def test_words_that_would_be_no_query_by_themselves_are_a_reason_all_the_same():
    lead = article(entry("1", title="Not a Hotel opens", body=""))
    message = compose(alert(lead, matches=(matched(lead, '"NOT A HOTEL"'),)))
    assert message.reasons == ("the phrase “NOT A HOTEL” (headline)",)


def test_the_same_words_of_two_subscriptions_are_one_reason():
    lead = original()
    message = compose(alert(lead, matches=(matched(lead, "summit", 1), matched(lead, "summit", 2))))
    assert message.reasons == ("the word “summit” (headline and text)",)


def test_a_copy_is_named_beside_its_original_and_lends_what_the_original_lacks():
    lead, copy = (
        original(),
        copied(byline="Quint Forgey", tags=("Headlines",), image_url="https://e.example/i.jpg"),
    )
    message = compose(alert(lead, copy, matches=(matched(lead, "summit"),)))
    assert (message.source, message.also_at) == ("Politico", ("Headlines Example",))
    assert (message.byline, message.tags) == ("Quint Forgey", ("Headlines",))
    assert message.image_url == "https://e.example/i.jpg"


def test_a_copy_that_came_alone_links_its_original():
    copy = copied(original_url=URL)
    message = compose(alert(copy, matches=(matched(copy, "summit"),)))
    assert (message.url, message.source, message.icon_url) == (URL, "politico.com", None)
    assert message.also_at == ("Headlines Example",)


def test_a_match_in_the_copy_alone_shows_its_sentence_under_the_originals_headline():
    lead = article(entry("1", title="Summit planned", body="Short.", url=URL), source="Politico")
    copy = copied()
    message = compose(alert(lead, copy, matches=(matched(copy, "Kim Jong Un"),)))
    assert marked(message.headline) == "Summit planned"
    assert "[Kim Jong Un]" in marked(message.excerpt)
    assert message.url == URL


def test_an_original_that_has_the_words_tells_the_story_even_if_its_copy_was_matched_first():
    lead, copy = original(), copied()
    message = compose(alert(lead, copy, matches=(matched(copy, "summit"),)))
    assert marked(message.headline) == "Second Trump–Kim [summit]"
    assert message.reasons == ("the word “summit” (text)",)


def test_an_article_without_match_link_or_date_is_still_told():
    lead = article(entry("1", url=None, published_at=None, body=""), first_seen_at=at(minutes=3))
    message = compose(alert(lead, matches=()))
    assert message.url is None
    assert message.published_at == at(minutes=3)
    assert plain(message.excerpt) == ""
    assert message.color_seed == 0


def test_marks_follow_the_text_as_it_stands_now():
    lead = original()
    stale = matched(
        article(entry("1", title="x", body="Kim Jong Un, long ago"), source="Politico"), "Kim Jong Un"
    )
    message = compose(alert(lead, matches=(stale,)))
    assert "[Kim Jong Un]" in marked(message.excerpt)


def test_an_update_says_so():
    assert compose(alert(article(story_id=StoryId(3)), updated=True)).updated


# ---------------------------------------------------------------- named terms


def named(told, query, **terms):
    asked = subscription(query, terms=terms)
    return AlertMatch(
        asked, told.id, evaluate(parse_query(query, terms), Document.of(told.entry, "Politico")) or ()
    )


def test_a_named_term_is_told_by_what_it_stands_for():
    lead = original()
    message = compose(alert(lead, matches=(named(lead, "@kim AND summit", kim='"Kim Jong Un", Pyongyang'),)))
    assert marked(message.excerpt) == "The White House is planning a [summit] with [Kim Jong Un]."
    assert set(message.reasons) == {
        "the word “summit” (headline and text)",
        "the phrase “Kim Jong Un” (text)",
    }


def test_marks_follow_a_term_as_it_is_defined_now():
    lead = original()
    before = named(lead, "@kim", kim="Kim Jong Un")
    now = replace(before, subscription=replace(before.subscription, terms={"kim": "White House"}))
    message = compose(alert(lead, matches=(now,)))
    assert "The [White House] is" in marked(message.excerpt)
    assert message.reasons == ("the phrase “Kim Jong Un” (text)",)


def test_an_alert_whose_term_has_gone_since_is_told_by_what_was_found():
    lead, copy = original(), copied()
    found = named(lead, "@kim NEAR/9 summit", kim="Kim Jong Un")
    gone = replace(found, subscription=replace(found.subscription, terms={}))
    message = compose(alert(lead, copy, matches=(gone,)))
    assert marked(message.excerpt) == "The White House is planning a [summit] with [Kim Jong Un]."
    assert message.reasons == (
        "the phrase “Kim Jong Un” with at most 9 words between it and the word “summit” (text)",
    )
    other = compose(alert(copy, matches=(gone,)))
    assert "[" not in marked(other.excerpt)


def test_an_alert_calls_whomever_its_subscriptions_call_each_once():
    lead, word = original(), (term("summit", original().entry.body, "body"),)
    calls = [mention("desk"), None, mention("night"), replace(mention("renamed"), id="R-desk")]
    found = tuple(AlertMatch(subscription("summit", mention=one), lead.id, word) for one in calls)
    told = compose(alert(lead, matches=found)).mentions
    assert [(one.kind, one.id) for one in told] == [("role", "R-desk"), ("role", "R-night")]
    assert compose(alert(lead, matches=found[1:2])).mentions == ()


def test_a_reason_that_is_longer_than_a_query_may_be_is_told_as_it_is():
    lead, term = original(), f"({', '.join(['Kim Jong Un'] * 99)}) NEAR/9 summit"
    found = AlertMatch(subscription("@kim NEAR/9 summit"), lead.id, (TermMatch(term, "body", ()),))
    assert compose(alert(lead, matches=(found,))).reasons == (f"“{term}” (text)",)


def test_an_alert_has_buttons_where_its_channel_wants_them():
    assert not compose(alert()).buttons
    assert compose(alert(channel=channel(buttons=True))).buttons

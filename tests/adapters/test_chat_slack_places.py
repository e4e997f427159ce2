"""Coming and going in Slack: of newsbot, of channels, of the app."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.chat.slack_leaving import passage
from bot.errors import StoreError
from tests.adapters.slack_listening import RecordingDesk, Waits, listening, two_workspaces

ENTERED = [("back", "T1", None), ("back", "T2", None)]


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def entered(slack, desk):
    await slack.until(lambda: len(desk.places) == 2)
    assert sorted(desk.places) == ENTERED
    desk.places.clear()


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("removes", "newsbot was removed from the channel"),
        ("archives", "the channel was archived"),
        ("deletes", "the channel was deleted"),
    ],
)
async def test_a_channel_that_is_left_is_told_with_its_reason(slack, desk, how, reason, private):
    slack.add_channel("C3", name="europe", team="T1", is_private=private)
    async with listening(slack, desk):
        await entered(slack, desk)
        await getattr(slack.admin("T1"), how)("C3")
        await slack.until(lambda: desk.places)
    assert set(desk.places) == {("gone", "T1", "C3", reason)}
    assert slack.timeouts == []


@pytest.mark.parametrize("how", ["invites", "unarchives"])
async def test_a_channel_that_is_entered_again_is_told(slack, desk, how):
    async with listening(slack, desk):
        await entered(slack, desk)
        await getattr(slack.admin("T1"), how)("C1")
        await slack.until(lambda: desk.places)
    assert desk.places == [("back", "T1", "C1")]


async def test_others_may_come_and_go(slack, desk):
    async with listening(slack, desk):
        await entered(slack, desk)
        await slack.admin("T1").removes("C1", "U1")
        await slack.admin("T1").invites("C1", "U1")
        await slack.admin("T1").renames("C1", "globe")
        await slack.admin("T1").archives("C1")
        await slack.until(lambda: desk.places)
    assert desk.places == [("gone", "T1", "C1", "the channel was archived")]
    assert {envelope.outcome for envelope in slack.envelopes} == {"acknowledged"}


async def test_an_app_that_is_removed_leaves_its_workspace_and_the_others_go_on(slack, desk):
    with capture_logs() as logs:
        async with listening(slack, desk):
            await entered(slack, desk)
            await slack.admin("T1").uninstalls()
            await slack.until(lambda: len(desk.places) == 2)
            assert (await slack.person("U2", team="T2").types("/news", "status")).whispers == ["Done."]
    reasons = {"the app’s token was taken back", "the app was uninstalled"}
    assert set(desk.places) == {("gone", "T1", None, reason) for reason in reasons}
    (lost,) = [line for line in logs if line["event"] == "Slack workspace lost"]
    assert lost["workspace"] == "Desk 1"
    assert lost["reason"] in reasons
    assert lost["remedy"] == "install the app again, set its new token, and start newsbot again"


async def test_a_token_that_slack_still_takes_was_not_taken_back(slack, desk):
    async with listening(slack, desk):
        await entered(slack, desk)
        await slack.tell(
            slack.team("T1"), {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0OLDBOT"]}}
        )
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: desk.places)
    assert desk.places == [("gone", "T1", "C1", "the channel was deleted")]


async def test_a_persons_own_token_is_no_concern_of_ours():
    body = {"event": {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}}
    assert passage(body) is None
    assert passage({"event": {"type": "message"}}) is None
    assert passage({}) is None


async def test_a_workspace_that_takes_the_app_back_is_entered_when_somebody_speaks_there(slack, desk):
    async with listening(slack, desk):
        await entered(slack, desk)
        await slack.admin("T1").uninstalls()
        await slack.until(lambda: len(desk.places) == 2)
        slack.admin("T1").reinstalls()
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
    assert desk.places[-1] == ("back", "T1", None)


async def test_while_it_is_revoked_nobody_is_served_and_nothing_is_retried(slack, desk):
    async with listening(slack, desk):
        await entered(slack, desk)
        await slack.admin("T1").uninstalls()
        await slack.until(lambda: len(desk.places) == 2)
        asked = len(slack.calls("auth.test"))
        sight = await slack.person("U1").types("/news", "status")
        assert len(slack.calls("auth.test")) == asked + 1
    assert sight.whispers[0].startswith("Slack refused the token (token_revoked)")
    assert desk.said == []


async def test_what_slack_says_once_is_told_again_while_the_store_fails(slack, desk):
    wait = Waits()
    async with listening(slack, desk, wait=wait):
        await entered(slack, desk)
        desk.failures = [StoreError("the disk is full"), StoreError("the disk is full")]
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: desk.places)
    assert desk.places == [("gone", "T1", "C1", "the channel was deleted")]
    assert wait.seconds == [1.0, 2.0]


async def test_a_store_that_fails_for_ever_is_given_up(slack, desk):
    wait = Waits()
    async with listening(slack, desk, wait=wait):
        await entered(slack, desk)
        desk.failures = [StoreError("the disk is full")] * 10
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: len(wait.seconds) == 10)
        assert (await slack.person("U2", team="T2").types("/news", "status")).whispers == ["Done."]
    assert desk.places == []


async def test_an_event_of_a_channel_that_two_companies_share_is_ours(slack, desk):
    async with listening(slack, desk):
        await entered(slack, desk)
        ours = [{"team_id": "T1", "user_id": "U0T1BOT", "is_bot": True}]
        event = {"type": "channel_archive", "channel": "C1"}
        body = {
            "team_id": "TOTHER",
            "authorizations": ours,
            "event": event,
            "event_id": "Ev9",
            "type": "event_callback",
        }
        await slack.deliver(slack.team("T1"), "events_api", body)
        await slack.until(lambda: desk.places)
    assert desk.places == [("gone", "T1", "C1", "the channel was archived")]


async def test_of_the_channels_that_were_lost_before_it_began_those_entered_again_are_revived(slack, desk):
    slack.add_channel("C3", name="europe", team="T1", is_member=False)
    slack.add_channel("C4", name="old", team="T1")
    slack.channel("C4").is_archived = True
    desk.lost["T1"] = ["C1", "C3", "C4", "CNONE"]
    async with listening(slack, desk):
        await slack.until(lambda: len(desk.places) == 3)
        assert (await slack.person("U1").types("/news", "status")).whispers == ["Done."]
        await slack.until(lambda: len(slack.calls("conversations.info")) >= 4)
    assert sorted(desk.places, key=str) == sorted([*ENTERED, ("back", "T1", "C1")], key=str)

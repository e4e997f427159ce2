"""What Slack says of people: what they see, what they may do, whom they may call."""

from __future__ import annotations

import pytest

from bot.chat import slack_people
from bot.chat.slack import SlackChat
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import ChannelAddress, Mention, Person
from bot.errors import ChatError
from tests.adapters.slack_listening import Waits, two_workspaces, workspaces
from tests.impersonators.faults import broken, calling, rate_limited

QUINT, STRANGER = Person("U1", "quint"), Person("U99", "nobody")


def at(channel, team="T1"):
    return ChannelAddress("slack", team, channel)


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        slack.add_channel("CPUB", name="public", team="T1", members=[])
        slack.add_channel("CPRIV", name="private", team="T1", is_private=True, members=["U1"])
        slack.add_channel("CSECRET", name="secret", team="T1", is_private=True, members=["U8"])
        slack.add_channel("CFAR", name="far", team="T1", members=[], is_member=False)
        slack.add_channel("CHID", name="hidden", team="T1", is_private=True, members=["U1"], is_member=False)
        yield slack


@pytest.fixture
async def chat(slack):
    async with SlackChat(workspaces(slack), slack.base_url, timeout_s=5, wait=Waits()) as chat:
        yield chat


ALL = [at(id) for id in ("C1", "CPUB", "CPRIV", "CSECRET", "CFAR", "CHID", "CNONE")]


async def test_a_member_sees_public_channels_and_the_private_ones_that_they_are_in(chat):
    assert await chat.visible(QUINT, ALL) == {at("C1"), at("CPUB"), at("CPRIV"), at("CFAR")}


async def test_a_guest_sees_only_what_they_are_in(chat, slack):
    slack.person("U1").user.is_restricted = True
    slack.channel("C1").members.discard("U1")
    assert await chat.visible(QUINT, ALL) == {at("CPRIV")}


async def test_who_is_not_of_the_workspace_sees_nothing(chat):
    assert await chat.visible(STRANGER, ALL) == frozenset()


async def test_channels_of_each_workspace_are_asked_there(chat):
    assert await chat.visible(Person("U2", "x"), [at("C1"), at("C2", "T2")]) == {at("C2", "T2")}
    assert await chat.visible(QUINT, []) == frozenset()


async def test_a_channel_that_claims_to_be_of_another_workspace_is_not_seen(chat):
    assert await chat.visible(QUINT, [at("C2"), at("C1", "T2")]) == frozenset()


async def test_who_leaves_a_private_channel_sees_it_no_more(chat, slack):
    assert at("CPRIV") in await chat.visible(QUINT, ALL)
    slack.channel("CPRIV").members.discard("U1")
    assert at("CPRIV") not in await chat.visible(QUINT, ALL)


async def test_many_channels_are_seen_page_by_page(chat, slack):
    for number in range(1005):
        slack.add_channel(f"CX{number}", team="T1", members=["U1"])
    seen = await chat.visible(QUINT, [at(f"CX{number}") for number in range(1005)])
    assert len(seen) == 1005


async def test_no_more_than_some_channels_are_asked_one_by_one(chat, slack):
    for number in range(slack_people.MOST_ASKED + 5):
        slack.add_channel(f"CX{number}", team="T1", members=[], is_member=False)
    seen = await chat.visible(QUINT, [at(f"CX{number}") for number in range(slack_people.MOST_ASKED + 5)])
    assert len(seen) == slack_people.MOST_ASKED


@pytest.mark.parametrize(
    ("channel", "member"),
    [("C1", True), ("CPRIV", True), ("CPUB", False), ("CSECRET", False), ("CNONE", False)],
)
async def test_a_member_of_a_channel_is_in_it(chat, channel, member):
    assert await chat.rights(QUINT, at(channel)) == Rights(member=member)


async def test_rights_are_those_of_now(chat, slack):
    slack.add_group("S1", handle="desk", users=["U1"])
    assert await chat.rights(QUINT, at("C1")) == Rights(groups=frozenset({"S1"}))
    slack.person("U1").user.is_restricted = True
    assert not (await chat.rights(QUINT, at("C1"))).member
    slack.person("U1").user.is_restricted, slack.person("U1").user.is_admin = False, True
    assert (await chat.rights(QUINT, at("C1"))).moderator
    slack.person("U1").user.deleted = True
    assert not (await chat.rights(QUINT, at("C1"))).member


async def test_nobody_has_rights_by_an_unknown_id(chat):
    assert await chat.rights(STRANGER, at("C1")) == Rights(member=False)


async def test_rights_in_a_workspace_that_is_not_ours_are_not_known(chat):
    with pytest.raises(ChatError, match="newsbot has no token for the Slack workspace T9"):
        await chat.rights(QUINT, at("C1", "T9"))


async def test_what_slack_does_not_tell_is_an_error_not_a_right(chat, slack):
    slack.faults.next(broken(500), times=4, when=calling("users.info"))
    with pytest.raises(ChatError, match="Slack had a fault of its own"):
        await chat.rights(QUINT, at("C1"))
    slack.team("T1").scopes = ("channels:read",)
    with pytest.raises(ChatError, match="The token lacks the scope users:read"):
        await chat.visible(QUINT, ALL)


async def test_user_groups_are_asked_for_once_in_some_seconds(chat, slack):
    slack.add_group("S1", handle="desk", users=["U1"])
    for _ in range(3):
        await chat.rights(QUINT, at("C1"))
    assert len(slack.calls("usergroups.list")) == 1
    assert len(slack.calls("users.info")) == 3


async def test_a_rate_limit_is_waited_out(slack):
    wait = Waits()
    slack.faults.next(rate_limited(3), when=calling("users.conversations"))
    async with SlackChat(workspaces(slack), slack.base_url, wait=wait) as chat:
        assert await chat.visible(QUINT, [at("C1")]) == {at("C1")}
    assert wait.seconds == [3.0]


@pytest.mark.parametrize(
    ("mention", "member", "may"),
    [
        (Mention("person", "U1"), True, True),
        (Mention("person", "U1"), False, True),
        (Mention("person", "U99"), True, False),
        (Mention("group", "S1"), True, True),
        (Mention("group", "S1"), False, False),
        (Mention("group", "S9"), True, False),
        (Mention("role", "S1"), True, False),
        (Mention("everyone", "channel"), True, False),
    ],
    ids=str,
)
async def test_whom_somebody_may_call(chat, slack, mention, member, may):
    slack.add_group("S1", handle="desk")
    caller = Caller(QUINT, at("C1"), Rights(member=member))
    assert await chat.may_mention(caller, at("C1"), mention) is may


async def test_a_group_of_another_workspace_is_called_by_nobody(chat, slack):
    slack.add_group("S2", handle="others", team="T2")
    assert not await chat.may_mention(Caller(QUINT, at("C1")), at("C1"), Mention("group", "S2"))


async def test_the_only_workspace_needs_no_id(slack):
    only = workspaces(slack, ids=False)[:1]
    async with SlackChat(only, slack.base_url) as chat:
        assert await chat.visible(QUINT, [at("C1")]) == {at("C1")}
        with pytest.raises(ChatError, match="no token for the Slack workspace T2"):
            await chat.visible(QUINT, [at("C2", "T2")])


async def test_a_workspace_whose_plan_has_no_user_groups_is_served_all_the_same(chat, slack):
    slack.team("T1").has_groups = False
    assert await chat.rights(QUINT, at("C1")) == Rights()


async def test_user_groups_that_slack_fails_to_tell_are_not_taken_for_none(chat, slack):
    slack.faults.next(broken(500), times=4, when=calling("usergroups.list"))
    with pytest.raises(ChatError, match="Slack had a fault of its own"):
        await chat.rights(QUINT, at("C1"))


async def test_what_was_remembered_long_ago_is_forgotten(chat):
    team_people = chat._receptions[chat._teams[0]].people
    team_people._memory["name of C9"] = (-slack_people.NAMES_S - 1, "old")
    await chat.rights(QUINT, at("C1"))
    assert "name of C9" not in team_people._memory


async def test_nothing_is_asked_of_one_workspace_about_another(chat, slack):
    people = chat._receptions[chat._teams[0]].people
    assert await people.visible(QUINT, [at("C2", "T2")]) == frozenset()
    assert not await people.may_mention(Caller(QUINT, at("C1")), at("C2", "T2"), Mention("person", "U2"))
    assert slack.requests == []


@pytest.mark.parametrize("standing", ["is_restricted", "is_stranger", "deleted"])
async def test_an_admin_who_is_no_full_member_here_moderates_nothing(chat, slack, monkeypatch, standing):
    slack.person("U1").user.is_admin = True
    assert (await chat.rights(QUINT, at("C1"))).moderator
    people = await chat._people("T1")
    told = people._user

    async def lesser(id):
        return {**await told(id), standing: True}

    monkeypatch.setattr(people, "_user", lesser)
    assert not (await chat.rights(QUINT, at("C1"))).moderator


async def test_an_admin_of_another_company_moderates_nothing(chat, monkeypatch):
    people = await chat._people("T1")

    async def theirs(_id):
        return {"id": "U1", "team_id": "T77", "is_admin": True, "is_owner": True}

    monkeypatch.setattr(people, "_user", theirs)
    assert await chat.rights(QUINT, at("C1")) == Rights(member=False)

"""What a person types reaches the bot as Slack would hand it over."""

import pytest

from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_manifest import BadManifest, granted
from tests.impersonators.slack_typing import as_sent, by_phone


@pytest.fixture
def team():
    slack = SlackImpersonator()
    team = slack.add_team()
    slack.add_user("U1", name="quint")
    slack.add_group("S1", handle="editors")
    slack.add_channel("C1", name="world")
    slack.add_channel("C2", name="secret", is_private=True)
    return team


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("AT&T <b> &amp;", "AT&amp;T &lt;b&gt; &amp;amp;"),
        ("summit --in #world,#secret #nowhere", "summit --in <#C1|world>,<#C2|> #nowhere"),
        ("@quint @editors @here @nobody", "<@U1|quint> <!subteam^S1|@editors> <!here> @nobody"),
        ("why politico.com/story?a=1&b=2", None),
        (
            "from politico.com, bbc.co.uk.",
            "from <http://politico.com|politico.com>, <http://bbc.co.uk|bbc.co.uk>.",
        ),
        ("see https://x.example/a, x", "see <https://x.example/a>, x"),
        ("mail a@x.example", "mail <mailto:a@x.example|a@x.example>"),
        ("C.I.A. 3.5", "C.I.A. 3.5"),
    ],
)
def test_names_and_addresses_are_escaped_and_linked(team, typed, sent):
    link = "why <http://politico.com/story?a=1&amp;b=2|politico.com/story?a=1&amp;b=2>"
    assert as_sent(typed, team) == (sent or link)


def test_without_escaping_names_stay_as_typed(team):
    team.escapes = False
    assert as_sent("#world @quint <", team) == "#world @quint &lt;"


def test_a_phone_curls_quotes_and_joins_hyphens():
    assert by_phone("\"Kim Jong Un\" --in 'x' it's...") == "“Kim Jong Un” —in ‘x’ it’s…"


MANIFEST = {
    "display_information": {"name": "newsbot", "description": "Watches the news"},
    "features": {
        "bot_user": {"display_name": "newsbot"},
        "slash_commands": [{"command": "/wire", "description": "All of it", "should_escape": True}],
        "shortcuts": [{"name": "Why", "type": "message", "callback_id": "why", "description": "Why it came"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "channels:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_uninstalled", "channel_deleted"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def test_an_app_has_what_its_manifest_says():
    async with SlackImpersonator() as slack:
        team = slack.install(MANIFEST)
        slack.add_channel("C1")
        slack.add_user("U1")
        assert (team.scopes, team.commands) == (("chat:write", "commands", "channels:read"), ("/wire",))
        assert team.shortcuts == {"Why": "why"}
        sight = await slack.person("U1").types("/news")
        assert sight.failure == "/news is not a valid command."


@pytest.mark.parametrize(
    ("place", "change", "fault"),
    [
        ("display_information", {"name": ""}, "name is missing"),
        ("display_information", {"name": "n", "description": "x" * 141}, "longer than 140"),
        ("features", {"slash_commands": []}, "bot user"),
        ("oauth_config", {"scopes": {"bot": ["chat:write", "channels:read"]}}, "need the scope commands"),
        (
            "oauth_config",
            {"scopes": {"bot": ["chat:write", "commands"]}},
            "channel_deleted needs channels:read",
        ),
        ("settings", {"interactivity": {"is_enabled": True}}, "interactivity.request_url is missing"),
        ("settings", {}, "slash_commands.url is missing"),
    ],
)
def test_a_manifest_that_slack_does_not_take_is_refused(place, change, fault):
    with pytest.raises(BadManifest, match=fault):
        granted({**MANIFEST, place: change})


def test_a_world_can_be_written_as_data():
    slack = SlackImpersonator()
    users = [{"id": "U1", "name": "quint"}, {"id": "U2", "name": "guest", "is_restricted": True}]
    channels = [
        {"id": "C1", "name": "world"},
        {"id": "C2", "name": "x", "is_private": True, "members": ["U2"]},
    ]
    groups = [{"id": "S1", "handle": "editors", "users": ["U1"]}]
    row = {
        "id": "T1",
        "name": "Desk",
        "token": "xoxb-1",
        "users": users,
        "channels": channels,
        "groups": groups,
    }
    slack.world.load([row])
    assert (slack.channel("C1").members, slack.channel("C2").members) == ({"U1"}, {"U2"})
    assert slack.team().groups["S1"].users == ["U1"]
    with pytest.raises(KeyError):
        slack.channel("C9")

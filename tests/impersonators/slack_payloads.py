"""The payloads in which Slack tells the bot what somebody did.

https://docs.slack.dev/reference/interaction-payloads
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.impersonators.slack_call import Call, message_json
from tests.impersonators.slack_delivery import Json
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_views import view_json
from tests.impersonators.slack_world import ResponseUrl, SlackChannel, SlackUser, Trigger

RESPONSE_S = 30 * 60


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does: makes the payload, with its trigger and its response_url."""

    call: Call
    user: SlackUser
    trigger_s: float
    """How long its trigger is good."""

    def command(self, channel: SlackChannel, command: str, text: str) -> tuple[Json, ResponseUrl]:
        """Return a slash command; the names of private places are not told."""
        team = self.call.team
        hidden = "directmessage" if channel.is_im else "privategroup"
        url, response = self._response(channel)
        payload = {
            "token": "verification",
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": hidden if channel.is_private else channel.name,
            "user_id": self.user.id,
            "user_name": self.user.name,
            "command": command,
            "text": text,
            "api_app_id": team.app_id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self._trigger(channel.id),
        }
        return payload, response

    def press(self, message: SlackMessage, block: Any, action: Json) -> Json:
        """Return block_actions on a message; the text of an ephemeral one does not come along."""
        channel = self.call.team.channels[message.channel]
        url, _ = self._response(channel, message)
        private = message.viewer is not None
        payload = {
            **self._common("block_actions"),
            "trigger_id": self._trigger(channel.id),
            "response_url": url,
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": private,
            },
            "channel": {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name},
            "state": {"values": {}},
            "actions": [{"block_id": block["block_id"], "action_ts": message.ts, **action}],
        }
        return payload if private else {**payload, "message": message_json(message, self.call.team)}

    def press_in(self, view: SlackView, block: Any, action: Json) -> Json:
        """Return block_actions in a window."""
        return {
            **self._common("block_actions"),
            "trigger_id": self._trigger(view.channel, view),
            "container": {"type": "view", "view_id": view.id},
            "view": view_json(self.call, view),
            "actions": [{"block_id": block["block_id"], "action_ts": view.hash, **action}],
        }

    def shortcut(self, message: SlackMessage, callback_id: str) -> Json:
        """Return a message shortcut."""
        team, channel = self.call.team, self.call.team.channels[message.channel]
        url, _ = self._response(channel)
        return {
            **self._common("message_action"),
            "callback_id": callback_id,
            "trigger_id": self._trigger(channel.id),
            "response_url": url,
            "action_ts": message.ts,
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name},
            "message": message_json(message, team),
        }

    def submission(self, view: SlackView) -> Json:
        """Return view_submission."""
        return {
            **self._common("view_submission"),
            "trigger_id": self._trigger(view.channel, view),
            "view": view_json(self.call, view),
            "response_urls": [],
        }

    def closing(self, view: SlackView, *, everything: bool) -> Json:
        """Return view_closed."""
        return {
            **self._common("view_closed"),
            "view": view_json(self.call, view),
            "is_cleared": everything,
        }

    def _common(self, kind: str) -> Json:
        team, user = self.call.team, self.user
        return {
            "type": kind,
            "token": "verification",
            "api_app_id": team.app_id,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _trigger(self, channel: str, view: SlackView | None = None) -> str:
        world = self.call.world
        name = f"{world.numbers.new('')}.{world.numbers.new('')}.{world.numbers.new('t')}"
        until_s = asyncio.get_running_loop().time() + self.trigger_s
        modal = view.id if view else None
        world.triggers[name] = Trigger(self.call.team.id, self.user.id, until_s, channel, modal=modal)
        return name

    def _response(self, channel: SlackChannel, source: SlackMessage | None = None) -> tuple[str, ResponseUrl]:
        world, team = self.call.world, self.call.team
        key = world.numbers.new("R")
        until_s = self.call.at_s + RESPONSE_S
        response = ResponseUrl(team.id, channel.id, self.user.id, until_s, source=source)
        world.response_urls[key] = response
        return f"{self.call.address}/response/{team.id}/{key}", response


def event(call: Call, what: Json) -> Json:
    """Return an event with everything that Slack puts around it."""
    team = call.team
    return {
        "token": "verification",
        "team_id": team.id,
        "api_app_id": team.app_id,
        "event": {**what, "event_ts": call.world.new_ts(call.at_s)},
        "type": "event_callback",
        "event_id": call.world.numbers.new("Ev"),
        "event_time": int(call.at_s),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }

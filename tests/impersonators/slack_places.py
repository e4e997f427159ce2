"""Looking up channels, people and user groups, as far as the bot's team reaches."""

from collections.abc import Mapping
from typing import Any

from tests.impersonators.slack_call import Call, Json, SlackRefusal, message_json
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_posting import direct
from tests.impersonators.slack_world import SlackChannel, SlackUser, Team


def channel_json(channel: SlackChannel) -> Json:
    """Return a channel as Slack describes it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not (channel.is_private or channel.is_im),
        "is_group": channel.is_private and not channel.is_im,
        "is_im": channel.is_im,
        "is_member": channel.is_member,
        "is_archived": channel.is_archived,
        "is_private": channel.is_private,
        "num_members": len(channel.members) + channel.is_member,
        "context_team_id": channel.team_id,
    }


def conversations_info(call: Call) -> Json:
    call.require("channels:read", "groups:read")
    return {"ok": True, "channel": channel_json(call.channel())}


def conversations_list(call: Call) -> Json:
    return _list(call, [channel for channel in call.team.channels.values() if _visible(channel)])


def users_conversations(call: Call) -> Json:
    """List the channels of a person that the bot may know of; of the bot itself when no person is named."""
    user = call.args.get("user")
    if user and user not in call.team.users:
        raise SlackRefusal("user_not_found")
    channels = [channel for channel in call.team.channels.values() if _visible(channel)]
    return _list(call, [item for item in channels if (user in item.members if user else item.is_member)])


def _visible(channel: SlackChannel) -> bool:
    return channel.is_member or not channel.is_private


def _list(call: Call, channels: list[SlackChannel]) -> Json:
    call.require("channels:read", "groups:read")
    kinds = set(str(call.args.get("types") or "public_channel").split(","))
    wanted = [item for item in channels if _kind(item) in kinds]
    if call.flag("exclude_archived"):
        wanted = [item for item in wanted if not item.is_archived]
    rows, metadata = call.page(wanted)
    return {"ok": True, "channels": [channel_json(item) for item in rows], "response_metadata": metadata}


def _kind(channel: SlackChannel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def conversations_members(call: Call) -> Json:
    call.require("channels:read", "groups:read")
    channel = call.channel()
    bot = [call.team.bot_user_id] if channel.is_member else []
    rows, metadata = call.page([*sorted(channel.members), *bot])
    return {"ok": True, "members": rows, "response_metadata": metadata}


def conversations_join(call: Call) -> Json:
    call.require("channels:join")
    channel = call.channel()
    if channel.is_private:
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if not channel.is_member:
        channel.is_member = True
        call.tell(membership("member_joined_channel", call.team, call.team.bot_user_id, channel))
    return {"ok": True, "channel": channel_json(channel)}


def membership(event: str, team: Team, user_id: str, channel: SlackChannel) -> Json:
    """Return the event by which Slack says that somebody came or went."""
    kind = "G" if channel.is_private else "C"
    return {"type": event, "user": user_id, "channel": channel.id, "channel_type": kind, "team": team.id}


def conversations_open(call: Call) -> Json:
    call.require("im:write")
    user = str(call.argument("users"))
    if user not in call.team.users:
        raise SlackRefusal("user_not_found")
    return {"ok": True, "channel": {"id": direct(call, user).id}}


def conversations_history(call: Call) -> Json:
    call.require("channels:history", "groups:history")
    channel = call.channel()
    if not channel.is_member:
        raise SlackRefusal("not_in_channel")
    newest_first = [message for message in reversed(channel.messages) if _in_window(message, call.args)]
    rows, page = call.page(newest_first)
    asked = call.flag("include_all_metadata")
    return {
        "ok": True,
        "messages": [message_json(item, call.team, metadata=asked) for item in rows],
        "has_more": bool(page["next_cursor"]),
        "response_metadata": page,
    }


def _in_window(message: SlackMessage, args: Mapping[str, Any]) -> bool:
    at, oldest, latest = float(message.ts), float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    if args.get("inclusive") in (True, 1, "1", "true"):
        return oldest <= at <= latest
    return oldest < at < latest


def user_json(user: SlackUser, team: Team) -> Json:
    """Return a person as Slack describes them."""
    standing = ("is_admin", "is_owner", "is_restricted", "is_ultra_restricted", "deleted")
    return {
        "id": user.id,
        "team_id": team.id,
        "name": user.name,
        "real_name": user.name,
        "profile": {"display_name": user.name, "real_name": user.name},
        "tz_offset": user.tz_offset_s,
        "is_bot": False,
        **{name: getattr(user, name) for name in standing},
    }


def users_info(call: Call) -> Json:
    call.require("users:read")
    user = call.team.users.get(str(call.argument("user")))
    if user is None:
        raise SlackRefusal("user_not_found")
    return {"ok": True, "user": user_json(user, call.team)}


def users_list(call: Call) -> Json:
    call.require("users:read")
    rows, metadata = call.page(list(call.team.users.values()))
    return {
        "ok": True,
        "members": [user_json(user, call.team) for user in rows],
        "response_metadata": metadata,
    }


def usergroups_list(call: Call) -> Json:
    call.require("usergroups:read")
    if not call.team.has_groups:
        raise SlackRefusal("plan_upgrade_required")
    return {"ok": True, "usergroups": [_group_json(call, group.id) for group in call.team.groups.values()]}


def _group_json(call: Call, group_id: str) -> Json:
    group = call.team.groups[group_id]
    described: Json = {
        "id": group.id,
        "team_id": call.team.id,
        "is_usergroup": True,
        "name": group.name or group.handle,
        "handle": group.handle,
        "user_count": len(group.users),
        "date_delete": 0,
    }
    return described | ({"users": list(group.users)} if call.flag("include_users") else {})


def usergroups_users_list(call: Call) -> Json:
    call.require("usergroups:read")
    group = call.team.groups.get(str(call.argument("usergroup")))
    if group is None:
        raise SlackRefusal("no_such_subteam")
    return {"ok": True, "users": list(group.users)}

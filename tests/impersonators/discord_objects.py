"""How Discord describes the things of the imaginary Discord, complete enough for discord.py to read them."""

import itertools
from collections.abc import Mapping
from typing import Any

from tests.impersonators.discord_messages import Attached, DiscordMessage
from tests.impersonators.discord_world import (
    FORUM,
    DiscordBot,
    DiscordChannel,
    DiscordPerson,
    Guild,
    Role,
)

Json = dict[str, Any]
_VERIFY_KEY = "0" * 64


def user_json(user: DiscordBot | DiscordPerson) -> Json:
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": isinstance(user, DiscordBot),
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


def own_user_json(bot: DiscordBot) -> Json:
    """Describe a bot to itself."""
    return {**user_json(bot), "verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}


def application_json(bot: DiscordBot) -> Json:
    owner = {"id": "1", "username": "owner", "discriminator": "0", "global_name": None, "avatar": None}
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": _VERIFY_KEY,
        "flags": 0,
        "hook": True,
        "team": None,
        "owner": owner,
    }


def role_json(role: Role, position: int) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(role.permissions),
        "managed": False,
        "mentionable": role.mentionable,
        "flags": 0,
    }


def guild_json(guild: Guild) -> Json:
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(guild.owner_id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "home_header": None,
        "application_id": None,
        "region": "deprecated",
        "widget_enabled": False,
        "widget_channel_id": None,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_subscription_count": 0,
        "safety_alerts_channel_id": None,
        "nsfw": False,
        "incidents_data": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role_json(role, index) for index, role in enumerate(guild.roles.values())],
    }


def guild_create_json(guild: Guild, bot: DiscordBot) -> Json:
    """Describe a server over the gateway; without more intents a bot finds only itself among the members."""
    seen = [channel for channel in guild.channels.values() if channel.is_thread and not channel.archived]
    return {
        **guild_json(guild),
        "joined_at": "2024-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_json(guild, bot)],
        "channels": [channel_json(item) for item in guild.channels.values() if not item.is_thread],
        "threads": [channel_json(thread) for thread in seen if guild.sees(bot.id, thread)],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def member_json(guild: Guild, user: DiscordBot | DiscordPerson) -> Json:
    return {
        "user": user_json(user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "premium_since": None,
        "roles": [str(role_id) for role_id in guild.members[user.id]],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def channel_json(channel: DiscordChannel) -> Json:
    described: Json = {
        "id": str(channel.id),
        "guild_id": str(channel.guild_id),
        "type": channel.type,
        "name": channel.name,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "rate_limit_per_user": 0,
        "last_message_id": str(channel.messages[-1].id) if channel.messages else None,
        "flags": 1 << 4 if channel.needs_tag else 0,
    }
    if channel.is_thread:
        return described | _thread(channel)
    described |= {"position": 0, "topic": None, "nsfw": False, "permission_overwrites": _overwrites(channel)}
    return described | _forum(channel) if channel.type == FORUM else described


def _overwrites(channel: DiscordChannel) -> list[Json]:
    return [
        {
            "id": str(item.target_id),
            "type": int(item.is_member),
            "allow": str(item.allow),
            "deny": str(item.deny),
        }
        for item in channel.overwrites
    ]


def _thread(channel: DiscordChannel) -> Json:
    made_at = channel.made_at.isoformat() if channel.made_at else "2024-01-01T00:00:00+00:00"
    return {
        "owner_id": str(channel.owner_id),
        "message_count": len(channel.messages),
        "total_message_sent": len(channel.messages),
        "member_count": 1,
        "applied_tags": [],
        "thread_metadata": {
            "archived": channel.archived,
            "archive_timestamp": made_at,
            "auto_archive_duration": 4320,
            "locked": channel.locked,
            "create_timestamp": made_at,
        },
    }


def _forum(channel: DiscordChannel) -> Json:
    tags = [
        {"id": str(index), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for index, name in enumerate(channel.tags, start=1)
    ]
    return {
        "available_tags": tags,
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_auto_archive_duration": 4320,
        "template": "",
    }


def attachment_json(file: Attached) -> Json:
    return {
        "id": str(file.id),
        "filename": file.name,
        "size": len(file.content),
        "url": file.url,
        "proxy_url": file.url,
        "content_type": "application/octet-stream",
    }


def message_json(message: DiscordMessage, author: DiscordBot | DiscordPerson) -> Json:
    described: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(author),
        "content": message.content,
        "timestamp": message.at.isoformat(),
        "edited_timestamp": message.at.isoformat() if message.edits else None,
        "tts": False,
        "mention_everyone": any(ping[0] == "@" for ping in message.pings),
        "mentions": [],
        "mention_roles": [],
        "attachments": [attachment_json(file) for file in message.attachments],
        "embeds": [{"type": "rich", **embed} for embed in message.embeds],
        "components": _numbered(message.components),
        "pinned": False,
        "type": 20 if message.interaction else 0,
        "flags": message.flags,
    }
    if message.nonce is not None:
        described["nonce"] = message.nonce
    if message.interaction:
        described |= {
            "application_id": str(author.id),
            "webhook_id": str(author.id),
            "interaction_metadata": message.interaction,
        }
    return described


def _numbered(components: tuple[Mapping[str, Any], ...]) -> list[Json]:
    """Give every component a number, as Discord does where the sender gave none."""
    count = itertools.count(1)

    def number(part: Mapping[str, Any]) -> Json:
        described: Json = {**part, "id": part.get("id") or next(count)}
        if "components" in part:
            described["components"] = [number(inner) for inner in part["components"]]
        for key in ("component", "accessory"):
            if part.get(key):
                described[key] = number(part[key])
        return described

    return [number(part) for part in components]

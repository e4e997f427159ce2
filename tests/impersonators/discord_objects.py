"""How Discord describes the things of the imaginary Discord, complete enough for discord.py to read them."""

from typing import Any

from tests.impersonators.discord_world import (
    DiscordBot,
    DiscordChannel,
    DiscordMessage,
    Guild,
    Role,
)

Json = dict[str, Any]
_VERIFY_KEY = "0" * 64


def user_json(bot: DiscordBot) -> Json:
    return {
        "id": str(bot.id),
        "username": bot.name,
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": True,
        "verified": True,
        "mfa_enabled": False,
        "flags": 0,
        "public_flags": 0,
        "locale": "en-US",
        "email": None,
    }


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
        "mentionable": False,
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
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role_json(role, index) for index, role in enumerate(guild.roles.values())],
    }


def member_json(guild: Guild, bot: DiscordBot) -> Json:
    return {
        "user": user_json(bot),
        "nick": None,
        "avatar": None,
        "roles": [str(role_id) for role_id in guild.members[bot.id]],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def channel_json(channel: DiscordChannel) -> Json:
    overwrites = [
        {
            "id": str(item.target_id),
            "type": int(item.is_member),
            "allow": str(item.allow),
            "deny": str(item.deny),
        }
        for item in channel.overwrites
    ]
    return {
        "id": str(channel.id),
        "guild_id": str(channel.guild_id),
        "type": channel.type,
        "name": channel.name,
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "permission_overwrites": overwrites,
    }


def message_json(message: DiscordMessage, author: DiscordBot) -> Json:
    return {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(author),
        "content": message.content,
        "timestamp": message.at.isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": any(ping[0] == "@" for ping in message.pings),
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [{"type": "rich", **embed} for embed in message.embeds],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        **({"nonce": message.nonce} if message.nonce is not None else {}),
    }

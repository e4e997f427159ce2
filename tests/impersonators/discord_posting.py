"""Posting, editing, reading and crossposting messages in channels.

https://docs.discord.com/developers/resources/message
"""

from dataclasses import replace
from datetime import timedelta

from tests.impersonators import discord_rules as rules
from tests.impersonators.discord_call import Call, DiscordRefusal, refuse
from tests.impersonators.discord_components import component_faults
from tests.impersonators.discord_messages import CROSSPOSTED, DiscordMessage
from tests.impersonators.discord_objects import Json, channel_json, message_json
from tests.impersonators.discord_schema import MESSAGE_CREATE, MESSAGE_EDIT
from tests.impersonators.discord_world import (
    ANNOUNCEMENT,
    ATTACH_FILES,
    CATEGORY,
    EMBED_LINKS,
    FORUM,
    GUILD_MESSAGES,
    GUILDS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    DiscordBot,
    DiscordChannel,
    DiscordPerson,
    Event,
)

NONCE_WINDOW = timedelta(minutes=5)
"""Discord says “in the past few minutes”."""


def create_message(call: Call) -> Json:
    check_message(call, call.body, MESSAGE_CREATE)
    channel = call.channel(VIEW_CHANNEL)
    check_may_post(call, channel)
    first = _sent_under_nonce(call)
    if first:
        return {**message_json(first, call.bot), "_folded": True}
    message = channel.put(drafted(call, channel, call.body))
    announce(call, "MESSAGE_CREATE", message)
    return message_json(message, call.bot)


def check_message(call: Call, body: Json, schema: str) -> None:
    """Refuse a new message that is ill-formed or empty."""
    refuse(component_faults(body))
    call.validate(body, schema)
    if rules.is_empty(body):
        raise DiscordRefusal(400, 50006, "Cannot send an empty message")


def check_may_post(call: Call, channel: DiscordChannel) -> None:
    """Refuse to post where the bot may not, or where nothing can be posted; wake up an archived thread."""
    if channel.type in {FORUM, CATEGORY}:
        raise DiscordRefusal(400, 50008, "Cannot send messages in a non-text channel")
    needed = SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES
    needed |= EMBED_LINKS if call.body.get("embeds") else 0
    needed |= ATTACH_FILES if call.files else 0
    granted = call.guild_of(channel).permissions(call.bot.id, channel)
    if needed & ~granted:
        raise DiscordRefusal(403, 50013, "Missing Permissions")
    if channel.locked and not granted & MANAGE_THREADS:
        raise DiscordRefusal(403, 160005, "Thread is locked")
    if channel.archived:
        channel.archived = False
        data = channel_json(channel)
        call.world.emit(Event("THREAD_UPDATE", data, channel.guild_id, GUILDS, channel=channel))


def drafted(call: Call, channel: DiscordChannel, body: Json) -> DiscordMessage:
    """Return a new message of the bot that no channel holds yet."""
    nonce = body.get("nonce")
    return DiscordMessage(
        id=call.world.new_id(call.at),
        channel_id=channel.id,
        author_id=call.bot.id,
        at=call.at,
        content=body.get("content") or "",
        embeds=tuple(body.get("embeds") or ()),
        nonce=None if nonce is None else str(nonce),
        allowed_mentions=body.get("allowed_mentions"),
        body=body,
        components=tuple(body.get("components") or ()),
        flags=int(body.get("flags") or 0),
        attachments=call.attached(channel.id),
    )


def announce(call: Call, name: str, message: DiscordMessage) -> None:
    """Tell the bots that listen to messages; nobody hears of an ephemeral one."""
    if message.is_ephemeral:
        return
    channel = call.world.channel(message.channel_id)
    place = {"guild_id": str(channel.guild_id), "channel_id": str(channel.id), "id": str(message.id)}
    data = place if name == "MESSAGE_DELETE" else {**message_json(message, call.bot), **place}
    call.world.emit(Event(name, data, channel.guild_id, GUILD_MESSAGES, channel=channel))


def _sent_under_nonce(call: Call) -> DiscordMessage | None:
    """Return the message that a repeated nonce stands for, counting the repetition.

    The documentation makes the nonce unique per author, not per channel: one nonce in two channels loses a message.
    """
    nonce = call.body.get("nonce")
    if nonce is None or not call.body.get("enforce_nonce"):
        return None
    for guild in call.world.guilds.values():
        for channel in guild.channels.values():
            for message in channel.messages:
                same = message.author_id == call.bot.id and message.nonce == str(nonce)
                if same and call.at - message.at <= NONCE_WINDOW:
                    channel.put(replace(message, sent_times=message.sent_times + 1))
                    return message
    return None


def _place(call: Call) -> tuple[DiscordChannel, DiscordMessage]:
    channel = call.channel()
    wanted = int(call.places["message_id"])
    message = next((item for item in channel.messages if item.id == wanted), None)
    if message is None:
        raise DiscordRefusal(404, 10008, "Unknown Message")
    return channel, message


def get_message(call: Call) -> Json:
    _, message = _place(call)
    return message_json(message, _author(call, message))


def list_messages(call: Call) -> list[Json]:
    latest = reversed(call.channel().messages)
    count = int(call.body.get("limit", 50))
    return [message_json(item, _author(call, item)) for item in latest][:count]


def _author(call: Call, message: DiscordMessage) -> DiscordBot | DiscordPerson:
    return call.world.user(message.author_id) or call.bot


def edit_message(call: Call) -> Json:
    refuse(component_faults(call.body))
    call.validate(call.body, MESSAGE_EDIT)
    channel, message = _place(call)
    if message.author_id != call.bot.id:
        raise DiscordRefusal(403, 50005, "Cannot edit a message authored by another user")
    if channel.archived:
        raise DiscordRefusal(400, 50083, "Thread is archived")
    body = call.body
    edited = replace(
        message,
        content=body.get("content", message.content) or "",
        embeds=tuple(body.get("embeds", message.embeds) or ()),
        components=tuple(body.get("components", message.components) or ()),
        edits=message.edits + 1,
    )
    announce(call, "MESSAGE_UPDATE", channel.put(edited))
    return message_json(edited, call.bot)


def delete_message(call: Call) -> None:
    channel, message = _place(call)
    granted = call.guild_of(channel).permissions(call.bot.id, channel)
    if message.author_id != call.bot.id and not granted & MANAGE_MESSAGES:
        raise DiscordRefusal(403, 50013, "Missing Permissions")
    channel.take_away(message.id)
    announce(call, "MESSAGE_DELETE", message)


def crosspost(call: Call) -> Json:
    """Publish a message of an announcement channel to the servers that follow it."""
    channel, message = _place(call)
    if channel.type != ANNOUNCEMENT:
        raise DiscordRefusal(400, 50024, "Cannot execute action on this channel type")
    if message.flags & CROSSPOSTED:
        raise DiscordRefusal(400, 40033, "This message has already been crossposted")
    needed = SEND_MESSAGES if message.author_id == call.bot.id else MANAGE_MESSAGES
    call.channel(needed)
    published = channel.put(replace(message, flags=message.flags | CROSSPOSTED))
    announce(call, "MESSAGE_UPDATE", published)
    return message_json(published, _author(call, message))

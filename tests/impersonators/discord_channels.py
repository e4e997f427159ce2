"""Reading Discord over REST: oneself, servers, channels, members, roles; and threads.

https://docs.discord.com/developers/resources/channel
"""

from dataclasses import replace

from tests.impersonators.discord_call import Call, DiscordRefusal, refuse
from tests.impersonators.discord_objects import (
    Json,
    application_json,
    channel_json,
    guild_json,
    member_json,
    message_json,
    own_user_json,
    role_json,
    user_json,
)
from tests.impersonators.discord_posting import announce, check_may_post, check_message, drafted
from tests.impersonators.discord_schema import MESSAGE_CREATE
from tests.impersonators.discord_world import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    CREATE_PUBLIC_THREADS,
    FORUM,
    GUILDS,
    MANAGE_THREADS,
    PUBLIC_THREAD,
    SEND_MESSAGES,
    TEXT,
    DiscordChannel,
    Event,
)


def me(call: Call) -> Json:
    return own_user_json(call.bot)


def get_user(call: Call) -> Json:
    user = call.world.user(int(call.places["user_id"]))
    if user is None:
        raise DiscordRefusal(404, 10013, "Unknown User")
    return user_json(user)


def my_application(call: Call) -> Json:
    return application_json(call.bot)


def my_guilds(call: Call) -> list[Json]:
    mine = [guild for guild in call.world.guilds.values() if call.bot.id in guild.members]
    return [{**guild_json(guild), "owner": False, "permissions": "0"} for guild in mine]


def gateway(call: Call) -> Json:
    return {"url": call.gateway["url"]}


def gateway_for_bots(call: Call) -> Json:
    return dict(call.gateway)


def get_channel(call: Call) -> Json:
    return channel_json(call.channel())


def get_guild(call: Call) -> Json:
    return guild_json(call.guild())


def get_guild_channels(call: Call) -> list[Json]:
    # Discord lists the channels that a bot cannot see too, and no threads.
    return [channel_json(channel) for channel in call.guild().channels.values() if not channel.is_thread]


def get_roles(call: Call) -> list[Json]:
    return [role_json(role, index) for index, role in enumerate(call.guild().roles.values())]


def get_member(call: Call) -> Json:
    guild = call.guild()
    user = call.world.user(int(call.places["user_id"]))
    if user is None or user.id not in guild.members:
        raise DiscordRefusal(404, 10007, "Unknown Member")
    return member_json(guild, user)


def leave_guild(call: Call) -> None:
    guild = call.guild()
    del guild.members[call.bot.id]
    data = {"id": str(guild.id)}
    call.world.emit(Event("GUILD_DELETE", data, guild.id, GUILDS, bot_id=call.bot.id))


def active_threads(call: Call) -> Json:
    guild = call.guild()
    threads = [item for item in guild.channels.values() if item.is_thread and not item.archived]
    seen = [channel_json(item) for item in threads if guild.sees(call.bot.id, item)]
    return {"threads": seen, "members": []}


def archived_threads(call: Call) -> Json:
    parent = call.channel()
    guild = call.guild_of(parent)
    threads = [item for item in guild.channels.values() if item.parent_id == parent.id and item.archived]
    return {"threads": [channel_json(item) for item in threads], "members": [], "has_more": False}


def type_away(call: Call) -> None:
    """Show that the bot is typing."""
    call.channel(SEND_MESSAGES)


def join_thread(call: Call) -> None:
    _thread(call).joined.add(call.bot.id)


def get_thread_member(call: Call) -> Json:
    thread, user_id = _thread(call), int(call.places["user_id"])
    if user_id not in thread.joined:
        raise DiscordRefusal(404, 10007, "Unknown Member")
    made_at = thread.made_at.isoformat() if thread.made_at else "2024-01-01T00:00:00+00:00"
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": made_at, "flags": 0}


def _thread(call: Call) -> DiscordChannel:
    channel = call.channel()
    if not channel.is_thread:
        raise DiscordRefusal(400, 50024, "Cannot execute action on this channel type")
    return channel


def edit_thread(call: Call) -> Json:
    """Archive, wake up or rename a thread; who only has SEND_MESSAGES_IN_THREADS may wake one up."""
    thread = _thread(call)
    granted = call.guild_of(thread).permissions(call.bot.id, thread)
    wakes = call.body.get("archived") is False and set(call.body) <= {"archived"} and not thread.locked
    if not (wakes or granted & MANAGE_THREADS or thread.owner_id == call.bot.id):
        raise DiscordRefusal(403, 50013, "Missing Permissions")
    thread.archived = call.body.get("archived", thread.archived)
    thread.locked = call.body.get("locked", thread.locked)
    thread.name = call.body.get("name", thread.name)
    tell_of_channel(call, "THREAD_UPDATE", thread)
    return channel_json(thread)


def create_thread(call: Call) -> Json:
    """Open a thread in a channel, or a post in a forum together with its first message."""
    channel = call.channel()
    _check_name(call)
    if channel.type == FORUM:
        return _create_post(call, channel)
    if channel.type not in {TEXT, ANNOUNCEMENT}:
        raise DiscordRefusal(400, 50024, "Cannot execute action on this channel type")
    call.channel(CREATE_PUBLIC_THREADS)
    return channel_json(_open(call, channel, call.world.new_id(call.at)))


def create_thread_from_message(call: Call) -> Json:
    channel, message_id = call.channel(CREATE_PUBLIC_THREADS), int(call.places["message_id"])
    _check_name(call)
    if not any(message.id == message_id for message in channel.messages):
        raise DiscordRefusal(404, 10008, "Unknown Message")
    if message_id in call.guild_of(channel).channels:
        raise DiscordRefusal(400, 160004, "A thread has already been created for this message")
    return channel_json(_open(call, channel, message_id))


def _create_post(call: Call, forum: DiscordChannel) -> Json:
    call.channel(SEND_MESSAGES)
    body = dict(call.body.get("message") or {})
    check_message(call, body, MESSAGE_CREATE)
    tags = call.body.get("applied_tags") or []
    if forum.needs_tag and not tags:
        raise DiscordRefusal(400, 40067, "A tag is required to create a forum post in this channel")
    post = _open(call, forum, call.world.new_id(call.at))
    check_may_post(call, post)
    # A post and its first message have one id.
    message = post.put(replace(drafted(call, post, body), id=post.id))
    announce(call, "MESSAGE_CREATE", message)
    return {**channel_json(post), "message": message_json(message, call.bot)}


def _check_name(call: Call) -> None:
    if not 1 <= len(call.body.get("name") or "") <= 100:
        refuse([("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")])


def _open(call: Call, parent: DiscordChannel, thread_id: int) -> DiscordChannel:
    thread = DiscordChannel(
        thread_id,
        parent.guild_id,
        call.body["name"],
        ANNOUNCEMENT_THREAD if parent.type == ANNOUNCEMENT else PUBLIC_THREAD,
        parent_id=parent.id,
        owner_id=call.bot.id,
        made_at=call.at,
    )
    call.guild_of(parent).channels[thread_id] = thread
    tell_of_channel(call, "THREAD_CREATE", thread, newly_created=True)
    return thread


def tell_of_channel(call: Call, name: str, channel: DiscordChannel, **more: object) -> None:
    """Tell the bots that can see a thread what became of it."""
    data = {**channel_json(channel), **more}
    call.world.emit(Event(name, data, channel.guild_id, GUILDS, channel=channel))

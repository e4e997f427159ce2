"""What happens to servers: opened, closed, channels and roles come and go; the bots hear of it over the gateway."""

from collections.abc import Iterable
from typing import Any

from tests.impersonators.discord_objects import channel_json, guild_create_json, member_json, role_json
from tests.impersonators.discord_world import (
    GUILD_MEMBERS,
    GUILDS,
    PUBLIC_THREAD,
    DiscordChannel,
    DiscordPerson,
    DiscordWorld,
    Event,
    Guild,
    Overwrite,
    Role,
)
from tests.impersonators.loopback import Now

FIRST_PERSON = 2000


class Admin:
    """The hand that changes servers, channels, roles and members."""

    def __init__(self, world: DiscordWorld, now: Now) -> None:
        self._world = world
        self._now = now

    def add_guild(self, guild_id: int, name: str, **more: Any) -> Guild:
        """Open a server; the bots that exist join it."""
        guild = self._world.add_guild(guild_id, name, **more)
        for bot_id in guild.members:
            self._welcome(guild, bot_id)
        return guild

    def invite(self, guild_id: int, bot_id: int = 0) -> None:
        """Let a bot into a server, or back into it; the first bot unless one is named."""
        guild = self._world.guilds[guild_id]
        chosen = bot_id or next(iter(self._world.bots))
        guild.members[chosen] = []
        self._welcome(guild, chosen)

    def kick(self, guild_id: int, bot_id: int = 0) -> None:
        """Remove a bot from a server."""
        guild = self._world.guilds[guild_id]
        chosen = bot_id or next(iter(self._world.bots))
        del guild.members[chosen]
        data = {"id": str(guild.id)}
        self._world.emit(Event("GUILD_DELETE", data, guild.id, GUILDS, bot_id=chosen))

    def fail(self, guild_id: int) -> None:
        """Let a server be unavailable, as in an outage; nobody was removed."""
        guild = self._world.guilds[guild_id]
        guild.unavailable = True
        self._tell(guild, "GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    def recover(self, guild_id: int) -> None:
        """Let a server be available again."""
        guild = self._world.guilds[guild_id]
        guild.unavailable = False
        for bot in [self._world.bots[user_id] for user_id in guild.members if user_id in self._world.bots]:
            data = guild_create_json(guild, bot)
            self._world.emit(Event("GUILD_CREATE", data, guild.id, GUILDS, bot_id=bot.id))

    def _welcome(self, guild: Guild, bot_id: int) -> None:
        # A server that a bot was let into just now does not say whether it is available.
        data = guild_create_json(guild, self._world.bots[bot_id])
        del data["unavailable"]
        self._world.emit(Event("GUILD_CREATE", data, guild.id, GUILDS, bot_id=bot_id))

    def _tell(self, guild: Guild, name: str, data: dict[str, Any]) -> None:
        self._world.emit(Event(name, data, guild.id, GUILDS))

    def add_channel(self, channel: DiscordChannel) -> DiscordChannel:
        """Open a channel, or a thread below its parent."""
        channel.made_at = channel.made_at or self._now()
        guild = self._world.guilds[channel.guild_id]
        guild.channels[channel.id] = channel
        self._tell_of(channel, "CREATE")
        return channel

    def add_thread(
        self, thread_id: int, parent: int, name: str = "", kind: int = PUBLIC_THREAD
    ) -> DiscordChannel:
        """Let somebody open a thread."""
        above = self._world.channel(parent)
        thread = DiscordChannel(thread_id, above.guild_id, name or f"t{thread_id}", kind, parent_id=parent)
        return self.add_channel(thread)

    def _tell_of(self, channel: DiscordChannel, what: str) -> None:
        kind, seen_in = ("THREAD", channel) if channel.is_thread else ("CHANNEL", None)
        data = channel_json(channel)
        if channel.is_thread and what == "CREATE":
            data["newly_created"] = True
        self._world.emit(Event(f"{kind}_{what}", data, channel.guild_id, GUILDS, channel=seen_in))

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel with its threads, or a thread."""
        channel = self._world.channel(channel_id)
        self._tell_of(channel, "DELETE")
        channels = self._world.guilds[channel.guild_id].channels
        for item in [item for item in channels.values() if channel_id in {item.id, item.parent_id}]:
            del channels[item.id]

    def rename(self, channel_id: int, name: str) -> None:
        channel = self._world.channel(channel_id)
        channel.name = name
        self._tell_of(channel, "UPDATE")

    def allow(self, channel_id: int, target_id: int, *, allow: int = 0, deny: int = 0) -> None:
        """Set a channel's exception for a role or, where it is no role, a member."""
        channel = self._world.channel(channel_id)
        roles = self._world.guilds[channel.guild_id].roles
        others = [item for item in channel.overwrites if item.target_id != target_id]
        channel.overwrites[:] = [*others, Overwrite(target_id, allow, deny, is_member=target_id not in roles)]
        self._tell_of(channel, "UPDATE")

    def archive(self, thread_id: int, *, locked: bool = False) -> None:
        """Put a thread away, as people do, or Discord itself after some days."""
        thread = self._world.channel(thread_id)
        thread.archived, thread.locked = True, locked
        self._tell_of(thread, "UPDATE")

    def wake(self, thread_id: int) -> None:
        """Take a thread out of the archive."""
        thread = self._world.channel(thread_id)
        thread.archived = thread.locked = False
        self._tell_of(thread, "UPDATE")

    def set_role(self, role: Role, guild_id: int) -> Role:
        """Make a role, or change the one with its id."""
        guild = self._world.guilds[guild_id]
        what = "UPDATE" if role.id in guild.roles else "CREATE"
        guild.roles[role.id] = role
        data = {"guild_id": str(guild.id), "role": role_json(role, list(guild.roles).index(role.id))}
        self._tell(guild, f"GUILD_ROLE_{what}", data)
        return role

    def delete_role(self, role_id: int, guild_id: int) -> None:
        guild = self._world.guilds[guild_id]
        del guild.roles[role_id]
        for roles in guild.members.values():
            if role_id in roles:
                roles.remove(role_id)
        self._tell(guild, "GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role_id)})

    def join(self, name: str, guild: Guild, roles: Iterable[int] = ()) -> DiscordPerson:
        """Return the person with a name, who joins the server if new to it, and gets these roles besides."""
        person = next((item for item in self._world.people.values() if item.name == name), None)
        if person is None:
            person = DiscordPerson(FIRST_PERSON + len(self._world.people), name)
            self._world.people[person.id] = person
        guild.members.setdefault(person.id, [])
        self.give_roles(person.id, guild, roles)
        return person

    def give_roles(self, user_id: int, guild: Guild, roles: Iterable[int]) -> None:
        """Give a member roles; a bot hears of its own even without the intent for members."""
        held = guild.members[user_id]
        held += [role for role in roles if role not in held]
        user = self._world.user(user_id)
        if user:
            data = {**member_json(guild, user), "guild_id": str(guild.id)}
            own = user_id if user_id in self._world.bots else 0
            event = Event("GUILD_MEMBER_UPDATE", data, guild.id, 0 if own else GUILD_MEMBERS, bot_id=own)
            self._world.emit(event)

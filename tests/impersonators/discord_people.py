"""A person in a server, who can do what Discord's client lets people do, and nothing else.

    ann = discord.person("ann", guild=10)
    answer = await ann.types("news subscribe", query="Kim Jong Un", in_=124)
    answer.text, answer.buttons, answer.is_ephemeral
    await ann.presses("Confirm")                    the newest button of that name she sees, or `on=` a message
    await ann.completes("news pause", subscription="su")
    await ann.chooses("Why", on=discord.channel(123).messages[0])
    await ann.submits({"Words": "summit"})          into the form that is open
    ann.sees(123)                                   messages, those for her alone included

An option's name may end in `_` where it is a word of Python. What cannot be done raises PersonCannot.
"""

from collections.abc import Mapping
from typing import Any

from tests.impersonators.changes import Changes
from tests.impersonators.discord_answers import Answer
from tests.impersonators.discord_commands import MESSAGE_MENU
from tests.impersonators.discord_forms import form_data, picked
from tests.impersonators.discord_interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    FORM,
    Cause,
    Interaction,
    Interactions,
)
from tests.impersonators.discord_messages import SELECTS, DiscordMessage, label_of, parts_of
from tests.impersonators.discord_objects import Json, message_json
from tests.impersonators.discord_options import PersonCannot, Resolved, command_data, find_command
from tests.impersonators.discord_world import (
    PRIVATE,
    TEXT,
    USE_APPLICATION_COMMANDS,
    VIEW_CHANNEL,
    DiscordChannel,
    DiscordPerson,
    Guild,
)

On = DiscordMessage | Answer | None
Place = int | str | DiscordChannel


class Person:
    """Somebody in one server."""

    def __init__(
        self, user: DiscordPerson, guild: Guild, interactions: Interactions, changes: Changes
    ) -> None:
        self.user = user
        self.guild = guild
        self.patience_s = 15.0
        """How long they look at “… is thinking”."""
        self.form: Interaction | None = None
        """The interaction that opened the form they have before them."""
        self._interactions = interactions
        self._world = interactions.world
        self._changes = changes

    @property
    def id(self) -> int:
        return self.user.id

    async def types(self, command: str, *, channel: Place = 0, **values: Any) -> Answer:
        """Send a command, and wait for what comes of it."""
        return await self._seen(self.starts(command, channel=channel, **values))

    async def types_privately(self, command: str, **values: Any) -> Answer:
        """Send a command outside every server, in the conversation with the bot."""
        return await self._seen(self._command(COMMAND, command, self._letters(), values))

    async def completes_privately(self, command: str, **values: Any) -> list[tuple[str, Any]]:
        """Type the last of these options there so far, and return the completions that are offered."""
        answer = await self._command(AUTOCOMPLETE, command, self._letters(), values).arrives()
        assert not answer.has_failed, "no completions came in time"
        return answer.choices

    def _letters(self) -> DiscordChannel:
        letters = self._world.letters
        if self.id not in letters:
            letters[self.id] = DiscordChannel(self._world.new_id(self._interactions.now()), 0, "", PRIVATE)
        return letters[self.id]

    def starts(self, command: str, *, channel: Place = 0, **values: Any) -> Answer:
        """Send a command without waiting for the answer."""
        return self._command(COMMAND, command, self._place(channel), values)

    async def completes(self, command: str, *, channel: Place = 0, **values: Any) -> list[tuple[str, Any]]:
        """Type the last of these options so far, and return the completions that are offered."""
        answer = await self._command(AUTOCOMPLETE, command, self._place(channel), values).arrives()
        assert not answer.has_failed, "no completions came in time"
        return answer.choices

    async def chooses(self, entry: str, on: DiscordMessage | Answer) -> Answer:
        """Choose an entry in the menu of a message."""
        message = on.message if isinstance(on, Answer) else on
        place = self._place(message.channel_id)
        bot_id, command = self._menu(entry)
        self._check_may_use(command, place)
        author = self._world.user(message.author_id)
        if author is None or place.find(message.id) is None:
            raise PersonCannot(f"{self.user.name} does not see the message")
        data = {
            "id": command["id"],
            "name": entry,
            "type": MESSAGE_MENU,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message_json(message, author)}},
        }
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return await self._seen(self._begin(COMMAND, bot_id, place, data))

    async def presses(self, label: str, on: On = None) -> Answer:
        """Press a button."""
        return await self._seen(self.taps(label, on))

    def taps(self, label: str, on: On = None) -> Answer:
        """Press a button without waiting for the answer."""
        looked_at = self._before_them(on)
        for message in looked_at:
            for button in message.pressable():
                if label_of(button) == label:
                    data = {"component_type": 2, "custom_id": button["custom_id"], "id": 1}
                    return self._on(message, data)
        found = [name for message in looked_at for name in message.buttons]
        raise PersonCannot(f"{self.user.name} sees no button “{label}”, only {found}")

    async def picks(self, menu: str, *chosen: Any, on: On = None) -> Answer:
        """Choose from a menu in a message, known by its placeholder or custom id."""
        for message in self._before_them(on):
            for part in parts_of(message.components, SELECTS):
                if menu in {part.get("placeholder"), part["custom_id"]} and not part.get("disabled"):
                    resolved = self._resolved()
                    data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": 1}
                    data["values"] = picked(part, chosen, resolved)
                    return await self._seen(self._on(message, data | _with(resolved)))
        raise PersonCannot(f"{self.user.name} sees no menu “{menu}”")

    async def submits(self, values: Mapping[str, Any]) -> Answer:
        """Fill in the form that is open, by labels or custom ids, and hand it in; it closes when that succeeded."""
        answer = await self._seen(self.hands_in(values))
        opened_another = self.form is answer.interaction
        if not answer.has_failed and not opened_another:
            self.form = None
        return answer

    def hands_in(self, values: Mapping[str, Any]) -> Answer:
        """Hand in the form that is open without waiting for the answer."""
        if self.form is None or self.form.form is None:
            raise PersonCannot(f"{self.user.name} has no form open")
        data = form_data(self.form.form, values, self._resolved())
        return self._begin(FORM, self.form.bot_id, self._place(self.form.channel_id), data, self.form)

    def sees(self, channel: Place = 0) -> list[DiscordMessage]:
        """Return the messages of a channel, oldest first: everybody's and those for this person alone."""
        place = self._place(channel)
        own = [message for message in place.whispers if message.shown_to == self.id]
        return sorted([*place.messages, *own], key=lambda message: message.id)

    async def _seen(self, answer: Answer) -> Answer:
        await answer.arrives()
        if answer.form:
            self.form = answer.interaction
        return answer

    def _place(self, channel: Place) -> DiscordChannel:
        number = channel.id if isinstance(channel, DiscordChannel) else int(channel)
        texts = (item.id for item in self.guild.channels.values() if item.type == TEXT)
        place = self.guild.channels.get(number or next(texts, 0))
        if place is None or not self.guild.sees(self.id, place):
            raise PersonCannot(f"{self.user.name} does not see channel {number} in {self.guild.name}")
        return place

    def _command(self, kind: int, typed: str, place: DiscordChannel, values: Mapping[str, Any]) -> Answer:
        plain = {name.removesuffix("_"): value for name, value in values.items()}
        bot_id, command, path = self._find(typed)
        self._check_may_use(command, place)
        focus = list(plain)[-1] if kind == AUTOCOMPLETE else None
        return self._begin(kind, bot_id, place, command_data(command, path, plain, self._resolved(), focus))

    def _check_may_use(self, command: Json, place: DiscordChannel) -> None:
        if place.type == PRIVATE:
            return
        needed = USE_APPLICATION_COMMANDS | int(command.get("default_member_permissions") or 0)
        if needed & ~self.guild.permissions(self.id, place):
            raise PersonCannot(f"{self.user.name} may not use “{command['name']}” in #{place.name}")

    def _scopes(self) -> list[tuple[int, list[Json]]]:
        """Return the commands that are offered here, those of this server before those of everywhere."""
        bots = [bot_id for bot_id in self._world.bots if bot_id in self.guild.members]
        keys = [(bot_id, scope) for bot_id in bots for scope in (self.guild.id, 0)]
        return [(key[0], self._world.commands.get(key, [])) for key in keys]

    def _find(self, typed: str) -> tuple[int, Json, list[Json]]:
        for bot_id, registered in self._scopes():
            try:
                return bot_id, *find_command(registered, typed)
            except KeyError:
                continue
        names = [item["name"] for _, registered in self._scopes() for item in registered]
        raise PersonCannot(f"no bot in {self.guild.name} offers /{typed}, only {names}")

    def _menu(self, entry: str) -> tuple[int, Json]:
        for bot_id, registered in self._scopes():
            for command in registered:
                if command["type"] == MESSAGE_MENU and command["name"] == entry:
                    return bot_id, command
        raise PersonCannot(f"no bot in {self.guild.name} adds “{entry}” to the menu of messages")

    def _resolved(self) -> Resolved:
        return Resolved(self._world, self.guild, self.user, self._interactions.now, self._interactions.url())

    def _before_them(self, on: On) -> list[DiscordMessage]:
        """Return the messages that may be meant, newest first and as they stand now."""
        if isinstance(on, Answer):
            return on.messages[::-1]
        visible = [item for item in self.guild.channels.values() if self.guild.sees(self.id, item)]
        messages = [message for channel in visible for message in self.sees(channel)]
        if on is not None:
            messages = [message for message in messages if message.id == on.id]
        return sorted(messages, key=lambda message: message.id, reverse=True)

    def _on(self, message: DiscordMessage, data: Json) -> Answer:
        place = self._place(message.channel_id)
        if not self.guild.permissions(self.id, place) & VIEW_CHANNEL:
            raise PersonCannot(f"{self.user.name} does not see the message")
        return self._begin(COMPONENT, message.author_id, place, data, message)

    def _begin(
        self, kind: int, bot_id: int, place: DiscordChannel, data: Json, cause: Cause = None
    ) -> Answer:
        interaction = self._interactions.begin(kind, (bot_id, self.id), place, cause)
        self._interactions.tell(interaction, data)
        return Answer(interaction, self._interactions, self._changes, self.patience_s)


def _with(resolved: Resolved) -> Json:
    return {"resolved": resolved.data} if resolved.data else {}

"""What people do on Discord, brought to the desk, and the desk's answers, brought back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TypeVar

import discord
import structlog
from discord.app_commands import Choice as DiscordChoice

from bot.chat.discord_answering import BUSY, Answering
from bot.chat.discord_errors import LIBRARY_ERRORS
from bot.chat.discord_files import fetched
from bot.chat.discord_gateway import keep_alive, new_client
from bot.chat.discord_places import DiscordPlaces
from bot.chat.discord_reading import (
    Heard,
    Said,
    caller_of,
    read_command,
    read_form,
    read_press,
    read_typing,
)
from bot.chat.discord_recent import Recent
from bot.chat.discord_registration import keep_registered
from bot.chat.discord_settings import DiscordListening, point_gateway_at
from bot.chat.discord_sight import DiscordSight
from bot.chat.escaping import clean, fit, length
from bot.chat.limits import DISCORD_CHOICE, DISCORD_CHOICES
from bot.domain.commands.exchange import SILENCE, Call, Caller, Choice, Press, Reply, Submission, say
from bot.domain.commands.forms import asks_form, form_for
from bot.ports import Desk

log = structlog.get_logger(__name__)

T = TypeVar("T")

GRACE_S = 5.0
"""How long answers that are under way are waited for at the end."""
MOST_REMEMBERED = 1000
ONLY_IN_SERVERS = "newsbot works in the channels of a server. Give the command there."


class DiscordListener:
    """Connects, registers the commands, and serves what comes."""

    def __init__(self, token: str, listening: DiscordListening, sight: DiscordSight) -> None:
        self._token = token
        self._listening = listening
        self._sight = sight
        self._busy: set[asyncio.Task[None]] = set()
        self._heard: Recent[int, None] = Recent(MOST_REMEMBERED)

    async def serve(self, desk: Desk) -> None:
        """Listen until cancelled; return, with the reason in the log, when Discord will never have us."""
        point_gateway_at(self._listening.gateway_url)
        await keep_alive(lambda: self._listen(desk), self._listening.retry_s)

    async def _listen(self, desk: Desk) -> None:
        """Hold one connection until it ends."""
        client = new_client(self._listening)
        DiscordPlaces(client, desk, self._listening.retry_s)

        async def on_interaction(interaction: discord.Interaction) -> None:
            await self._hear(interaction, desk)

        client.event(on_interaction)
        async with client:
            await client.login(self._token)
            self._sight.gateway = client
            registering = asyncio.create_task(keep_registered(client, self._listening))
            try:
                await client.connect()
            finally:
                self._sight.gateway = None
                registering.cancel()
                await self._answer_out()

    async def _answer_out(self) -> None:
        """Let answers that are under way come to their end before their client is closed."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=GRACE_S)

    async def _hear(self, interaction: discord.Interaction, desk: Desk) -> None:
        if interaction.id in self._heard:
            return
        self._heard.put(interaction.id, None)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - discord.py runs events in tasks
        self._busy.add(task)
        try:
            await self._serve(interaction, desk)
        finally:
            self._busy.discard(task)

    async def _serve(self, interaction: discord.Interaction, desk: Desk) -> None:
        caller = caller_of(interaction)
        if caller is None:
            await _turn_away(interaction)
            return
        self._sight.meet(interaction.user)
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._complete(interaction, caller, desk)
            case discord.InteractionType.component:
                await self._answer(interaction, read_press(interaction, caller), desk)
            case discord.InteractionType.modal_submit:
                await self._answer(interaction, read_form(interaction, caller), desk)
            case _:
                await self._answer(interaction, read_command(interaction, caller), desk)

    async def _complete(self, interaction: discord.Interaction, caller: Caller, desk: Desk) -> None:
        typing = read_typing(interaction, caller)
        asked = desk.complete(typing.call, typing.parameter, typing.typed)
        choices = await self._within(asked) or ()
        try:
            await interaction.response.autocomplete(_offered(choices))
        except LIBRARY_ERRORS as error:
            log.info("discord completions came too late", reason=str(error)[:300])

    async def _answer(self, interaction: discord.Interaction, heard: Heard, desk: Desk) -> None:
        answering = Answering(interaction)
        said = heard.said
        form = None if isinstance(said, Submission) else form_for(said)
        if form:
            await answering.ask(form)
        elif not isinstance(said, Submission) and asks_form(said):
            reply = await self._within(_ask(desk, said)) or say(BUSY)
            if reply != SILENCE:
                await answering.show(reply)
        elif await answering.acknowledge():
            whole = await fetched(interaction.client, heard)
            await answering.show(whole if isinstance(whole, Reply) else await _ask(desk, whole))

    async def _within(self, answer: Awaitable[T]) -> T | None:
        """Return an answer that is needed at once, or None when it takes too long."""
        try:
            async with asyncio.timeout(self._listening.form_within_s):
                return await answer
        except TimeoutError:
            return None


def _ask(desk: Desk, said: Said) -> Awaitable[Reply]:
    match said:
        case Call():
            return desk.run(said)
        case Press():
            return desk.press(said)
        case _:
            return desk.submit(said)


def _offered(choices: Sequence[Choice]) -> list[DiscordChoice[str]]:
    """Return completions within limits; a value that was cut would mean something else, so it is left out."""
    usable = [choice for choice in choices if 1 <= length(choice.value) <= DISCORD_CHOICE]
    return [
        DiscordChoice(name=fit(choice.label, DISCORD_CHOICE, clean) or choice.value, value=choice.value)
        for choice in usable[:DISCORD_CHOICES]
    ]


async def _turn_away(interaction: discord.Interaction) -> None:
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message(ONLY_IN_SERVERS, ephemeral=True)
    except LIBRARY_ERRORS as error:
        log.info("discord interaction dropped", reason=str(error)[:300])

"""A tiny bot on stock discord.py, which the tests of the local Discord connect to it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.impersonators.discord import DiscordImpersonator


class Words(ui.Modal, title="What to watch for"):
    """A form with two fields."""

    words: ui.TextInput["Words"] = ui.TextInput(label="Words", custom_id="words", default="Kim")
    place: ui.Label["Words"] = ui.Label(
        text="Channels", component=ui.ChannelSelect(custom_id="place", required=False, max_values=3)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat what was filled in."""
        places = ", ".join(f"#{place.name}" for place in self.place.component.values)  # type: ignore[attr-defined]
        await interaction.response.send_message(
            f"words {self.words.value} in {places or 'here'}", ephemeral=True
        )


class Buttons(ui.View):
    """Buttons that outlive the process, known by their custom ids."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Confirm", custom_id="confirm/1", style=discord.ButtonStyle.primary)
    async def confirm(self, interaction: discord.Interaction, _button: Any) -> None:
        """Take the place of the message."""
        await interaction.response.edit_message(content="confirmed", view=None)

    @ui.button(label="Edit", custom_id="edit/1")
    async def edit(self, interaction: discord.Interaction, _button: Any) -> None:
        """Open a form."""
        await interaction.response.send_modal(Words())

    @ui.button(label="Later", custom_id="later/1")
    async def later(self, interaction: discord.Interaction, _button: Any) -> None:
        """Acknowledge, then say something more."""
        await interaction.response.defer()
        await interaction.followup.send("later it is", ephemeral=True)

    @ui.select(
        placeholder="How often", custom_id="often/1", options=[discord.SelectOption(label="Daily", value="d")]
    )
    async def often(self, interaction: discord.Interaction, select: Any) -> None:
        """Repeat the choice."""
        await interaction.response.send_message(f"chose {select.values}", ephemeral=True)


class Client(discord.AutoShardedClient):
    """A client that shards without the pause between identifying, and notes what it hears."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"intents": discord.Intents(guilds=True), "guild_ready_timeout": 0.05}
        super().__init__(**(settings | options))
        self.tree = app_commands.CommandTree(self)
        self.tree.on_error = self._failed  # type: ignore[method-assign]
        self.heard: list[str] = []
        self.errors: list[Exception] = []
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        """Make old buttons work again."""
        self.add_view(Buttons())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait 5 s: this Discord lets 16 shards identify at once."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note every event."""
        self.heard.append(event)
        super().dispatch(event, *args, **kwargs)

    async def _failed(self, _interaction: discord.Interaction, error: Exception) -> None:
        self.errors.append(getattr(error, "original", error))


def add_commands(tree: "app_commands.CommandTree[Client]") -> None:
    """Define /news watch, /news sources add, /news slow, /news file and the menu entry Why."""
    news = app_commands.Group(name="news", description="News", guild_only=True)
    sources = app_commands.Group(name="sources", description="Sources", parent=news)
    news.command(name="watch", description="Watch")(watch)
    news.command(name="form", description="Open a form")(open_form)
    news.command(name="slow", description="Think")(slow)
    news.command(name="take", description="Take a file")(take)
    news.command(name="rights", description="Say who may what")(rights)
    sources.command(name="add", description="Add a source")(add_source)
    tree.add_command(news)
    tree.context_menu(name="Why")(why)


@app_commands.rename(place="in")
@app_commands.describe(query="words", place="channel", mention="whom", times="how often")
@app_commands.choices(
    kind=[app_commands.Choice(name="All", value="all"), app_commands.Choice(name="New", value="new")]
)
async def watch(
    interaction: discord.Interaction,
    query: app_commands.Range[str, 1, 20],
    place: discord.TextChannel | discord.Thread | None = None,
    mention: discord.Role | discord.Member | None = None,
    times: int = 1,
    kind: str = "all",
) -> None:
    """Repeat what was typed, with buttons."""
    where = place or interaction.channel
    words = f"watch {query} in #{where} for {mention} {times}x {kind}"  # what a person reads
    await interaction.response.send_message(words, view=Buttons(), ephemeral=True)


async def _complete(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=name, value=name.lower()) for name in ("BBC", "Reuters") if typed in name
    ]


@app_commands.autocomplete(source=_complete)
async def add_source(interaction: discord.Interaction, source: str) -> None:
    """Say in the open what was added."""
    await interaction.response.send_message(f"{interaction.user} added {source}")


async def open_form(interaction: discord.Interaction) -> None:
    """Open a form."""
    await interaction.response.send_modal(Words())


async def slow(interaction: discord.Interaction, shared: bool = False) -> None:
    """Defer, think, answer, and say more with a file."""
    await interaction.response.defer(ephemeral=not shared, thinking=True)
    await asyncio.sleep(0)
    await interaction.followup.send("thought about it", wait=True)
    file = discord.File(io.BytesIO(b"a,b"), "words.csv")
    message = await interaction.followup.send("and more", file=file, wait=True, ephemeral=True)
    await message.edit(content="and still more")
    await interaction.edit_original_response(content="thought about it twice")


async def take(interaction: discord.Interaction, file: discord.Attachment) -> None:
    """Read a file."""
    await interaction.response.send_message(
        f"{file.filename}: {(await file.read()).decode()}", ephemeral=True
    )


async def rights(interaction: discord.Interaction) -> None:
    """Say what the person and the bot may do here."""
    theirs, ours = interaction.permissions, interaction.app_permissions
    await interaction.response.send_message(
        f"manage {theirs.manage_channels}, send {ours.send_messages}", ephemeral=True
    )


async def why(interaction: discord.Interaction, message: discord.Message) -> None:
    """Quote the message."""
    await interaction.response.send_message(f"because of “{message.content}”", ephemeral=True)


def point_at(discord_server: DiscordImpersonator) -> None:
    """Tell discord.py of this process where Discord is."""
    Route.BASE = discord_server.base_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord_server.gateway.url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


@asynccontextmanager
async def running(
    server: DiscordImpersonator, *, sync: bool = True, await_session: bool = True, **options: Any
) -> AsyncIterator[Client]:
    """Run a client until the end of the block; what ends it early is the last of its errors."""
    point_at(server)
    async with Client(**options) as client:
        await client.login(next(iter(server.world.bots.values())).token)
        if sync:
            await client.tree.sync()
        task = asyncio.create_task(client.connect())
        try:
            if await_session:
                await server.gateway.until_connected(client.shard_count or 1)
            yield client
        finally:
            await client.close()
            await asyncio.wait([task], timeout=5)
            if not task.cancelled() and task.exception():
                client.errors.append(task.exception())  # type: ignore[arg-type]

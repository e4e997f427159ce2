"""Discord's REST routes: which function over the imaginary Discord answers which request.

https://docs.discord.com/developers/reference
"""

import re
from collections.abc import Callable, Mapping

from tests.impersonators import discord_callbacks as callbacks
from tests.impersonators import discord_channels as channels
from tests.impersonators import discord_commands as commands
from tests.impersonators import discord_posting as posting
from tests.impersonators.discord_call import Call
from tests.impersonators.discord_objects import Json

CREATE_MESSAGE = "POST /channels/{channel_id}/messages"
GATEWAY_FOR_BOTS = "GET /gateway/bot"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"

Handler = Callable[[Call], Json | list[Json] | None]
Route = tuple[str, str, Handler]
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_ANSWERS = "/webhooks/{webhook_id}/{webhook_token}/messages"
ROUTES: tuple[Route, ...] = (
    ("GET", "/users/@me", channels.me),
    ("GET", "/users/@me/guilds", channels.my_guilds),
    ("DELETE", "/users/@me/guilds/{guild_id}", channels.leave_guild),
    ("GET", "/users/{user_id}", channels.get_user),
    ("GET", "/oauth2/applications/@me", channels.my_application),
    ("GET", "/gateway", channels.gateway),
    ("GET", "/gateway/bot", channels.gateway_for_bots),
    ("GET", "/channels/{channel_id}", channels.get_channel),
    ("PATCH", "/channels/{channel_id}", channels.edit_thread),
    ("GET", "/guilds/{guild_id}", channels.get_guild),
    ("GET", "/guilds/{guild_id}/channels", channels.get_guild_channels),
    ("GET", "/guilds/{guild_id}/roles", channels.get_roles),
    ("GET", "/guilds/{guild_id}/members/{user_id}", channels.get_member),
    ("GET", "/guilds/{guild_id}/threads/active", channels.active_threads),
    ("GET", "/channels/{channel_id}/threads/archived/public", channels.archived_threads),
    ("POST", "/channels/{channel_id}/threads", channels.create_thread),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads", channels.create_thread_from_message),
    ("PUT", "/channels/{channel_id}/thread-members/@me", channels.join_thread),
    ("GET", "/channels/{channel_id}/thread-members/{user_id}", channels.get_thread_member),
    ("POST", "/channels/{channel_id}/typing", channels.type_away),
    ("GET", "/channels/{channel_id}/messages", posting.list_messages),
    ("POST", "/channels/{channel_id}/messages", posting.create_message),
    ("GET", "/channels/{channel_id}/messages/{message_id}", posting.get_message),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", posting.edit_message),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", posting.delete_message),
    ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", posting.crosspost),
    ("GET", _COMMANDS, commands.list_commands),
    ("PUT", _COMMANDS, commands.put_commands),
    ("POST", _COMMANDS, commands.post_command),
    ("GET", _COMMANDS + "/{command_id}", commands.get_command),
    ("DELETE", _COMMANDS + "/{command_id}", commands.delete_command),
    ("GET", _GUILD_COMMANDS, commands.list_commands),
    ("PUT", _GUILD_COMMANDS, commands.put_commands),
    ("POST", _GUILD_COMMANDS, commands.post_command),
    ("GET", _GUILD_COMMANDS + "/{command_id}", commands.get_command),
    ("DELETE", _GUILD_COMMANDS + "/{command_id}", commands.delete_command),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callbacks.respond),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", callbacks.follow_up),
    ("GET", _ANSWERS + "/@original", callbacks.get_answer),
    ("PATCH", _ANSWERS + "/@original", callbacks.edit_answer),
    ("DELETE", _ANSWERS + "/@original", callbacks.delete_answer),
    ("GET", _ANSWERS + "/{message_id}", callbacks.get_answer),
    ("PATCH", _ANSWERS + "/{message_id}", callbacks.edit_answer),
    ("DELETE", _ANSWERS + "/{message_id}", callbacks.delete_answer),
)


def find_route(method: str, path: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the operation (`POST /channels/{channel_id}/messages`) and the named parts of a path, or None."""
    for verb, template, _ in ROUTES:
        match = re.fullmatch(re.sub(r"\{(\w+)\}", _place, template), path) if verb == method else None
        if match:
            return f"{verb} {template}", match.groupdict()
    return None


def _place(name: re.Match[str]) -> str:
    pattern = "[^/]+" if name[1].endswith("_token") else r"\d+"
    return f"(?P<{name[1]}>{pattern})"


def handler_of(operation: str) -> Handler | None:
    """Return what performs an operation."""
    return next((handler for verb, template, handler in ROUTES if f"{verb} {template}" == operation), None)


def is_open(operation: str) -> bool:
    """Say whether the token in the path is all that a request needs."""
    return "_token}" in operation


def registers(operation: str) -> bool:
    """Say whether a request changes the commands that are registered."""
    return operation.endswith(("/commands", "/commands/{command_id}")) and not operation.startswith("GET")


def answers(request: object) -> bool:
    """Match the requests by which a bot answers people: for `faults.next(…, when=answers)`."""
    return is_open(str(getattr(request, "operation", "")))

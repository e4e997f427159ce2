"""`help`: short, with examples; and one command at a time."""

from __future__ import annotations

from difflib import get_close_matches

from bot.domain.commands.definitions import COMMANDS, Command, Need, Parameter, command_named
from bot.domain.commands.exchange import Call, Line, Look, Reply, line
from bot.domain.commands.typed import example
from bot.errors import NotFound
from bot.services.commands.context import Context

_TOPICS = (
    ("Watch", ("subscribe", "subscriptions", "unsubscribe", "pause", "resume", "edit", "copy")),
    ("Find", ("search", "preview", "where", "why")),
    ("Sources and terms", ("sources", "terms", "export", "import")),
    ("Settings", ("access", "buttons", "status")),
)
_NEEDS = {
    Need.MANAGE: "For those who manage subscriptions; {} access says who.",
    Need.EDIT: "For those who may change what everybody shares; {} access says who.",
}
QUERIES = 'Commas mean or, a minus leaves out, quotes keep words together: "trade war", tariffs -golf'


async def help_with(context: Context, call: Call) -> Reply:
    """Say what newsbot can do, or how one command is used; raise NotFound."""
    wanted = call.text("command").lower().removeprefix(context.command).strip()
    platform = call.caller.channel.platform
    if not wanted:
        return Reply(tuple(_overview(context.command, platform)))
    if command := command_named(wanted):
        return Reply(tuple(_one(context.command, command, platform)))
    group = [command for command in COMMANDS if command.group == wanted]
    if group:
        return Reply(tuple(part for command in group for part in _short(context.command, command)))
    close = get_close_matches(wanted, [command.name for command in COMMANDS], n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise NotFound(f"There is no command {wanted}.{hint} {context.command} help shows them all.")


def _overview(prefix: str, platform: str) -> list[Line]:
    lines = (
        "subscribe Kim Jong Un, summit",
        'subscribe "trade war" -golf --in #world',
        "search Kim Jong Un",
        "subscriptions",
    )
    examples = [example(prefix, one, platform) for one in lines]
    told = [
        line("newsbot watches news sources and posts each story with your words once, with its link."),
        line("\n".join(examples), Look.CODE),
        line(QUERIES),
    ]
    told += [line(f"{topic}: {', '.join(names)}") for topic, names in _TOPICS]
    return [*told, line(f"{prefix} help subscribe tells more of one command.", Look.DIM)]


def _one(prefix: str, command: Command, platform: str) -> list[Line]:
    lines = [line(f"{prefix} {command.name}", Look.TITLE), line(f"{command.summary}.")]
    lines += [line(_parameter(command, parameter, platform)) for parameter in command.parameters]
    if any(parameter.name == "query" for parameter in command.parameters):
        lines.append(line(QUERIES))
    lines.append(line("\n".join(example(prefix, one, platform) for one in command.examples), Look.CODE))
    if need := _NEEDS.get(command.need):
        lines.append(line(need.format(prefix), Look.DIM))
    return lines


def _parameter(command: Command, parameter: Parameter, platform: str) -> str:
    """Return `--feeds: only these sources`; what is typed without its name, or in a field, stands without dashes."""
    takers = [one for one in command.parameters if one.required] or [command.parameters[0]]
    plain = platform == "discord" or parameter in takers
    name = parameter.name if plain else f"--{parameter.name}"
    summary = f"{parameter.summary[:1].lower()}{parameter.summary[1:]}"
    return f"{name}: {summary}"


def _short(prefix: str, command: Command) -> list[Line]:
    return [line(f"{prefix} {command.name}: {command.summary[:1].lower()}{command.summary[1:]}")]

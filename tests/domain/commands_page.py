"""What docs/commands.md takes from the definitions: every command, how it is typed, who may use it.

python -m tests.domain.commands_page       write them into the page (`make docs`)
"""

from __future__ import annotations

from bot.domain.commands.definitions import COMMANDS, Command, Kind, Need, Parameter
from bot.domain.commands.on_alerts import MENU
from tests.domain.pages import DOCS, filled

PAGE = DOCS / "commands.md"
WHO = {
    Need.NOTHING: "everybody",
    Need.MANAGE: "who may manage the channel",
    Need.EDIT: "who may manage the workspace",
}
VALUES = {
    Kind.QUERY: "QUERY",
    Kind.TEXT: "WORD",
    Kind.URL: "LINK",
    Kind.CHANNELS: "#CHANNEL",
    Kind.FEEDS: "SOURCE",
    Kind.SUBSCRIPTION: "WHICH",
    Kind.MENTION: "@NAME",
    Kind.FILE: "FILE",
}


def written() -> str:
    """Return the page with everything it takes from the definitions as they are now."""
    return filled(PAGE, {"overview": _overview(), "commands": _each(), "alerts": _on_alerts()})


def _overview() -> str:
    rows = [
        f"| [`{one.name}`](#{one.name.replace(' ', '-')}) | {one.summary} | {WHO[one.need]} |"
        for one in COMMANDS
    ]
    return "\n".join(("| command | | who |", "|---|---|---|", *rows))


def _each() -> str:
    return "\n\n".join(map(_command, COMMANDS))


def _command(command: Command) -> str:
    parts = [f"### {command.name}", f"{command.summary}.", _block(_usage(command), *_examples(command))]
    if command.parameters:
        rows = [_row(parameter, _takers(command)) for parameter in command.parameters]
        parts.append("\n".join(("| in Discord | in Slack and the console | |", "|---|---|---|", *rows)))
    return "\n\n".join(parts)


def _takers(command: Command) -> list[Parameter]:
    """Return the parameters that take what is typed before the options."""
    return [one for one in command.parameters if one.required] or list(command.parameters[:1])


def _usage(command: Command) -> str:
    takers = _takers(command)
    words = [f"/news {command.name}"]
    words += [_value(one) if one.required else f"[{_value(one)}]" for one in takers]
    words += [f"[--{one.name} {_value(one)}]" for one in command.parameters if one not in takers]
    return " ".join(words)


def _examples(command: Command) -> list[str]:
    return [f"/news {example}" for example in command.examples]


def _row(parameter: Parameter, takers: list[Parameter]) -> str:
    typed = _value(parameter) if parameter in takers else f"--{parameter.name} {_value(parameter)}"
    return f"| `{parameter.name}` | `{typed.replace('|', chr(92) + '|')}` | {parameter.summary} |"


def _value(parameter: Parameter) -> str:
    return "|".join(parameter.choices) or VALUES[parameter.kind]


def _on_alerts() -> str:
    return "\n".join(f"- **{label}**" for _, label in MENU)


def _block(usage: str, *examples: str) -> str:
    lines = [usage, *(["", *examples] if examples else [])]
    return "```\n{}\n```".format("\n".join(lines))


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")

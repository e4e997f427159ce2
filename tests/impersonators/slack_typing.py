"""What becomes of a line between a person's keyboard and the bot: Slack escapes and links it.

https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
"""

import re

from tests.impersonators.slack_world import Team

_TOP_LEVEL = "com|org|net|info|io|co|uk|de|eu|kr|news|example"
_TAIL = r"(?:[^\s<>]*[^\s<>.,;:!?)])?"
_LINK = re.compile(
    rf"(?<![\w@./|<-])(?:https?://[^\s<>]{_TAIL}|(?:[\w-]+\.)+(?:{_TOP_LEVEL})(?![\w-]|\.\w)(?:/{_TAIL})?)"
)
_MAIL = re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CHANNEL = re.compile(r"(?<![\w&])#([\w-]+)")
_NAME = re.compile(r"(?<![\w.])@([\w.-]+)")
_WORDS = ("here", "channel", "everyone")


def as_sent(text: str, team: Team) -> str:
    """Return the text of a command as Slack hands it to an app that asked for escaped names."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MAIL.sub(lambda match: f"<mailto:{match[0]}|{match[0]}>", text)
    text = _LINK.sub(_linked, text)
    if not team.escapes:
        return text
    text = _CHANNEL.sub(lambda match: _channel(match, team), text)
    return _NAME.sub(lambda match: _name(match, team), text)


def by_phone(text: str) -> str:
    """Return what a phone makes of a text: curly quotes, and a long dash for two hyphens."""
    text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”")
    text = re.sub(r"(^|[\s(])'", r"\1‘", text).replace("'", "’")
    return text.replace("--", "—").replace("...", "…")


def _linked(match: re.Match[str]) -> str:
    shown = match[0]
    return f"<{shown}>" if "://" in shown else f"<http://{shown}|{shown}>"


def _channel(match: re.Match[str], team: Team) -> str:
    for channel in team.channels.values():
        if channel.name == match[1] and not channel.is_im:
            return f"<#{channel.id}|{'' if channel.is_private else channel.name}>"
    return match[0]


def _name(match: re.Match[str], team: Team) -> str:
    if match[1] in _WORDS:
        return f"<!{match[1]}>"
    for user in team.users.values():
        if user.name == match[1]:
            return f"<@{user.id}|{user.name}>"
    for group in team.groups.values():
        if group.handle == match[1]:
            return f"<!subteam^{group.id}|@{group.handle}>"
    return match[0]

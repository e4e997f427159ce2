"""What Slack, Discord and the terminal are sent, word by word, beside what was agreed on.

`NEWSBOT_GOLDEN=write pytest tests/adapters/test_chat_golden.py` writes the files anew; read the difference.
"""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.console import ConsoleChat
from bot.chat.discord_embeds import alert_embed
from bot.chat.slack_blocks import alert_blocks, alert_text
from bot.domain.message import Run
from bot.domain.model import ChannelAddress
from tests.clock import FakeClock
from tests.messages import BARE, SUMMIT, hostile, message

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
ALERTS = {
    "summit": SUMMIT,
    "bare": BARE,
    "hostile": hostile(),
    "updated": message(
        headline=(Run("金正恩", marked=True), Run("と会談へ")),
        excerpt=(Run("米大統領は"), Run("金正恩", marked=True), Run("氏と会う。")),
        source="朝日新聞",
        also_at=("Reuters", "BBC", "AP", "AFP"),
        updated=True,
        image_url=None,
    ),
}


def compare(name: str, shown: str) -> None:
    file = GOLDEN / name
    if os.environ.get("NEWSBOT_GOLDEN") == "write":
        file.write_text(shown, "utf-8")
    assert shown == file.read_text("utf-8"), f"{name} has changed"


def as_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ALERTS)
def test_discord_embeds(name):
    compare(f"{name}.discord.json", as_json(alert_embed(ALERTS[name])))


@pytest.mark.parametrize("name", ALERTS)
def test_slack_blocks(name):
    value = {"text": alert_text(ALERTS[name]), "blocks": alert_blocks(ALERTS[name])}
    compare(f"{name}.slack.json", as_json(value))


@pytest.mark.parametrize("name", ALERTS)
def test_console_lines(name):
    when = SUMMIT.published_at + timedelta(minutes=2)
    chat = ConsoleChat(FakeClock(when), stream=io.StringIO(), environ={})
    compare(f"{name}.console.txt", chat.render(ChannelAddress.parse("console:world"), ALERTS[name]))

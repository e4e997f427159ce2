"""Alerts as `compose` makes them, for tests of what platforms show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.message import AlertMessage, Run

SUMMIT = AlertMessage(
    headline=(Run("White House planning second Trump–Kim summit"),),
    source="Politico",
    excerpt=(
        Run(
            "The White House is planning a second summit between President Donald Trump and North Korean leader "
        ),
        Run("Kim Jong Un", marked=True),
        Run(", White House press secretary Sarah Huckabee Sanders said Monday."),
    ),
    url="https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662",
    byline="Quint Forgey",
    tags=("Headlines",),
    published_at=datetime(2018, 9, 10, 19, 3, tzinfo=UTC),
    also_at=("headlines.example",),
    image_url="https://static.politico.com/kim.jpg",
    icon_url="https://static.politico.com/icon.png",
    reasons=("the phrase “Kim Jong Un” (text)",),
    subscriptions=("Kim Jong Un",),
    color_seed=1,
)
BARE = AlertMessage(headline=(Run("Summit ends"),), source="")

HOSTILE = (
    "@everyone @here <@1> <@!2> <@&3> <#4> </cmd:5> <t:0:R> <:e:6> <a:e:7> <id:browse> [a](https://evil.example/b) "
    "<https://evil.example/c> https://evil.example/d <!channel> <!here|x> <@U1> <#C1|x> <!subteam^S1> "
    "<https://evil.example/e|safe> &lt;!channel&gt; ||x|| **b** *b* __u__ _i_ ~~s~~ ~s~ `c` ```block``` :smile: "
    "\u202egnirts\u202c \u200b\u2066 \x1b[31mred\x07 \x9b1m \ud800 a\x00b \\"
)
"""Every trick of every platform in one headline: none of it may come alive."""
LINE_STARTS = (
    "# head",
    "-# small",
    "> quote",
    ">>> quote",
    "- item",
    "* item",
    "1. item",
    "&gt; quote",
    "```\ncode",
)


def message(**fields: Any) -> AlertMessage:
    """Return the summit alert with other fields; plain strings stand for texts without marks."""
    texts = {key: (Run(fields[key]),) for key in ("headline", "excerpt") if isinstance(fields.get(key), str)}
    return replace(SUMMIT, **{**fields, **texts})


def hostile(text: str = HOSTILE) -> AlertMessage:
    """Return an alert all of whose words come from an attacker."""
    return AlertMessage(
        headline=(Run(text),),
        source=text,
        excerpt=(Run(text), Run(text, marked=True), Run(text)),
        url="javascript:alert(1)",
        byline=text,
        tags=(text, text),
        published_at=datetime(2018, 9, 10, tzinfo=UTC),
        also_at=(text,) * 5,
        image_url="data:text/html,x",
        icon_url="file:///etc/passwd",
        reasons=(text,),
        subscriptions=(text,),
    )

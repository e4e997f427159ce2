"""The commands with which people manage what their channels watch."""

from __future__ import annotations

from bot.services.commands.choosing import access, buttons
from bot.services.commands.confirming import confirm
from bot.services.commands.context import Handlers
from bot.services.commands.copying import copy
from bot.services.commands.drafting import show_draft
from bot.services.commands.helping import help_with
from bot.services.commands.listing import subscriptions, turn_list
from bot.services.commands.meaning import complete_feeds, complete_subscription
from bot.services.commands.sampling import sample
from bot.services.commands.subscribing import (
    edit,
    edit_filled,
    edit_pressed,
    redraft,
    redraft_filled,
    subscribe,
    subscribe_filled,
)
from bot.services.commands.tending import (
    pause,
    pause_pressed,
    remove_pressed,
    resume,
    resume_pressed,
    unsubscribe,
)

MANAGING = Handlers(
    commands={
        "subscribe": subscribe,
        "subscriptions": subscriptions,
        "unsubscribe": unsubscribe,
        "pause": pause,
        "resume": resume,
        "edit": edit,
        "copy": copy,
        "access": access,
        "buttons": buttons,
        "help": help_with,
    },
    presses={
        "draft": show_draft,
        "confirm": confirm,
        "redraft": redraft,
        "sample": sample,
        "list": turn_list,
        "pause": pause_pressed,
        "resume": resume_pressed,
        "edit": edit_pressed,
        "remove": remove_pressed,
    },
    submissions={
        "subscribe": subscribe_filled,
        "edit": edit_filled,
        "redraft": redraft_filled,
    },
    completions={
        "subscription": complete_subscription,
        "feeds": complete_feeds,
    },
)

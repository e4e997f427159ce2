"""What can be pressed at a terminal: by its number, or by its label while it stands below the last answer."""

from bot.chat.console_choices import Choices
from bot.domain.commands.exchange import Action, Button
from bot.domain.model import ChannelAddress

WORLD = ChannelAddress.parse("console:world")


def offered(choices, *labels, message=""):
    choices.offer([Button(label, Action(label.lower())) for label in labels], WORLD, message)


def verb(choices, typed):
    choice = choices.chosen(typed)
    return choice and choice.action.verb


def test_a_label_presses_what_stands_below_the_last_answer_and_a_number_what_ever_stood_there():
    choices = Choices()
    offered(choices, "Confirm", "Edit")
    assert (verb(choices, "1"), verb(choices, "confirm"), verb(choices, "EDIT")) == (
        "confirm",
        "confirm",
        "edit",
    )
    offered(choices, "Older")
    assert (verb(choices, "1"), verb(choices, "confirm"), verb(choices, "older")) == (
        "confirm",
        None,
        "older",
    )


def test_an_alert_that_comes_in_between_takes_no_label_away():
    choices = Choices()
    offered(choices, "Confirm")
    offered(choices, "Why this?", message="m1")
    assert (verb(choices, "confirm"), verb(choices, "why this?"), verb(choices, "2")) == (
        "confirm",
        None,
        "why this?",
    )


def test_a_label_that_is_a_whole_command_stays_one():
    choices = Choices()
    offered(choices, "Sources", "Subscriptions", "Pause")
    assert [verb(choices, typed) for typed in ("sources", "subscriptions", "pause")] == [None, None, "pause"]

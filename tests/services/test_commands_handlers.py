"""Every command that people are offered does something."""

import inspect

from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.on_alerts import MENU
from bot.services.commands.handlers import HANDLERS
from bot.services.commands.managing import MANAGING
from bot.services.commands.reading import READING


def test_each_command_has_its_function():
    assert {command.name for command in COMMANDS} == set(HANDLERS.commands)


def test_each_parameter_that_completes_has_its_completions():
    wanted = {one.name for command in COMMANDS for one in command.parameters if one.completes}
    assert wanted == set(HANDLERS.completions)


def test_each_entry_of_an_alert_has_its_function():
    assert {verb for verb, _ in MENU} <= set(HANDLERS.presses)


def test_no_function_takes_the_place_of_another():
    for kind in ("commands", "presses", "submissions", "completions"):
        shared = getattr(MANAGING, kind).keys() & getattr(READING, kind).keys()
        assert not shared, kind


def test_all_are_asynchronous():
    functions = [
        *HANDLERS.commands.values(), *HANDLERS.presses.values(),
        *HANDLERS.submissions.values(), *HANDLERS.completions.values(),
    ]  # fmt: skip
    assert [function for function in functions if not inspect.iscoroutinefunction(function)] == []

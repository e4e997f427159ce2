"""The buttons of an alert: short enough to travel, and about that alert."""

from bot.domain.commands.exchange import MAX_ACTION, Action
from bot.domain.commands.on_alerts import MENU, alert_buttons


def test_each_entry_of_the_menu_is_a_button_that_names_its_alert():
    buttons = alert_buttons("g3etl7qrm26kvirzzo4e2xqc")
    assert [(button.action.verb, button.label) for button in buttons] == list(MENU)
    for button in buttons:
        assert len(str(button.action)) <= MAX_ACTION
        assert Action.parse(str(button.action)).parts == ("g3etl7qrm26kvirzzo4e2xqc",)

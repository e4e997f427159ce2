"""Which commands open forms, and what stands in them."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import MAX_ACTION, Action, Call, Caller, Press, Upload
from bot.domain.commands.forms import (
    asks_form,
    edit_form,
    form_for,
    import_form,
    redraft_form,
    subscribe_form,
)
from bot.domain.model import ChannelAddress, Draft, DraftId, SubscriptionId
from tests.builders import NOW, mention, person, subscription

WORLD = ChannelAddress.parse("slack:T1/C1")
ANN = Caller(person("Ann"), WORLD)


def call(command, **arguments):
    return Call(ANN, command, arguments)


def press(written):
    return Press(ANN, Action.parse(written))


@pytest.mark.parametrize(
    ("said", "form", "asks"),
    [
        (call("subscribe"), subscribe_form(), False),
        (call("subscribe", query=" ", feeds="BBC"), subscribe_form("BBC"), False),
        (call("subscribe", query="summit"), None, False),
        (call("import"), import_form(), False),
        (call("import", file=Upload("feeds.opml", b"")), None, False),
        (call("edit", subscription="12"), None, True),
        (call("edit", subscription="12", query="summit"), None, False),
        (call("edit", subscription="12", feeds="BBC"), None, False),
        (call("edit", subscription="12", mention=mention()), None, False),
        (call("status"), None, False),
        (press("edit/12"), None, True),
        (press("redraft/abc"), None, True),
        (press("confirm/abc"), None, False),
    ],
)
def test_an_adapter_can_tell_at_once_whether_a_form_is_to_be_shown(said, form, asks):
    assert form_for(said) == form
    assert asks_form(said) is asks


def test_a_form_shows_what_is_said_now_and_its_action_fits_a_button():
    change = edit_form(subscription("Kim", id=SubscriptionId(12), feeds_named=("bbc", "Reuters")))
    assert [field.value for field in change.fields] == ["Kim", "bbc, Reuters"]
    assert change.action == Action("edit", ("12",))
    draft = Draft((WORLD,), "summit", person("Ann"), NOW, ("bbc",))
    correction = redraft_form(DraftId("x" * 16), draft)
    assert [field.value for field in correction.fields] == ["summit", "bbc"]
    assert len(str(correction.action)) <= MAX_ACTION

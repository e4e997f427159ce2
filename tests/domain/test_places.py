"""How places are written and read."""

import pytest

from bot.domain.model import ChannelAddress
from bot.errors import AddressError


@pytest.mark.parametrize("text", ["slack:T0123/C456", "discord:81384788/81384789", "console:world"])
def test_an_address_reads_back_as_it_is_written(text):
    assert str(ChannelAddress.parse(text)) == text


def test_the_console_is_one_workspace():
    assert ChannelAddress.parse(" console:world ") == ChannelAddress("console", "local", "world")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "world",
        "slack:",
        "slack:T1",
        "slack:/C1",
        "slack:T1/",
        "slack:T1/C1/C2",
        "console:",
        "console:a/b",
    ],
)
def test_what_is_no_address_is_refused_with_the_forms_there_are(text):
    with pytest.raises(AddressError, match="slack:TEAM/CHANNEL, discord:SERVER/CHANNEL or console:NAME"):
        ChannelAddress.parse(text)

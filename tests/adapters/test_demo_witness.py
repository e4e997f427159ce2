"""The chat adapters of the demo: one that looks on, one that reports as data."""

import pytest

from bot.demo.witness import Reporter, Seen, Witness
from bot.domain.message import AlertMessage, Run
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError

CHANNEL = ChannelAddress.parse("console:korea")
MESSAGE = AlertMessage(headline=(Run("A summit"),), source="The Meridian")


async def test_the_witness_hands_everything_on_and_keeps_what_was_sent():
    reported: list[Seen] = []
    async with Witness(Reporter(reported.append)) as witness:
        assert await witness.send(CHANNEL, MESSAGE, DeliveryId("d1")) == "d1"
        assert [result.ok for result in await witness.check([CHANNEL])] == [True]
    assert witness.seen == reported == [Seen("korea", MESSAGE)]


async def test_what_could_not_be_reported_was_not_sent():
    def refuse(seen):
        raise BrokenPipeError("nobody reads")

    witness = Witness(Reporter(refuse))
    with pytest.raises(ChatError, match="standard output cannot be written to: nobody reads") as caught:
        await witness.send(CHANNEL, MESSAGE, DeliveryId("d1"))
    assert caught.value.permanent
    assert witness.seen == []

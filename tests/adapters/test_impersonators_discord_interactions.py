"""Stock discord.py answers people on the local Discord: commands, buttons, forms, completions, menus."""

import pytest

from tests.impersonators.discord_tiny_bot import running


@pytest.fixture
async def client(discord):
    async with running(discord) as client:
        yield client
    assert client.errors == []


@pytest.fixture
def ann(discord, client):
    return discord.person("ann")


async def test_a_command_is_answered_to_the_one_who_typed_it(discord, ann):
    answer = await ann.types("news watch", query="summit")
    assert answer.text == "watch summit in #world for None 1x all"
    assert answer.is_ephemeral
    assert answer.buttons == ("Confirm", "Edit", "Later")
    assert [message.text for message in ann.sees(123)] == [answer.text]
    assert discord.person("bob").sees(123) == discord.channel(123).shown() == []


async def test_a_pressed_button_changes_the_message(ann):
    answer = await ann.types("news watch", query="summit")
    pressed = await ann.presses("Confirm")
    assert pressed.message.id == answer.message.id
    assert (answer.text, answer.buttons) == ("confirmed", ())

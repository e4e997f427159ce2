import pytest

from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.typed import read_typed
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "command", "values"),
    [
        ("subscribe Kim Jong Un, summit", "subscribe", {"query": "Kim Jong Un, summit"}),
        (
            "subscribe Kim -golf --in #world --feeds BBC,Reuters --mention @desk",
            "subscribe",
            {"query": "Kim -golf", "in": "#world", "feeds": "BBC,Reuters", "mention": "@desk"},
        ),
        ("Subscribe Kim —in #world", "subscribe", {"query": "Kim", "in": "#world"}),
        ("subscribe\nKim --in=#world", "subscribe", {"query": "Kim", "in": "#world"}),
        ("subscribe", "subscribe", {}),
        ("subscribe --in #world", "subscribe", {"in": "#world"}),
        ("subscriptions", "subscriptions", {}),
        ("subscriptions #world", "subscriptions", {"in": "#world"}),
        ("unsubscribe 12", "unsubscribe", {"subscription": "12"}),
        ("edit 12 --query Kim Jong Un -golf", "edit", {"subscription": "12", "query": "Kim Jong Un -golf"}),
        ("copy #a #b", "copy", {"from": "#a", "to": "#b"}),
        ("sources", "sources list", {}),
        ("sources list", "sources list", {}),
        ("sources add bbc.com/news", "sources add", {"url": "bbc.com/news"}),
        ("terms", "terms list", {}),
        (
            'terms set kim "Kim Jong Un", 김정은',
            "terms set",
            {"name": "kim", "query": '"Kim Jong Un", 김정은'},
        ),
        ("why https://x.example/1", "why", {"url": "https://x.example/1"}),
        ("export subscriptions", "export", {"what": "subscriptions"}),
        ("import", "import", {}),
        ("status", "status", {}),
        ("help subscribe", "help", {"command": "subscribe"}),
        ("", "help", {}),
    ],
)
def test_a_line_is_read_into_a_command_and_its_values(text, command, values):
    typed = read_typed(text)
    assert (typed.command.name, typed.values, typed.searched) == (command, values, False)


@pytest.mark.parametrize(
    "text", ["Kim Jong Un", "summit", "status quo", "sources say Kim", "subscriber numbers"]
)
def test_a_line_without_a_command_is_a_search(text):
    typed = read_typed(text)
    assert (typed.command.name, typed.values, typed.searched) == ("search", {"query": text}, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("subscribe Kim --chanel #world", "subscribe has no option --chanel. It takes --query, --in"),
        ("subscribe Kim --mentoin @x", "Did you mean --mention?"),
        ("status --all", "status takes no options."),
        ("subscribe Kim --in", "--in needs a value, as in: subscribe Kim Jong Un, summit"),
        ("search", "search needs more: what to look for"),
        ("copy #a", "copy needs more: the channel to copy to, for example: copy #world #europe"),
        ("terms set kim", "terms set needs more: what it stands for"),
    ],
)
def test_a_line_that_cannot_be_carried_out_is_refused_with_an_example(text, says):
    with pytest.raises(UserError) as caught:
        read_typed(text)
    assert says in str(caught.value)


def test_every_example_can_be_read_and_every_definition_fits_the_platforms():
    names = [command.name for command in COMMANDS]
    assert {command.group for command in COMMANDS} == {None, "sources", "terms"}
    assert len(set(names)) == len(names)
    for command in COMMANDS:
        assert len(command.summary) <= 100
        assert all(len(parameter.summary) <= 100 for parameter in command.parameters)
        required = [parameter.required for parameter in command.parameters]
        assert required == sorted(required, reverse=True)
        for example in command.examples:
            assert read_typed(example).command is command


@pytest.mark.parametrize("text", ["buttons", "subscribe Kim --in"])
def test_examples_begin_as_commands_do_where_they_are_typed(text):
    with pytest.raises(UserError, match=r"(for example|as in): /radar (buttons on|subscribe Kim)"):
        read_typed(text, "/radar")

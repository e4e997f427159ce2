"""docs/commands.md says what the definitions say."""

import pytest

from tests.domain import commands_page
from tests.domain.pages import filled


def test_the_page_prints_the_commands_as_they_are():
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.written(), "run `make docs`"


def test_every_example_stands_in_the_page():
    page = commands_page.PAGE.read_text(encoding="utf-8")
    examples = [example for command in commands_page.COMMANDS for example in command.examples]
    assert [example for example in examples if f"\n/news {example}\n" not in page] == []


def test_a_page_without_a_place_for_a_part_is_refused(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("<!-- overview -->")
    with pytest.raises(ValueError, match=r"page\.md has no place for overview"):
        filled(file, {"overview": "text"})

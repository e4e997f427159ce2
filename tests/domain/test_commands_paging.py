"""Pages of a list, as their buttons carry them."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import MAX_ACTION, Action
from bot.domain.commands.paging import Pages
from bot.errors import UserError

FAR = 2**63 - 1


def back(action: Action) -> Pages:
    return Pages.parse(Action.parse(str(action)))


def test_a_button_leads_on_and_the_next_one_back():
    first = Pages("search", "d1")
    second = back(first.older(1_000_000))
    third = back(second.older(0))
    assert (first.cursor, second.cursor, third.cursor) == (None, 1_000_000, 0)
    assert back(third.newer()) == second
    assert back(second.newer()) == first


def test_a_long_way_is_forgotten_from_its_beginning_and_leads_to_the_first_page():
    page = Pages("search", "x" * 16)
    for step in range(40):
        action = page.older(FAR - step)
        assert len(str(action)) <= MAX_ACTION
        page = back(action)
    assert page.cursor == FAR - 39
    steps = 0
    while page.way:
        page, steps = back(page.newer()), steps + 1
    assert (page, steps) == (Pages("search", "x" * 16), 4)


@pytest.mark.parametrize(
    "written", ["search/d1/-1", "search/d1/!", "search/d1/" + "z" * 14, "search/d1/zzzzzzzzzzzzz"]
)
def test_a_button_that_was_never_ours_is_refused(written):
    with pytest.raises(UserError, match="cannot be read"):
        Pages.parse(Action.parse(written))


def test_a_button_without_anything_has_no_subject():
    assert Pages.parse(Action("search")) == Pages("search", "")

"""Where the words of a match stand after an edit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Span, TermMatch
from bot.stores.edits import relocated


def found(*places):
    return TermMatch("kim", "body", tuple(Span(*place) for place in places))


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Kim left", "Kim left", [(0, 3)], [(0, 3)]),
        ("Kim left", "Then Kim left", [(0, 3)], [(5, 8)]),
        ("Then Kim left", "Kim left", [(5, 8)], [(0, 3)]),
        ("Kim left", "Nobody left", [(0, 3)], []),
        ("a Kim b", "Kim a Kim b", [(2, 5)], [(0, 3)]),
        ("long ago, Kim", "Kim long ago, Kim", [(10, 13)], [(14, 17)]),
        ("Kim and Kim", "Kim", [(0, 3), (8, 11)], [(0, 3)]),
        ("Kim", "", [(0, 3)], []),
        ("Kim", "Kim", [(0, 0)], []),
    ],
)
def test_a_mark_moves_to_the_same_words_nearest_to_where_they_stood(old, new, before, after):
    assert relocated(found(*before), old, new) == found(*after)


@given(old=st.text("ab ", min_size=1), new=st.text("ab "), data=st.data())
def test_a_moved_mark_always_stands_on_the_same_words(old, new, data):
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    for span in relocated(found((start, end)), old, new).spans:
        assert new[span.start : span.end] == old[start:end]

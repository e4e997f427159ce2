"""What the name of a term may be."""

from __future__ import annotations

import pytest

from bot.domain.query.naming import MAX_NAME, read_name
from bot.errors import UserError

# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kim", "kim"),
        ("@kim", "kim"),
        ("$kim", "kim"),
        ("  @Kim ", "kim"),
        ("＠ＫＩＭ", "kim"),
        ("north-korea_2", "north-korea_2"),
        ("김정은", "김정은"),
        ("金正恩", "金正恩"),
        ("ΛΌΓΟΣ", "λόγοσ"),
        ("λόγος", "λόγοσ"),
        ("हिन्दी", "हिन्दी"),
        ("Straße", "strasse"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
    ],
)
def test_a_name_is_known_in_lower_case_and_without_its_sign(typed, name):
    assert read_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["2nd", "_kim", "-kim", "kim jong", "kim!", "@@kim", "a.b", "a@b", "\u0301a"]
)
def test_a_name_begins_with_a_letter_and_holds_letters_digits_and_two_signs(typed):
    with pytest.raises(UserError, match="cannot name a term. A name begins with a letter"):
        read_name(typed)


@pytest.mark.parametrize("typed", ["", " ", "@", "$"])
def test_a_term_needs_a_name(typed):
    with pytest.raises(UserError, match="A term needs a name"):
        read_name(typed)


def test_a_name_has_a_greatest_length():
    with pytest.raises(UserError, match="This name has 41 characters; 40 is the limit."):
        read_name("x" * 41)

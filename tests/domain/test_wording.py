"""Counts, lengths of time and sizes as people say them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.wording import ago, ahead, count, day, lasting, listed, moment, size, times
from tests.builders import NOW, at


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "feed", "0 feeds"),
        (1, "feed", "1 feed"),
        (21_340, "article", "21,340 articles"),
        (2, "story", "2 stories"),
        (2, "match", "2 matches"),
        (1, "match", "1 match"),
        (2, "process", "2 processes"),
    ],
)
def test_a_count_agrees_with_its_noun(number, noun, said):
    assert count(number, noun) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=40.9), "40 s"),
        (timedelta(minutes=2, seconds=59), "2 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1, hours=5), "1 day"),
        (timedelta(days=12), "12 days"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit(length, said):
    assert lasting(length) == said


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (at(minutes=5), "just now"),
        (at(seconds=-0.5), "just now"),
        (at(minutes=-2), "2 min ago"),
        (at(hours=-23), "23 h ago"),
        (at(hours=-30), "yesterday"),
        (at(days=-3), "3 days ago"),
        (at(days=-1, hours=-20), "2 days ago"),
        (at(days=-8), "23 April 2024"),
    ],
)
def test_an_age_is_said_as_people_do(then, said):
    assert ago(then, NOW) == said


def test_what_is_to_come_is_said_ahead():
    assert ahead(at(hours=2), NOW) == "in 2 h"
    assert ahead(at(hours=-2), NOW) == "now"


def test_a_day_has_no_leading_zero():
    assert day(at(days=4)) == "5 May 2024"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (18_200, "18 kB"),
        (4_140_000, "4.1 MB"),
        (3 * 10**12, "3.0 TB"),
    ],
)
def test_a_size_has_two_digits(number, said):
    assert size(number) == said


def test_a_moment_is_told_with_its_day_only_where_that_is_another():
    now = NOW
    assert moment(now.replace(hour=9, minute=5), now) == "09:05 UTC"
    assert moment(now.replace(day=2), now) == "12:00 UTC on 2 May"
    assert moment(now.replace(year=2023), now) == "12:00 UTC on 1 May 2023"


def test_how_often_is_told_in_words_at_first():
    assert [times(number) for number in (1, 2, 3, 1200)] == ["once", "twice", "3 times", "1,200 times"]


def test_names_are_listed_and_too_many_of_them_counted():
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"

"""Dates in every form in which feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sources.dates import read_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


MOMENT = utc(2026, 11, 23, 10, 5)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 2026 10:05:00 GMT",
        "Mon, 23 Nov 2026 10:05:00 +0000",
        "Mon, 23 Nov 2026 11:05:00 +0100",
        "Mon, 23 Nov 2026 05:05:00 -0500",
        "Mon, 23 Nov 2026 05:05:00 EST",
        "Mon, 23 Nov 2026 11:05:00 CET",
        "Mon, 23 Nov 2026 15:35:00 +05:30",
        "Mon, 23 Nov 2026 10:05:00 Z",
        "Mon, 23 Nov 2026 10:05:00",
        "Mon, 23 Nov 2026 10:05 GMT",
        "Mon,23 Nov 2026 10:05:00 GMT",
        "Mon , 23 Nov 2026 10:05:00 GMT",
        "Monday, 23 November 2026 10:05:00 GMT",
        "23 Nov 2026 10:05:00 GMT",
        "23 Nov 26 10:05:00 GMT",
        "23-Nov-2026 10:05:00 GMT",
        "Monday, 23-Nov-26 10:05:00 GMT",
        "Mon Nov 23 10:05:00 2026",
        "Mon Nov 23 10:05:00 UTC 2026",
        "Mon, Nov 23 2026 10:05:00 AM",
        "Mon, 23 Nov 2026 10:05:00 NOWHERE",
        "Mon, 23 Nov 2026 10:05:00 (GMT)",
        "Mon, 23 Nov 2026 12:05:00 GMT+2",
        "Nov 23, 2026 10:05 AM",
        "November 23, 2026, 10:05 am UTC",
        "November 23rd, 2026 at 10:05 a.m.",
        "Mon, 23 Nov 2026 10:05:00 AM +0000",
        "  Mon, 23  Nov 2026\n10:05:00 GMT ",
        "2026-11-23T10:05:00Z",
        "2026-11-23T10:05:00+00:00",
        "2026-11-23T11:05+01:00",
        "2026-11-23T10:05:00.000Z",
        "2026-11-23T10:05:00.000000000Z",
        "2026-11-23 10:05:00",
        "2026-11-23 10:05:00 UTC",
        "2026-11-23 10:05:00 +0000",
        "2026-11-23T05:05:00 EST",
        "2026-11-23T10:05:00+00:0",
        "2026/11/23 10:05:00",
        "20261123T100500Z",
        "23.11.2026 10:05",
        "23/11/2026 10:05:00",
        "11/23/2026 10:05:00",
        "11/23/2026 10:05:00 AM",
        "1795428300",
        "1795428300000",
        "lun., 23 nov. 2026 11:05:00 +0100",
        "lundi 23 novembre 2026 10:05",
        "Mo, 23 Nov 2026 11:05:00 +0100",
        "lunes, 23 de noviembre de 2026 10:05",
        "Пн, 23 ноя 2026 13:05:00 +0300",
    ],
)
def test_a_moment_is_read(text):
    assert read_date(text) == MOMENT


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-23", utc(2026, 11, 23)),
        ("Mon, 23 Nov 2026", utc(2026, 11, 23)),
        ("Di, 03 Mär 2026 00:00:00 +0100", utc(2026, 3, 2, 23)),
        ("mer., 01 juil. 2026 12:00:00 +0200", utc(2026, 7, 1, 10)),
        ("ven., 05 juin 2026", utc(2026, 6, 5)),
        ("1 de agosto de 2026", utc(2026, 8, 1)),
        ("Thu, 5 Nov 2026 1:02:03 PST", utc(2026, 11, 5, 9, 2, 3)),
        ("12/25/2026 12:00:00 AM", utc(2026, 12, 25)),
        ("9/1/2026 3:00:00 PM", utc(2026, 9, 1, 15)),
        ("05/05/2026", utc(2026, 5, 5)),
        ("5.3.2026", utc(2026, 3, 5)),
        ("Mon, 23 Nov 2026 24:00:00 GMT", utc(2026, 11, 24)),
        ("2026-11-23 13:00 PM", utc(2026, 11, 23, 13)),
        ("Sun, 30 Jun 2024 23:59:60 GMT", utc(2024, 7, 1)),
        ("Sat, 01 Jan 2000 00:00:00 +1400", utc(1999, 12, 31, 10)),
        ("01 Jan 99 00:00:00 GMT", utc(1999, 1, 1)),
        ("2087-01-01T00:00:00Z", utc(2087, 1, 1)),
    ],
)
def test_odd_dates_are_read(text, meant):
    assert read_date(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometime soon",
        "10:30",
        "Monday",
        "yesterday at noon",
        "2026",
        "2026-11",
        "12",
        "05/03/2026",
        "Mon, 31 Feb 2026 10:00:00 GMT",
        "31 Feb 2026",
        "2026-13-01",
        "13/13/2026",
        "Mon, 23 Nov 2026 25:00:00 GMT",
        "Mon, 23 Nov 2026 10:00:00 +9900",
        "Mon, 23 Xyz 2026 10:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1989-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "x" * 5000,
        "1" * 5000,
        "Mon, " * 1000,
    ],
)
def test_what_is_no_date_of_publication_is_none(text):
    assert read_date(text) is None

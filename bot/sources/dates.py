"""Dates in every form in which feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""What lies outside is a default of somebody's software, not a date of publication."""
MAX_LENGTH = 80

_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "янв": 1, "feb": 2, "fev": 2, "fév": 2, "фев": 2, "mar": 3, "mär": 3, "mrt": 3,
    "mae": 3, "мар": 3, "apr": 4, "abr": 4, "avr": 4, "апр": 4, "may": 5, "mai": 5, "mei": 5, "mag": 5, "maj": 5,
    "мая": 5, "май": 5, "jun": 6, "giu": 6, "juin": 6, "июн": 6, "jul": 7, "lug": 7, "juil": 7, "июл": 7, "aug": 8,
    "ago": 8, "aoû": 8, "aou": 8, "авг": 8, "sep": 9, "set": 9, "сен": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10,
    "окт": 10, "nov": 11, "ноя": 11, "dec": 12, "dez": 12, "dic": 12, "déc": 12, "дек": 12,
}  # fmt: skip
"""By the first letters of the name, in the languages that are met in feeds."""

_ZONES = {
    "acdt": 10.5, "acst": 9.5, "adt": -3, "aedt": 11, "aest": 10, "akdt": -8, "akst": -9, "ast": -4, "awst": 8,
    "bst": 1, "cdt": -5, "cest": 2, "cet": 1, "cst": -6, "edt": -4, "eest": 3, "eet": 2, "est": -5, "gmt": 0,
    "hkt": 8, "hst": -10, "ist": 5.5, "jst": 9, "kst": 9, "mdt": -6, "mest": 2, "mesz": 2, "met": 1, "mez": 1,
    "msk": 3, "mst": -7, "ndt": -2.5, "nst": -3.5, "nzdt": 13, "nzst": 12, "pdt": -7, "pht": 8, "pkt": 5, "pst": -8,
    "sast": 2, "sgt": 8, "ut": 0, "utc": 0, "west": 1, "wet": 0, "wib": 7, "z": 0,
}  # fmt: skip
"""Hours east of Greenwich. A name that several countries use has the meaning that RFC 822 or habit gives it."""

_TIME = r"""(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<half>[ap]\.?m\b\.?)?"""
_ZONE = r"""\s?\(?(?P<zone>[+-]\d{1,2}:?\d{0,2}|(?:gmt|utc)\s?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5}\b)?\)?"""
_MOMENT = rf"(?:[\sT]\s?{_TIME}{_ZONE})?"
_FORMS = (
    # Tue, 23 Nov 2026 10:00:00 +0100 · 23-Nov-26 10:00 EST · mardi 23 novembre 2026 · 23. November 2026
    re.compile(
        rf"(?:[^\W\d]+\.?\s?,?\s?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+)?(?P<name>[^\W\d]{{3,}})\.?,?"
        rf"[\s-]+(?:de\s+)?(?P<year>\d{{4}}|\d{{2}}),?{_MOMENT}",
        re.IGNORECASE,
    ),
    # Nov 23, 2026 10:00 AM · Tuesday, November 23, 2026
    re.compile(
        rf"(?:[^\W\d]+\.?,?\s+)?(?P<name>[^\W\d]{{3,}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
        rf"(?:,|\s[-–@]|\sat)?{_MOMENT}",
        re.IGNORECASE,
    ),
    # Tue Nov 23 10:00:00 UTC 2026
    re.compile(
        rf"[^\W\d]+\.?,?\s+(?P<name>[^\W\d]{{3,}})\s+(?P<day>\d{{1,2}})\s+{_TIME}{_ZONE}\s+(?P<year>\d{{4}})",
        re.IGNORECASE,
    ),
    # 2026-11-23 10:00:00 EST · 2026/11/23 · 20261123T100000
    re.compile(
        rf"(?P<year>\d{{4}})(?P<by>[-/.]?)(?P<month>\d{{2}})(?P=by)(?P<day>\d{{2}}){_MOMENT}", re.IGNORECASE
    ),
    # 23.11.2026 10:00: only where points show that the day comes first
    re.compile(
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}),?{_MOMENT}", re.IGNORECASE
    ),
    # 11/23/2026 10:00:00 AM, or 23/11/2026: see _month_and_day
    re.compile(rf"(?P<first>\d{{1,2}})/(?P<then>\d{{1,2}})/(?P<year>\d{{4}}),?{_MOMENT}", re.IGNORECASE),
)
_EPOCH = re.compile(r"(1\d{9})(\d{3})?(?:\.\d+)?")
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?")


def read_date(text: str) -> datetime | None:
    """Return a date in UTC, or None for what cannot be read or is no date of publication; no zone means UTC."""
    text = text.strip()
    if not 8 <= len(text) <= MAX_LENGTH:
        return None
    return _in_range(_usual(text) or _iso(text) or _other(text))


def _in_range(time: datetime | None) -> datetime | None:
    return time if time and FIRST_YEAR <= time.year < LAST_YEAR else None


def _usual(text: str) -> datetime | None:
    """Read `Tue, 23 Nov 2026 10:00:00 +0100`, the date of most feeds, by the places of its characters."""
    month = _MONTHS.get(text[8:11].lower())
    zone = text[26:]
    if month is None or text[3:5] != ", " or text[16:17] != " " or not text.isascii():
        return None
    if zone in {"GMT", "+0000", "UTC", "Z", "UT"}:
        offset = UTC
    elif len(zone) == 5 and zone[0] in "+-" and zone[1:].isdigit() and zone[1:3] < "24":
        minutes = int(zone[1:3]) * 60 + int(zone[3:])
        offset = timezone(timedelta(minutes=minutes if zone[0] == "+" else -minutes))
    else:
        return None
    try:
        time = datetime(
            int(text[12:16]), month, int(text[5:7]), int(text[17:19]), int(text[20:22]), int(text[23:25]),
            tzinfo=offset,
        )  # fmt: skip
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdecimal():
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _other(text: str) -> datetime | None:
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    text = " ".join(text.split())
    for form in _FORMS:
        found = form.match(text)
        if found:
            return _built(found.groupdict())
    return None


def _built(parts: dict[str, str | None]) -> datetime | None:
    """Put the parts of a date together; None when they make none."""
    month, day = _month_and_day(parts)
    hour = _hour(int(parts["hour"] or 0), parts["half"])
    offset = _offset((parts["zone"] or "").lower())
    if month is None or hour is None or offset is None:
        return None
    try:
        # Hour 24 and second 60 are the beginning of the next day and minute.
        time = datetime(_year(parts["year"] or ""), month, day, tzinfo=UTC) + timedelta(
            hours=hour, minutes=int(parts["minute"] or 0), seconds=int(parts["second"] or 0)
        )
        return time - offset
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    """Two digits mean the years 1970 to 2069, as in RFC 2822."""
    return int(text) if len(text) == 4 else (2000 if int(text) < 70 else 1900) + int(text)


def _month_and_day(parts: dict[str, str | None]) -> tuple[int | None, int]:
    """Return month and day; no month when it cannot be told from the day."""
    if name := parts.get("name"):
        folded = name.casefold()
        return _MONTHS.get(folded[:4]) or _MONTHS.get(folded[:3]), int(parts["day"] or 0)
    if "first" not in parts:
        return int(parts["month"] or 0), int(parts["day"] or 0)
    first, then = int(parts["first"] or 0), int(parts["then"] or 0)
    if first > 12:
        return then, first
    # Programs that write am and pm are American, and so is their order.
    return (first if then > 12 or first == then or parts["half"] else None), then


def _hour(hour: int, half: str | None) -> int | None:
    """Return the hour of the day, 0 to 24."""
    if not half:
        return hour if hour <= 24 else None
    if not 1 <= hour <= 12:
        return hour if hour <= 23 else None
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _offset(zone: str) -> timedelta | None:
    """Return how far a zone is ahead of UTC; a name that nobody knows means UTC."""
    found = _OFFSET.fullmatch(zone)
    if not found:
        return timedelta(hours=_ZONES.get(zone, 0))
    digits, minutes = found[2], found[3] or "0"
    offset = timedelta(hours=int(digits), minutes=int(minutes))
    if offset > timedelta(hours=15):
        return None
    return offset if found[1] == "+" else -offset

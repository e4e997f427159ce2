"""How times are kept, and where every table is entered."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, Float, MetaData, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as seconds since 1970: the one place where times are converted."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


metadata = MetaData()

"""The day whose rules are asked for, as an option."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from geoaq.errors import InputError

AsOf = Annotated[
    str | None,
    typer.Option(help="政策基准日 YYYY-MM-DD，默认今天（北京时间）。 Day whose rules are asked for."),
]


def day_of(text: str | None) -> date:
    """Return the day that an option states, today in China where it states none."""
    if text is None:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("bad_option", option="--as-of", value=text, expected="YYYY-MM-DD") from None

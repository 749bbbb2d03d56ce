"""What the pages of a bulletin say, as text in one language: HTML and PDF are made from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from geoaq.report.fire_bulletin.areas import (
    ledger_table,
    levels_table,
    passes_table,
    patrols_table,
    unit_tables,
)
from geoaq.report.fire_bulletin.data import BulletinData
from geoaq.report.fire_bulletin.lists import fires_table, point_tables, versions_table
from geoaq.report.fire_bulletin.summary import sentences
from geoaq.report.fire_bulletin.table import Table
from geoaq.report.fire_bulletin.words import said


def bulletin_title(data: BulletinData, lang: str) -> str:
    """Return the title of a bulletin."""
    return said(f"title_{data.kind}", lang, area=data.area.text(lang))


def bulletin_page(data: BulletinData, lang: str, *, most: int) -> dict[str, Any]:
    """Return everything that a page says; long lists have at most ``most`` rows, the rest is counted.

    Returns
    -------
    dict
        ``lang``, ``head`` (texts), ``parts``: a list of ``key title paragraphs map tables``; a table has
        ``key title heads numeric widths rows notes empty wide total``.
    """
    span = {"first": data.first, "last": data.last, "since": data.since, "until": data.until}
    period = said("period_day" if data.first == data.last else "period_days", lang, **span)
    lists = [fires_table(data, lang, full=False, most=most), *point_tables(data, lang, full=False, most=most)]
    shown = [one for one in lists if one.rows or one.key in ("fires", "points")]
    parts: list[tuple[str, list[str], bool, list[Table]]] = [
        ("summary", sentences(data, lang), True, []),
        ("units", [], False, unit_tables(data, lang, full=False)),
        ("ledger", [], False, [ledger_table(data, lang)]),
        ("passes", [], False, [passes_table(data, lang), levels_table(data, lang)]),
        ("patrols", [], False, [patrols_table(data, lang, most)]),
        ("lists", [], False, shown),
        ("versions", [], False, [versions_table(data, lang)]),
    ]
    return {
        "lang": "en" if lang == "en" else "zh-CN",
        "head": {
            "title": bulletin_title(data, lang),
            "period": period,
            "as_of": said("as_of", lang, day=data.as_of),
            "notice": said("notice", lang),
            "unverified": said("unverified", lang),
            "remarks": [one.text(lang) for one in data.remarks],
            "map": said("map_caption", lang),
        },
        "parts": [
            {
                "key": key,
                "title": said(f"part_{key}", lang),
                "paragraphs": paragraphs,
                "map": drawn,
                "tables": [_table(one) for one in tables],
            }
            for key, paragraphs, drawn, tables in parts
        ],
        "foot": said("clouds_hide", lang) + ("" if lang == "zh" else " ") + said("not_observed", lang),
    }


def _table(one: Table) -> dict[str, Any]:
    columns = [asdict(column) for column in one.columns]
    return {
        "key": one.key,
        "title": one.title,
        "heads": [column["head"] for column in columns],
        "numeric": one.numeric(),
        "widths": [column["width"] for column in columns],
        "rows": one.text(),
        "notes": list(one.notes),
        "empty": one.empty,
        "wide": one.wide,
        "total": one.total,
    }

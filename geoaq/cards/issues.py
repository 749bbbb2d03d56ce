"""What was wrong or repaired in a list, by pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoaq.catalog import Catalog
from geoaq.store import reading


def page(
    catalog: Catalog, folder: Path, lang: str, *, code: str, page_number: int, page_size: int
) -> dict[str, Any]:
    """Return one page of the issues of a screening, with the number of each kind.

    Parameters
    ----------
    catalog
        Whose lists name the fields.
    folder
        The screening.
    lang
        ``zh`` or ``en``.
    code
        Only issues of this code; ``""`` for all.
    page_number, page_size
        As in `geoaq.store.reading.issues_page`.
    """
    frame = reading.issues(folder)
    message = f"message_{lang}"
    repaired = frame["severity"] == "repair"
    kinds = frame.groupby(["code", "severity"], sort=False)
    counts = [
        {"code": key[0], "severity": key[1], "text": str(group[message].iloc[0]), "count": len(group)}
        for key, group in kinds
    ]
    found = reading.issues_page(folder, page_number=page_number, page_size=page_size, code=code)
    names = field_names(catalog, lang)
    return {
        "all": len(frame),
        "rows_to_check": int(frame.loc[~repaired & (frame["row"] != "0"), "row"].nunique()),
        "repairs": int(repaired.sum()),
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "page_size": found.page_size,
        "counts": sorted(counts, key=lambda one: -int(one["count"])),
        "rows": [
            {
                "row": int(one["row"]),
                "field": names.get(one["field"], one["field"]),
                "value": one["value"],
                "severity": one["severity"],
                "text": one[message],
            }
            for one in found.rows
        ],
    }


def field_names(catalog: Catalog, lang: str) -> dict[str, str]:
    """Return what the fields of an issue are called in the lists that offices fill in."""
    names: dict[str, str] = {}
    for product in catalog.products.values():
        for column in product.columns:
            names.setdefault(column.column, column.title.say(lang))
    return names

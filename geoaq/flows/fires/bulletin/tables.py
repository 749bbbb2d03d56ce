"""The tables that an office keeps for its bulletins: looked through, then put in place of the ones before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoaq.errors import NotFoundError
from geoaq.flows.fires.bulletin.request import TABLES, TABLES_DIR
from geoaq.io.fires.office_tables import OfficeTable, read_arable, read_checks, read_clouds
from geoaq.io.lists.product import ListProduct

#: Problems that are told one by one.
MOST_TOLD = 20
_FILE = "looked.json"
_READERS: dict[str, tuple[Callable[..., OfficeTable], str]] = {
    "arable": (read_arable, "arable_list"),
    "clouds": (read_clouds, "cloud_list"),
    "checks": (read_checks, "check_list"),
}


@dataclass(frozen=True)
class LookedThrough:
    """What came of a table: rows that can be used, rows that cannot, and the first problems (zh, en, row)."""

    rows: int
    unused: int
    problems: tuple[dict[str, Any], ...]


def product_of(what: str) -> str:
    """Return the declared list of a table (NotFoundError: there is no such table)."""
    if what not in _READERS:
        raise NotFoundError("not_found", what="table", name=what)
    return _READERS[what][1]


def look_through(what: str, path: Path, products: Mapping[str, ListProduct], out: Path) -> None:
    """Read a table and write what came of it into the new folder ``out``.

    Raises
    ------
    NotFoundError
        There is no such table.
    InputError, LimitError
        As of `geoaq.io.fires.office_tables`: nothing of it can be used.
    """
    from geoaq.report import rendered_issues

    name = product_of(what)
    table = _READERS[what][0](path, product=products[name])
    issues = rendered_issues(table.issues.frame()).head(MOST_TOLD).to_dict("records")
    told = {
        "rows": len(table.frame),
        "unused": table.rows_read - len(table.frame),
        "problems": [
            {"row": int(one["row"]), "zh": str(one["message_zh"]), "en": str(one["message_en"])}
            for one in issues
        ],
    }
    out.mkdir()
    (out / _FILE).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def looked_through(out: Path) -> LookedThrough:
    """Return what `look_through` wrote."""
    told = json.loads((out / _FILE).read_text("utf-8"))
    return LookedThrough(told["rows"], told["unused"], tuple(told["problems"]))


def keep_table(data: Path, what: str, path: Path) -> Path:
    """Put a table in place of the one before, which stays in ``earlier`` beside it; return where it lies.

    Parameters
    ----------
    data
        The folder of all state.
    what
        One of `TABLES`.
    path
        On the same file system.
    """
    folder = drop_table(data, what)
    place = folder / f"{what}{path.suffix.lower()}"
    return path.replace(place)


def drop_table(data: Path, what: str) -> Path:
    """Put what is kept of a table aside, into ``earlier``; return the folder of the tables."""
    if what not in TABLES:
        raise NotFoundError("not_found", what="table", name=what)
    folder = data / TABLES_DIR
    earlier = folder / "earlier"
    earlier.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob(f"{what}.*")):
        number = 1 + sum(1 for _ in earlier.glob(f"{what}-*"))
        old.replace(earlier / f"{what}-{number:04}{old.suffix}")
    return folder

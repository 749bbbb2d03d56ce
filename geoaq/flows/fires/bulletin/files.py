"""The files of a bulletin: JSON, workbook, PDF, HTML."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geoaq.report.fire_bulletin import (
    BulletinData,
    bulletin_html,
    bulletin_json,
    bulletin_pdf,
    bulletin_xlsx,
)
from geoaq.store.staging import staged

#: ``article``: the HTML as part of a page that has its style.
KINDS = ("json", "xlsx", "pdf", "html", "article")


def write_bulletin(
    data: BulletinData, out: Path, lang: str, *, most: int, only: Collection[str] = KINDS[:4]
) -> None:
    """Write ``bulletin.json``, ``.xlsx``, ``.pdf`` and ``.html`` into a new folder.

    Parameters
    ----------
    data, out, lang
        The bulletin, the folder to make, ``zh`` or ``en``.
    most
        Rows of a long list in PDF and HTML.
    only
        Which of `KINDS` to write.

    Raises
    ------
    InputError
        ``out_exists``: the folder is there already.
    ConfigError
        ``front_end_missing``: the print fonts were not set up.
    """
    with staged(out) as folder:
        if "json" in only:
            (folder / "bulletin.json").write_bytes(bulletin_json(data))
        if "xlsx" in only:
            (folder / "bulletin.xlsx").write_bytes(bulletin_xlsx(data, lang))
        if "pdf" in only:
            (folder / "bulletin.pdf").write_bytes(bulletin_pdf(data, lang, most=most))
        for name, alone in (("html", True), ("article", False)):
            if name in only:
                page = bulletin_html(data, lang, most=most, alone=alone)
                (folder / ("bulletin.html" if alone else "article.html")).write_text(
                    page, "utf-8", newline="\n"
                )

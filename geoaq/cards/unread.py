"""What a list states and the program could not read: shown as it stands there, never as not stated."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from geoaq.cards.issues import field_names
from geoaq.catalog import Catalog
from geoaq.store import reading
from geoaq.wording import say

if TYPE_CHECKING:
    import pandas as pd

# Issues that leave a field without a value although something stands in it.
_LEFT_BLANK = frozenset(
    {
        "word_unknown", "word_mixed", "word_denied", "industry_code_unknown", "industry_several",
        "industry_edition_unknown", "stack_unreadable", "stack_negative",
    }
)  # fmt: skip
# A name of an industry is read as one; a text without any Chinese was meant as a code.
_NAME_ONLY, _CHINESE = "industry_name_only", re.compile(r"[\u4e00-\u9fff]")
# Before what a spreadsheet would take for a formula (`geoaq.report.cells`).
_ESCAPED = re.compile(r"^'(?=[=+@-])")
# The facts of the policy that another column of the list states.
_FACTS = {"industry": "industry_code"}


def unread(folder: Path, row: int, lang: str) -> dict[str, str]:
    """Return by column of the list what stands in one row and was not understood: ``无法识别：“…”``."""
    frame = _of_row(folder, row)
    return {
        field: say("cards.unread", lang, text=_ESCAPED.sub("", value))
        for field, value, code in zip(frame["field"], frame["value"], frame["code"], strict=True)
        if code in _LEFT_BLANK or (code == _NAME_ONLY and not _CHINESE.search(value))
    }


def as_facts(found: dict[str, str]) -> dict[str, str]:
    """Return what was not understood by the names that conditions know it by."""
    return {_FACTS.get(field, field): text for field, text in found.items()}


def row_issues(catalog: Catalog, folder: Path, row: int, lang: str) -> list[str]:
    """Return what was wrong or repaired in a row, each with the field it was found in, and once."""
    frame = _of_row(folder, row)
    names = field_names(catalog, lang)
    lines = []
    for field, message in zip(frame["field"], frame[f"message_{lang}"], strict=True):
        name = names.get(field, field)
        lines.append(say("cards.issue_of", lang, field=name, message=message) if name else message)
    return list(dict.fromkeys(lines))


def _of_row(folder: Path, row: int) -> pd.DataFrame:
    frame = reading.issues(folder)
    return frame[frame["row"] == str(row)]

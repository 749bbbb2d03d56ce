"""Takes the attributes out of a KML's descriptions: what a balloon shows line by line is a column each."""

from __future__ import annotations

import html
import re

import pandas as pd

from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.synonyms import Synonyms

_LINE_END = re.compile(r"<\s*(?:br|/p|/tr|/li|/div)\s*/?\s*>|[\r\n]+", re.IGNORECASE)
_CELL_END = re.compile(r"</\s*t[dh]\s*>\s*<\s*t[dh][^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_PAIR = re.compile(r"\s*([^:：]{1,30})[:：]\s*(\S.*?)\s*")
_NAMES = ("description", "descriptio")
_LONGEST = 20_000


def with_descriptions(attributes: pd.DataFrame, product: ListProduct) -> pd.DataFrame:
    """Return attributes with a column for each label of the descriptions that the product knows.

    Columns that are there stay as they are.
    """
    named = next((each for each in attributes.columns if str(each).lower() in _NAMES), None)
    if named is None:
        return attributes
    synonyms = Synonyms(product)
    taken = {match.column for each in attributes.columns if (match := synonyms.match(str(each))) is not None}
    found: dict[str, list[str]] = {}
    for place, text in enumerate(attributes[named].tolist()):
        for label, value in described(text):
            match = synonyms.match(label)
            if match is None or match.column in taken:
                continue
            found.setdefault(label, [""] * len(attributes))[place] = value
    return attributes.drop(columns=named).assign(**found) if found else attributes


def described(text: str) -> list[tuple[str, str]]:
    """Return the labels and values of one description.

    Examples
    --------
    >>> described("<table><tr><td>卫星</td><td>NOAA-20</td></tr></table>过境时间：2025-06-11 13:32<br/>备注")
    [('卫星', 'NOAA-20'), ('过境时间', '2025-06-11 13:32')]
    """
    lines = _LINE_END.split(_CELL_END.sub(":", text[:_LONGEST]))
    plain = [html.unescape(_TAG.sub("", line)) for line in lines]
    return [(found[1].strip(), found[2]) for line in plain if (found := _PAIR.fullmatch(line))]

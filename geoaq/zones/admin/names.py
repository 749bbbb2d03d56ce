"""Whether the place that a row states is the place found: suffixes, short names and former names allowed.

``吉林`` may be the province or the city, ``海门市`` is today's ``海门区``, ``雄安新区`` is three counties.
A name that no administrative unit bears (a development zone, 市辖区) says nothing: unknown, not false.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri

Words: TypeAlias = npt.NDArray[np.object_]

_PEOPLES = (
    "(?:[壮回藏苗彝满侗瑶白傣黎佤畲水土羌怒各]|蒙古|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|"
    "撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|鄂温克|德昂|保安|裕固|鄂伦春|独龙)族|维吾尔|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克"
)
_KIND = re.compile(
    r"(特别行政区|自治区|自治州|自治县|自治旗|示范区|行政委员会|林区|特区|地区|新区|左旗|右旗|省|市|区|县|旗|盟|州)$"
)
_PEOPLE = re.compile(f"(?:{_PEOPLES})+$")
_KEEP_KIND = {"左旗", "右旗", "新区"}


@lru_cache(maxsize=65536)
def root(name: str) -> str:
    """Return what remains of a place name without its kind and its peoples.

    Examples
    --------
    >>> root("恩施土家族苗族自治州"), root("吉林省"), root("东区"), root("浦东新区")
    ('恩施', '吉林', '东区', '浦东新区')
    """
    kind = _KIND.search(name)
    if kind is None or kind.group() in _KEEP_KIND:
        return name
    stem = name[: kind.start()]
    if kind.group().startswith("自治"):
        stem = _PEOPLE.sub("", stem) or stem
    return stem if len(stem) >= 2 else name


@lru_cache(maxsize=65536)
def spelled(text: str) -> str:
    """Return a stated name without spaces, full-width forms and zero-width marks."""
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text))


def agree(
    counties: pd.DataFrame, located: npt.NDArray[np.int32], province: Words, city: Words, county: Words
) -> Tri:
    """Compare what rows state with the counties found.

    Parameters
    ----------
    counties
        As in `geoaq.zones.admin.AdminIndex`; ``aliases`` (';' joined) may hold further names of a county.
    located
        Position of the county found, -1 outside, shape (n,).
    province, city, county
        Stated names, '' or missing where not stated, shape (n,).

    Returns
    -------
    Tri
        Shape (n,): FALSE when any stated name is that of another place, TRUE when none is and one fits,
        else UNKNOWN.
    """
    book = _Book(counties)
    stated = []
    for words in (province, city, county):
        codes, distinct = pd.factorize(pd.Series(words, dtype=object).fillna(""))
        stated.append((codes, distinct.astype(object)))
    truth = np.full(len(located), UNKNOWN, np.int8)
    key = pd.DataFrame({"at": located, "p": stated[0][0], "c": stated[1][0], "d": stated[2][0]})
    groups = key.groupby(["at", "p", "c", "d"], sort=False)
    firsts = key.loc[~key.duplicated()].to_numpy()
    answers = np.array(
        [
            book.judge(int(at), *(stated[level][1][int(k)] for level, k in enumerate(which)))
            for at, *which in firsts
        ],
        np.int8,
    )
    if len(firsts):
        truth = answers[groups.ngroup().to_numpy()]
    return truth


class _Book:
    """Every name that a county, its prefecture and its province answer to."""

    def __init__(self, counties: pd.DataFrame) -> None:
        columns = ("province", "city", "county")
        self._names = [counties[name].to_numpy(object) for name in columns]
        aliases = counties["aliases"] if "aliases" in counties else pd.Series([""] * len(counties))
        self._aliases = [tuple(filter(None, str(text).split(";"))) for text in aliases]
        self._roots = {root(name) for names in self._names for name in names}
        self._roots |= {root(name) for names in self._aliases for name in names}
        self._upper = {name for names in self._names[:2] for name in names}

    def judge(self, at: int, province: object, city: object, county: object) -> int:
        """Compare one statement (three cells as found) with the county at a position, -1 outside."""
        words = [self._last(spelled(str(text))) if text else "" for text in (province, city, county)]
        if at < 0:
            return FALSE if any(self._known(word) for word in words) else UNKNOWN
        above, middle, own = (str(column[at]) for column in self._names)
        verdicts = [
            self._same(words[0], [above]),
            self._city(words[1], above, middle, own, self._aliases[at]),
            self._county(words[2], above, middle, own, self._aliases[at]),
        ]
        if FALSE in verdicts:
            return FALSE
        return TRUE if TRUE in verdicts else UNKNOWN

    def _city(self, word: str, province: str, city: str, county: str, aliases: tuple[str, ...]) -> int:
        """Judge the prefecture's cell, where 江阴市 (a county) and 北京市 (a province) are found too."""
        verdict = self._same(word, [city])
        if verdict == FALSE:
            if word in {province, county, *aliases} or f"{word}市" == county:
                return TRUE
            if root(word) == root(county):
                return UNKNOWN
        return verdict

    def _county(self, word: str, province: str, city: str, county: str, aliases: tuple[str, ...]) -> int:
        """Judge the county's cell; a prefecture's name in it is true of it but says little."""
        verdict = self._same(word, [county, *aliases])
        if verdict == FALSE and root(word) in {root(province), root(city)}:
            return UNKNOWN
        return verdict

    def _same(self, word: str, names: list[str]) -> int:
        if not word:
            return UNKNOWN
        if any(root(word) == root(name) for name in names):
            return TRUE
        return FALSE if self._known(word) else UNKNOWN

    def _last(self, text: str) -> str:
        """Return the finest unit of a full address: 江苏省无锡市江阴市 is 江阴市."""
        for length in range(len(text) - 2, 1, -1):
            if text[:length] in self._upper:
                return self._last(text[length:])
        return text

    def _known(self, word: str) -> bool:
        return bool(word) and root(word) in self._roots

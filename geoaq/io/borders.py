"""Opens the boundaries that an office brings: polygons of provinces, cities or counties, with code or name.

Which attribute holds the code or the name is found by its values, not by its title: exports call it PAC,
XZQDM, adcode, 行政区划代码 or anything else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.vectors import read_vector

Words = npt.NDArray[np.object_]

# GB/T 2260: the first two digits and the short name of every province-level unit.
_PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林",
    "23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西",
    "37": "山东", "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃",
    "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip
_ENDING = "(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
_NAME = re.compile(f"({'|'.join(_PROVINCES.values())}){_ENDING}")
# Six digits; nine or twelve where towns or villages are coded; 156 before them is the number of China.
_CODE = re.compile(r"(?:156)?(\d{6})(?:\d{3}|\d{6})?(?:\.0)?")
# Share of features that a column must answer for to be taken as code or name.
_MOSTLY = 0.7
# Titles of columns with administrative codes.
_TITLE = re.compile(r"代码|编码|区划|adcode|adminc?ode|code|dm$|^pac$|^gb", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


class UserBorders(NamedTuple):
    """Boundaries as an office gave them.

    Attributes
    ----------
    polygons
        Shape (n,), WGS 84.
    adcodes
        Shape (n,): six-digit code of each polygon's province (``330000``).
    names
        Shape (n,): its short name.
    name, version, sha256
        The file's name, what the office says of its release, and the hash of the file.
    issues
        Features that were left out, with the reason.
    """

    polygons: npt.NDArray[np.object_]
    adcodes: Words
    names: Words
    name: str
    version: str
    sha256: str
    issues: IssueLog


def read_borders(path: Path, *, version: str = "", limits: Limits = DEFAULT_LIMITS) -> UserBorders:
    """Read polygons of provinces, cities or counties with an administrative code or a province's name.

    Parameters
    ----------
    path
        GeoPackage, shapefile (beside its parts or in a zip; table in UTF-8 or GB18030), GeoJSON or KML.
    version
        Release or date of the boundaries, as the office states it.

    Raises
    ------
    InputError
        What `geoaq.io.vectors.read_vector` refuses; ``borders_no_code``: no attribute says to which province
        a polygon belongs; ``borders_no_area``: no feature is an area.
    LimitError
        Too large, too many features or vertices.
    """
    import shapely

    frame = read_vector(path, limits=limits)
    issues = IssueLog()
    shapes = np.asarray(frame.geometry.to_numpy(), object)
    is_area = shapely.get_dimensions(shapes) == 2
    if not is_area.any():
        raise InputError("borders_no_area", name=path.name)
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    province = _province_of(attributes[is_area])
    if province is None:
        raise InputError("borders_no_code", name=path.name)
    prefix = np.full(len(frame), "", object)
    prefix[is_area] = province
    for row in np.flatnonzero(~is_area):
        issues.add(int(row) + 1, "geometry", shapes[row].geom_type, "border_not_area", "warning")
    unplaced = np.flatnonzero(is_area & (prefix == ""))
    for row in unplaced:
        values = " ".join(str(value) for value in attributes.iloc[row] if not pd.isna(value))
        issues.add(int(row) + 1, "geometry", values[:80], "border_without_province", "warning")
    used = prefix != ""
    return UserBorders(
        shapes[used],
        np.array([f"{code}0000" for code in prefix[used]], object),
        np.array([_PROVINCES[code] for code in prefix[used]], object),
        path.name,
        version,
        hashlib.sha256(path.read_bytes()).hexdigest(),
        issues,
    )


def _province_of(attributes: pd.DataFrame) -> Words | None:
    """Return the two digits of each feature's province by the attribute that answers best, '' elsewhere.

    A code goes before a name: a code of a county tells its province, a name seldom does. But among columns of
    six digits, running numbers may be (430101, 430102 …): one that agrees with the names goes before, then
    the one that answers for most, then the one with a title of codes.
    """
    names = _answers(attributes, _by_name)
    codes = _answers(attributes, _by_code)
    named = max(names.values(), key=_told, default=None)

    def rank(title: str) -> tuple[float, float, bool]:
        found = codes[title]
        both = found != "" if named is None else (found != "") & (named != "")
        agree = 0.0 if named is None else float((found == named)[both].mean()) if both.any() else 0.0
        return agree, _told(found), _TITLE.search(title) is not None

    best = max(codes, key=rank, default=None)
    # Codes that contradict the names are no codes of provinces.
    if best is not None and (named is None or rank(best)[0] >= _MOSTLY):
        return codes[best]
    return named


def _answers(attributes: pd.DataFrame, reader: Callable[[object], str]) -> dict[str, Words]:
    """Return what each attribute says of the provinces, of those that say it of most features."""
    found = {
        str(name): np.array([reader(value) for value in attributes[name]], object) for name in attributes
    }
    return {name: words for name, words in found.items() if _told(words) >= _MOSTLY}


def _told(words: Words) -> float:
    return float((words != "").mean())


def _by_code(value: object) -> str:
    found = _CODE.fullmatch(str(value).strip())
    prefix = found[1][:2] if found else ""
    return prefix if prefix in _PROVINCES else ""


def _by_name(value: object) -> str:
    found = _NAME.fullmatch(_SPACE.sub("", str(value)))
    return next((code for code, name in _PROVINCES.items() if found and name == found[1]), "")

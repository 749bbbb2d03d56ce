"""Datums as people write them, Chinese and English, EPSG codes and ESRI names."""

from __future__ import annotations

import re
import unicodedata

from geoaq.crs.gauss_kruger import GAUSS_KRUGER
from geoaq.errors import InputError

# EPSG codes on Beijing 1954 and Xian 1980.
_BEIJING_1954 = {4214, *range(2401, 2443), *range(21413, 21424), *range(21453, 21464), *range(21473, 21484)}
_XIAN_1980 = {4610, *range(2327, 2391)}


def parse_datum(text: str) -> str:
    """Read a datum as people write it and return it in the short form of this module.

    Accepts ``WGS84``, ``GPS``, ``CGCS2000``, ``国家2000``, ``天地图``, ``GCJ-02``, ``火星坐标``, ``高德``,
    ``BD-09``, ``百度``, ``EPSG:4549``, ``CGCS2000 3度带 120``, ``2000国家大地坐标系 3度带 40带`` and the
    names that EPSG and ESRI give the zones. A projection without a zone gives ``gk``.

    Raises
    ------
    InputError
        ``datum_refused`` for Beijing 1954 and Xian 1980: their shift (tens of metres to over 100 m) is not
        public, and pyproj would apply none without a word. ``datum_unknown`` for anything else.

    Examples
    --------
    >>> [parse_datum(text) for text in ("国家2000", "火星坐标系", "EPSG:4549", "CGCS2000 3度带 120")]
    ['cgcs2000', 'gcj02', 'gk:4549', 'gk:4549']
    """
    plain = re.sub(r"[\s_\-/:：,，()（）.°]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    joined = plain.replace(" ", "")
    code = re.fullmatch(r"(?:epsg|gk|urnogcdefcrsepsg)?(?!(?:2000|1980|1954)$)(\d{4,5})", joined)
    if code:
        return _datum_of_epsg(int(code[1]), text)
    for old, words in (
        ("Beijing 1954", r"北京.?(19)?54|54.?北京|54年北京|beijing(19)?54|bj54|54坐标|^(19)?54$"),
        ("Xian 1980", r"西安.?(19)?80|80.?西安|80年西安|xi'?an(19)?80|1980国家|国家80|80坐标|^(19)?80$"),
    ):
        if re.search(words, joined):
            raise InputError("datum_refused", datum=old)
    if re.search(r"地方|独立|城建|墨卡托|mercator|bd09mc|3857|utm|84.*(高斯|gauss|带|zone)", joined):
        raise InputError("datum_unknown", text=text)
    for datum, words in (
        ("gcj02", r"gcj0?2|火星|高德|腾讯|国测局|amap|autonavi|tencent|googlecn|谷歌中国"),
        ("bd09", r"bd0?9|百度|baidu"),
        ("wgs84", r"wgs(19)?84|^84$|84坐标|^gps|gps坐标|世界大地"),
    ):
        if re.search(words, joined):
            return datum
    if re.search(
        r"cgcs|国家(大地)?2000|2000国家|大地2000|2000大地|2000坐标|天地图|tianditu|^2000$|高斯|gauss", joined
    ):
        return _cgcs2000(plain, text)
    raise InputError("datum_unknown", text=text)


def _datum_of_epsg(code: int, text: str) -> str:
    if code in GAUSS_KRUGER:
        return f"gk:{code}"
    if code in _BEIJING_1954:
        raise InputError("datum_refused", datum="Beijing 1954")
    if code in _XIAN_1980:
        raise InputError("datum_refused", datum="Xian 1980")
    if code == 4326:
        return "wgs84"
    if code == 4490:
        return "cgcs2000"
    raise InputError("datum_unknown", text=text)


def _cgcs2000(plain: str, text: str) -> str:
    rest = re.sub(
        r"(cgcs\s*2000|国家(大地)?\s*2000|2000\s*国家|大地\s*2000|2000\s*大地|2000\s*坐标|^2000$)", " ", plain
    )
    wide = re.search(r"(?:6|六)\s*(?:度|degree|deg|°)|6带", rest)
    narrow = re.search(r"(?:3|三)\s*(?:度|degree|deg|°)", rest)
    rest = re.sub(r"(?:3|6|三|六)\s*(?:度|degree|deg|°)\s*(?:分?带)?", " ", rest)
    numbers = [int(number) for number in re.findall(r"\d+", rest)]
    projected = bool(wide or narrow or re.search(r"高斯|gauss|gk|带|zone|cm|中央|投影|平面", rest))
    if not numbers:
        return "gk" if projected else "cgcs2000"
    if len(numbers) == 1:
        number = numbers[0]
        if 13 <= number <= 23 and not narrow:
            return f"gk:{4491 + number - 13}"
        if 25 <= number <= 45 and not wide:
            return f"gk:{4513 + number - 25}"
        if 75 <= number <= 135 and number % 6 == 3 and wide:
            return f"gk:{4502 + (number - 75) // 6}"
        if 75 <= number <= 135 and number % 3 == 0 and not wide:
            return f"gk:{4534 + (number - 75) // 3}"
    raise InputError("datum_unknown", text=text)

"""Places that an office knows to be hot or to glint: its own polygons, as fire pixels are judged by them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.flows.office_layers import LIMITS
from geoaq.io.vectors import read_areas
from geoaq.store.office_layers import OfficeLayers

#: Id of the layer by which an office gives them.
LAYER = "static_places"
# What an office calls the kinds of layers/policy/fire_quality.toml [places].
_WORDS = {
    "钢铁": "steel", "焦化": "coke", "水泥": "cement", "电厂": "power", "火电": "power", "玻璃": "glass",
    "砖瓦": "brick", "砖厂": "brick", "化工": "chemical", "石化": "chemical", "火炬": "flare",
    "填埋场": "landfill", "填埋": "landfill", "其他热源": "other_heat", "光伏": "photovoltaic",
    "PV": "photovoltaic", "屋顶": "roof", "彩钢屋顶": "roof", "大棚": "greenhouse",
}  # fmt: skip
_KIND = re.compile(r"kind|type|类型|类别|行业", re.IGNORECASE)


def own_static_places(data: Path) -> pd.DataFrame:
    """Return the office's polygons: ``kind geometry`` (shapely, degrees WGS 84); none where none were given.

    Parameters
    ----------
    data
        The folder of all state.

    Returns
    -------
    pandas.DataFrame
        ``kind`` as the file states it in a column *kind*, *type*, 类型, 类别 or 行业, in the words of
        ``layers/policy/fire_quality.toml`` or in Chinese; ``""`` where none stands there, and then it
        decides nothing.

    Raises
    ------
    InputError
        The file, which was looked through when it came, cannot be read any more.
    """
    version = OfficeLayers(data).in_use(LAYER)
    if version is None:
        return pd.DataFrame({"kind": pd.Series([], dtype=object), "geometry": pd.Series([], dtype=object)})
    frame = read_areas(version.file, limits=LIMITS)
    column = next((name for name in frame if _KIND.fullmatch(str(name).strip())), None)
    stated = [""] * len(frame) if column is None else [str(value or "").strip() for value in frame[column]]
    kinds = pd.Series([_WORDS.get(word, word.lower()) for word in stated], dtype=object)
    return pd.DataFrame({"kind": kinds, "geometry": np.asarray(frame.geometry.to_numpy(), object)})

"""A plant's own boilers and units: those that name its id, or bear its name beside it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.geodesy import Pairs
from geoaq.zones.heating.anchors import Anchors, text

# How far from the point of its plant a boiler of that plant may stand, metres.
_SITE_M = 2_000.0
_LEAST_LENGTH = 4
_COMPANY = re.compile(r"股份有限公司|有限责任公司|有限公司|分公司|公司|集团")
_OF_UNIT = re.compile(r"[\d#一二三四五六七八九十]*(?:号|#)*(?:燃煤|燃气|备用)?(?:锅炉房|锅炉|机组|炉)$")
_GENERIC = re.compile(r"热电联产|热电|火电|发电|供热|自备|电厂|电站|热力|能源|电力|有限|厂|站|[省市县区]")
_NOISE = re.compile(r"[\W_]+")


def own_places(subjects: pd.DataFrame, anchors: Anchors) -> npt.NDArray[np.int64]:
    """Return the position of the anchor that a subject names as its plant (``plant_id``), -1 for none."""
    if "plant_id" not in subjects:
        return np.full(len(subjects), -1, np.int64)
    named = text(subjects, "plant_id")
    places = pd.Index(anchors.plant_id).get_indexer(pd.Index(named))
    return np.where(named == "", -1, places).astype(np.int64)


def own_pairs(subjects: pd.DataFrame, pairs: Pairs, anchors: Anchors) -> npt.NDArray[np.bool_]:
    """Tell which pairs are a plant and a boiler or unit of its own: of one name, within 2 km.

    Only names of pairs that near are compared, each combination of names once.
    """
    own = np.zeros(len(pairs.subject), np.bool_)
    near = np.flatnonzero(pairs.distance_m <= _SITE_M)
    if not near.size or "name" not in subjects:
        return own
    rows = pairs.subject[near]
    seen, places = np.unique(rows, return_inverse=True)
    name_codes, names = pd.factorize(text(subjects.iloc[seen], "name"))
    plant_codes, plants = pd.factorize(anchors.name[pairs.anchor[near]])
    combined = name_codes[places].astype(np.int64) * max(len(plants), 1) + plant_codes
    distinct, which = np.unique(combined, return_inverse=True)
    alike = [same_name(str(names[k // len(plants)]), str(plants[k % len(plants)])) for k in distinct.tolist()]
    own[near] = np.array(alike, np.bool_)[which]
    return own


def same_name(name: str, plant: str) -> bool:
    """Say whether a subject's name is that of a plant, or holds it or is held by it.

    Examples
    --------
    >>> same_name("萧山热电厂 1#锅炉", "萧山热电厂"), same_name("萧山热电厂", "浙江萧山热电厂有限公司")
    (True, True)
    >>> same_name("热电厂", "萧山热电厂"), same_name("丙纸业", "萧山热电厂")
    (False, False)
    """
    own, other = _plain(name), _plain(plant)
    if not own or not other:
        return False
    if own == other:
        return True
    short, long = sorted((own, other), key=len)
    return len(short) >= _LEAST_LENGTH and short in long and bool(_GENERIC.sub("", short))


@cache
def _plain(name: str) -> str:
    whole = _NOISE.sub("", _COMPANY.sub("", unicodedata.normalize("NFKC", name).lower().replace("#", "号")))
    return _OF_UNIT.sub("", whole) or whole

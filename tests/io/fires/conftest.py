"""Small files of detections, each with the oddity that its test is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.io.fires import read_fire_chunks

BULK = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,"
    "daynight"
)
# 11 June 2025, 05:32 UTC: that of the usual row
AT = 1_749_619_920
ROW = {
    "latitude": "30.83891", "longitude": "120.92173", "bright_ti4": "341.2", "scan": "0.39", "track": "0.36",
    "acq_date": "2025-06-11", "acq_time": "0532", "satellite": "N20", "confidence": "nominal",
    "version": "2.0NRT", "bright_ti5": "301.1", "frp": "12.4", "daynight": "D",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A whole file: its chunks put together."""

    frame: pd.DataFrame
    extra: pd.DataFrame
    issues: pd.DataFrame
    rows_read: int
    layouts: set[str]

    @property
    def codes(self) -> list[str]:
        return self.issues["code"].tolist()

    def one(self) -> dict[str, Any]:
        """Return the only detection."""
        assert len(self.frame) == 1, self.issues
        return {str(name): value for name, value in self.frame.iloc[0].items()}


@pytest.fixture(scope="session")
def fire_list() -> Any:
    return Catalog.load().products["fire_list"]


@pytest.fixture
def read(fire_list: Any) -> Callable[..., Reading]:
    """Read a file whole."""

    def whole(path: Path, **told: Any) -> Reading:
        chunks = list(read_fire_chunks(path, product=fire_list, **told))
        return Reading(
            pd.concat([chunk.frame for chunk in chunks], ignore_index=True),
            pd.concat([chunk.extra for chunk in chunks], ignore_index=True),
            pd.concat([chunk.issues.frame() for chunk in chunks], ignore_index=True),
            sum(chunk.rows_read for chunk in chunks),
            {chunk.layout for chunk in chunks},
        )

    return whole


@pytest.fixture
def firms(tmp_path: Path, read: Callable[..., Reading]) -> Callable[..., Reading]:
    """Read a csv of FIRMS with the given rows, each the usual one with cells changed or added."""

    def made(*rows: dict[str, str]) -> Reading:
        full = [ROW | row for row in rows]
        header = list(dict.fromkeys(name for row in full for name in row))
        lines = [",".join(header), *(",".join(row.get(name, "") for name in header) for row in full)]
        path = tmp_path / "firms.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return read(path)

    return made


@pytest.fixture
def listed(tmp_path: Path, read: Callable[..., Reading]) -> Callable[..., Reading]:
    """Read an office's list, as csv, from its rows; the first is the header."""

    def made(*rows: Sequence[str], **told: Any) -> Reading:
        path = tmp_path / "火点清单.csv"
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8-sig")
        return read(path, **told)

    return made

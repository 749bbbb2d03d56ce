"""Killed at any moment of judging, or on a full disk: nothing half written, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from geoaq.errors import LimitError
from geoaq.store.fires.engine import writing
from geoaq.store.fires.store import FireStore
from tests.flows.fires.book import events_of, judged, pixels_of
from tests.flows.fires.test_judging import partition
from tests.store.fires import rows as made
from tests.store.fires.conftest import left_by, new_database
from tests.store.fires.rows import DAY0, about, fires

DAY = 86_400
# What PostgreSQL says when a table cannot grow.
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON fire_events EXECUTE FUNCTION full_disk();
"""


def burning() -> pd.DataFrame:
    """Return three days of a field that grows, a merge over two chunks, and a day far off."""
    sides = {"scan_km": 0.4, "track_km": 0.4}
    return fires(
        {"lon": 115.5, **sides},
        {"lon": 115.516, **sides},
        {"lon": 115.508, "acquired": DAY0 + DAY, "satellite": "aqua", **sides},
        {"lon": 115.7, "acquired": DAY0 + DAY, **sides},
        {"lon": 115.508, "acquired": DAY0 + 2 * DAY, **sides},
        {"lon": 116.5, "acquired": DAY0 + 40 * DAY, **sides},
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_judging_that_ends_at_any_moment_is_gone_on_with_to_the_same_end(
    mode: str, new_base: Callable[[], tuple[str | None, Callable[[], str | None]]], tmp_path: Path
) -> None:
    url, copy = new_base()
    with FireStore(tmp_path / "base", url) as store:
        store.ingest(made.given(burning().iloc[:2].reset_index(drop=True)), **about("a"))
        judged(store)
        store.ingest(made.given(burning()), **about("b"))
    left = left_by("tests.flows.fires.dying_judge", mode, tmp_path, copy)
    assert len(left) > (8 if mode == "kill" else 2)
    folder, url = left[-1]
    with FireStore(folder, url) as store:
        pixels, events = pixels_of(store), events_of(store)
        told = store.event_history(store.events()["event"].tolist()[0])
        assert len(pixels) == 6
        assert len(events) == 3
    for folder, url in left:
        with FireStore(folder, url) as store:
            there = {path.relative_to(store.folder.judged).as_posix() for path in _files(store.folder.judged)}
            assert there == {entry.path for entry in store.judged_entries()}
            partition(store)
            assert len(store.judged(0, 10**10)) >= 2
            judged(store, rows_at_once=3)
            pd.testing.assert_frame_equal(pixels_of(store), pixels)
            pd.testing.assert_frame_equal(events_of(store), events)
            again = store.event_history(store.events()["event"].tolist()[0])
            columns = ["event", "what", "other", "why"]
            pd.testing.assert_frame_equal(again[columns], told[columns])


def test_a_full_disk_under_postgresql_stops_judging_and_the_next_run_ends_it(
    cluster: str, tmp_path: Path
) -> None:
    with FireStore(tmp_path, new_database(cluster)) as store:
        store.ingest(made.given(burning()), **about("a"))
        with writing(store.engine) as connection:
            connection.exec_driver_sql(FULL)
        with pytest.raises(LimitError, match="disk"):
            judged(store)
        assert store.judged_entries() == []
        with writing(store.engine) as connection:
            connection.execute(text("DROP TRIGGER full_disk ON fire_events"))
        judged(store)
        partition(store)
        assert len(store.events()) == 3
        assert len(_files(store.folder.judged)) == len(store.judged_entries())


def _files(top: Path) -> list[Path]:
    return [path for path in top.rglob("*") if path.is_file()]

"""Killed at any moment, on a full disk, from two processes at once: nothing half written, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from geoaq.errors import ConfigError, LimitError
from geoaq.store.fires.engine import writing
from geoaq.store.fires.schema import METADATA
from geoaq.store.fires.store import FireStore
from tests.conftest import ROOT
from tests.store.fires import rows as made
from tests.store.fires.conftest import MakeStore, left_by
from tests.store.fires.dying import after, before
from tests.store.fires.rows import DAY0, about, fires

ALL = (0, 10**10)
# The tables of the first step, `v0001_pixels`.
FIRST_STEP = {"fire_state", "fire_files", "fire_ingests", "fire_extra"}


@pytest.fixture
def dying(tmp_path: Path) -> Callable[..., list[tuple[Path, str | None]]]:
    """Return what runs ``dying.py`` and gives the stores that its children left, the last one whole."""
    return lambda mode, new_url: left_by("tests.store.fires.dying", mode, tmp_path, new_url)


@pytest.fixture
def base(
    new_base: Callable[[], tuple[str | None, Callable[[], str | None]]], tmp_path: Path
) -> Callable[[], str | None]:
    """Fill the store ``base``, and return what makes a copy of its database."""
    url, copy = new_base()
    with FireStore(tmp_path / "base", url) as store:
        store.ingest(made.given(before()), **about("before"))
    return copy


def files_of(store: FireStore) -> list[str]:
    """Return the files of pixels that lie in the folder."""
    return sorted(
        str(p.relative_to(store.folder.pixels)) for p in store.folder.pixels.rglob("*") if p.is_file()
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_a_list_whose_intake_ends_at_any_moment_is_in_whole_or_not_at_all(
    mode: str, base: Callable[[], str | None], dying: Callable[..., list[tuple[Path, str | None]]]
) -> None:
    left = dying(mode, base)
    assert len(left) > (8 if mode == "kill" else 2)
    folder, url = left[-1]
    with FireStore(folder, url) as store:
        whole = store.manifest.state()
        assert len(store.visible(*ALL)) == 5
    ends = []
    for folder, url in left:
        with FireStore(folder, url) as store:
            lists = [one.name for one in store.manifest.ingests()]
            assert files_of(store) == sorted(entry.path for entry in store.manifest.entries())
            assert sorted(path.name for path in store.folder.root.iterdir() if "sqlite" not in path.name) == [
                "issues", "judged", "judging.lock", "migration.lock", "pixels", "pixels.lock", "store.json",
            ]  # fmt: skip
            assert len(store.visible(*ALL)) == (5 if "after.csv" in lists else 2)
            assert (store.manifest.state() == whole) == ("after.csv" in lists)
            ends.append("after.csv" in lists)
            store.ingest(made.given(after()), **about("after"))
            assert store.manifest.state() == whole
            assert store.changed_since(1).token == 2
    # Once it is in, no later moment takes it out; what the disk refused is not in.
    assert ends == sorted(ends)
    assert ends.count(True) == (1 if mode == "full" else len(ends) - ends.index(True))


@pytest.mark.slow
def test_a_store_whose_making_ends_at_any_moment_can_be_made_again(
    new_url: Callable[[], str | None], dying: Callable[..., list[tuple[Path, str | None]]]
) -> None:
    left = dying("open", new_url)
    assert len(left) > 5
    for folder, url in left:
        with FireStore(folder, url) as store:
            assert store.ingest(made.given(fires({})), **about("a")).changed == 1
        with FireStore(folder, url) as store:
            assert len(store.visible(*ALL)) == 1


@pytest.mark.slow
def test_a_store_of_the_first_step_killed_while_its_tables_are_brought_up_to_date_keeps_its_detections(
    new_base: Callable[[], tuple[str | None, Callable[[], str | None]]],
    dying: Callable[..., list[tuple[Path, str | None]]],
    tmp_path: Path,
) -> None:
    url, copy = new_base()
    with FireStore(tmp_path / "base", url) as store:
        store.ingest(made.given(before()), **about("before"))
        with writing(store.engine) as connection:
            for table in reversed(METADATA.sorted_tables):
                if table.name not in FIRST_STEP:
                    table.drop(connection)
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    left = dying("open", copy)
    assert len(left) > 3
    for folder, url in left:
        with FireStore(folder, url) as store:
            assert len(store.visible(*ALL)) == 2
            assert [one.name for one in store.manifest.ingests()] == ["before.csv"]
            assert store.events().empty
            assert store.ingest(made.given(after()), **about("after")).changed == 3


def test_of_processes_that_open_and_fill_a_store_at_once_each_gets_its_turn(
    new_url: Callable[[], str | None], tmp_path: Path
) -> None:
    url, folder = new_url(), tmp_path / "raced"
    command = [sys.executable, "-m", "tests.store.fires.dying", "race", str(folder)]
    subprocess.run(command, cwd=ROOT, input=f"{url or '-'}\n", text=True, check=True)
    with FireStore(folder, url) as store:
        assert sorted(one.name for one in store.manifest.ingests()) == [
            "a0.csv", "a1.csv", "a2.csv", "a3.csv", "same.csv",
        ]  # fmt: skip
        assert len(store.visible(*ALL)) == 5
        assert files_of(store) == [entry.path for entry in store.manifest.entries()]


def test_a_full_disk_under_the_database_keeps_nothing(tmp_path: Path) -> None:
    with FireStore(tmp_path) as store:
        store.ingest(made.given(before()), **about("before"))
        state = store.manifest.state()
        with writing(store.engine) as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        many = fires(*({"acquired": DAY0 + day * 86_400} for day in range(5, 400)))
        with closing(store.engine.raw_connection()) as raw:
            # Kept by this one connection, which the store is handed next.
            raw.execute(f"PRAGMA max_page_count = {pages}").close()
        with pytest.raises(LimitError):
            store.ingest(made.given(many), **about("many"))
    with FireStore(tmp_path) as store:
        assert store.manifest.state() == state
        assert len(files_of(store)) == 2
        assert store.ingest(made.given(many), **about("many")).changed == 395


def test_the_steps_of_the_tables_end_at_the_schema(make_store: MakeStore) -> None:
    with make_store().engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_database_of_a_later_release_is_left_alone(make_store: MakeStore, tmp_path: Path) -> None:
    store = make_store()
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="9999"):
        FireStore(tmp_path / "0", store.engine.url.render_as_string(hide_password=False)
                  if store.engine.dialect.name == "postgresql" else None)  # fmt: skip


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "nonsense"])
def test_an_address_of_a_database_that_cannot_be_is_refused_without_repeating_it(
    url: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as raised:
        FireStore(tmp_path, url)
    assert url not in raised.value.message("en")


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be opened"):
        FireStore(tmp_path, f"postgresql://geoaq@/x?host={tmp_path}")

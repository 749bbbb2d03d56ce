"""Finished screenings: folders that never change, and what people wrote beside them."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoaq.errors import LimitError, NotFoundError
from geoaq.store.place import new_id
from geoaq.store.screenings import Screenings, chosen

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def screenings(tmp_path: Path) -> Screenings:
    return Screenings(tmp_path)


def put(screenings: Screenings, tmp_path: Path, filename: str = "清单.xlsx", created: datetime = NOW) -> str:
    made = tmp_path / "made"
    made.mkdir()
    (made / "summary.json").write_text("{}")
    screening_id = new_id()
    screenings.put(screening_id, made, filename=filename, created=created)
    return screening_id


def test_a_screening_is_called_after_its_list(screenings, tmp_path):
    one = screenings.get(put(screenings, tmp_path))
    assert (one.title, one.notes, one.filename, one.created) == ("清单", "", "清单.xlsx", NOW)
    assert one.files == ("summary.json",)


def test_screenings_are_listed_newest_first_and_other_folders_are_not(screenings, tmp_path):
    older = put(screenings, tmp_path, created=NOW.replace(day=20))
    newer = put(screenings, tmp_path)
    (tmp_path / "screenings" / "lost+found").mkdir()
    assert [one.id for one in screenings.list()] == [newer, older]
    assert [one.id for one in screenings.list(limit=1)] == [newer]


def test_what_is_deleted_while_the_list_is_made_is_left_out(screenings, tmp_path, monkeypatch):
    kept, lost, torn = (put(screenings, tmp_path) for _ in range(3))
    get = screenings.get

    def late(screening_id):
        if screening_id == lost:
            (tmp_path / "screenings" / lost).rename(tmp_path / "lost")
        if screening_id == torn:
            raise FileNotFoundError
        return get(screening_id)

    monkeypatch.setattr(screenings, "get", late)
    assert [one.id for one in screenings.list()] == [kept]


def test_what_is_kept_is_its_owners_alone(tmp_path):
    (tmp_path / "screenings").mkdir(mode=0o755)  # of an older version
    Screenings(tmp_path)
    for name in ("screenings", "screenings-meta"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


def test_title_and_notes_are_written_beside_the_folder_not_into_it(screenings, tmp_path):
    screening_id = put(screenings, tmp_path)
    folder = screenings.get(screening_id).folder
    before = {path: path.read_bytes() for path in folder.iterdir()}
    one = screenings.describe(screening_id, title=" 十一月 ", notes="第一次")
    assert (one.title, one.notes, one.created) == ("十一月", "第一次", NOW)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_blank_title_keeps_the_old_one(screenings, tmp_path):
    assert screenings.describe(put(screenings, tmp_path), title="  ", notes="").title == "清单"


@pytest.mark.parametrize(("title", "notes"), [("长" * 121, ""), ("短", "长" * 4001)])
def test_text_that_is_too_long_is_refused(screenings, tmp_path, title, notes):
    with pytest.raises(LimitError, match="limit"):
        screenings.describe(put(screenings, tmp_path), title=title, notes=notes)


@pytest.mark.parametrize("wrong", ["", "..", "../trash", "0" * 31, "0" * 32 + "\n", "０" * 32, "A" * 32])
def test_what_is_no_identity_is_not_found_before_any_path_is_built(screenings, wrong):
    assert not screenings.has(wrong)
    for ask in (screenings.get, lambda it: screenings.describe(it, title="a", notes="")):
        with pytest.raises(NotFoundError):
            ask(wrong)


def test_only_known_names_leave_a_screening(screenings, tmp_path):
    screening_id = put(screenings, tmp_path)
    one = screenings.get(screening_id)
    assert one.file("summary.json").read_text() == "{}"
    (one.folder / "other.txt").write_text("x")
    for name in ("other.txt", "findings.csv", "../secret.key", ""):
        with pytest.raises(NotFoundError):
            one.file(name)


def test_a_folder_that_cannot_be_moved_leaves_no_metadata(screenings, tmp_path):
    with pytest.raises(FileNotFoundError):
        screenings.put(new_id(), tmp_path / "nowhere", filename="a", created=NOW)
    assert list((tmp_path / "screenings-meta").iterdir()) == []


def test_a_search_looks_at_title_notes_and_file_name_in_any_case_and_at_the_kind_of_list(
    screenings, tmp_path
):
    first, second = put(screenings, tmp_path, "Boilers-2025.xlsx"), put(screenings, tmp_path, "项目.xlsx")
    screenings.describe(first, title="十一月", notes="第一次\n复查前")
    (tmp_path / "screenings" / second / "summary.json").write_text('{\n "subject": "project"')
    every = screenings.list()
    for text in ("boilers", "十一", "复查"):
        assert [one.id for one in chosen(every, text=text)] == [first]
    assert [one.id for one in chosen(every, subjects=("project",))] == [second]
    assert chosen(every, text="十一", subjects=("project",)) == []
    assert len(chosen(every)) == 2

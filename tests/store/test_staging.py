import pytest

from geoaq.errors import InputError
from geoaq.store.staging import staged


def test_a_finished_folder_appears_under_its_name_with_everything_in_it(tmp_path):
    with staged(tmp_path / "out") as folder:
        (folder / "a.txt").write_text("1")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "a.txt").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_a_failure_or_an_interrupt_leaves_nothing_behind(tmp_path, stop):
    def half_written():
        with staged(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("half")
            raise stop

    with pytest.raises(stop):
        half_written()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_screening_is_never_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="out"), staged(tmp_path / "out"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

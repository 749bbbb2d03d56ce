"""How much of the disk the screenings take: counted whole, bounded, and anew when it changed."""

from __future__ import annotations

from geoaq.store.room import Room


def fill(path, *sizes):
    path.mkdir(parents=True)
    for number, size in enumerate(sizes):
        (path / f"{number}").write_bytes(b"x" * size)


def test_every_file_of_screenings_counts_and_no_other(tmp_path):
    fill(tmp_path / "screenings" / "a", 10, 20)
    fill(tmp_path / "screenings-meta" / "a", 3)
    fill(tmp_path / "staging" / "b" / "out", 400)
    fill(tmp_path / "trash" / "c" / "screening", 5000)
    fill(tmp_path / "layers", 70_000)
    used = Room(tmp_path).used()
    assert (used.bytes, used.trash, used.whole) == (5433, 5000, True)
    assert used.free > 0


def test_an_answer_holds_until_it_is_forgotten(tmp_path):
    room = Room(tmp_path)
    assert room.used().bytes == 0
    fill(tmp_path / "screenings" / "a", 10)
    assert room.used().bytes == 0
    room.forget()
    assert room.used().bytes == 10


def test_a_screening_is_measured_once_and_forgotten_with_its_folder(tmp_path):
    fill(tmp_path / "screenings" / "a", 10)
    room = Room(tmp_path)
    assert room.used().bytes == 10
    (tmp_path / "screenings" / "a" / "0").write_bytes(b"x" * 99)  # never happens: folders do not change
    room.forget()
    assert room.used().bytes == 10
    (tmp_path / "screenings" / "a").rename(tmp_path / "gone")
    room.forget()
    assert room.used().bytes == 0


def test_one_look_reads_so_many_entries_and_the_next_ones_go_on(tmp_path):
    for number in range(6):
        fill(tmp_path / "screenings" / f"{number}", 1, 1, 1)
    room = Room(tmp_path, most_entries=8)
    first = room.used()
    assert (first.bytes < 18, first.whole) == (True, False)
    for _ in range(4):
        room.forget()
        last = room.used()
    assert (last.bytes, last.whole) == (18, True)

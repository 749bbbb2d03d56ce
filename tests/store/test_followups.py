"""The follow-up of a consultation: what is noted, what is refused, and where it stands today."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from geoaq.errors import InputError, LimitError, NotFoundError
from geoaq.store.followups import NOTE_MAX, Followups
from geoaq.store.screenings import Screenings
from geoaq.store.trash import Trash

ID = "0123456789abcdef0123456789abcdef"
SENT = {
    "row": 2, "part": 0, "consultee": "340000", "event": "sent", "day": "2026-03-02",
    "bureau": "province", "deadline": "2026-03-31", "note": "浙环函〔2026〕1号",
}  # fmt: skip
ANSWER = {"row": 2, "consultee": "340000", "event": "answered", "day": "2026-03-20"}


@pytest.fixture
def followups(tmp_path) -> Followups:
    (tmp_path / "screenings" / ID).mkdir(parents=True)
    return Followups(tmp_path, ID)


def test_a_letter_without_an_answer_is_overdue_after_its_deadline_and_no_sooner(followups):
    followups.add(SENT)
    on_the_day = followups.states(2, today=date(2026, 3, 31))["340000"]
    after = followups.states(2, today=date(2026, 4, 1))["340000"]
    assert (on_the_day.state, on_the_day.overdue, on_the_day.bureau) == ("sent", False, "province")
    assert after.overdue
    assert after.events[0].note == "浙环函〔2026〕1号"


def test_an_answer_ends_the_waiting_and_every_province_stands_by_itself(followups):
    followups.add(SENT)
    followups.add(SENT | {"consultee": "320000", "bureau": "city", "deadline": ""})
    followups.add(ANSWER)
    states = followups.states(2, today=date(2027, 1, 1))
    assert {code: (one.state, one.overdue) for code, one in states.items()} == {
        "340000": ("answered", False),
        "320000": ("sent", False),
    }
    assert followups.states(3, today=date(2027, 1, 1)) == {}


def test_events_are_kept_in_the_order_in_which_they_were_noted(followups, tmp_path):
    for fields in (SENT, ANSWER, ANSWER | {"event": "adopted"}, ANSWER | {"event": "closed"}):
        followups.add(fields)
    again = Followups(tmp_path, ID)
    assert [one.event for one in again.events(2)] == ["sent", "answered", "adopted", "closed"]
    assert again.events() == followups.events()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"event": "written"}, "bad_followup"),
        ({"consultee": "340100"}, "bad_followup"),
        ({"consultee": "../../etc"}, "bad_followup"),
        ({"bureau": ""}, "bad_followup"),
        ({"day": "2.3.2026"}, "bad_followup"),
        ({"day": ""}, "bad_followup"),
        ({"row": "two"}, "bad_followup"),
        ({"deadline": "2026-03-01"}, "followup_day"),
        ({"event": "answered"}, "followup_order"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_be_right(followups, changes, code):
    with pytest.raises(InputError) as raised:
        followups.add(SENT | changes)
    assert raised.value.code == code
    assert followups.events() == ()


def test_an_answer_cannot_come_before_its_letter(followups):
    followups.add(SENT)
    with pytest.raises(InputError, match="2026-03-02"):
        followups.add(ANSWER | {"day": "2026-03-01"})


def test_a_note_has_a_limit(followups):
    with pytest.raises(LimitError):
        followups.add(SENT | {"note": "x" * (NOTE_MAX + 1)})


def test_a_line_that_a_power_failure_cut_off_is_set_aside(followups, tmp_path):
    followups.add(SENT)
    path = tmp_path / "screenings-meta" / ID / "followups.jsonl"
    path.write_bytes(path.read_bytes() + b'{"row": 2, "eve')
    assert [one.event for one in followups.events()] == ["sent"]
    followups.add(ANSWER)
    assert [one.event for one in followups.events()] == ["sent", "answered"]


def test_no_path_is_made_from_anything_but_an_identity(tmp_path):
    with pytest.raises(NotFoundError):
        Followups(tmp_path, "../elsewhere")


def test_a_screening_that_is_deleted_takes_its_follow_up_with_it(tmp_path):
    screenings = Screenings(tmp_path)
    made = tmp_path / "made"
    made.mkdir()
    screenings.put(ID, made, filename="list.csv", created=datetime(2026, 3, 1, tzinfo=UTC))
    Followups(tmp_path, ID).add(SENT)
    deleted = Trash(tmp_path).put(ID, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert Followups(tmp_path, ID).events() == ()
    with pytest.raises(NotFoundError):
        Followups(tmp_path, ID).add(SENT)
    Trash(tmp_path).restore(deleted.id)
    assert [one.event for one in Followups(tmp_path, ID).events()] == ["sent"]

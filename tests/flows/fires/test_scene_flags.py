"""What is said of a scene in which much could not be looked at."""

from __future__ import annotations

import pytest

from geoaq.flows.fires.scene_report import flag_texts, flagged, own_flags


def facts(**notes: int) -> dict[str, object]:
    """Return what was found in a clear scene of a hundred pixels of land."""
    mask = {str(code): 0 for code in range(10)} | {"5": 100}
    return {"rows": 10, "columns": 10, "box": [1.0, 2.0, 3.0, 4.0], "mask": mask, "notes": notes}


def test_a_clear_scene_raises_no_flag() -> None:
    assert own_flags(facts(temperature_impossible=0, sun_unknown=0)) == []


@pytest.mark.parametrize("note", ["temperature_impossible", "sun_unknown"])
def test_numbers_that_cannot_be_are_said_in_both_languages(note: str) -> None:
    flags = own_flags(facts(**{note: 7}))

    assert flags == [(f"flag_{note}", {"count": 7})]
    for lang in ("zh", "en"):
        (text,) = flag_texts({"flags": flagged(flags, "detect")}, lang)
        assert text.startswith("7")

"""The variants of example 4: each stage by itself and all from the first smoke."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.fires.duty import MOMENTS, stages
from geoaq.flows.fires.ban_rules import duty_limits
from geoaq.policy import load_pack


@pytest.fixture(scope="module")
def limits(root: Path) -> dict[str, float]:
    return duty_limits(load_pack(root / "layers" / "policy"))["zj.straw.1530"]


def handled(*times: str | None) -> dict[str, int | None]:
    """Return the moments of one afternoon by their minute, None where nothing was recorded."""
    told = [None if time is None else datetime.fromisoformat(f"2024-10-20T{time}+08:00") for time in times]
    seconds = [None if moment is None else int(moment.timestamp()) for moment in told]
    return dict(zip(MOMENTS, seconds, strict=True))


def test_the_limits_are_those_of_the_sentence(limits: dict[str, float]) -> None:
    assert limits == {"detected": 1.0, "responded": 5.0, "disposed": 30.0}


def test_disposed_at_1420_breaks_the_limit_on_both_clocks(limits: dict[str, float]) -> None:
    told = stages(handled("13:40", "13:41", "13:45", "14:20"), limits)
    assert [one.stage_min for one in told] == [1.0, 4.0, 35.0]
    assert [one.cumulative_min for one in told] == [1.0, 5.0, 40.0]
    assert [one.stage_breach for one in told] == [FALSE, FALSE, TRUE]
    assert [one.cumulative_breach for one in told] == [FALSE, FALSE, TRUE]


def test_disposed_at_1412_keeps_its_stage_and_breaks_the_whole(limits: dict[str, float]) -> None:
    told = stages(handled("13:40", "13:41", "13:45", "14:12"), limits)[-1]
    assert (told.stage_min, told.stage_breach) == (27.0, FALSE)
    assert (told.cumulative_min, told.cumulative_breach) == (32.0, TRUE)


def test_the_limit_itself_is_kept(limits: dict[str, float]) -> None:
    told = stages(handled("13:40", "13:41", "13:46", "14:16"), limits)
    assert [one.stage_breach for one in told] == [FALSE, FALSE, FALSE]


def test_a_missing_moment_holds_nothing_against_anyone(limits: dict[str, float]) -> None:
    told = stages(handled(None, "13:41", None, "14:20"), limits)
    assert [one.stage_breach for one in told] == [UNKNOWN, UNKNOWN, UNKNOWN]
    assert [one.cumulative_breach for one in told] == [UNKNOWN, UNKNOWN, UNKNOWN]
    told = stages(handled("13:40", None, "13:50", None), limits)
    assert [one.cumulative_breach for one in told] == [UNKNOWN, TRUE, UNKNOWN]


def test_moments_out_of_their_order_decide_nothing(limits: dict[str, float]) -> None:
    told = stages(handled("13:40", "13:38", "13:45", "14:00"), limits)
    assert [one.stage_breach for one in told] == [UNKNOWN, TRUE, FALSE]
    assert told[0].cumulative_breach == UNKNOWN

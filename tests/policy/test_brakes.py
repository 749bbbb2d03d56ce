"""Brakes: the sentences that hold a closure back, by subject."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geoaq.policy import Pack, brake_texts, informational

WINTER, SUMMER = date(2026, 11, 21), date(2026, 7, 1)
SEASONAL = {"warm_winter", "build_first", "no_early_demolition", "no_uniform_closure"}


def frame(*purposes: str, status: str = "operating", province: str = "320000") -> pd.DataFrame:
    return pd.DataFrame({"purpose": [*purposes], "status": status, "province_adcode": province})


def ids(pack: Pack, subjects: pd.DataFrame, as_of: date = WINTER, subject: Any = "boiler") -> list[set[str]]:
    texts = brake_texts(pack, subjects, subject=subject, as_of=as_of)
    return [set(filter(None, text.split(";"))) for text in texts]


@pytest.mark.parametrize("purpose", ["space_heating", "", "heating_unstated"])
def test_a_boiler_that_heats_or_may_heat_is_shown_the_brakes_of_the_season(pack: Pack, purpose: str) -> None:
    assert ids(pack, frame(purpose)) == [SEASONAL | {"heating_plan"}]
    assert ids(pack, frame(purpose), SUMMER) == [{"heating_plan"}]


def test_each_subject_has_its_own_brakes(pack: Pack) -> None:
    found = ids(pack, frame("space_heating", "industrial", "central_steam"))
    assert found == [SEASONAL | {"heating_plan"}, set(), {"heating_plan"}]


@pytest.mark.parametrize("status", ["planned", "relocating", "demolished"])
def test_nothing_is_held_back_where_nothing_stands(pack: Pack, status: str) -> None:
    assert ids(pack, frame("space_heating", status=status)) == [set()]


def test_a_province_adds_its_own_sentence(pack: Pack) -> None:
    assert "heating_plan_zj" in ids(pack, frame("", province="330000"))[0]
    beside_units = ids(pack, frame("", province="330000"), subject="unit")
    assert beside_units == [{"power_security", "power_security_zj"}]


def test_a_list_without_rows_and_one_without_columns_have_their_brakes(pack: Pack) -> None:
    assert ids(pack, frame()) == []
    assert ids(pack, pd.DataFrame(index=range(2))) == [SEASONAL | {"heating_plan"}] * 2


def test_the_texts_are_those_of_the_informational_rows(pack: Pack, example: Any) -> None:
    facts = example.columns([example.boiler(site, purpose="") for site in example.sites])
    shown = informational(pack, facts, subject="boiler", as_of=WINTER)
    brakes = shown[shown["kind"] == "brake"].groupby("subject")["id"].agg(set).tolist()
    assert brakes == ids(pack, pd.DataFrame(facts))

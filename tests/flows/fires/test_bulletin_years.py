from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geoaq.errors import InputError
from geoaq.flows.fires.bulletin import bulletin_rule, period_of


@pytest.mark.parametrize("year", [1, 1979, 2101, 9999])
def test_a_bulletin_of_a_year_without_satellites_is_refused(root: Path, year: int) -> None:
    rule, _ = bulletin_rule(root / "layers" / "policy")
    for stated in ({"day": date(year, 1, 1)}, {"first": date(year, 1, 1), "last": date(year, 1, 1)}):
        with pytest.raises(InputError) as refused:
            period_of(rule, **stated)
        assert refused.value.code == "bad_option"

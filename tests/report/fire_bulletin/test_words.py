"""Words of the bulletin that stand for codes."""

from __future__ import annotations

import pytest

from geoaq.report.fire_bulletin.words import satellite_word


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("snpp", "S-NPP"),
        ("camera:3号塔", "3号塔"),
        ("platform", "省级平台"),
        ("push", "上级推送"),
        ("X-9", "X-9"),
    ],
)
def test_a_source_is_called_by_its_name_else_by_its_kind(name: str, zh: str) -> None:
    assert satellite_word(name, "zh") == zh

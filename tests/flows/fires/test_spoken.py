"""Progress in plain text, for logs and pipes."""

from __future__ import annotations

import pytest

from geoaq.cli.fires_spoken import spoken
from tests.web.door import wait_for


def test_without_a_terminal_lines_tell_that_work_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    heard, lines = [], []

    def until(word: str) -> bool:
        lines.extend(capsys.readouterr().err.splitlines())
        return any(word in line for line in lines)

    with spoken("开始", "zh", lambda *told: heard.append(told), every_s=0.01) as progress:
        assert until("开始")
        wait_for(lambda: until("处理中"))
        progress("fires_judging", 7, 90)
        wait_for(lambda: until("研判火点、归并火情：7 / 90"))
        progress("fires_reading", 8, 0)
        wait_for(lambda: until("读取火点：已完成 8"))
    assert heard == [("fires_judging", 7, 90), ("fires_reading", 8, 0)]

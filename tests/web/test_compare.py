"""The page that compares two screenings: two ticks, counts first, lines by pages, a table to take home."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from geoaq.store.place import new_id
from tests.flows.test_comparing import at_row, change, state
from tests.web.door import client_of, put_screening
from tests.web.toy import NASTY, write_screening
from web import compare


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = tmp_path_factory.mktemp("toy")
    for name in ("old", "new"):
        write_screening(made / name)
    change(made / "new", "subjects", at_row("lead", "not"))
    change(made / "new", "subjects", at_row("lead_timing", "not_yet", row=3))  # its name is nasty
    state(made / "new", as_of="2024-11-21")
    return made


@pytest.fixture
def ids(app, folders):
    return put_screening(app, folders / "old", f"{NASTY}.xlsx"), put_screening(app, folders / "new")


def test_two_ticks_lead_to_the_comparison_the_older_screening_first(client, ids):
    page = client.get("/screenings").text
    assert page.count('form="compare" name="pick"') == 2
    answer = client.get(f"/screenings/compare?pick={ids[1]}&pick={ids[0]}")
    assert (answer.status_code, answer.headers["Location"]) == (
        303, f"/screenings/compare?a={ids[0]}&b={ids[1]}",
    )  # fmt: skip


@pytest.mark.parametrize("query", ["", "?pick={0}", "?pick={0}&pick={0}", "?a={0}&b={0}", "?a={0}"])
def test_anything_but_two_is_refused_with_what_to_do(client, ids, query):
    answer = client.get("/screenings/compare" + query.format(ids[0]))
    assert (answer.status_code, "选中两项" in answer.text) == (400, True)


def test_the_page_says_counts_reasons_and_both_results(client, ids):
    page = client.get(f"/screenings/compare?a={ids[0]}&b={ids[1]}").text
    for words in (
        "有变化 2",
        "未变化 5",
        "筛查结果变化 1",
        "时限变化 1",
        "政策基准日：2026-11-21 → 2024-11-21",
    ):
        assert words in page
    assert "<script>alert" not in page
    assert f"/screenings/{ids[0]}#2-0" in page
    assert f"/screenings/{ids[1]}#2-0" in page
    english = client.get(f"/screenings/compare?a={ids[0]}&b={ids[1]}&lang=en").text
    assert "Because of: Day asked for (the only difference between the runs)" in english


def test_lines_are_filtered_and_paged_on_the_server(client, ids, monkeypatch):
    base = f"/screenings/compare.json?a={ids[0]}&b={ids[1]}"
    assert client.get(base).json["total"] == 2
    assert [row["subject_id"] for row in client.get(f"{base}&kind=timing").json["rows"]] == ["GL-0003"]
    assert client.get(f"{base}&q=gl-0002").json["total"] == 1
    assert client.get(f"{base}&cause=as_of").json["total"] == 2
    monkeypatch.setattr(compare, "PAGE_SIZE", 1)
    second = client.get(f"{base}&page=2").json
    assert (second["pages"], [row["subject_id"] for row in second["rows"]]) == (2, ["GL-0003"])
    for wrong in ("kind=other", "cause=moon", f"q={'x' * 101}"):
        assert client.get(f"{base}&{wrong}").status_code == 400


def test_the_json_holds_counts_runs_and_both_screenings(client, ids):
    answer = client.get(f"/screenings/compare.json?a={ids[0]}&b={ids[1]}").json
    assert (answer["old"]["id"], answer["new"]["id"]) == ids
    assert (answer["counts"]["changed"], answer["counts"]["matched"]) == (2, 7)
    assert answer["runs"] == [{"cause": "as_of", "what": "as_of", "old": "2026-11-21", "new": "2024-11-21"}]


def test_every_line_is_taken_home_as_csv_and_as_workbook(client, ids):
    import openpyxl

    base = f"/screenings/compare.%s?a={ids[0]}&b={ids[1]}"
    text = client.get(base % "csv")
    assert text.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in text.headers["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(client.get(base % "xlsx").data))
    assert book.sheetnames == ["说明", "变化"]
    assert book["变化"].max_row == 3
    assert client.get(base % "pdf").status_code == 404


def test_screenings_that_are_not_there_are_not_found(client, ids):
    assert client.get(f"/screenings/compare?a={ids[0]}&b={new_id()}").status_code == 404
    assert client.get(f"/screenings/compare?a={ids[0]}&b=../x").status_code == 404


def test_a_list_that_is_too_long_for_a_page_is_left_to_the_command(client, ids, monkeypatch):
    compare._compared.cache_clear()
    monkeypatch.setattr(compare, "MOST_SUBJECTS", 6)
    answer = client.get(f"/screenings/compare?a={ids[0]}&b={ids[1]}")
    assert (answer.status_code, "geoaq compare" in answer.text) == (413, True)


def test_the_list_is_searched_and_filtered_by_job(app, ids):
    client = client_of(app)

    def found(query):
        return set(re.findall(r'id="s-([0-9a-f]{32})"', client.get(f"/screenings?{query}").text))

    assert found("") == set(ids)
    assert found("q=alert") == {ids[0]}
    assert found("job=heating") == set(ids)
    assert found("job=border") == set()
    assert "没有符合查找条件" in client.get("/screenings?q=nowhere").text
    assert found("job=moon") == set(ids)


def test_who_waits_too_long_for_others_is_told_so(client, ids, monkeypatch):
    monkeypatch.setattr("web.turns.turn.__wrapped__.__defaults__", (0.01,))
    with compare._COMPARING:
        answer = client.get(f"/screenings/compare.json?a={ids[0]}&b={ids[1]}")
    assert answer.status_code == 429
    assert client.get(f"/screenings/compare.json?a={ids[0]}&b={ids[1]}").status_code == 200

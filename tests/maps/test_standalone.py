"""The one-file map: closed by its policy, the same bytes each time, within its size."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from geoaq.errors import NotFoundError
from tests.maps.toy import EVIL, subjects, toy_map

WRITE = "import sys; from tests.maps.toy import toy_map; sys.stdout.buffer.write(toy_map().html.encode())"


class Reader(HTMLParser):
    """Reads a page as a browser does: elements, their attributes, text of scripts and styles."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.blocks, self.data, self._open = [], [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in {"script", "style"} else None

    def handle_data(self, data):
        if self._open is None:
            return
        if self._open[1].get("type") == "application/json":
            self.data += data
        else:
            self.blocks.append((self._open[0], data))

    def handle_endtag(self, tag):
        self._open = None


@pytest.fixture(scope="module")
def page():
    return Reader(toy_map().html)


def test_its_policy_allows_its_own_scripts_and_style_by_hash_and_nothing_else(page):
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for tag, text in page.blocks:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules[f"{tag}-src"].split()


def test_it_asks_for_no_other_file(page):
    asking = {"src", "href", "data", "action", "poster", "srcset", "style"}
    assert [(tag, a) for tag, a in page.tags if asking & a.keys() or any(n.startswith("on") for n in a)] == []
    for tag, text in page.blocks:
        if tag == "style":
            assert not re.search(r"url\((?!data:)|@import|@font-face", text)


def test_what_a_user_typed_stays_text(page):
    html = toy_map().html
    tags = [tag for tag, _ in page.tags]
    assert "img" not in tags
    assert EVIL[0] not in html
    assert EVIL[1] not in html
    assert "alert(2)" not in "".join(text for _, text in page.blocks)
    data = json.loads(page.data)
    assert EVIL[0] in data["list"]["words"]
    assert data["head"]["title"] == EVIL[1]


def test_two_processes_write_the_same_bytes():
    pages = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", WRITE],
            capture_output=True, check=True, env={**os.environ, "PYTHONPATH": ".", "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert pages[0] == pages[1]


def test_it_names_no_clock_path_or_host(page, root):
    html = toy_map().html
    assert str(root) not in html
    assert not re.search(r"20\d\d-\d\d-\d\dT\d\d:", html)


def test_everything_goes_in_when_there_is_room(page):
    made = toy_map()
    assert made.left_out == ()
    assert not made.aggregated
    data = json.loads(page.data)
    assert data["findings"]["start"] == list(range(13))
    assert data["findings"]["sign"] == "012330123301"  # of "none" the toy has findings that do not apply
    assert set(data["counties"]) == {"320000"}


def test_what_does_not_fit_is_left_out_in_order_and_the_file_says_so():
    whole = len(toy_map(400).html.encode())
    seen = []
    for limit in range(whole, 0, -max(1, whole // 400)):
        made = toy_map(400, max_bytes=limit)
        if made.left_out not in seen:
            seen.append(made.left_out)
            if made.left_out:
                assert len(json.loads(Reader(made.html).data)["head"]["notes"]) == len(made.left_out)
        if made.aggregated:
            break
    assert seen[-1] == ("counties", "findings", "points")
    assert all(set(a) < set(b) for a, b in itertools.pairwise(seen))
    assert json.loads(Reader(made.html).data)["points"]["kind"] == "cells"


def test_too_many_points_become_cells_and_the_file_says_so():
    made = toy_map(50, max_points=49)
    data = json.loads(Reader(made.html).data)
    assert made.aggregated
    assert "list" not in data
    assert "网格" in data["head"]["notes"][0]


def test_a_layer_that_the_office_did_not_give_is_shown_as_missing():
    html = toy_map().html
    spec = re.search(r"geoaq\.add_layers\(room, (\{.*\})\);", html)
    layers = {layer["id"]: layer for layer in json.loads(spec.group(1))["layers"]}
    assert layers["heat_network"]["provided"] is False
    assert layers["provinces"]["provided"] is True
    assert "coal_power_plants" not in layers


def test_english_is_english():
    html = toy_map(lang="en").html
    assert '<html lang="en">' in html
    assert "Rules as of" in html


def test_an_unknown_view_is_not_found():
    with pytest.raises(NotFoundError):
        toy_map(view="nowhere")


def test_whole_cards_go_in_before_the_rules_are_given_up_and_nothing_is_written_twice():
    frame = subjects(60)
    quote = "在重点区域内新建项目，须与相邻省份会商。" * 20
    cards = [{"key": f"{row}-0", "quote": quote, "rules": [{"n": 1}, {"n": True}]} for row in frame["row"]]
    made = toy_map(60, cards=cards)
    table = json.loads(Reader(made.html).data)["cards"]
    assert made.html.count(quote) == 1
    assert len(table["of"]) == 60
    seen = set()
    whole = len(made.html.encode())
    for limit in range(whole, 0, -max(1, whole // 400)):
        smaller = toy_map(60, cards=cards, max_bytes=limit)
        seen.add(smaller.left_out)
        if smaller.aggregated:
            break
    assert {("counties", "cards"), ("counties", "cards", "findings")} <= seen


def test_what_was_packed_comes_out_as_it_went_in():
    from geoaq.maps.packed import packed

    cards = [{"a": [1, 1.0, True, None, ""], "b": {"c": [], "d": {}}}, {"a": [], "b": {"c": [None], "d": {}}}]
    table = json.loads(json.dumps(packed(cards)))

    def unpacked(n):
        part = table["parts"][n]
        if not isinstance(part, list):
            return part
        inner = [unpacked(k) for k in part[1:]]
        return inner if part[0] < 0 else dict(zip(table["keys"][part[0]], inner, strict=True))

    found = [unpacked(n) for n in table["of"]]
    assert json.dumps(found) == json.dumps(cards)

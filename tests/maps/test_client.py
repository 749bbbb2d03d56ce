"""The client's own files: every sentence exists, nothing reads HTML from data, nothing leaves the machine."""

from __future__ import annotations

import re

import pytest

from geoaq.maps import client_strings, static_dir

SCRIPTS = sorted((static_dir() / "geoaq").glob("*.js"))
STYLES = sorted((static_dir() / "geoaq").glob("*.css"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_from_text(path):
    text = path.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
    )
    assert not re.search(r"bindPopup|bindTooltip", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_names_no_address_outside(path):
    text = path.read_text("utf-8").replace('"http://www.w3.org/2000/svg"', "")
    assert "http:" not in text
    assert "https:" not in text


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_names_no_file(path):
    assert not re.search(r"url\(|@import", path.read_text("utf-8"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_that_the_client_says_is_in_the_catalogue(lang):
    views = ("", "fires", "fires_static", "fires_zones", "fires_scenes")
    known = {code for view in views for code in client_strings(lang, view)}
    said = {
        (path.name, code, more)
        for path in SCRIPTS
        for code, more in re.findall(r'say\("([a-z_]+)"\s*([+,)])', path.read_text("utf-8"))
    }
    missing = [
        (name, code)
        for name, code, more in sorted(said)
        if (not any(key.startswith(code) for key in known) if more == "+" else code not in known)
    ]
    assert said
    assert missing == []


def test_every_sentence_of_the_client_is_said():
    text = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    prefixes = set(re.findall(r'say\("([a-z_]+_)"\s*\+', text))
    unsaid = [
        code
        for code in client_strings("zh") | client_strings("zh", "fires")
        if f'"{code}"' not in text and not any(code.startswith(prefix) for prefix in prefixes)
    ]
    assert unsaid == []

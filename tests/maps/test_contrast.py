"""Text and signs stand out from what is under them, as WCAG 2.2 AA asks: 4.5 for text, 3 for drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from geoaq.maps import static_dir

STYLES = sorted((static_dir() / "geoaq").glob("*.css"))
PAPER = (static_dir() / "geoaq" / "paper.css").read_text("utf-8")
VARIABLES = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})", PAPER))
GROUNDS = ("card", "paper")
# What cannot be used is not held to any contrast.
INACTIVE = re.compile(r"\[(?:aria-)?disabled")


def colour(text: str) -> str | None:
    """Return a colour as six hexadecimal digits; None for one that only lets others through."""
    named = re.fullmatch(r"var\(--([a-z-]+)\)", text)
    text = VARIABLES[named[1]] if named else text
    digits = re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text)
    if digits is None:
        return None
    return digits[1] if len(digits[1]) == 6 else "".join(2 * digit for digit in digits[1])


def luminance(digits: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the ratio of contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rules(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield selector and declarations of each rule."""
    for selector, body in re.findall(
        r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    ):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        yield selector.strip(), {name.strip(): value.strip() for name, value in pairs}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_text_stands_out_from_its_ground(path):
    faint = []
    for selector, declared in rules(path.read_text("utf-8")):
        text = colour(declared.get("color", ""))
        if text is None or INACTIVE.search(selector):
            continue
        own = colour((declared.get("background") or declared.get("background-color") or "none").split()[0])
        for ground in [own] if own else [colour(f"var(--{name})") for name in GROUNDS]:
            ratio = contrast(text, str(ground))
            if ratio < 4.5:
                faint.append(f"{selector}: #{text} on #{ground} is {ratio:.2f}")
    assert faint == []


@pytest.mark.parametrize("ground", ["chosen", "teal-wash"])
@pytest.mark.parametrize("text", ["ink", "quiet", "teal"])
def test_text_stands_out_from_a_chosen_row(text, ground):
    assert contrast(colour(f"var(--{text})"), colour(f"var(--{ground})")) >= 4.5


@pytest.mark.parametrize("drawn", ["teal", "edge", "not", "applies", "review", "encouraged-edge"])
@pytest.mark.parametrize("ground", ["card", "paper"])
def test_fields_and_signs_stand_out_from_their_ground(drawn, ground):
    assert contrast(colour(f"var(--{drawn})"), colour(f"var(--{ground})")) >= 3

"""The catalogue of sentences is whole: both languages, the same places, and no code without its sentence."""

from __future__ import annotations

import ast
import re
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoaq import errors
from geoaq.wording import LANGS, catalogue, say

ROOT = Path(__file__).resolve().parent.parent
ERROR_NAMES = {
    name
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.GeoaqError)
}


def places(sentence: str) -> set[str]:
    """Return the names of the places in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield ``file:line`` and the node of every call in the product."""
    listing = subprocess.run(
        ["git", "ls-files", "geoaq/*.py", "web/*.py"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in listing.stdout.split():
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{name}:{node.lineno}", node


def called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_sentence_has_both_languages_with_the_same_places(code: str) -> None:
    entry = catalogue()[code]
    assert set(entry) == set(LANGS)
    assert all(isinstance(text, str) and text.strip() for text in entry.values())
    named = [places(entry[lang]) for lang in LANGS]
    assert named[0] == named[1]
    assert all(name.isidentifier() for name in named[0]), "a place must have a name"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 boiler · 20 t/h"),
        ("1", "1 boiler · 20 t/h"),
        (2, "2 boilers · 20 t/h"),
        ("0", "0 boilers · 20 t/h"),
    ],
)
def test_one_thing_is_not_said_in_the_plural(count: object, said: str) -> None:
    assert say("cards.total_tph", "en", count=count, capacity="20") == said


def test_a_word_that_hangs_on_a_number_follows_it_in_both_forms() -> None:
    wrong = [
        (code, text)
        for code, entry in catalogue().items()
        for text in entry.values()
        for _, name, spec, _ in string.Formatter().parse(text)
        if name is not None and spec and "|" in spec and (spec.count("|") != 1 or f"{{{name}}}" not in text)
    ]
    assert wrong == []


def test_a_word_of_a_program_is_said_in_the_readers_language() -> None:
    params = {"lon": "117.05", "lat": "33.65"}
    said = say("issues.zone_shape_invalid", "zh", said="Ring Self-intersection", **params)
    assert said.startswith("图形不合规：边界环自相接，位置")
    assert "it crosses itself at" in say(
        "issues.zone_shape_invalid", "en", said="Self-intersection", **params
    )
    assert "Quite {new}" in say("issues.zone_shape_invalid", "zh", said="Quite {new}", **params)
    assert say("errors.not_found", "zh", what="zone", name="z1") == "没有名为“z1”的区域。"


def test_every_list_of_words_that_a_sentence_looks_up_is_there() -> None:
    files = {code.partition(".")[0] for code in catalogue()}
    asked = {
        spec[1:]
        for entry in catalogue().values()
        for text in entry.values()
        for _, _, spec, _ in string.Formatter().parse(text)
        if spec and spec.startswith("@")
    }
    assert asked == {"shapes", "things"} & files


def test_every_error_that_is_raised_has_its_sentence_and_fills_its_places() -> None:
    wrong = []
    for where, node in calls():
        if called_name(node) not in ERROR_NAMES or not node.args:
            continue
        code = literal(node.args[0])
        if code is None:
            continue
        entry = catalogue().get(f"errors.{code}")
        if entry is None:
            wrong.append(f"{where}: errors.{code} is not in the catalogue")
        elif not any(keyword.arg is None for keyword in node.keywords):
            missing = places(entry["en"]) - {keyword.arg for keyword in node.keywords}
            if missing:
                wrong.append(f"{where}: errors.{code} lacks {sorted(missing)}")
    assert wrong == []


def test_every_issue_that_is_noted_has_its_sentence() -> None:
    wrong = []
    for where, node in calls():
        if called_name(node) not in {"add", "add_many"} or len(node.args) < 4:
            continue
        code = literal(node.args[3])
        if code is not None and f"issues.{code}" not in catalogue():
            wrong.append(f"{where}: issues.{code} is not in the catalogue")
    assert wrong == []


def test_every_sentence_that_is_asked_for_by_name_exists() -> None:
    wrong = []
    for where, node in calls():
        if called_name(node) == "say" and node.args:
            code = literal(node.args[0])
            if code is not None and code not in catalogue():
                wrong.append(f"{where}: {code} is not in the catalogue")
    assert wrong == []


def test_no_error_or_issue_is_kept_that_nothing_says() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "geoaq/*.py", "web/*.py", "layers"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    words: set[str] = set()
    beginnings: set[str] = set()  # of codes that are put together: f"bad_{column}"
    for name in listing.stdout.split():
        text = (ROOT / name).read_text("utf-8")
        words |= set(re.findall(r"\w+", text))
        beginnings |= set(re.findall(r'\bf"(\w+_)\{', text))
    kept = {code.split(".", 1)[1] for code in catalogue() if code.startswith(("errors.", "issues."))}
    assert {code for code in kept - words if not code.startswith(tuple(beginnings))} == set()


# What official wording does not say, as patterns, and what it says instead; a clause may be quoted by its
# words, and a cell by what stands in it (24.5MW).
UNOFFICIAL = {
    "结论": "筛查结果",
    "适用": "符合",
    "判定结果": "筛查结果",
    "应关停": "符合关停整合条款（待核实）",
    "(?<!“)立即淘汰(?!”)(?!35蒸吨)": "符合“立即淘汰”条款（待核实）",
    "复核": "距离临界，需实测；资料不全",
    "争议": "条款口径待明确",
    "按全厂装机|按单机读": "全厂装机口径，按单机口径",
    "逾期": "文件时限已过，后续要求待核",
    "无期限": "未设期限",
    "现场决定": "登记核实意见",
    "有问题|问题和": "数据待核",
    "导出依据": "导出政策依据",
    "(?<!政策)基准日": "政策基准日",
    "锅炉关停(?!或整合)|省界会商": "燃煤锅炉筛查，省际环评会商",
    "不是秸秆": "非秸秆焚烧",
    "哈希": "全程留痕，不可改",
    r"(?<!\d)(?:MW|km)\b": "万千瓦，公里",
}


def chinese() -> Iterator[tuple[str, str]]:
    """Yield where and text of every Chinese sentence of the product: catalogue, layers, templates."""
    for code, entry in catalogue().items():
        yield code, entry["zh"]
    for path in sorted((ROOT / "layers").glob("[mpv][ari][pore]*/*.toml")):
        for text in re.findall(r'zh = "([^"]*)"', path.read_text("utf-8")):
            yield path.relative_to(ROOT).as_posix(), text
    for path in sorted((ROOT / "web" / "templates").glob("*.html")):
        yield path.name, path.read_text("utf-8")


@pytest.mark.parametrize("word", sorted(UNOFFICIAL))
def test_chinese_sentences_keep_to_the_official_wording(word: str) -> None:
    wrong = [f"{where}: {text}" for where, text in chinese() if re.search(word, re.sub(r"\{\w+\}", "", text))]
    assert wrong == [], f"say {UNOFFICIAL[word]}"

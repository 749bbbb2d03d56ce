"""What the documents say is so: targets, commands, files and links that they name exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
READMES = ("README.md", "README.zh.md")
FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)


def targets() -> set[str]:
    """Return the targets of the Makefile that ``make help`` lists."""
    return set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command of the command line as it is typed, without the hidden ones."""
    from geoaq.cli import app

    waiting: list[tuple[str, Any]] = [("geoaq", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            waiting += [(f"{name} {word}", one) for word, one in inner.items() if not one.hidden]


def test_make_help_lists_what_a_newcomer_needs() -> None:
    assert {"help", "run", "test", "check", "layers", "bench", "dist", "accept", "lock"} <= targets()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"`[^`]+`", page.read_text("utf-8")))))
    fenced = set(
        re.findall(r"^make ([a-z]+)", "\n".join(FENCE.findall(page.read_text("utf-8"))), re.MULTILINE)
    )
    assert (named | fenced) - targets() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", FENCE.sub("", page.read_text("utf-8")))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_of_the_project_that_a_page_names_exists(page: Path) -> None:
    rooms = "geoaq|web|layers|tests|docs|release|benchmarks"
    named = re.findall(rf"`((?:{rooms})/[\w./-]*)`", page.read_text("utf-8"))
    made = ("web/static/vendor", "benchmarks/results")
    # The endpoints' page names scripts and styles as the server does: below web/static.
    there = [path for path in named if (ROOT / path).exists() or (ROOT / "web/static" / path).exists()]
    assert [path for path in named if path not in there and not path.startswith(made)] == []


def test_the_reference_names_every_command_and_every_option() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    missing = []
    for name, command in commands():
        parts = reference.split(f"## `{name}", 1)
        if len(parts) == 1:
            missing.append(name)
            continue
        section = parts[1].split("\n## ")[0]
        options = [
            option
            for parameter in command.params
            if parameter.param_type_name == "option" and not parameter.hidden
            for option in parameter.opts
            if option.startswith("--") and option != "--help"
        ]
        missing += [f"{name} {option}" for option in options if f"`{option}" not in section]
    assert missing == []


def typed_lines(page: Path) -> Iterator[str]:
    """Yield the lines of a page's blocks that start with the command."""
    for block in FENCE.findall(page.read_text("utf-8")):
        yield from (line.strip() for line in block.splitlines() if re.match(r"\s*(\S*/)?geoaq ", line))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_on_a_page_can_be_typed(page: Path) -> None:
    known = dict(commands())
    for line in typed_lines(page):
        words = re.sub(r"\s#.*", "", line).split()
        words[0] = "geoaq"
        name = max((one for one in known if " ".join(words).startswith(one)), key=len, default=None)
        assert name is not None, line
        options = {option for parameter in known[name].params for option in parameter.opts}
        unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in options]
        assert unknown == [], line


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        [re.sub(r"\s+#.*", "", line) for line in typed_lines(ROOT / name)] for name in READMES
    )
    assert english == chinese


def test_ci_runs_the_test_target_that_the_readme_names() -> None:
    assert re.search(r"^make test\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert all("make test" in (ROOT / name).read_text("utf-8") for name in READMES)


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.findall(r"^## (\S+)", text, re.MULTILINE)[0]
    assert newest == version
    assert set(re.findall(r"^### (\w+)", text, re.MULTILINE)) <= {"Added", "Changed", "Fixed", "Policy"}


def test_decisions_are_numbered_without_a_gap_and_carry_their_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    assert all(page.read_text("utf-8").startswith(f"# {page.name[:4]} ") for page in pages)


def test_the_chinese_readme_says_of_each_page_in_english_that_it_is() -> None:
    text = (ROOT / "README.zh.md").read_text("utf-8").replace("·\n", "· ")
    silent = []
    for line in text.splitlines():
        for link in re.finditer(r"\]\(([\w/.-]+\.md)\)", line):
            title = (ROOT / link[1]).read_text("utf-8").split("\n", 1)[0]
            told = line.startswith(("操作说明（英文）", "English:")) or line[link.end() :].startswith(
                "（英文）"
            )
            if not told and not re.search("[\u4e00-\u9fff]", title):
                silent.append(link[1])
    assert silent == []

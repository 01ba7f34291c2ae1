"""What must match, compared both ways: documents, pins, packages and the rules of the code."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.core import TyperGroup

from api.cli import app
from api.settings import Settings
from maps.assets import VENDOR

ROOT = Path(__file__).parent.parent
PACKAGES = ("geo", "data", "maps", "api")
MIGRATIONS = ROOT / "data/migrations/versions"  # a table there is one long statement
SOURCES = sorted(
    path
    for name in (*PACKAGES, "tools")
    for path in (ROOT / name).rglob("*.py")
    if path.parent != MIGRATIONS
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def commands() -> dict[str, Any]:
    """Every command by its words, such as ``db start``."""
    root: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        inner = command.commands if isinstance(command, TyperGroup) else {"": command}
        found |= {f"{name} {word}".strip(): each for word, each in inner.items()}
    return found


def documented() -> Iterator[tuple[str, set[str]]]:
    """Each command of the README by its words, with the options shown."""
    groups = {name.split()[0] for name in commands() if " " in name}
    shown = re.findall(r"`guatu ([^`]+)`", README) + re.findall(
        r"^guatu (.+)", README, re.MULTILINE
    )
    for line in shown:
        words = line.replace("\\|", "|").split()
        last = words[1].split("|") if words[0] in groups else [""]
        options = set(re.findall(r"--[a-z][a-z-]*", line))
        yield from ((f"{words[0]} {word}".strip(), options) for word in last)


def test_every_command_is_in_the_readme():
    assert set(commands()) - {name for name, _ in documented()} == set()


def test_the_readme_shows_no_command_or_option_that_is_not_there():
    known = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in commands().items()
    }
    wrong = [(name, options - known.get(name, set())) for name, options in documented()]
    assert [each for each in wrong if each[0] not in known or each[1]] == []


def test_every_setting_is_in_the_readme_and_no_other():
    settings = {f"GUATU_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"GUATU_[A-Z_]+", README)) == settings


def test_every_make_target_of_the_readme_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= targets


def requirements() -> set[str]:
    listed = PYPROJECT["project"]["dependencies"]
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    every = [*listed, *(each for extra in extras for each in extra)]
    return {canonicalize_name(Requirement(each).name) for each in every}


def test_every_package_is_pinned_without_an_address():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    pinned = {canonicalize_name(line.split("==")[0]) for line in lines}
    assert requirements() - pinned == set()


def test_every_npm_package_has_a_hash_and_no_address():
    lock = json.loads((ROOT / "maps/web/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_the_pages_load_files_of_exactly_the_npm_packages_asked_for():
    asked = json.loads((ROOT / "maps/web/package.json").read_text(encoding="utf-8"))
    paths = [Path(path).parts for path in VENDOR.values()]
    used = {"/".join(parts[: 2 if parts[0].startswith("@") else 1]) for parts in paths}
    assert used == set(asked["dependencies"])


def test_no_package_hides_another_under_tests():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its documentation."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(text.splitlines()) <= 450
    assert [each.name for each in functions if lines_of_code(each) > 50] == []


def chinese_texts(path: Path) -> list[str]:
    """Chinese strings of a module that are not documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in remarks
        and CHINESE.search(node.value)
    ]


def test_chinese_words_live_with_the_words_and_the_headings():
    homes = {ROOT / "maps/words", ROOT / "data/importers", ROOT / "data/samples/zhengzhou/names.py"}
    elsewhere = [path for path in SOURCES if homes.isdisjoint([path, *path.parents])]
    found = {str(path.relative_to(ROOT)): chinese_texts(path) for path in elsewhere}
    assert {name: texts for name, texts in found.items() if texts} == {}

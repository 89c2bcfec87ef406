"""What the packages carry, and that commits are checked by what `make check` runs."""

import re
import tomllib
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_says_that_it_is_typed() -> None:
    packages = {path.parent for path in HOUSE.glob("*/__init__.py") if path.parent.name != "tests"}
    assert [package.name for package in packages if not (package / "py.typed").is_file()] == []
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"]["*"]


def test_only_what_runs_is_packaged() -> None:
    packaged = {
        name.removesuffix("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    assert packaged.isdisjoint({"findings", "tests", "tools", "training", "benchmarks"})
    assert [name for name in packaged if not (HOUSE / name / "__init__.py").is_file()] == []


def test_commits_are_checked_by_what_make_check_runs() -> None:
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    checks = re.search(r"^check: .*\n((?:\t.+\n)+)", makefile, re.MULTILINE)
    assert checks is not None
    commands = re.findall(r"^\t\$\(BIN\)/(.+)$", checks[1], re.MULTILINE)
    hooks = (HOUSE / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"entry: \.venv/bin/(.+)$", hooks, re.MULTILINE) == commands


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert released[0][0] == PROJECT["project"]["version"]
    assert [date for _, date in released] == sorted((date for _, date in released), reverse=True)

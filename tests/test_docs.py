"""The documents say what the code does: commands, reports, problem codes, fields, decisions, links."""

import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import importers
from importers.fields import FIELDS
from mopsaudit import intake
from mopsaudit.cli import commands
from mopsaudit.intake.contract import Kind
from mopsaudit.problems import CODES
from mopsaudit.reports.registry import REPORTS

DOCS = Path(__file__).parents[1] / "mopsaudit" / "docs"
MANUAL = DOCS / "manual"
PAGES = sorted(MANUAL.glob("*.md"))


def _names(command: click.Command, prefix: str = "") -> list[str]:
    name = f"{prefix} {command.name}".strip()
    if isinstance(command, click.Group):
        return [each for below in command.commands.values() for each in _names(below, name)]
    return [] if command.hidden else [name]


@pytest.mark.parametrize("name", sorted(each for command in commands() for each in _names(command)))
def test_every_command_is_in_the_manual_and_says_what_it_does(name: str) -> None:
    text = (MANUAL / "commands.md").read_text(encoding="utf-8")
    group, _, verb = name.partition(" ")
    assert f"mopsaudit {group}" in text
    assert not verb or verb in text
    for command in commands():
        for each in command.commands.values() if isinstance(command, click.Group) else [command]:
            assert each.help, f"{each.name} has no help"


@pytest.mark.parametrize("slug", sorted(REPORTS))
def test_every_report_has_its_page(slug: str) -> None:
    assert (MANUAL / f"{slug}.md").read_text(encoding="utf-8").startswith("# ")


def test_every_problem_code_is_explained_in_its_own_words() -> None:
    for package in (importers, intake):
        for module in pkgutil.iter_modules(package.__path__):  # they declare them
            importlib.import_module(f"{package.__name__}.{module.name}")
    lines = (MANUAL / "problems.md").read_text(encoding="utf-8").splitlines()
    told = {line for line in lines if line.startswith("| `")}
    assert told == {
        f"| `{code}` | {each.severity} | {each.title} | {each.what_to_do} |" for code, each in CODES.items()
    }


def test_every_question_of_the_readers_is_in_the_manual() -> None:
    text = (MANUAL / "imports.md").read_text(encoding="utf-8")
    places = Path(str(importers.__file__)).parent.glob("*.py")
    asked = {
        found
        for place in places
        for found in re.findall(r'\bkey\(.+, "([a-z_]+)"\)', place.read_text(encoding="utf-8"))
    }
    assert {"date_order", "currency", "into", "year"} <= asked
    assert not sorted(each for each in asked if f"`.{each}`" not in text and f"`!{each}`" not in text)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_of_an_import_is_explained(kind: Kind) -> None:
    text = (MANUAL / "imports.md").read_text(encoding="utf-8")
    missing = sorted(spec.key for spec in FIELDS[kind] if f"`{spec.key}`" not in text)
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("/"):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_glossary_is_a_table_of_single_words() -> None:
    from mopsaudit.workbook.audit_records import glossary

    words = [word for word, _ in glossary()]
    assert len(words) > 40
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words))

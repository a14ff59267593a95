"""The house rules of `mopsaudit/docs/architecture.md` that a program can check."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

from tests.import_rules import MAY_USE_NETWORK, NO_NETWORK, PURE, RULES, Rule

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("mopsaudit", "blueprints", "importers")
TOP_LEVEL: Final = {
    *("mopsaudit", "blueprints", "importers", "templates", "tests"),
    *("wsgi.py", "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md", "LICENSE"),
    *("requirements-build.txt", "requirements.txt", "requirements-dev.txt", "requirements-bench.txt"),
}
SHORT, LINES = 400, 450
"""A file over about 400 lines is split by noun, or says below why not; back at 400 it needs no reason."""
LONG_FILES: Final[dict[str, str]] = {
    "mopsaudit/reporting.py": "the one value pages, sheets, charts and files are made of, with its JSON",
    "mopsaudit/governance/cases.py": "a case from draft to delivered; its states share one set of checks",
    "tests/importers/test_spend_layouts.py": "each layout as the rows it is made of, beside what must come out",
    "mopsaudit/demo/stack.py": "data: the demo company's tools, one after the other",
    "mopsaudit/backup.py": "one format, its writer and its reader side by side",
    "tests/reports/budget/test_budget.py": "each vector of the budget's arithmetic beside the company it is on",
    "mopsaudit/intake/contract.py": "the one reading decision with its JSON form, read as a whole",
    "mopsaudit/store/inventory.py": "table after table of one area; declarations without logic",
    "mopsaudit/store/ledger.py": "table after table of one area; declarations without logic",
    "tests/reports/budget/owed.py": "a second reading of what is owed, to be followed from end to end",
    "tests/builders.py": "one name space of builders, one short function a record",
    "mopsaudit/workbook/writer.py": "the only module that writes cells: every kind of value and table in one place",
    "mopsaudit/store/planning.py": "table after table of one area; declarations without logic",
}
"""Path → why it stays in one piece."""
LAYER_NAMES: Final = {
    "util",
    "utils",
    "helper",
    "helpers",
    "service",
    "services",
    "manager",
    "managers",
    "const",
}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `target` is the longest dotted path that can be a module."""

    module: str
    target: str
    line: int
    typing_only: bool


def _product_files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    if (ROOT / "wsgi.py").exists():
        yield ROOT / "wsgi.py"


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_migration_version(path: Path) -> bool:
    return "versions" in path.parts and "migrations" in path.parts


FILES: Final = {_module(path): path for path in _product_files()}


def _imports(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])
            names = [_deepest(base, alias.name) for alias in node.names]
        else:
            continue
        for name in names:
            yield Import(module, name, node.lineno, id(node) in typing_only)


def _deepest(base: str, name: str) -> str:
    """The module `base.name` where that is one of ours; `base` for our other names; both joined for others'."""
    joined = f"{base}.{name}"
    if base.partition(".")[0] in PACKAGES:
        return joined if joined in FILES else base
    return joined


def _fits(pattern: str, module: str) -> bool:
    wanted, got = pattern.split("."), module.split(".")
    return len(wanted) <= len(got) and all(a in ("*", b) for a, b in zip(wanted, got, strict=False))


def _rule(module: str) -> Rule | None:
    """The first fitting rule; the bare `mopsaudit` covers only that package's own `__init__`."""
    for rule in RULES:
        if _fits(rule.pattern, module):
            return rule if rule.pattern != "mopsaudit" or module == "mopsaudit" else None
    return None


def _under(target: str, prefix: str) -> bool:
    return target == prefix or target.startswith(prefix + ".")


def _complaint(found: Import, rule: Rule) -> str | None:
    where = f"{FILES[found.module].relative_to(ROOT)}:{found.line}"
    head = found.target.partition(".")[0]
    if head == "__future__":
        return None
    if head in (*PACKAGES, "wsgi", "tests"):
        own = ".".join(found.module.split(".")[: len(rule.pattern.split("."))])
        room = ".".join(found.module.split(".")[:3])
        allowed = [prefix.replace("{room}", room) for prefix in rule.us] + ([own] if rule.own else [])
        never = [prefix.replace("{room}", room) for prefix in rule.never]
        fine = found.target == "mopsaudit" or any(_under(found.target, prefix) for prefix in allowed)
        if not fine or any(_under(found.target, prefix) for prefix in never):
            return f"{where}: {found.module} may not import {found.target} (rule `{rule.pattern}`)"
        return None
    if head in sys.stdlib_module_names:
        reaches = any(_under(found.target, name) for name in NO_NETWORK)
        if reaches and found.module not in MAY_USE_NETWORK:
            return f"{where}: {found.module} imports {found.target}; the product makes no outbound connection"
        return None
    if "*" not in rule.outside and not any(_under(found.target, name) for name in rule.outside):
        return f"{where}: {found.module} may not import {found.target} (rule `{rule.pattern}`)"
    return None


def test_every_module_has_a_room() -> None:
    homeless = [module for module in FILES if _rule(module) is None]
    assert not homeless, (
        f"No import rule covers {homeless}. Give each a line in tests/import_rules.py that says whom it may "
        "import, and the same in mopsaudit/docs/architecture.md."
    )


def test_every_import_is_allowed() -> None:
    complaints = {
        complaint
        for module, path in FILES.items()
        if (rule := _rule(module)) is not None
        for found in _imports(module, path)
        if (complaint := _complaint(found, rule)) is not None
    }
    assert not complaints, "\n" + "\n".join(sorted(complaints))


def test_pure_values_import_each_other_without_a_cycle() -> None:
    graph = {
        module: {found.target for found in _imports(module, path) if _under(found.target, "mopsaudit")}
        for module, path in FILES.items()
        if any(_under(module, pure) for pure in PURE)
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"Pure values import each other in a circle: {' -> '.join(error.args[1])}")


def test_no_pyplot_and_no_parser_that_expands_entities() -> None:
    """Pyplot keeps global state and leaks figures; the plain XML parsers and lxml follow entities."""
    banned = ("matplotlib.pyplot", "lxml", "xml.dom", "xml.sax")
    found = [
        f"{module} imports {each.target}"
        for module, path in FILES.items()
        for each in _imports(module, path)
        if any(_under(each.target, name) for name in banned)
    ]
    assert not found


@pytest.mark.parametrize(
    "module, source, allowed",
    [
        ("mopsaudit.reports.overlap.analysis", "import sqlalchemy", False),
        ("mopsaudit.reports.overlap.analysis", "from mopsaudit.money import Money", True),
        ("mopsaudit.reports.overlap.analysis", "from mopsaudit.facts.terms import Terms", True),
        ("mopsaudit.reports.overlap.analysis", "from mopsaudit.facts.cost import yearly_costs", False),
        ("mopsaudit.reports.overlap.analysis", "from mopsaudit.reports.overlap.query import gather", False),
        ("mopsaudit.reports.overlap.arithmetic", "from mopsaudit.reports.overlap.facts import Facts", True),
        ("mopsaudit.reports.overlap", "from mopsaudit.reports.overlap.query import gather", True),
        ("mopsaudit.reports.overlap.query", "from mopsaudit.reports.budget import analysis", False),
        ("mopsaudit.reports.overlap.chart", "from matplotlib.figure import Figure", True),
        ("mopsaudit.reports.overlap.chart", "from matplotlib import pyplot", False),
        ("mopsaudit.intake.apply", "import importers.spend", False),
        ("mopsaudit.intake.match", "from mopsaudit.store import base", False),
        ("importers.spend", "import sqlalchemy.orm", False),
        ("importers.spend", "from mopsaudit.intake.contract import Question", True),
        ("importers.spend", "from mopsaudit.intake.apply import apply", False),
        ("importers.spend", "import urllib.request", False),
        ("blueprints.tools", "from importers import spend", False),
        ("blueprints.tools", "from mopsaudit.store.people import Person", False),
        ("blueprints.tools", "from flask import Blueprint", True),
        ("wsgi", "import importers, blueprints, mopsaudit.cli, flask_migrate", True),
    ],
)
def test_the_rules_tell_right_from_wrong(
    module: str, source: str, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table and the walk on made-up modules, so that a rule that catches nothing is noticed."""
    path = ROOT / (module.replace(".", "/") + ".py")
    written = tmp_path / "made_up.py"
    written.write_text(source, encoding="utf-8")
    monkeypatch.setitem(FILES, module, path)
    for name in (
        *("mopsaudit.intake.contract", "mopsaudit.intake.apply", "mopsaudit.store.people"),
        *("mopsaudit.facts.terms", "mopsaudit.facts.cost"),
        *("mopsaudit.reports.overlap.query", "mopsaudit.reports.overlap.facts"),
    ):
        monkeypatch.setitem(FILES, name, ROOT / (name.replace(".", "/") + ".py"))
    rule = _rule(module)
    assert rule is not None
    complaints = [_complaint(found, rule) for found in _imports(module, written)]
    assert (complaints == [None] * len(complaints)) is allowed


def test_no_float_reaches_a_column() -> None:
    """Money is integer minor units, shares are integers too: no column type or annotation holds a float."""
    banned = {"Double", "DOUBLE", "DOUBLE_PRECISION", "Float", "FLOAT", "Numeric", "NUMERIC", "REAL"}
    found = []
    for module, path in FILES.items():
        if not _under(module, "mopsaudit.store"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                node.attr
                if isinstance(node, ast.Attribute)
                else node.id
                if isinstance(node, ast.Name)
                else ""
            )
            mapped_float = (
                isinstance(node, ast.Subscript)
                and ast.unparse(node.value) == "Mapped"
                and "float" in ast.unparse(node.slice)
            )
            if name in banned or mapped_float:
                line = getattr(node, "lineno", 0)
                found.append(f"{path.relative_to(ROOT)}:{line}")
    assert not found, f"A float or decimal column: {found}"


def test_no_query_through_the_model() -> None:
    """`select()` says what is read; `Model.query` hides it."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "query"
        and isinstance(node.value, ast.Name)
        and node.value.id[:1].isupper()
    ]
    assert not found


def test_modules_are_named_by_noun_not_by_layer() -> None:
    found = [module for module in FILES if LAYER_NAMES & set(module.split("."))]
    assert not found, f"Name these by what they are about: {found}"


def test_no_file_is_long_without_a_reason() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (*FILES.values(), *tests)
        if not _is_migration_version(path)
    }
    long = {name: lines for name, lines in lengths.items() if lines > LINES}
    unexplained = {name: lines for name, lines in long.items() if name not in LONG_FILES}
    assert not unexplained, f"Split by noun, or say why not in LONG_FILES: {unexplained}"
    outdated = {name for name in LONG_FILES if lengths.get(name, 0) <= SHORT}
    assert not outdated, f"No longer long, take them out of LONG_FILES: {sorted(outdated)}"


def test_every_folder_of_tests_is_a_package() -> None:
    """Without `__init__.py` the folder `tests/importers` would shadow the product's `importers`."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    bare = [
        str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()
    ]
    assert not bare, f"Add an __init__.py to {bare}"


def _tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_nothing_else_stands_at_the_top() -> None:
    top = {name.partition("/")[0] for name in _tracked()}
    strangers = {name for name in top if not name.startswith(".")} - TOP_LEVEL
    assert not strangers, f"The top level is fixed; find these a room: {sorted(strangers)}"


def test_no_package_host_and_no_machine_path_is_written_down() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry.np" + "mjs.org", "proxy.gol" + "ang.org"]
    banned = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w.])/(?:work|farm|root)/[A-Za-z.]"]))
    found = []
    for name in _tracked():
        path = ROOT / name
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content[:8000]:
            continue
        lines = content.decode("utf-8", errors="replace").splitlines()
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if banned.search(line)]
    assert not found, f"A package host or a path of one machine: {found}"


def test_no_third_party_code_is_in_the_tree() -> None:
    pattern = re.compile(r"\.min\.(js|css)$|(^|/)(vendor|third_party|node_modules)/")
    found = [name for name in _tracked() if pattern.search(name)]
    assert not found, f"Let a package bring it instead: {found}"

"""The layout of ARCHITECTURE.md holds: imports go one way, and one name means one thing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("archive", "indexer", "webui", "gongkai")

# A module imports from its own layer and from those before it, never from those behind it.
LAYERS = [
    "archive.rules archive.errors archive.system_errors archive.limits archive.rule_schemas archive.rulebook "
    "archive.model archive.notices archive.vocabulary",
    "archive.text",
    "archive.cues",
    "archive.tables",
    "archive.agencies",
    "archive.readers",
    "archive.extract",
    "archive.ingest",
    "archive.analysis",
    "archive.store",
    "archive.export",
    "archive.adding",
    "indexer.sized_cache",
    "indexer.text",
    "indexer.query",
    "indexer.answers",
    "indexer.engines.worker_pool",
    "indexer.engines.whoosh.columns",
    "indexer.engines.whoosh.build",
    "indexer.engines.whoosh.search",
    "indexer.engines.opensearch.connection",
    "indexer.engines.opensearch.build",
    "indexer.engines.opensearch.search",
    "indexer.index",
    "webui.data_access",
    "webui.http",
    "webui.params",
    "webui.render",
    "webui.openapi",
    "webui.views",
    "webui.app webui.wsgi",
    "gongkai",
]
RANK = {prefix: rank for rank, layer in enumerate(LAYERS) for prefix in layer.split()}

# Files of one name. A view and a command are named like what they show; these stages exist in two packages.
SAME_FILE_NAME = {
    "figures": "statutory figures: read in archive.tables, filtered in the engine",
    "json": "reports as JSON in archive.export, answers as JSON in indexer.answers",
    "highlight": "spans in indexer.answers, HTML in webui.render",
    "registry": "readers by format, agencies by name",
    "engine": "the protocol in indexer.answers, its embedded implementation in whoosh.search",
    "facets": "counted by the engine, shown by the site",
    "errors": "exceptions in archive, error pages in webui.http",
    "search": "agencies by name",
}
NAMED_AFTER_A_STAGE = ("webui.views.", "gongkai.cli.")


def modules() -> dict[str, ast.Module]:
    """Every module of the program by its dotted name."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {_dotted(path): ast.parse(path.read_text("utf-8")) for path in paths}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = modules()


def imports(module: str) -> Iterator[tuple[str, str]]:
    """The (module, name) pairs that a module imports from the program, type-checking imports included."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole, "") if whole in MODULES else (node.module, alias.name)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] in PACKAGES)


def rank(module: str) -> int | None:
    """The layer of a module; None for a package's own `__init__`, which imports nothing."""
    return next((RANK[prefix] for prefix in RANK if module == prefix or module.startswith(prefix + ".")), None)


def test_every_module_has_a_layer() -> None:
    packages = {
        "archive",
        "indexer",
        "webui",
        "indexer.engines",
        "indexer.engines.whoosh",
        "indexer.engines.opensearch",
    }
    assert {module for module in MODULES if rank(module) is None} == packages


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_one_way(module: str) -> None:
    own = rank(module)
    behind = {of for of, _ in imports(module) if own is not None and (rank(of) or 0) > own}
    assert not behind, f"{module} imports from a later layer"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_private_names_stay_in_their_module(module: str) -> None:
    private = {f"{of}.{name}" for of, name in imports(module) if name.startswith("_") and name != "__version__"}
    private |= {of for of, _ in imports(module) if any(part.startswith("_") for part in of.split("."))}
    assert not private


VIEWS = {
    module.rpartition(".")[2]: module
    for module in MODULES
    if module.startswith("webui.views.") and not (ROOT / module.replace(".", "/")).is_dir()
}
# Folders of templates without a view.
SHARED_TEMPLATES = {"errors": "rendered by webui.http.errors", "macros": "imported by templates of several views"}


def test_a_view_its_templates_and_its_tests_have_one_name() -> None:
    templates = ROOT / "webui" / "templates"
    assert {path.parent.name for path in templates.glob("*/*.html")} <= {*VIEWS, *SHARED_TEMPLATES}
    assert {path.name for path in templates.glob("*.html")} == {"layout.html", "empty.html"}, "those that others extend"
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "webui" / "views").glob("test_*.py")}
    assert tests == {*VIEWS}


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_view_renders_its_own_templates(view: str) -> None:
    calls = (node for node in ast.walk(MODULES[VIEWS[view]]) if isinstance(node, ast.Call))
    rendered = {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "render_template"
        and isinstance(call.args[0], ast.Constant)
    }
    assert {name for name in rendered if not name.startswith(f"{view}/")} == set()


# What a view shares with another is in `params` or `render`.
VIEWS_THAT_IMPORT_VIEWS = {"api": "gives as JSON what the pages show, computed by the same functions"}


@pytest.mark.parametrize("view", sorted({*VIEWS} - {*VIEWS_THAT_IMPORT_VIEWS}))
def test_views_do_not_import_views(view: str) -> None:
    assert {of for of, _ in imports(VIEWS[view]) if of.startswith("webui.views")} == set()


def test_a_file_name_means_one_thing() -> None:
    named = defaultdict(set)
    for module in MODULES:
        if not module.startswith(NAMED_AFTER_A_STAGE) and not (ROOT / module.replace(".", "/")).is_dir():
            named[module.rpartition(".")[2]].add(module)
    assert {name: found for name, found in named.items() if len(found) > 1 and name not in SAME_FILE_NAME} == {}


def test_a_class_name_means_one_thing() -> None:
    named = defaultdict(set)
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                named[node.name.strip("_")].add(module)
    assert {name: found for name, found in named.items() if len(found) > 1} == {}


def test_no_folder_has_too_many_files() -> None:
    count: dict[str, int] = defaultdict(int)
    for module in MODULES:
        if not (ROOT / module.replace(".", "/")).is_dir():
            count[module.rpartition(".")[0]] += 1
    # one file for each format, page or command
    wide = {"archive.readers", "webui.views", "gongkai.cli"}
    assert {folder: files for folder, files in count.items() if files > (24 if folder in wide else 16)} == {}


def test_importing_the_errors_is_light() -> None:
    program = "import sys; before = len(sys.modules); import archive.errors; print(len(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert int(run.stdout) < 60


def test_a_reading_subprocess_loads_no_command_line_and_no_catalogue() -> None:
    program = "import sys, archive.ingest.sandbox_worker; print(*{'click', 'rich', 'sqlalchemy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == []

"""What the program reads at run time is in an installed package, as in the checkout."""

from __future__ import annotations

import ast
import configparser
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", "utf-8")
PACKAGES = SETUP["options.package_data"]
NOT_READ = {"webui/translations/babel.cfg"}  # for extracting messages
# The packages of modules that have another name.
OF_MODULES = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "docx": "python-docx",
    "opensearchpy": "opensearch-py",
    "psycopg_pool": "psycopg",
    "whoosh": "whoosh-reloaded",
}
# Modules that come with a package that is named, as its documentation says.
WITH = {"pdfminer": "pdfplumber", "werkzeug": "flask", "jinja2": "flask", "markupsafe": "flask"}


def paths() -> list[str]:
    """The files of the packages."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    return [path.relative_to(ROOT).as_posix() for path in found if path.is_file() and path.parent.name != "__pycache__"]


def is_installed(path: str) -> bool:
    """Whether a pattern has the file; `*` stands for no slash."""
    package, _, inside = path.partition("/")
    patterns = re.split(r"[,\s]+", PACKAGES[package].strip())
    same_depth = (each for each in patterns if each.count("/") == inside.count("/"))
    return any(Path(inside).match(each) for each in same_depth)


def test_every_file_is_in_the_package() -> None:
    data = {path for path in paths() if not path.endswith(".py")}
    assert {path for path in data if not is_installed(path)} == NOT_READ


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {Path(path).parent for path in paths() if path.endswith(".py")}
    scripts = {Path("archive/rules/divisions")}  # `make divisions` runs it
    assert {folder for folder in folders if not (ROOT / folder / "__init__.py").exists()} == scripts


def test_every_imported_library_is_required() -> None:
    extras = SETUP["options.extras_require"]
    lines = SETUP["options"]["install_requires"] + extras["cluster"] + extras["ocr"] + extras["pandas"]
    required = {re.split(r"[\[=<>]", line)[0].lower().replace("_", "-") for line in lines.split("\n") if line}
    names = {name for path in paths() if path.endswith(".py") for name in imported(ROOT / path)}
    libraries = {OF_MODULES.get(name, WITH.get(name, name)).replace("_", "-") for name in names}
    assert libraries - required == set()


def imported(path: Path) -> set[str]:
    """The names of the libraries that a module imports."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - {*sys.stdlib_module_names, *PACKAGES, "_typeshed"}

import ast
from pathlib import Path

import indexer


def test_all_names_what_the_front_door_imports() -> None:
    tree = ast.parse(Path(indexer.__file__).read_text("utf-8"))
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(indexer.__all__) == imported

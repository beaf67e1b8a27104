"""Writes the examples of the API reference, `webui/openapi/examples.json`, from a home that has the shipped page.

    gongkai --home HOME add corpus
    gongkai --home HOME index
    python -m bench.api_examples HOME

Lists and long texts are shortened; the answers stay as their schemas say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive.store.catalogue import Catalogue
from webui.app import create_app
from webui.openapi.document import operations

TARGET = Path(__file__).parents[1] / "webui" / "openapi" / "examples.json"
LIST = 1  # items of a list
TEXT = 60  # characters of a text


def shortened(value: Any, most: int = LIST) -> Any:
    """The answer with the first items of its lists and the beginning of its texts."""
    if isinstance(value, dict):
        # rows of a table and the marks of a match are short lists of which all are shown
        return {key: shortened(each, 2 if key in ("marks", "rows") else LIST) for key, each in value.items()}
    if isinstance(value, list):
        pair = len(value) == 2 and all(isinstance(each, int) for each in value)
        return [shortened(each) for each in (value if pair else value[:most])]
    return f"{value[:TEXT]}…" if isinstance(value, str) and len(value) > TEXT + 20 else value


def main(home: Path) -> None:
    with Catalogue.open(home) as catalogue:
        agency = catalogue.agencies()[0].id
        before, key = [each for each in catalogue.keys(agency) if each.isdecimal()][-2:]
    client = create_app(home).test_client()
    found = {}
    for name, operation in operations().items():
        if name in ("openapi_json", "tags"):
            continue
        address = operation["request"].format(agency=agency, key=key, before=before, report=f"{agency}/{key}")
        answers = {}
        for language, prefix in (("zh", ""), ("en", "/en")):
            answer = client.get(prefix + address)
            assert answer.status_code == 200, (address, answer.text)  # noqa: S101
            answers[language] = shortened(json.loads(answer.text))
        found[name] = {"request": unquote(address), "answer": answers}
    TARGET.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

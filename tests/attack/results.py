"""Records what each attack did, and writes the tables of docs/reliability.md from the records of a long run.

`python -m tests.attack.results` writes the tables again.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from tests.attack.scale import IS_LONG

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
RECORDS = ROOT / "docs" / "reliability.json"
FILE = "GONGKAI_ATTACK_RESULTS"
"""The variable that names the file of records; without it nothing is recorded."""

# Attack: its name in Chinese and English, in the order of the page.
ATTACKS = {
    "kills": ("杀死进程", "Kills"),
    "signals": ("SIGTERM、SIGHUP", "SIGTERM and SIGHUP"),
    "flips": ("翻转一位", "Flipped bits"),
    "harm": ("截断、删除、换成文件夹", "Cut, removed, or a folder in its place"),
    "dictionary": ("词典缓存", "Cached dictionary"),
    "hostile": ("恶意文件", "Hostile files"),
    "mutations": ("随机变形的文件", "Mutated files"),
    "containers": ("恶意容器", "Hostile containers"),
    "fuzz": ("随机请求", "Random requests"),
    "load": ("混合负载", "Mixed load"),
    "writers": ("同时读写", "Writers and readers at once"),
    "clocks": ("时钟倒退", "Clocks that go back"),
    "paths": ("路径与符号链接", "Paths and symbolic links"),
    "slow": ("慢客户端", "Slow clients"),
}
_FORMS = {"long": "长 · long", "short": "短 · short"}


class Results:
    """The counts of one attack."""

    def __init__(self, attack: str) -> None:
        assert attack in ATTACKS
        self.attack = attack
        self.counts: Counter[str] = Counter()
        self.figures: dict[str, Any] = {}

    def count(self, outcome: str) -> None:
        self.counts[outcome] += 1

    def write(self) -> None:
        if path := os.environ.get(FILE):
            record = {
                "attack": self.attack,
                "form": "long" if IS_LONG else "short",
                "day": date.today().isoformat(),
                "machine": f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores",
                "counts": dict(sorted(self.counts.items())),
                "figures": self.figures,
            }
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def table(records: list[dict[str, Any]]) -> str:
    """The records as a Markdown table, one row for each attack."""
    rows = ["| 攻击 · attack | 形式 · form | 次数 · count | 结果 · outcomes | 日期 · day |", "|---|---|--:|---|---|"]
    for attack, (zh, en) in ATTACKS.items():
        of_attack = [record for record in records if record["attack"] == attack]
        counts = sum((Counter(record["counts"]) for record in of_attack), Counter[str]())
        outcomes = [f"{name}: {count:,}" for name, count in sorted(counts.items())]
        for record in of_attack:
            outcomes += [f"{name}: {_number(value)}" for name, value in record["figures"].items()]
        if of_attack:
            form, day = _FORMS[of_attack[-1]["form"]], of_attack[-1]["day"]
            outcome = "; ".join(dict.fromkeys(outcomes))
            rows.append(f"| {zh} · {en} | {form} | {counts.total():,} | {outcome} | {day} |")
    machines = dict.fromkeys(record["machine"] for record in records)
    return "\n".join([*rows, "", *machines]) + "\n"


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def write_page(records: Path = RECORDS, page: Path = PAGE) -> None:
    """Replaces the table between the two marks of the page."""
    read = [json.loads(line) for line in records.read_text("utf-8").splitlines()]
    text = page.read_text("utf-8")
    marks = re.compile("(<!-- results -->\n).*(<!-- end -->)", re.DOTALL)
    page.write_text(marks.sub(lambda match: f"{match[1]}{table(read)}{match[2]}", text), "utf-8")


if __name__ == "__main__":
    write_page()

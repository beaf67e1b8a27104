"""`gongkai verify`: reads the whole archive and lists what is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from archive.errors import Busy, GongkaiError
from archive.store.connection import require_home
from archive.store.verify import Damage, Part, verify_catalogue, verify_originals
from archive.store.verify import Progress as OnProgress
from archive.system_errors import translated
from gongkai.cli.console import echo_json
from gongkai.cli.context import Context
from gongkai.cli.options import as_json
from gongkai.cli.progress import Progress
from indexer.engines.whoosh.build.generations import pointer, verify_index
from indexer.engines.whoosh.columns.damage import damaged_index

Check = Callable[[Path, OnProgress], Iterator[Damage]]

_COUNTED = {"originals": ("个原件", "original"), "reports": ("份报告", "report")}
"""What a check counts, in Chinese and in the English singular."""
_VERIFYING = {"originals": ("正在核对原件", "Verifying originals"), "reports": ("正在核对报告", "Verifying reports")}


def _verify_index(home: Path, _: OnProgress) -> Iterator[Damage]:
    """Yields the damage of the published index; a home without an index has none."""
    if pointer(home):
        for path in verify_index(home):
            yield Damage.of("index", "damaged", path, damaged_index(Path(path)))


CHECKS: Mapping[Part, Check] = {
    "originals": verify_originals,
    "catalogue": verify_catalogue,
    "index": _verify_index,
}
"""In the order in which they run. An error that a check raises is damage of its part, unless a writer is in the way."""


@click.command()
@as_json
@click.pass_obj
def verify(context: Context, as_json: bool) -> None:  # noqa: FBT001
    """退出码：0 完好，1 有损坏 · Exit code: 0 if everything is whole, 1 if something is damaged."""
    require_home(context.home)
    counter = _Counter(context)
    found: list[Damage] = []
    count = 0
    for damage in _verify(context.home, counter.count):
        count += 1
        if as_json:
            found.append(damage)
        else:
            counter.clear()
            click.echo(damage.message(context.language))
    counter.clear()
    if as_json:
        echo_json(
            {
                "home": str(context.home),
                "verified": counter.totals,
                "damage": [
                    {
                        "part": damage.part,
                        "code": damage.code,
                        "where": damage.where,
                        "message": damage.message(context.language),
                    }
                    for damage in found
                ],
            }
        )
    else:
        _print_summary(count, counter.totals, context)
    if count:
        raise SystemExit(1)


def _verify(home: Path, progress: OnProgress) -> Iterator[Damage]:
    for part, check in CHECKS.items():
        try:
            yield from check(home, progress)
        except Busy:
            raise
        except (GongkaiError, OSError) as error:
            if (reported := translated(error, home)) is None:
                raise
            yield Damage.of(part, "unusable", str(home), reported)


class _Counter:
    """Shows the progress of the checks, and counts what they have verified."""

    def __init__(self, context: Context) -> None:
        self.totals = dict.fromkeys(_COUNTED, 0)
        self._context = context
        self._shown: dict[str, Progress] = {}

    def count(self, name: str, done: int, total: int) -> None:
        self.totals[name] = done
        if name not in self._shown:
            zh, en = _VERIFYING[name]
            self._shown[name] = Progress(self._context, zh, en, total)
        self._shown[name].show(done)

    def clear(self) -> None:
        for progress in self._shown.values():
            progress.clear()


def _print_summary(count: int, totals: Mapping[str, int], context: Context) -> None:
    zh = "，".join(f"{number:,} {_COUNTED[name][0]}" for name, number in totals.items())
    en = ", ".join(f"{number:,} {_COUNTED[name][1]}{'' if number == 1 else 's'}" for name, number in totals.items())
    state_zh, state_en = (f"{count:,} 处损坏", f"damage: {count:,}") if count else ("没有损坏", "no damage")
    click.echo(context.say(f"已核对 {zh}：{state_zh}。", f"Verified {en}: {state_en}."))

"""Pages of very many short blocks: each kind with the start of its page, a block by its number, and the reason."""

from __future__ import annotations

from collections.abc import Callable

TITLE = "某市教育局2015年政府信息公开工作年度报告"
HEAD = f"{TITLE}\n一、概述\n"
HTML = f"<html><head><meta charset='utf-8'></head><body><h1>{TITLE}</h1><p>一、概述</p>"
PROACTIVE = f"{TITLE}\n二、主动公开\n第二十条第(一)项|\n信息内容|本年新制作数量|本年新公开数量|对外公开总数量|\n"
INDICATORS = f"{TITLE}\n附表\n指标|单位|统计数|\n"
HAN = "一二三四五六七八九"

Kind = tuple[str, Callable[[int], str], str]
KINDS: list[Kind] = [
    (HEAD, lambda n: f"一、概述{n}\n", "headings with one number"),
    (HEAD, lambda n: f"{HAN[n % 9]}、某事{n}\n", "unknown headings"),
    (HEAD, lambda n: f"{HAN[n % 9]}、主动公开情况\n", "one heading with several numbers"),
    (HEAD, lambda n: "。\n", "full stops"),
    (HEAD, lambda n: chr(0x4E00 + n % 20_000) + "\n", "single characters"),
    (HEAD, lambda n: f"{n % 10}\n", "single digits"),
    (HEAD, lambda n: "|\n", "bars"),
    (HEAD, lambda n: f"({HAN[n % 9]})\n", "numbers of sub-headings"),
    (HEAD, lambda n: f"(一)某{n}\n1.某{n}\n①某\n", "sub-headings on three levels"),
    ("", lambda n: f"{HAN[n % 9]}概述\n", "headings without a mark"),
    (HEAD, lambda n: TITLE + "\n", "titles of one report"),
    (HEAD, lambda n: f"某{n}局2015年政府信息公开工作年度报告\n", "titles of many reports"),
    (HEAD, lambda n: f"编制《某{n}镇2023年政府信息公开工作年度报告》。\n", "mentions of titles"),
    ("", lambda n: f"某{n}局2015年政府信息公开工作年度报告\n一、概述\n有。\n", "small reports with titles"),
    ("", lambda n: "本报告由某局编制\n一、概述\n", "small reports with preambles"),
    (HEAD, lambda n: "甲|1|\n乙\n", "tiny tables"),
    (HEAD, lambda n: "第二十条第(一)项 |\n3|\n", "tiny statutory tables"),
    (HEAD, lambda n: "行政复议\n3\n", "tiny statutory tables in lines"),
    (PROACTIVE, lambda n: f"某{n}|0|1|\n", "unknown rows, each with a notice"),
    (PROACTIVE, lambda n: f"规章|x{n}1|2①|3①|\n", "unreadable cells, each with a notice"),
    (INDICATORS, lambda n: f"公开{n}|条|0|\n", "rows of indicators"),
    (HEAD, lambda n: f"收到申请{n}件。\n", "sentences with figures"),
    (HEAD, lambda n: "2015年1月1日至2015年12月31日\n", "dates"),
    (HEAD, lambda n: "公开" * 15 + "\n", "wrapped lines"),
    (HEAD, lambda n: "**一**\n", "Markdown"),
    (HEAD, lambda n: f"[a{n}](b)\n", "links in Markdown"),
    (HTML, lambda n: "<p>。", "paragraphs in HTML"),
    (HTML, lambda n: f"<p>一、概述{n}", "headings in HTML"),
    (HTML, lambda n: "公<br>", "lines in HTML"),
    (HTML, lambda n: "<p></p>", "empty paragraphs in HTML"),
    (HTML, lambda n: "<div>公", "nested blocks in HTML"),
    (HTML, lambda n: "<p><a href=x>公</a>", "links in HTML"),
    (HTML, lambda n: "<table><tr><td>甲<td>1<tr><td>乙<td>2</table>", "tables in HTML"),
    (HTML + "<table>", lambda n: "<tr><td>甲<td>1", "rows in HTML"),
    (HTML, lambda n: f"<p>某{n}局2015年政府信息公开工作年度报告", "titles in HTML"),
]


def page_of(kind: Kind, blocks: int) -> bytes:
    head, block, _ = kind
    return (head + "".join(map(block, range(blocks)))).encode()


def page_of_size(kind: Kind, size: int) -> bytes:
    """A page of about `size` bytes."""
    return page_of(kind, size // len(kind[1](100).encode()))

"""The query language: trees of queries, and sentences of errors."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.query.ast import (
    And,
    Condition,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Word,
    YearRange,
    positive_texts,
)
from indexer.query.parser import parse
from indexer.query.query_errors import DEEPEST, LONGEST, FilterError, QueryError
from indexer.query.request import Request
from indexer.query.values import restrictions

A, B, C = Term("甲"), Term("乙"), Term("丙")

READ: list[tuple[str, Query, str]] = [
    ("", MatchAll(), "the empty query"),
    (" 　 ", MatchAll(), "blanks"),
    ("政务公开", Term("政务公开"), "a plain string"),
    ("甲 乙", And((A, B)), "a blank is AND"),
    ("甲　乙", And((A, B)), "a full-width blank, too"),
    ("甲 AND 乙", And((A, B)), "AND written out"),
    ("甲 OR 乙 丙", Or((A, And((B, C)))), "AND binds tighter"),
    ("甲 乙 OR 丙", Or((And((A, B)), C)), "AND binds tighter"),
    ("(甲 OR 乙) 丙", And((Or((A, B)), C)), "brackets"),
    ("（甲 OR 乙）丙", And((Or((A, B)), C)), "full-width brackets"),
    ("甲 (乙 丙)", And((A, B, C)), "brackets that change nothing"),
    ("甲 OR (乙 OR 丙)", Or((A, B, C)), "brackets that change nothing"),
    ("NOT 甲", Not(A), "NOT alone"),
    ("甲 -乙", And((A, Not(B))), "minus"),
    ("甲 －乙", And((A, Not(B))), "full-width minus"),
    ('-"甲 +"', Not(Phrase("甲 +")), "minus before a phrase"),
    ("-(甲 OR 乙)", Not(Or((A, B))), "minus before brackets"),
    ("NOT NOT 甲", Not(Not(A)), "NOT of NOT"),
    ("甲 OR NOT 乙", Or((A, Not(B))), "NOT under OR"),
    ("PM2-5", Term("PM2-5"), "a dash inside a word is one"),
    ("or and not", And((Term("or"), Term("and"), Term("not"))), "small letters are words"),
    ("ORACLE ANDROID NOTES", And((Term("ORACLE"), Term("ANDROID"), Term("NOTES"))), "words that begin like operators"),
    ('"甲"', Phrase("甲"), "straight quotation marks"),
    ("“甲”", Phrase("甲"), "curly quotation marks"),
    ("「甲」", Phrase("甲"), "corner brackets"),
    ("『甲』", Phrase("甲"), "white corner brackets"),
    ("‘甲’", Phrase("甲"), "single quotation marks"),
    ("＂甲＂", Phrase("甲"), "full-width quotation marks"),
    ("甲 ＯＲ 乙", Or((A, B)), "full-width operators"),
    ("甲 ＡＮＤ ＮＯＴ 乙", And((A, Not(B))), "every one of them"),
    ("甲 ＮＥＡＲ／３ 乙", Near((Phrase("甲"),), 3, (Phrase("乙"),)), "NEAR as well"),
    ("ｗｏｒｄ：甲", Word("甲"), "full-width names"),
    ("Ｙｅａｒ：２０１６", YearRange(2016, 2016), "in letters of any case"),
    ("機關：none OR 甲", Or((In("agency", "none"), A)), "traditional names"),
    ("「甲“乙”丙」", Phrase("甲“乙”丙"), "closed by its own partner only"),
    ('“甲"乙”', Phrase('甲"乙'), "closed by its own partner only"),
    (r'"甲\"乙"', Phrase('甲"乙'), "an escaped quotation mark"),
    (r'"甲\*乙\?"', Phrase("甲*乙?"), "escaped gaps"),
    ('"甲＊乙？"', Phrase("甲＊乙？"), "full-width gaps are characters"),
    (r'"甲\\"', Phrase("甲\\"), "an escaped backslash"),
    (r'"甲\乙"', Phrase(r"甲\乙"), "a backslash before anything else"),
    ('"2014 年 引 言"', Phrase("2014年引言"), "cleaned like the text"),
    ("政\u200b务", Term("政务"), "zero-width characters"),
    ('"甲""乙"丙', And((Phrase("甲"), Phrase("乙"), C)), "no blanks needed around quotation marks"),
    ("OR甲", Term("OR甲"), "an operator stands by itself"),
    ("word:民政", Word("民政"), "a whole word"),
    ('word:"open data"', Word("open data"), "a whole word in quotation marks"),
    ('"手机 APP 占 99.5 %"', Phrase("手机APP占99.5%"), "layout spaces, as in texts"),
    ('"\U0002f82e物馆"', Phrase("博物馆"), "a compatibility ideograph"),
    ("year:2016", YearRange(2016, 2016), "one year"),
    ("年：２０１６", YearRange(2016, 2016), "Chinese name, full width"),
    ("year:2014..2018", YearRange(2014, 2018), "a range"),
    ("年:2014..", YearRange(2014, None), "open at the end"),
    ("YEAR: ..2016", YearRange(None, 2016), "open at the beginning, a blank after the colon"),
    ("year:none", In("year", "none"), "no year"),
    ("section:problems", In("section", "problems"), "a code"),
    ("section:PROBLEMS", In("section", "problems"), "a code in capitals"),
    ("章节:依申请公开", In("section", "requests"), "a label"),
    ('section:"Staff and fees"', In("section", "staff_fees"), "an English label"),
    ("form:form-2021", In("form", "form-2021"), "a form"),
    ("机关:海淀", In("agency", "海淀"), "an agency"),
    ("agency:-x", In("agency", "-x"), "a dash in a value is one"),
    ("关键词:舆情", In("keyword", "舆情"), "a keyword"),
    ("12:30", Term("12:30"), "a colon after digits is no field"),
    ("《公开》", Term("《公开》"), "title marks are characters"),
    ('"收到*申请"', Gapped(("收到", "申请"), ("*",)), "a gap"),
    ('"第??批 *文件"', Gapped(("第", "批", "文件"), ("??", "*")), "gaps of several kinds"),
    ('"甲*?乙"', Gapped(("甲", "乙"), ("*?",)), "gaps beside one another"),
    ('"甲* *乙"', Gapped(("甲", "乙"), ("**",)), "a blank between gaps is none"),
    ('"?甲?"', Gapped(("", "甲", ""), ("?", "?")), "one character before and one behind"),
    (r'"甲\*\\*乙"', Gapped(("甲*\\", "乙"), ("*",)), "escaped ones beside a gap"),
    ("甲 NEAR/30 乙", Near((Phrase("甲"),), 30, (Phrase("乙"),)), "near; plain strings are meant as they stand"),
    ("甲 NEAR／３ 乙", Near((Phrase("甲"),), 3, (Phrase("乙"),)), "full width"),
    ("甲 乙 NEAR/3 丙 丁", And((A, Near((Phrase("乙"),), 3, (Phrase("丙"),)), Term("丁"))), "binds tighter than AND"),
    ("-甲 NEAR/3 乙", Not(Near((Phrase("甲"),), 3, (Phrase("乙"),))), "and than NOT"),
    (
        '(甲 OR word:乙) NEAR/0 ("丙*丁" OR 戊)',
        Near((Phrase("甲"), Word("乙")), 0, (Gapped(("丙", "丁"), ("*",)), Phrase("戊"))),
        "alternatives on both sides",
    ),
    ("near NEARBY", And((Term("near"), Term("NEARBY"))), "words that begin like NEAR"),
    ("place:北京", In("place", "北京"), "a place"),
    ("地区:北京", In("place", "北京"), "a place in Chinese"),
    ("requests.new.total>10", Condition("requests.new.total", ">", Decimal(10)), "a condition"),
    ("requests.new.total ＞＝ １０", Condition("requests.new.total", ">=", Decimal(10)), "full width, with blanks"),
    ("prose.disclosed≤2.5", Condition("prose.disclosed", "<=", Decimal("2.5")), "one sign for two"),
    (
        "proactive.other_services.行政奖励.decisions=0",
        Condition("proactive.other_services.行政奖励.decisions", "=", Decimal(0)),
        "a row that kept its label",
    ),
    ("甲 in:tables", Scope(A, "tables"), "table cells"),
    ("IN:all 甲 OR乙", Scope(And((A, Term("OR乙"))), "all"), "an option anywhere at the top"),
    ("(甲 OR 乙) unit:report in:all", Scope(Or((A, B)), "all", "report"), "two options"),
    ("unit:report", Scope(MatchAll(), unit="report"), "an option alone"),
    ("(甲 in:all) 乙", Scope(And((A, B)), "all"), "brackets that change nothing"),
]


@pytest.mark.parametrize(("text", "tree", "reason"), READ, ids=[f"{row[2]}: {row[0]}" for row in READ])
def test_tree_of_a_query(text: str, tree: Query, reason: str) -> None:
    assert parse(text) == tree
    assert parse(str(tree)) == tree


ERRORS = [
    (
        '甲 "乙',
        2,
        '检索式第 3 个字：引号 " 没有配对。请在短语末尾补上 "；要查引号本身，请写 \\" 并放在引号里。',
        'Query, character 3: the quotation mark " is not closed. Close the phrase with "; '
        'to search for the mark itself, write \\" inside quotation marks.',
    ),
    (
        "“甲」",
        0,
        "检索式第 1 个字：引号 “ 没有配对。请在短语末尾补上 ”；要查引号本身，请写 \\“ 并放在引号里。",
        "Query, character 1: the quotation mark “ is not closed. Close the phrase with ”; "
        "to search for the mark itself, write \\“ inside quotation marks.",
    ),
    (
        "甲”",
        1,
        "检索式第 2 个字：引号 ” 前面没有 “。请在短语开头补上 “，或去掉它。",
        "Query, character 2: the quotation mark ” has no “ before it. Open the phrase with “, or leave it out.",
    ),
    (
        "甲 (乙 OR (丙)",
        2,
        "检索式第 3 个字：括号没有配对。请补上 )。要查括号本身，请把它放在引号里。",
        "Query, character 3: this bracket is not closed. Add a ). "
        "To search for the bracket itself, put it in quotation marks.",
    ),
    (
        "甲)",
        1,
        "检索式第 2 个字：括号没有配对：前面没有 (。请补上 (，或去掉它。要查括号本身，请把它放在引号里。",
        "Query, character 2: this bracket has no ( before it. Add one, or leave it out. "
        "To search for the bracket itself, put it in quotation marks.",
    ),
    (
        "甲 ()",
        2,
        "检索式第 3 个字：括号里没有内容。请写上检索词，或去掉括号。",
        "Query, character 3: the brackets are empty. Fill them, or leave them out.",
    ),
    (
        "甲 “ ”",
        2,
        "检索式第 3 个字：引号里没有内容。请写上要查的原文，或去掉引号。",
        "Query, character 3: the quotation marks are empty. Put the words to find between them, or leave them out.",
    ),
    (
        "甲 OR",
        2,
        "检索式第 3 个字：OR 的两边都要有检索词。要查这个词本身，请用小写 or。",
        "Query, character 3: OR needs something on both sides. To search for the word, write or.",
    ),
    (
        "ＯＲ 甲",
        0,
        "检索式第 1 个字：ＯＲ 的两边都要有检索词。要查这个词本身，请用小写 or。",
        "Query, character 1: ＯＲ needs something on both sides. To search for the word, write or.",
    ),
    (
        "AND 甲",
        0,
        "检索式第 1 个字：AND 的两边都要有检索词。要查这个词本身，请用小写 and。",
        "Query, character 1: AND needs something on both sides. To search for the word, write and.",
    ),
    (
        "甲 NOT",
        2,
        "检索式第 3 个字：NOT 后面要有检索词。要查这个词本身，请用小写 not。",
        "Query, character 3: NOT needs something after it. To search for the word, write not.",
    ),
    (
        "甲 - 乙",
        2,
        '检索式第 3 个字：- 后面要有检索词。排除某词请写 -微博，中间不空格；要查横线本身，请写 "-"。',
        "Query, character 3: - needs something after it. To exclude a word, write -微博 without a blank; "
        'to search for a dash, write "-".',
    ),
    (
        "微博OR微信",
        2,
        "检索式第 3 个字：OR 的两边要有空格，如：微博 OR 微信。要查原文里的 OR，请加引号。",
        "Query, character 3: put blanks around OR, as in 微博 OR 微信. "
        "To search for OR as it stands in the text, use quotation marks.",
    ),
    (
        "微博NEAR/30 微信",
        2,
        "检索式第 3 个字：NEAR/30 的两边要有空格，如：微博 NEAR/30 微信。要查原文里的 NEAR/30，请加引号。",
        "Query, character 3: put blanks around NEAR/30, as in 微博 NEAR/30 微信. "
        "To search for NEAR/30 as it stands in the text, use quotation marks.",
    ),
    (
        " \u200b\x00",
        1,
        "检索式第 2 个字：这里只有看不见的字符（控制字符、零宽字符），报告的文字里也不保留它们。请写上检索词；"
        "什么也不写就是全部内容。",
        "Query, character 2: there are only invisible characters (control or zero-width ones), which are kept in no "
        "report either. Type what to find; an empty query finds everything.",
    ),
    (
        "收到*",
        2,
        '检索式第 3 个字：* 只在引号里代替文字，请写 "收到"。要查 * 本身，请写 \\* 并放在引号里。',
        'Query, character 3: * stands for other characters only inside quotation marks: write "收到". '
        "To search for * itself, write \\* in quotation marks.",
    ),
    (
        "*",
        0,
        '检索式第 1 个字：* 只在引号里代替文字，请写 "收到*申请"。要查 * 本身，请写 \\* 并放在引号里。',
        'Query, character 1: * stands for other characters only inside quotation marks: write "收到*申请". '
        "To search for * itself, write \\* in quotation marks.",
    ),
    (
        "公开 https://www.example.gov.cn/2019/",
        3,
        "检索式第 4 个字：检索式里有网址。请输入报告中的文字、机关名称或年份；要在原文中查网址，请加引号。",
        "Query, character 4: the query has a web address. Type words of a report, the name of an agency or a year; "
        "to find the address in texts, use quotation marks.",
    ),
    (
        "yaer:2014",
        0,
        "检索式第 1 个字：没有叫“yaer”的字段。是不是 year: ？要查带冒号的原文，请加引号。",
        "Query, character 1: there is no field “yaer”. Did you mean year: ? "
        "To search for text with a colon, use quotation marks.",
    ),
    (
        "问题:少",
        0,
        "检索式第 1 个字：没有叫“问题”的字段。可用的字段：year、section、agency、place、level、kind、keyword、form、"
        "年、章节、机关、地区、层级、类型、关键词、格式、word、in、unit。要查带冒号的原文，请加引号。",
        "Query, character 1: there is no field “问题”. There are: year, section, agency, place, level, kind, keyword, "
        "form, 年, 章节, 机关, 地区, 层级, 类型, 关键词, 格式, word, in, unit. "
        "To search for text with a colon, use quotation marks.",
    ),
    (
        "甲 agency:",
        2,
        "检索式第 3 个字：agency: 后面要有一个词或带引号的短语，如 agency:某值。每个值都要写上字段名。",
        "Query, character 3: agency: needs one word or a quoted phrase after it, as in agency:value. "
        "Repeat the field for each value.",
    ),
    (
        "keyword:(甲 OR 乙)",
        0,
        "检索式第 1 个字：keyword: 后面要有一个词或带引号的短语，如 keyword:某值。每个值都要写上字段名。",
        "Query, character 1: keyword: needs one word or a quoted phrase after it, as in keyword:value. "
        "Repeat the field for each value.",
    ),
    (
        "year:abcd",
        5,
        "检索式第 6 个字：“abcd”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
        "Query, character 6: “abcd” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
    ),
    (
        "year:2018..2014",
        5,
        "检索式第 6 个字：年份范围先后颠倒。请写 2014..2018。",
        "Query, character 6: this range ends before it begins. Write 2014..2018.",
    ),
    (
        "section:problem",
        8,
        "检索式第 9 个字：没有“problem”这个章节。是不是：problems（问题及改进）、proposals（建议提案）。",
        "Query, character 9: there is no section “problem”. Did you mean: "
        "problems (Problems and remedies), proposals (Proposals).",
    ),
    (
        "form:1999",
        5,
        "检索式第 6 个字：没有“1999”这个报告格式。可用的有：prose-2008（2008—2018年（文字报告））、"
        "trial-2019（2019年试行格式）、form-2021（2021年格式）。",
        "Query, character 6: there is no form “1999”. There are: prose-2008 (2008–2018 (prose)), "
        "trial-2019 (2019 trial form), form-2021 (2021 form).",
    ),
    (
        '"收到*"',
        3,
        '检索式第 4 个字：* 的两边都要有文字，如 "收到*申请"（* 代替至多 20 个字）。请去掉它，或补上另一边。',
        'Query, character 4: * needs text on both sides, as in "收到*申请" (it stands for at most 20 characters). '
        "Leave it out, or add the other side.",
    ),
    (
        '"*收到"',
        1,
        '检索式第 2 个字：* 的两边都要有文字，如 "收到*申请"（* 代替至多 20 个字）。请去掉它，或补上另一边。',
        'Query, character 2: * needs text on both sides, as in "收到*申请" (it stands for at most 20 characters). '
        "Leave it out, or add the other side.",
    ),
    (
        '"??"',
        1,
        '检索式第 2 个字：? 的两边都要有文字，如 "收到*申请"（? 代替至多 20 个字）。请去掉它，或补上另一边。',
        'Query, character 2: ? needs text on both sides, as in "收到*申请" (it stands for at most 20 characters). '
        "Leave it out, or add the other side.",
    ),
    (
        "公开?",
        2,
        '检索式第 3 个字：? 只在引号里代替文字，请写 "公开?"。要查 ? 本身，请写 \\? 并放在引号里。',
        'Query, character 3: ? stands for other characters only inside quotation marks: write "公开?". '
        "To search for ? itself, write \\? in quotation marks.",
    ),
    (
        'word:"民*政"',
        7,
        "检索式第 8 个字：* 不能用在字段的值里。* 本身请写 \\* 并放在引号里。",
        "Query, character 8: * cannot stand in the value of a field. For * itself, write \\* in quotation marks.",
    ),
    (
        "微博 NEAR 微信",
        3,
        "检索式第 4 个字：NEAR 要写明相距至多几个字（0—9999），如：微博 NEAR/30 微信。要查 NEAR 本身，请加引号。",
        "Query, character 4: NEAR needs the number of characters between the two (0–9999), as in 微博 NEAR/30 微信. "
        "To search for NEAR itself, use quotation marks.",
    ),
    (
        "微博 NEAR/30",
        3,
        "检索式第 4 个字：NEAR/30 的两边都要有检索词。要查这个词本身，请用小写 near/30。",
        "Query, character 4: NEAR/30 needs something on both sides. To search for the word, write near/30.",
    ),
    (
        "甲 NEAR/3 乙 NEAR/3 丙",
        11,
        "检索式第 12 个字：NEAR/3 一次只比较两处。请写成 甲 NEAR/3 乙 AND 乙 NEAR/3 丙。",
        "Query, character 12: NEAR/3 compares two places at a time. Write A NEAR/3 B AND B NEAR/3 C.",
    ),
    (
        "甲 NEAR/3 (乙 丙)",
        2,
        "检索式第 3 个字：NEAR/3 的两边只能是词、带引号的短语、word:，或放在括号里用 OR 连接的这几种。",
        "Query, character 3: beside NEAR/3 only words, quoted phrases and word: can stand, "
        "or these joined by OR in brackets.",
    ),
    (
        "request.new.total>10",
        0,
        "检索式第 1 个字：没有叫“request.new.total”的数字。是不是：requests.new.total、requests.granted.total、"
        "requests.other.total？要查原文，请加引号。",
        "Query, character 1: there is no figure “request.new.total”. Did you mean: requests.new.total, "
        "requests.granted.total, requests.other.total? To search for it as text, use quotation marks.",
    ),
    (
        "a.b>1",
        0,
        "检索式第 1 个字：没有叫“a.b”的数字。数字写作 表.行.列，如 requests.new.total、prose.disclosed。"
        "要查原文，请加引号。",
        "Query, character 1: there is no figure “a.b”. A figure is table.row.column, as in requests.new.total. "
        "To search for it as text, use quotation marks.",
    ),
    (
        "甲 requests.new.total>多",
        21,
        "检索式第 22 个字：“多”不是数。请写成 requests.new.total>10，比较号有 = > >= < <=。",
        "Query, character 22: “多” is no number. Write requests.new.total>10; comparisons are = > >= < <=.",
    ),
    (
        "requests.new.total",
        0,
        "检索式第 1 个字：requests.new.total 后面要有比较，如 requests.new.total>10。要查原文，请加引号。",
        "Query, character 1: requests.new.total needs a comparison, as in requests.new.total>10. "
        "To search for it as text, use quotation marks.",
    ),
    (
        "甲 in:cells",
        2,
        "检索式第 3 个字：没有 in:cells。可用的有：in:tables、in:all。",
        "Query, character 3: there is no in:cells. There are: in:tables, in:all.",
    ),
    (
        "甲 OR 乙 in:tables",
        7,
        "检索式第 8 个字：in:tables 管整个检索式，不能放在 OR、NOT 里面。请写成 (甲 OR 乙) in:tables。",
        "Query, character 8: in:tables is about the whole query and cannot stand under OR or NOT. "
        "Write (A OR B) in:tables.",
    ),
    (
        "甲 -unit:report",
        3,
        "检索式第 4 个字：unit:report 管整个检索式，不能放在 OR、NOT 里面。请写成 (甲 OR 乙) unit:report。",
        "Query, character 4: unit:report is about the whole query and cannot stand under OR or NOT. "
        "Write (A OR B) unit:report.",
    ),
    (
        "in:all 甲 in:tables",
        9,
        "检索式第 10 个字：in: 只能写一次。请去掉一个。",
        "Query, character 10: in: can be given once. Leave one out.",
    ),
    (
        "a\u200b\u200b (",
        4,
        "检索式第 5 个字：括号没有配对。请补上 )。要查括号本身，请把它放在引号里。",
        "Query, character 5: this bracket is not closed. Add a ). "
        "To search for the bracket itself, put it in quotation marks.",
    ),
    (
        "甲\ud800",
        1,
        "检索式第 2 个字：这里的字符不完整，多半是编码不对。请用 UTF-8 输入。",
        "Query, character 2: this character is incomplete, most likely by a wrong encoding. Type the query in UTF-8.",
    ),
    (
        "-" * (DEEPEST + 1) + "甲",
        0,
        "检索式第 1 个字：括号和 NOT 嵌套超过 100 层。请去掉多余的括号。",
        "Query, character 1: brackets and NOTs are nested more than 100 deep. Leave out those that are not needed.",
    ),
    (
        "甲" * (LONGEST + 1),
        LONGEST,
        "检索式第 10001 个字：检索式有 10,001 个字，最多 10,000 个。请缩短或分几次检索。",
        "Query, character 10001: the query has 10,001 characters, 10,000 are allowed. "
        "Shorten it, or ask in several steps.",
    ),
]


@pytest.mark.parametrize(("text", "position", "zh", "en"), ERRORS, ids=[repr(row[0][:20]) for row in ERRORS])
def test_an_error_has_a_position_and_a_correction(text: str, position: int, zh: str, en: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.zh, caught.value.en) == (position, zh, en)


ALPHABET = [
    *'甲乙丙 　()（）-－"“”「」\\*?:：.…＊',
    "OR ",
    "AND ",
    "NOT ",
    "year:",
    "2014",
    "..",
    "section:",
    "word:",
    "problems",
    "NEAR/3 ",
    "requests.new.total>=",
    "in:all ",
    "unit:report ",
]


@given(st.lists(st.sampled_from(ALPHABET), max_size=14).map("".join))
@example("NOT (甲 OR 乙) 丙")
@example("甲 AND (乙 OR NOT (丙 甲))")
def test_printing_a_tree_gives_a_query_with_the_same_tree(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        return
    assert parse(str(tree)) == tree


@given(st.text(max_size=40))
def test_any_text_has_a_tree_or_an_error(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        assert error.zh
        assert error.en
    else:
        assert parse(str(tree)) == tree


@pytest.mark.parametrize("text", ["公开?", "收到*申请", "收到*", "*申请", "*收到*申请**", "*", "?", "??*", r"\*"])
def test_the_suggestion_for_a_gap_is_accepted(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    suggested = caught.value.en.partition(": write ")[2].partition(". To search")[0]
    assert isinstance(parse(suggested), Phrase | Gapped)


def test_thousands_of_redundant_brackets_are_accepted() -> None:
    assert parse("(" * 4000 + "甲" + ")" * 4000) == A


def test_positive_texts_are_those_not_under_a_not() -> None:
    tree = parse('甲 -乙 ("丙" OR word:丁) 甲 year:2014')
    assert list(positive_texts(tree)) == [A, Phrase("丙"), Word("丁")]


def test_filters_are_parsed_like_fields() -> None:
    request = Request(
        filters={"section": ("依申请公开",), "year": ("2016", "none"), "agency": ("海淀",), "keyword": ()},
        years=(2018, None),
    )
    assert restrictions(request) == {
        "year": (YearRange(2016, 2016), In("year", "none"), YearRange(2018, None)),
        "section": (In("section", "requests"),),
        "agency": (In("agency", "海淀"),),
    }


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        (
            "year",
            "20",
            "筛选条件 year：“20”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
            "Filter year: “20” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
        ),
        (
            "colour",
            "red",
            "筛选条件 colour：没有这个字段。可用的字段：year、section、agency、place、level、kind、keyword、form。",
            "Filter colour: there is no such field. "
            "There are: year, section, agency, place, level, kind, keyword, form.",
        ),
    ],
)
def test_an_error_names_its_filter(name: str, value: str, zh: str, en: str) -> None:
    with pytest.raises(FilterError) as caught:
        restrictions(Request(filters={name: (value,)}))
    assert (caught.value.zh, caught.value.en) == (zh, en)

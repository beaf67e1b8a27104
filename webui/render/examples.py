"""Examples of the query language; each is a link to a search."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from webui.http.i18n import language


@dataclass(frozen=True, slots=True)
class Example:
    """A query and what it finds; `english` is the query on English pages, if it has names of fields."""

    chinese: str
    finds: LazyString
    english: str | None = None

    @property
    def query(self) -> str:
        return self.english if self.english and language() == "en" else self.chinese


EXAMPLES = (
    Example("政务公开 微博", lazy_gettext("两个词出现在同一个栏目里；空格就是“并且”")),
    Example("“应公开尽公开”", lazy_gettext("一字不差的这几个字；直引号、弯引号、「」都可以")),
    Example("舆情 章节:问题及改进", lazy_gettext("只在“问题及改进”一栏里找"), "舆情 section:problems"),
    Example(
        "依申请公开 年份:2014..2018",
        lazy_gettext("只看2014到2018年的报告；一头可以空着，如 2014.."),
        "依申请公开 year:2014..2018",
    ),
    Example("微信 OR 微博", lazy_gettext("有一个就算；OR 要大写，AND 比 OR 结合得紧")),
    Example("保密审查 -微博", lazy_gettext("有前者而没有后者；- 也可以写成 NOT")),
    Example("(微信 OR 微博) 解读", lazy_gettext("括号说清先后")),
    Example("word:民政", lazy_gettext("作为一个词的“民政”，不在“人民政府”里面")),
    Example("机关:海淀 年:2016", lazy_gettext("字段也有中文名：年、机关、栏目、关键词、表式")),
    Example("关键词:舆情", lazy_gettext("以此为关键词的栏目：比起整个档案库，它们更常说到这个词"), "keyword:舆情"),
    Example(
        "表式:2021年格式 NOT 微信", lazy_gettext("用2021年格式写成、没有提到微信的栏目"), "form:form-2021 NOT 微信"
    ),
    Example("「谁公开谁审查」", lazy_gettext("繁体、全角和异体字一并找到，不必另写")),
)

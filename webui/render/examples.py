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
    Example("政务公开 微博", lazy_gettext("两个词出现在同一章节；空格表示“并且”")),
    Example("“应公开尽公开”", lazy_gettext("精确匹配这几个字；直引号、弯引号、「」都可以")),
    Example("舆情 章节:问题及改进", lazy_gettext("只检索“问题及改进”章节"), "舆情 section:problems"),
    Example(
        "依申请公开 年份:2014..2018",
        lazy_gettext("只检索 2014 年至 2018 年的报告；可只写一端，如 2014.."),
        "依申请公开 year:2014..2018",
    ),
    Example("微信 OR 微博", lazy_gettext("含任意一个即可；OR 须大写，AND 优先于 OR")),
    Example("保密审查 -微博", lazy_gettext("含前者而不含后者；- 也可以写成 NOT")),
    Example("(微信 OR 微博) 解读", lazy_gettext("用括号指定优先级")),
    Example("word:民政", lazy_gettext("“民政”作为整词，不含“人民政府”中的“民政”")),
    Example("机关:海淀 年:2016", lazy_gettext("字段也有中文名：年、机关、章节、关键词、格式")),
    Example("关键词:舆情", lazy_gettext("以此为关键词的章节：此词在其中出现的频率高于整个档案库"), "keyword:舆情"),
    Example(
        "格式:2021年格式 NOT 微信", lazy_gettext("采用 2021 年报告格式、未提及微信的章节"), "form:form-2021 NOT 微信"
    ),
    Example("「谁公开谁审查」", lazy_gettext("同时匹配繁体字、全角字符和异体字，不必另写")),
)

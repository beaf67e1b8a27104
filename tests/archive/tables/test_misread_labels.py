import pytest

from archive.tables.misread_labels import printed_heading, printed_label

LABELS = [
    ("2.重复中请", "2.重复申请", "one character, the number stays"),
    ("行攻处罚", "行政处罚", "one of four"),
    ("行孜规范性文件", "行政规范性文件", "not the other label without 行政"),
    ("二、十年结转政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "not the row of new requests"),
    ("1.中请人无正当理由逾期不补正", "1.中请人无正当理由逾期不补正", "half of a label"),
    ("3.危及“安全一稳定”", "3危及三安全一稳定", "a lost character"),
    ("结果纠止", "结果纠正", "a result of a review"),
    ("第二十条第(五)项", "第二十条第(五)项", "a label stays"),
    ("第二十条第()项", "第二十条第()项", "as near to several labels"),
    ("其地", "其地", "too short to tell"),
    ("行政检查", "行政检查", "a row of an agency's own, near to none"),
    ("", "", "a blank cell"),
]


@pytest.mark.parametrize(("text", "label", "reason"), LABELS, ids=[case[2] for case in LABELS])
def test_labels(text: str, label: str, reason: str) -> None:
    assert printed_label(text) == label


HEADINGS = [
    ("三、收到和处理政府信息公开中请情况", "三、收到和处理政府信息公开申请情况", "one character"),
    (
        "四、因政府信息公开工作被中请行政复议、提起行政诉讼情况",
        "四、因政府信息公开工作被中请行政复议、提起行政诉讼情况",
        "it has a code",
    ),
    ("一、总体情沉", "一、总体情况", "one of four"),
    ("fi、存在的主要问题及改进情况", "存在的主要问题及改进情况", "a number that is none"),
    ("5、存在的主要问题及改进情况", "5、存在的主要问题及改进情况", "a number in digits"),
    ("fi、特色亮点", "fi、特色亮点", "no heading that a rule knows"),
    ("五、特色亮点", "五、特色亮点", "near to none"),
    ("全年收到中请3件。", "全年收到中请3件。", "no heading"),
]


@pytest.mark.parametrize(("text", "heading", "reason"), HEADINGS, ids=[case[2] for case in HEADINGS])
def test_headings(text: str, heading: str, reason: str) -> None:
    assert printed_heading(text) == heading

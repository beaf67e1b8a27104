"""Names of agencies in English: places in pinyin, the kind translated."""

from __future__ import annotations

import pytest

from archive.agencies.english_names import english_name, romanized
from archive.rulebook import rulebook

NAMES = [
    ("北京市海淀区教育局", "Beijing Haidian District Education Bureau", "a city, a district, a field of work"),
    ("河北省石家庄市正定县人民政府", "Hebei Province Shijiazhuang Zhengding County People's Government", "places"),
    ("陕西省西安市长安区财政局", "Shaanxi Province Xi'an Chang'an District Finance Bureau", "not Shanxi"),
    ("辽宁省朝阳市财政局", "Liaoning Province Chaoyang Finance Bureau", "朝阳 is zhaoyang in a dictionary of words"),
    ("山西省长治市财政局", "Shanxi Province Changzhi Finance Bureau", "长治 and no 省长"),
    ("大厂回族自治县财政局", "Dachang Hui Autonomous County Finance Bureau", "a people"),
    ("巴音郭楞蒙古自治州教育局", "Bayinguoleng Mongol Autonomous Prefecture Education Bureau", "a people without 族"),
    (
        "双江拉祜族佤族布朗族傣族自治县教育局",
        "Shuangjiang Lahu Va Blang Dai Autonomous County Education Bureau",
        "several peoples",
    ),
    ("鄂温克族自治旗教育局", "Ewenki Autonomous Banner Education Bureau", "nothing but a people"),
    ("回民区教育局", "Huimin District Education Bureau", "no autonomous place"),
    ("内蒙古自治区水务局", "Inner Mongolia Autonomous Region Water Bureau", "a place with an English name"),
    ("西湖区住房和城乡建设局", "Xihu District Housing and Urban-Rural Development Bureau", "several fields of work"),
    ("青石镇人民政府", "Qingshi Town People's Government", "a town that the table of divisions lacks"),
    ("海淀区人民政府清水街道办事处", "Haidian District People's Government Qingshui Subdistrict Office", "two bodies"),
    ("国家税务总局北京市税务局", "State Taxation Administration Beijing Tax Bureau", "a place in the middle"),
    ("中关村管理委员会", "Zhongguancun Administrative Committee", "an unknown name in pinyin"),
    ("海淀区", "Haidian District", "a place alone"),
    ("北京市海淀区城市服务管理指挥中心", "Beijing Haidian District City Service Management Command Centre", "shipped"),
    ("Office 12", "Office 12", "no Han"),
    ("", "", "no name"),
]


@pytest.mark.parametrize(("name", "english", "reason"), NAMES, ids=[row[2] for row in NAMES])
def test_a_name_in_english(name: str, english: str, reason: str) -> None:
    assert english_name(name) == english


def test_pinyin_is_one_word() -> None:
    assert [romanized(text) for text in ("海淀", "西安", "东阿12")] == ["Haidian", "Xi'an", "Dong'e12"]


@pytest.mark.parametrize("key", ["place", "people", "division", "ending", "topic", "term"])
def test_each_chinese_word_has_one_row(key: str) -> None:
    words = [row["zh"] for row in rulebook("english.toml")[key]]
    assert len(words) == len(set(words))

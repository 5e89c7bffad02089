"""Is the page's file safe and alone, and do its texts read as the cells do?"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kehujingli.workbooks import page
from kehujingli.workbooks.looks import FORMATS, labelled, text_of
from kehujingli.workbooks.monthly import difference_said
from kehujingli.workbooks.page import licence, packed, page_html, table

HOSTILE = "</script><img src=x onerror=alert(1)>&\u2028\u2029'\"\\"
UPLOT = Path(page.__file__).parent / "uplot"


def _data(title: str = "看板", **more: Any) -> dict[str, Any]:
    return {"head": {"title": title, "lines": [], "status": "", "month": ""}, "tables": {}} | more


@pytest.mark.parametrize(
    ("look", "value", "said"),
    [
        ("count", 12345, "12,345"),
        ("count", 0, "0"),
        ("yuan", 123456789, "1,234,567.89"),
        ("yuan", -5, "-0.05"),
        ("yuan", 0, "-"),
        ("wan", 505317649999, "505,317.65"),
        ("wan", -1_500_000, "-1.50"),
        ("wan", 5_000, "0.01"),  # 0.005 万元: half away from zero
        ("amount", "1642.68", "1,642.68"),
        ("amount", "0.00", "-"),
        ("rate", 0.42965, "42.97%"),
        ("rate", "-0.00005", "-0.01%"),
        ("points", "98.265", "98.27"),
        ("number", "162.4757", "162.4757"),
        ("number", "1476.5", "1,476.50"),
        ("number", "12", "12.00"),
        ("change", 3, "▲3"),
        ("change", -12, "▼12"),
        ("change", 0, "平"),
        ("date", 20757, "2026-10-31"),
        ("id", "0801", "0801"),
        ("text", None, ""),
        ("yuan", float("nan"), ""),
        ("count", pd.NA, ""),
    ],
)
def test_a_text_reads_as_its_cell_shows_it(look: Any, value: Any, said: str) -> None:
    assert look in FORMATS
    assert text_of(look, value) == said


def test_a_difference_is_told_with_its_way_and_unit() -> None:
    assert difference_said("count", 1110, 1077) == "▲33"
    assert difference_said("wan", 5_000_000_00, 5_167_810_00) == "▼16.78"
    assert difference_said("rate", 0.4296, 0.4266) == "▲0.30点"
    assert difference_said("points", 81.42, 82.86) == "▼1.44"
    assert difference_said("rate", 0.10001, 0.10002) == "持平"


@pytest.mark.parametrize(
    ("look", "now", "before", "said"),
    [
        ("rate", 0.949493, 0.949853, "▼0.04点"),  # 94.95 % and 94.99 %; 0.036 apart
        ("points", 81.4151, 82.8649, "▼1.44"),  # 81.42 and 82.86; 1.4498 apart
        ("wan", 1_004_999, 995_001, "持平"),  # 1.00 and 1.00 万元
        ("points", 76.385, 76.375, "▲0.01"),  # half away from zero: 76.39 and 76.38
    ],
)
def test_a_difference_is_what_a_reader_takes_off_on_paper(look: Any, now: float, before: float, said: str) -> None:
    assert difference_said(look, now, before) == said


def test_whatever_a_name_holds_is_text_and_comes_back_as_it_was() -> None:
    html = page_html(_data(HOSTILE, name=HOSTILE, half="半\ud800")).decode("utf-8")
    body = html.split('id="data">', 1)[1].split("</script>", 1)[0]
    assert not re.search(r"[<>&\u2028\u2029]", body)
    found = json.loads(body)
    assert (found["name"], found["half"]) == (HOSTILE, "半\ud800")
    assert "<img" not in html
    assert packed(HOSTILE).isascii()


def test_the_policy_lets_nothing_out_and_runs_no_script_but_its_own() -> None:
    html = page_html(_data()).decode("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    for kind in ("script", "style"):
        inner = re.findall(rf"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
        assert len(inner) == 1
        digest = hashlib.sha256(inner[0].encode()).digest()
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy[1]
    assert not re.search(r"https?:|\bsrc=|@import|url\(", html)
    assert not re.search(r"<[^>]+\son\w+=", html.split('id="data"')[0])


def test_the_library_is_the_one_whose_hashes_and_licence_are_told() -> None:
    told = dict(re.findall(r"^\| `([^`]+)` \|.*`(\w{64})` \|$", (UPLOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert told == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in UPLOT.iterdir() if path.name != "README.md"
    }
    assert licence().startswith("The MIT License")
    assert json.dumps(licence())[1:40] in page_html(_data()).decode()


def test_a_column_of_few_texts_is_kept_as_their_numbers_and_one_of_many_is_not() -> None:
    frame = pd.DataFrame({"customer_id": [str(n) for n in range(8)], "change": ["平", "升"] * 4})
    made = table(
        "表", [labelled("customer_id"), labelled("change")], frame, hidden=("change",), totals={"customer_id": "合计"}
    )
    assert made["columns"][1]["words"] == ["平", "升"]
    assert made["columns"][1]["hidden"]
    assert "words" not in made["columns"][0]
    assert made["rows"][:2] == [["0", 0], ["1", 1]]
    assert made["totals"] == ["合计", ""]

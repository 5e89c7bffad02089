"""What does 首页 of 试算.xlsx say of what it has no room for?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd

from kehujingli.studies.classes.followed import Beside, Stand
from kehujingli.studies.pay.inequality import spread
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.whatif import Trial, write_whatif


def _stand(loads: list[int]) -> Stand:
    branches = pd.DataFrame({"branch_id": [f"8010{place:02d}" for place in range(len(loads))], "load_due": loads})
    branches = branches.assign(branch_name=branches["branch_id"], due=1, capacity=10.0, unassigned=0)
    people = branches.rename(columns={"branch_id": "manager_id", "load_due": "load"})
    return Stand(None, people.assign(branch_id="801001", name="甲"), branches)


def test_branches_over_their_limit_are_counted_where_only_some_are_shown(tmp_path: Path) -> None:
    """Nine of ten branches come to 12 of 10; eight are shown."""
    beside = Beside.of(_stand([8] * 10), _stand([12] * 9 + [8]))
    meta = Meta("示例县联社", "2026年10月", "2026-10-31", "示联发〔2026〕1号", "制表：甲")
    nobody = spread([])
    path = tmp_path / "试算.xlsx"
    write_whatif(path, meta, Trial("甲 → 乙", [], [], [], (nobody, nobody), beside, []))
    book = openpyxl.load_workbook(path)
    said = [str(row[0].value) for row in book["首页"].iter_rows()]
    assert "三、负荷（变化最大的 8 家，全部见「机构负荷」）" in said
    (chart,) = book["首页"]._charts
    title = "".join(run.t for part in chart.title.tx.rich.p for run in part.r or [])
    assert title == "试算后应配折算户超过本机构管户上限的：10 家里 9 家（图上是变化最大的 8 家，占上限）"

"""Does each cell of the grid tell its customers and how they are looked after, and who should have a manager and has none?"""

from __future__ import annotations

import pandas as pd

from kehujingli import terms
from kehujingli.rules.strategy import Tended
from kehujingli.studies.strategy import strategy

LARGE = Tended(who="manager", visit_days=30, channel=("上门", "电话"), offer=("授信",), aim="keep")
SMALL = Tended(who="branch", visit_days=180, channel=("电话",), offer=("手机银行", "社保卡"), aim="grow")
CLASSES = pd.DataFrame(
    {
        "group": ["frequent/large", "frequent/large", "mobile/small", "mobile/small", "mobile/small", "dormant/small"],
        "holder_id": ["M1", None, None, None, "M1", None],
    }
)


def test_every_cell_has_a_row_with_its_customers_and_those_without_a_manager() -> None:
    told = strategy(CLASSES, strategy={"frequent/large": LARGE, "mobile/small": SMALL})
    rows = told.frames["strategy"].set_index("group")
    assert list(rows.index) == list(terms.GROUPS)
    assert rows["customers"].to_dict() == dict.fromkeys(terms.GROUPS, 0) | {
        "frequent/large": 2,
        "mobile/small": 3,
        "dormant/small": 1,
    }
    assert rows.loc["frequent/large", ["who", "unheld", "visit_days", "channel", "offer", "aim"]].tolist() == [
        *("manager", 1, 30),
        *("上门、电话", "授信", "keep"),
    ]
    assert pd.isna(rows.loc["mobile/small", "unheld"]), "the branch looks after them: nobody lacks a manager"
    assert told.lines[0] == "保：2 户；提：0 户；唤：0 户；养：3 户"
    assert told.lines[1] == "说由客户经理管的户里，1 户没有客户经理"
    assert told.lines[2].startswith("办法里没有写：经常联系户·中等客户、")

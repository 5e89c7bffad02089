"""Do the four 环节 of a score add up to it before adjustments, as its five categories do?"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from filled import rules, scored

from kehujingli.lists.scores import LINKS, beside_links

D = Decimal
PLAIN = {"shape": "linear", "slope": 1, "base": 0}
ITEMS = (
    PLAIN | {"id": "a", "label": "甲", "category": "risk", "points": 30, "link": "serve"},
    PLAIN | {"id": "b", "label": "乙", "category": "growth", "points": 30, "link": "market"},
    PLAIN | {"id": "c", "label": "丙", "category": "risk", "points": 40, "link": "market"},
    {"id": "d", "label": "丁", "category": "growth", "shape": "unit_price", "price": 5, "link": "sell"},
)


def test_points_stand_under_the_link_of_their_item_and_what_is_pay_under_none() -> None:
    typed = [{"item": name, "value": value} for name, value in (("甲", "20"), ("乙", "10"), ("丙", "7"), ("丁", "100"))]
    found = scored(rules(*ITEMS), typed, [])
    (manager,) = found.managers
    ranking = pd.DataFrame({"manager_id": [manager.manager_id], "branch_id": [manager.branch_id]})
    row = beside_links(ranking, found.managers).iloc[0]
    assert [row[f"link:{key}"] for key in LINKS] == [D(17), D(0), D(0), D(20)]
    assert manager.score == D(37)
    assert [manager.category(name) for name in ("risk", "growth")] == [D(27), D(10)]

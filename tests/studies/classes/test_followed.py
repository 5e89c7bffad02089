"""Two sides of a month: what they have in common adds up, and a person on one side only is shown."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from kehujingli.studies.classes.followed import Beside, Stand, said, summary
from kehujingli.studies.pay.whatif import Outcome


def _stand(groups: str, load: float, pay: dict[str, int], capacity: float | None = 10) -> Stand:
    names = {"f": "frequent/large", "m": "mobile/medium", "d": "dormant/small"}
    ids = [f"C{place}" for place in range(len(groups))]
    classes = pd.DataFrame({"customer_id": ids, "group": [names[letter] for letter in groups]})
    branch = {"branch_id": "801001", "branch_name": "城关", "capacity": capacity}
    loads = pd.DataFrame([branch | {"manager_id": "M1", "name": "张三", "load": load}])
    branches = pd.DataFrame([branch | {"due": len(groups), "load_due": load, "unassigned": 0}])
    paid = {who: Outcome(who, f"名{who}", Decimal(80), Decimal(amount)) for who, amount in pay.items()}
    return Stand(classes, loads, branches, paid)


NOW = _stand("ffmd", 8, {"M1": 100, "M2": 50})
THEN = _stand("fmmm", 11, {"M1": 90, "M3": 20})


def test_who_comes_to_a_group_has_gone_from_another() -> None:
    beside = Beside.of(NOW, THEN)
    assert beside.groups is not None
    table = beside.groups.set_index("group")
    assert table["customers_now"].sum() == table["customers_then"].sum() == 4
    assert table["came"].sum() == table["went"].sum() == beside.row["changed"] == 2
    assert (table["difference"] == table["came"] - table["went"]).all()
    assert table.loc["mobile/medium", ["customers_now", "customers_then", "came", "went"]].tolist() == [1, 3, 2, 0]


def test_loads_stand_against_the_limit_and_pay_adds_up() -> None:
    row = summary(NOW, THEN)
    assert (row["load_due"], row["load_difference"], row["rate"], row["over"]) == (11, 3, 1.1, 1)
    assert (row["total_pay"], row["pay_difference"]) == (Decimal(110), Decimal(-40))
    assert (row["gainers"], row["losers"]) == (1, 2)
    people = Beside.of(NOW, THEN).managers.set_index("manager_id")
    assert people["pay_difference"].sum() == row["pay_difference"]
    assert people.loc["M2", ["name", "pay_now", "pay_then"]].tolist() == ["名M2", Decimal(50), None]
    assert people.loc["M1", ["load_now", "load_then"]].tolist() == [8, 11]


def test_nobody_has_a_rate_where_there_is_no_limit() -> None:
    row = summary(NOW, _stand("ffmd", 8, {}, capacity=None))
    assert row["capacity"] is None
    assert row["rate"] is None
    assert "占上限" not in said(row)


def test_a_side_without_classes_or_plan_leaves_them_out() -> None:
    bare = Stand(paid=NOW.paid)
    beside = Beside.of(bare, Stand(paid=THEN.paid))
    assert (beside.groups, beside.branches, beside.row["load_due"]) == (None, None, None)
    assert said(beside.row) == "换户群 0 户；应发 -40.00 元（多得 1 人，少得 2 人）"

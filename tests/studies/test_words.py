"""Two branches, or managers, of one name are two parts; one that was renamed is one."""

from __future__ import annotations

import pandas as pd

from kehujingli.studies.classes.followed import Stand, branches_beside
from kehujingli.studies.money.views import MEASURES, _named, view
from kehujingli.studies.outlook import _branches
from kehujingli.studies.words import words_of


def words(*rows: tuple[str | None, str | None]) -> list[str]:
    numbers, names = (pd.Series([row[place] for row in rows], dtype="object") for place in (0, 1))
    return list(words_of(numbers, names, "没有机构"))


def test_who_are_called_alike_bear_their_numbers() -> None:
    assert words(("1", "营业部"), ("2", "营业部"), ("3", "东关"), ("1", "营业部")) == [
        "营业部 1",
        "营业部 2",
        "东关",
        "营业部 1",
    ]


def test_a_number_has_one_name_and_without_any_it_is_itself() -> None:
    assert words(("1", "老店"), ("1", "新店"), ("2", None), (None, None), ("", "")) == [
        "新店",
        "新店",
        "2",
        "没有机构",
        "没有机构",
    ]


def test_contribution_of_two_branches_of_one_name_is_not_added_up() -> None:
    from decimal import Decimal

    people = pd.DataFrame(
        {
            "customer_id": ["A", "B"],
            "group": ["frequent/large"] * 2,
            "branch_id": ["1", "2"],
            "branch_name": ["营业部"] * 2,
            "holder_id": ["M1", "M1"],
            "manager_name": ["甲", "甲"],
        }
    )
    units = _named(people, people).assign(**dict.fromkeys(MEASURES, 0)).assign(fees=[5_00, 7_00])
    told = view(units, "branch", 30, 30, Decimal("0.1")).set_index("part")["contribution"]
    assert told.to_dict() == {"营业部 1": 5_00, "营业部 2": 7_00}


def test_outlook_counts_each_of_two_branches_of_one_name() -> None:
    told = pd.DataFrame(
        {
            "customer_id": ["A", "B", "C"],
            "branch_id": ["1", "2", "2"],
            "branch_name": ["营业部"] * 3,
            "kind": ["asleep"] * 3,
            "scale_amount": [1, 2, 3],
        }
    )
    rows = _branches(told, None)
    assert list(zip(rows["branch_id"], rows["asleep"], rows["asleep_amount"], strict=True)) == [
        ("1", 1, 1),
        ("2", 2, 5),
    ]


def test_a_branch_that_was_renamed_stands_beside_itself() -> None:
    def stand(name: str) -> Stand:
        branches = pd.DataFrame({"branch_id": ["1"], "branch_name": [name], "capacity": [10.0], "load_due": [5.0]})
        return Stand(classes=None, branches=branches, loads=None, paid=())  # type: ignore[arg-type]

    told = branches_beside(stand("老店"), stand("新店"))
    assert told is not None
    assert told["branch_name"].tolist() == ["新店"]

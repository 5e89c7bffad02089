"""How many moved, and how many only arrived?"""

from __future__ import annotations

import pandas as pd

from kehujingli.lists.moved import moved


def test_what_arrived_is_told_apart_and_counts_in_no_movement() -> None:
    """64 seem woken: 11 transacted, 6 took loans, 47 have a contract of before; one new customer was opened before."""
    told = ["own_activity"] * 11 + ["new_loan"] * 6 + ["late_data"] * 47 + ["late_data", "opened"]
    ids = [f"C{n}" for n in range(len(told))]
    classes = pd.DataFrame({"customer_id": ids, "change": ["woken"] * 64 + ["new"] * 2})
    month = moved(classes, pd.Series(told, index=ids))
    assert (month.of("woken"), month.of("new")) == (17, 1)
    assert month.woken == "激活 17 户（本人办业务 11、新贷款 6）"
    assert month.arrived == "；数据补到不算变动：客户 1 户，不再休眠 47 户"


def test_without_a_month_before_nothing_is_said_to_have_arrived() -> None:
    frame = pd.DataFrame({"customer_id": ["C1"], "change": [None]})
    assert moved(frame, None).arrived == ""

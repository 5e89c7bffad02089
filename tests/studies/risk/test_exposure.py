"""Who has the business beside the loans in hand, where it is not who looks after the customer?"""

from __future__ import annotations

import pandas as pd

from kehujingli.studies.risk.exposure import kept_by_others


def test_only_who_is_another_is_shown_and_each_once() -> None:
    """A is M1's and M1 has her bills; B is M1's, M3 and M2 have hers; C is nobody's; D's line names nobody."""
    classes = pd.DataFrame({"customer_id": list("ABCD"), "holder_id": ["M1", "M1", None, "M1"]})
    rows = [("A", "M1"), ("B", "M3"), ("B", "M2"), ("B", "M3"), ("C", "M1"), ("D", None)]
    told = kept_by_others(pd.DataFrame(rows, columns=["customer_id", "manager_id"]), classes)
    assert dict(zip(told["customer_id"], told["handled_by"], strict=True)) == {"B": "M2、M3", "C": "M1"}


def test_an_export_without_managers_tells_of_nobody() -> None:
    classes = pd.DataFrame({"customer_id": ["A"], "holder_id": ["M1"]})
    assert kept_by_others(None, classes).empty
    assert kept_by_others(pd.DataFrame({"customer_id": ["A"]}), classes).empty

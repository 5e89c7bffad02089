"""Do the lines after a run say what changed since the month before, and hide nothing but what is known?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kehujingli.errors import Spot, finding, is_known
from kehujingli.month.attention import attention_lines
from kehujingli.month.summary import _mean_change
from kehujingli.periods import Period
from kehujingli.workspace import Workspace


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (["80.00", "90.01"], "  平均分 +5.01"),
        (["79.99", None], "  平均分 −0.01"),
        (["80.00", None], "  平均分 持平"),
        ([None, None], ""),
    ],
)
def test_the_mean_score_is_compared_with_the_month_before(tmp_path: Path, now: list[str | None], said: str) -> None:
    folder = tmp_path / "periods" / "2026-09" / "data"
    folder.mkdir(parents=True)
    pq.write_table(
        pa.table({"manager_id": ["M1", "M2", "M3"], "score": ["70.00", "90.00", None]}), folder / "scores.parquet"
    )
    managers = [SimpleNamespace(manager_id=f"M{n}", score=score and Decimal(score)) for n, score in enumerate(now)]
    month: Any = SimpleNamespace(
        workspace=Workspace(tmp_path),
        rules=SimpleNamespace(rules=SimpleNamespace(incentive=True)),
        period=Period.of("2026-10"),
        scores=SimpleNamespace(managers=managers),
    )
    assert _mean_change(month) == said


BAD = finding("intake.amount-bad", file="流水.csv", sheet="", cell="E2", value="x", column="金额", count=1)
MANY = finding(
    "intake.amount-bad", file="流水.csv", cell="E2", value="x", column="金额", count=3, spots=[Spot("E2"), Spot("E3")]
)


@pytest.mark.parametrize(
    ("told", "entry", "known"),
    [
        (BAD, "intake.amount-bad", True),
        (BAD, "intake.amount-bad 《流水.csv》", True),
        (BAD, "intake.amount-bad E2", True),
        (BAD, "intake.amount-bad 账户.csv", False),
        (BAD, "intake.date-bad", False),
        (MANY, "intake.amount-bad 流水.csv", True),
        (MANY, "intake.amount-bad E2", False),
    ],
)
def test_a_known_finding_is_one_of_its_code_and_place(told: Any, entry: str, known: bool) -> None:
    assert is_known(told, [entry]) is known


def test_known_findings_are_counted_and_the_others_named() -> None:
    date = finding("intake.date-bad", file="流水.csv", cell="A2", value="昨天", column="日期")
    assert attention_lines([BAD, date], ["intake.amount-bad"]) == ["请人看  ① 1 个日期不对（已知的 1 条不列）"]
    assert attention_lines([BAD], ["intake.amount-bad"]) == ["请人看  没有（已知的 1 条不列）"]

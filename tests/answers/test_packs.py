"""Is every figure of a pack the branch's or the manager's own, and is what cannot be known said?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kehujingli.answers.packs import earlier_of, packs_of
from kehujingli.lists.packs import By, Pack
from kehujingli.workbooks.packs import _sentences
from kehujingli.workspace.results import Results

PERIOD = "2026-10"
Changed = Callable[..., Results]


@pytest.fixture
def county(two_months: Path, tmp_path: Path) -> Changed:
    """The newer of two kept months, tables of it changed: ``county(classes=lambda frame: ...)``."""

    def changed(period: str = PERIOD, **tables: Callable[[pd.DataFrame], pd.DataFrame]) -> Results:
        root = tmp_path / "periods"
        if not root.exists():
            shutil.copytree(two_months / "periods", root)
        for name, change in tables.items():
            path = root / period / "data" / f"{name}.parquet"
            change(pd.read_parquet(path)).to_parquet(path)
        return Results(root / PERIOD)

    return changed


def made(kept: Results, by: By = "branch", days: int = 90) -> dict[str, Pack]:
    return {one.key: one for one in packs_of(kept, earlier_of(kept), by, days).each}


def figure(pack: Pack, measure: str, column: str = "county") -> float:
    return float(pack.figures.set_index("measure").at[measure, column])


def test_customers_of_no_branch_are_no_branch_in_the_mean_of_the_branches(county: Changed) -> None:
    homes: dict[str, int] = {}

    def homeless(classes: pd.DataFrame) -> pd.DataFrame:
        classes.loc[classes.index[:30], "branch_id"] = None
        homes.update(classes["branch_id"].value_counts().to_dict())
        return classes

    found = made(county(classes=homeless))
    assert len(found[""].customers) == 30
    assert figure(found[""], "customers", "own") == 30
    mean = sum(homes.values()) / len(homes)
    assert all(figure(one, "customers") == pytest.approx(mean) for one in found.values())


def test_a_mean_score_is_rounded_half_away_from_zero_as_scores_are(county: Changed) -> None:
    """(92.60 + 60.17) ÷ 2 = 76.385: 76.39, not the 76.38 of binary fractions; who has no score is not in it."""

    def scored(scores: pd.DataFrame) -> pd.DataFrame:
        three = pd.concat([scores.head(1)] * 3, ignore_index=True)
        return three.assign(score=["92.60", "60.17", None], manager_id=["M1", "M2", "M3"], branch_id="801001")

    found = made(county(scores=scored))["801001"]
    assert (figure(found, "mean_score", "own"), figure(found, "mean_score")) == (76.39, 76.39)


def test_a_loan_of_a_branch_without_customers_of_its_own_falls_due_in_a_pack(county: Changed) -> None:
    lost: list[str] = []

    def elsewhere(loans: pd.DataFrame) -> pd.DataFrame:
        row = loans[(loans["balance"] > 0) & (loans["status"].fillna("on_book") == "on_book")].index[0]
        loans.loc[row, ["customer_id", "branch_id", "overdue_days"]] = ["999999999", "801099", 9]
        lost.append(loans.at[row, "loan_id"])
        return loans

    found = made(county(loans=elsewhere))
    listed = [number for one in found.values() for number in one.due["number"]]
    assert listed.count(lost[0]) == 1
    assert lost[0] in found["801099"].due["number"].tolist()


def test_what_falls_due_is_with_the_loans_own_manager_as_due_says(county: Changed) -> None:
    """``due --manager`` lists a loan under the manager who bears it, else under her holder: his pack says the same."""
    moved: dict[str, tuple[str, str]] = {}

    def borne(loans: pd.DataFrame) -> pd.DataFrame:
        classes = pd.read_parquet(county().path("classes")).set_index("customer_id")
        holder = loans["customer_id"].map(classes["holder_id"])
        row = loans.index[(loans["balance"] > 0) & holder.notna() & (loans["status"].fillna("on_book") == "on_book")][0]
        other = next(who for who in classes["holder_id"].dropna().unique() if who != holder[row])
        loans.loc[row, ["manager_id", "overdue_days"]] = [other, 5]
        moved[loans.at[row, "loan_id"]] = (holder[row], other)
        return loans

    found = made(county(loans=borne), "manager")
    for loan, (holder, other) in moved.items():
        assert loan in found[other].due["number"].tolist()
        assert loan not in found[holder].due["number"].tolist()


def test_a_loan_of_a_manager_who_is_on_no_roster_stays_with_the_holder(county: Changed) -> None:
    left: dict[str, str] = {}

    def gone(loans: pd.DataFrame) -> pd.DataFrame:
        classes = pd.read_parquet(county().path("classes")).set_index("customer_id")
        holder = loans["customer_id"].map(classes["holder_id"])
        row = loans.index[(loans["balance"] > 0) & holder.notna() & (loans["status"].fillna("on_book") == "on_book")][0]
        loans.loc[row, ["manager_id", "overdue_days"]] = ["M9999", 5]
        left[loans.at[row, "loan_id"]] = holder[row]
        return loans

    found = made(county(loans=gone), "manager")
    assert all(loan in found[holder].due["number"].tolist() for loan, holder in left.items())


def test_without_the_month_before_it_is_not_said_that_nobody_changed(two_months: Path, tmp_path: Path) -> None:
    shutil.copytree(two_months / "periods" / "2026-09", tmp_path / "2026-09")
    kept = Results(tmp_path / "2026-09")
    found = made(kept)
    assert all(one.before_said for one in found.values())
    assert all(one.changes.empty for one in found.values())


def test_a_month_before_that_was_run_again_afterwards_is_told(county: Changed) -> None:
    def again(classes: pd.DataFrame) -> pd.DataFrame:
        row = classes.index[classes["group"] == "mobile/small"][0]
        classes.loc[row, "group"] = "frequent/medium"
        return classes

    assert all(not one.before_said for one in made(county()).values())
    found = made(county("2026-09", classes=again))
    assert all("1 户" in one.before_said for one in found.values())


def test_each_change_has_its_main_cause_as_the_month_told_it(two_months: Path) -> None:
    """变动 of 客户分类.xlsx tells causes when the month is run; a pack tells the same of what the month kept."""
    import openpyxl

    kept = Results(two_months / "periods" / PERIOD)
    rows = list(openpyxl.load_workbook(kept.home / "客户分类.xlsx", read_only=True)["变动"].iter_rows(values_only=True))
    head = next(row for row in rows if "客户号" in row)
    at, cause = head.index("客户号"), head.index("主因")
    told = {str(row[at]): row[cause] for row in rows[rows.index(head) + 1 :] if row[at]}
    found = {
        who: why
        for one in made(kept).values()
        for who, why in zip(one.changes["customer_id"], one.changes["cause"], strict=True)
    }
    assert found == told


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("loans", "due_on", ["已逾期贷款 ", "到期贷款没有算（贷款台账没有到期日）"]),
        ("accounts", "matures_on", ["到期定期没有算（存款账户没有到期日）"]),
        ("loans", "", ["已逾期贷款没有算（没有导入贷款台账）", "到期贷款没有算（没有导入贷款台账）"]),
        ("accounts", "", ["到期定期没有算（没有导入存款账户）"]),
    ],
)
def test_of_what_nobody_looked_at_it_is_not_said_that_there_is_none(
    county: Changed, table: str, column: str, said: list[str]
) -> None:
    kept = county(
        **{table: lambda frame: frame.assign(**{column: None}).astype({column: "Int64"}) if column else frame}
    )
    if not column:
        kept.path(table).unlink()
    sentence = next(sentence for one in made(kept).values() for sentence in _sentences(one, 90) if sentence[0] == "1")
    assert all(part in sentence for part in said)

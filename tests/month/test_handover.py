"""A handover from the first proposal to the month that counts it: nothing before it is approved, then each side what the proposal said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.commands.handover import named
from kehujingli.errors import Problem
from kehujingli.lists.handover import Asked
from kehujingli.month import Month
from kehujingli.month.handover import Handed, handed_over
from kehujingli.periods import day_of
from kehujingli.workspace import Workspace

ON = day_of(dt.date(2026, 10, 16))
CLAIMS = ["客户号", "条线", "工号", "生效日期", "业绩分配比例"]


def _county(root: Path, **more: list[list[Any]]) -> Workspace:
    """M1 holds C1 to C3 and C5 (whose account M3 brought), M2 holds C4; of C3 M1 has 80 % by a claim for good. M4 stands twice in the roster, M5 in no branch."""
    people = [customer(f"C{n}", holder="M2" if n == 4 else "M1") for n in (1, 2, 3, 4, 5)]
    held = [
        [f"AC{n}", f"C{n}", "活期", n * 1_000, 500, LONG_AGO, None, "M3" if n == 5 else None] for n in (1, 2, 3, 4, 5)
    ]
    lent = [["L1", "C1", LONG_AGO, dt.date(2026, 10, 10), 7_000, "次级", 6, None, "M1"]]
    lent += [["L2", "C2", LONG_AGO, dt.date(2026, 12, 10), 2_000, "正常", 0, "M1", "M1"]]
    roster = [
        manager("M1"),
        manager("M2", until=dt.date(2026, 10, 20)),
        manager("M3"),
        manager("M4"),
        manager("M5", branch=""),
    ]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *people],
        "存款账户_20261031.xlsx": [ACCOUNTS, *held],
        "贷款台账_20261031.xlsx": [LOANS, *lent],
        "名册.xlsx": [MANAGERS, *roster, manager("M4", branch="801002")],
        "流水.xlsx": [
            TRANSACTIONS,
            post(dt.date(2026, 3, 1), "C1", 300),
            post(dt.date(2026, 10, 20), "C1", 400),
            post(dt.date(2026, 10, 25), "C2", -90),
            post(dt.date(2026, 10, 31), "C9", 1),
        ],
        "业绩归属.xlsx": [CLAIMS, ["C3", "全部", "M1", dt.date(2026, 1, 1), 0.8]],
        **{f"{name}.xlsx": grid for name, grid in more.items()},
    }
    return workspace(root, files)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return _county(tmp_path_factory.mktemp("handover") / "county")


@pytest.fixture(scope="module")
def month(place: Workspace) -> Month:
    return reckon(place, "2026-10")


def _found(month: Month, *customers: str, giver: str = "M1", taker: str = "M3", on: int = ON) -> Handed:
    return handed_over(month, [Asked(giver, taker, customers or None)], on)


def _growth(month: Month) -> dict[str, int]:
    parts = month.actuals.contributions
    parts = parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
    return {str(who): int(cents) for who, cents in parts.groupby("holder")["numerator"].sum().items()}


def test_the_list_says_what_goes_and_what_waits(month: Month) -> None:
    found = _found(month)
    (pair,) = found.pairs.to_dict("records")
    assert (pair["customers"], pair["loans"], pair["loan_balance"], pair["npl"]) == (3, 2, 900_000, 700_000)
    assert (pair["due"], pair["late"], pair["deposits"]) == (1, 1, 300_000), "M3's own account of C5 does not go"
    loans = found.listed.set_index("entity")
    assert int(loans.loc["L1", "late"]) == 6
    assert (loans.loc["L2", "due"], loans.loc["L1", "due"], loans.loc["L1", "responsible"]) == ("是", "", "M1")
    rows = [(row.customer_id, row.account_id, row.line, row.manager_id) for row in found.claims.itertuples()]
    assert rows[:3] == [("C1", None, "all", "M3"), ("C2", None, "all", "M3"), ("C5", None, "all", "M3")]
    assert [row[1:] for row in rows[3:]] == [("AC5", "deposit", "M3")]
    assert [one.code for one in found.findings] == ["handover.claimed"]
    assert "业绩归属.xlsx「Sheet1」" in found.findings[0].text


def test_what_cannot_be_handed_over_is_told_and_the_rest_goes_on(month: Month) -> None:
    found = _found(month, "C1", "C4", "C8", taker="M4")
    assert list(found.claims["customer_id"]) == ["C1"]
    assert [one.code for one in found.findings] == [
        "handover.two-posts",
        "handover.not-held",
        "handover.customer-unknown",
    ]
    assert "名册.xlsx「Sheet1」" in found.findings[0].text
    off = _found(month, "C1", taker="M2", on=day_of(dt.date(2026, 11, 1)))
    assert [one.code for one in off.findings] == ["handover.off-duty"]


def test_whom_the_taker_may_not_have_stays_out_of_it_with_the_reason(tmp_path: Path) -> None:
    """M6 is to avoid C3; C1 owes 7,000 and he may lend 5,000; C2 goes, a borrower of one 折算户, and he has room for none."""
    header, *roster = [[*MANAGERS, "授信权限(万元)"], [*manager("M1"), 50], [*manager("M6", capacity=0), 0.5]]
    place = _county(
        tmp_path / "county",
        名册=[header, *roster],
        回避=[["工号", "客户号", "回避事由"], ["M6", "C3", "配偶"]],
        业绩归属=[CLAIMS],
    )
    found = _found(reckon(place, "2026-10"), "C1", "C2", "C3", taker="M6")
    told = {one.code: one.text for one in found.findings}
    assert list(found.pairs["customers"]) == [1]
    assert [one.message for one in found.findings if one.code == "handover.unfit"] == [
        "1 户不能给 M6（C1）：贷款 0.70 万元超过他的授信权限 0.50 万元，没有列入；其余照移交。",
        "1 户不能给 M6（C3）：回避：配偶，没有列入；其余照移交。",
    ]
    assert "M6 名下有 1 折算户（原来 0），超过管户上限 0" in told["handover.over"]


@pytest.mark.parametrize(
    ("giver", "taker", "on", "code"),
    [
        ("M1", "M1", ON, "handover.same"),
        ("M1", "M9", ON, "handover.unknown"),
        ("M1", "M5", ON, "handover.unknown"),  # in no branch: his row of the roster is refused where it is read
        ("M1", "M3", day_of(dt.date(2026, 9, 30)), "handover.date"),
        ("M1", "M3", day_of(dt.date(2027, 11, 1)), "handover.date"),
        ("M3", "M1", ON, "handover.nobody"),
    ],
)
def test_what_is_no_handover_stops(month: Month, giver: str, taker: str, on: int, code: str) -> None:
    with pytest.raises(Problem) as stopped:
        _found(month, giver=giver, taker=taker, on=on)
    assert stopped.value.findings[0].code == code


def _agree(form: Path) -> None:
    """是 and an approver on every row."""
    book = openpyxl.load_workbook(form)
    sheet = book["业绩归属"]
    head = [cell.value for cell in sheet[3]]
    for row in range(4, sheet.max_row + 1):
        if any(cell.value for cell in sheet[row]):
            sheet.cell(row, head.index("同意") + 1, "是")
            sheet.cell(row, head.index("审批人") + 1, "刘主任")
    book.save(form)


def test_it_counts_once_approved_and_is_what_was_said(place: Workspace, month: Month, tmp_path: Path) -> None:
    """Replayed: C1 and C2 from 16 October to M3; each side's growth is the last line of the days, to the 分."""
    before = _growth(month)
    asked = ("handover", "--from", "M1", "--to", "M3", "--customers", "C1，C2", "--on", "2026-10-16")
    told = run_here(*asked, "--period", "2026-10", "-o", tmp_path / "移交.xlsx", "--json", cwd=place.root)
    assert told.code == 0, told.err
    again = run_here(*asked, "--period", "2026-10", "-o", tmp_path / "移交.xlsx", cwd=place.root)
    assert (again.code, "不覆盖" in again.err) == (2, True)
    names = openpyxl.load_workbook(tmp_path / "移交.xlsx", read_only=True).sheetnames
    assert names == ["首页", "移交清单", "中性基数", "逐日净增", "口径"]
    (form,) = place.forms.glob("业绩归属_移交*.xlsx")
    waiting = reckon(place, "2026-10")
    assert _growth(waiting) == before
    assert "table.attribution-proposed" in codes(waiting)
    _agree(form)
    counted = reckon(place, "2026-10")
    after, last = _growth(counted), told.json["days"][-1]
    assert "table.attribution-proposed" not in codes(counted)
    moved = {who: after.get(who, 0) - before.get(who, 0) for who in ("M1", "M3")}
    cents = {key: round(float(last[key]) * 100) for key in ("whole", "giver_growth", "taker_growth")}
    assert moved["M3"] == cents["taker_growth"] != 0
    assert moved["M1"] == cents["giver_growth"] - cents["whole"]
    assert sum(after.values()) == sum(before.values()), "both sides and 公共 are the branch, as before"
    form.unlink()


def test_customers_are_named_by_hand_or_in_a_file(tmp_path: Path) -> None:
    listed = tmp_path / "名单.csv"
    listed.write_text("序号,客户号\n1,C1\n2,C2\n2,C2\n", encoding="utf-8")
    assert named(str(listed)) == named("C1，C2") == ("C1", "C2")
    book = openpyxl.Workbook()
    for row in ([None, None], ["序号", "客户编号"], [1, 810000000012], [2, 810000000013.0]):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    assert named(str(tmp_path / "名单.xlsx")) == ("810000000012", "810000000013")
    for text, code in (("，", "option.bad"), (f"{tmp_path / '没有.xlsx'}", "table.path-missing")):
        with pytest.raises(Problem) as stopped:
            named(text)
        assert stopped.value.findings[0].code == code


def test_what_was_handed_over_once_can_be_handed_over_again(tmp_path: Path) -> None:
    """C1 became M1's for good on 1 October by a claim; on the 16th she goes on to M3: the claim ends on the 15th, 15 days each, nothing lost."""
    place = _county(tmp_path / "county", 业绩归属=[CLAIMS, ["C1", "全部", "M1", dt.date(2026, 10, 1), 1]])
    before = _growth(reckon(place, "2026-10"))
    asked = ("handover", "--from", "M1", "--to", "M3", "--customers", "C1", "--on", "2026-10-16", "--period", "2026-10")
    told = run_here(*asked, "-o", tmp_path / "移交.xlsx", "--json", cwd=place.root)
    assert told.code == 0, told.err
    rows = [(row["manager_id"], row["valid_from"], row["valid_to"]) for row in told.json["attributions"]]
    assert rows == [("M1", "2026-10-01", "2026-10-15"), ("M3", "2026-10-16", None)]
    (form,) = place.forms.glob("业绩归属_移交*.xlsx")
    assert _growth(reckon(place, "2026-10")) == before, "nothing ends before it is approved"
    _agree(form)
    counted = reckon(place, "2026-10")
    after, last = _growth(counted), told.json["days"][-1]
    assert "table.claim-ended" in codes(counted)
    assert not {"score.shares-over", "table.claim-twice"} & codes(counted)
    assert after["M3"] - before.get("M3", 0) == round(float(last["taker_growth"]) * 100) != 0
    assert sum(after.values()) == sum(before.values())


def test_a_customer_number_that_a_spreadsheet_kept_as_a_number_beyond_fifteen_digits_is_no_number(
    tmp_path: Path,
) -> None:
    """330102199001011234 comes back as 330102199001011200; twelve digits come back whole."""
    book = openpyxl.Workbook()
    for row in (["客户号"], [810000000012.0], ["C1"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "名单.xlsx")
    assert named(str(tmp_path / "名单.xlsx")) == ("810000000012", "C1")
    book.active.append([330102199001011234])  # type: ignore[union-attr]
    book.save(tmp_path / "名单.xlsx")
    with pytest.raises(Problem, match="末几位已经丢了"):
        named(str(tmp_path / "名单.xlsx"))

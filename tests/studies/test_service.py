"""服务 reckoned by hand: promises in working days of October 2026 (holiday until the 7th, Saturday the 10th is worked)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.periods import Period, day_of
from kehujingli.studies.service import Rules, service
from kehujingli.studies.study import Answer

OCTOBER, DECEMBER = Period.of("2026-10"), Period.of("2026-12")
CLASSES = pd.DataFrame(
    [("C1", "李四", "person", "801001", "东关"), ("C2", "东关农资有限公司", "business", "801002", "西河")],
    columns=["customer_id", "customer_name", "customer_type", "branch_id", "branch_name"],
)
ROSTER = pd.DataFrame(
    [("M1", "张三", "801001", None, None, None)],
    columns=["manager_id", "name", "branch_id", "since", "until", "status"],
)


def day(text: str | None) -> int | None:
    return None if text is None else day_of(date.fromisoformat(text))


def issue(number: str, raised: str, closed: str | None = None, due: str | None = None, **more: Any) -> dict[str, Any]:
    row = {"customer_id": "C1", "manager_id": "M1", "issue_kind": "complaint", "upheld": None, "text": None}
    return row | {"issue_id": number, "raised_on": day(raised), "due_on": day(due), "closed_on": day(closed)} | more


def issues(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([row | {"source_row": place} for place, row in enumerate(rows, 4)])
    return frame.astype(dict.fromkeys(("raised_on", "due_on", "closed_on"), "Int64"))


def referrals(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """``rows``: number, department, raised, done, yuan."""
    made = [
        (number, "C2", "M1", where, "代发工资", day(raised), day(done), None, yuan and yuan * 100)
        for number, where, raised, done, yuan in rows
    ]
    columns = "referral_id customer_id from_id to_department matter raised_on done_on result amount"
    frame = pd.DataFrame(made, columns=columns.split())
    return frame.astype(dict.fromkeys(("raised_on", "done_on", "amount"), "Int64"))


def applications(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """``rows``: number, taken, promised, approved, done, result, branch."""
    made = [
        (number, "C2", "贷款", day(taken), promised, day(approved), day(done), result, "M1", branch)
        for number, taken, promised, approved, done, result, branch in rows
    ]
    columns = "application_id customer_id exposure_kind applied_on promised_days approved_on done_on result manager_id branch_id"
    frame = pd.DataFrame(made, columns=columns.split())
    return frame.astype(dict.fromkeys(("applied_on", "promised_days", "approved_on", "done_on"), "Int64"))


def ask(period: Period = OCTOBER, **given: Any) -> Answer:
    return service(CLASSES, managers=ROSTER, period=period, rules=Rules(), **given)


def states(told: Answer) -> dict[str, Any]:
    rows = told.frames["service_cases"].to_dict("records")
    return {row["case_id"]: (row["state"], None if pd.isna(row["days_late"]) else row["days_late"]) for row in rows}


def codes(told: Answer) -> set[str]:
    return {one.code for one in told.findings}


def test_seven_working_days_after_friday_the_ninth_end_on_monday_the_19th() -> None:
    """10 (Saturday, worked), 12 to 16, 19: answered on the 19th is in time, on the 20th a day late; open on the 31st it is 12 days late."""
    told = ask(
        issues=issues(
            issue("在期", "2026-10-09", "2026-10-19", upheld="yes"),
            issue("晚一天", "2026-10-09", "2026-10-20", upheld="no"),
            issue("没办结", "2026-10-09"),
            issue("刚提出", "2026-10-28"),
        )
    )
    assert states(told) == {"没办结": ("late_open", 12), "刚提出": ("open", None), "晚一天": ("late", 1)}
    (row,) = told.frames["service_issues"].to_dict("records")
    assert (row["cases"], row["on_time"], row["late"], row["late_open"], row["open"]) == (4, 1, 1, 1, 1)
    assert (row["on_time_share"], row["upheld_share"], row["mean_days"]) == (1 / 3, 1 / 2, 10.5)
    assert told.lines == [
        "问题台账 4 件，办结 2 件，按期率 33.33%（1 ÷ 3）；超期没办结 1 件，最长超 12 天；属实 50.00%（1 ÷ 2）"
    ]


def test_the_row_s_own_deadline_wins_and_one_before_it_was_raised_does_not() -> None:
    told = ask(
        issues=issues(
            issue("自己的", "2026-10-09", "2026-10-13", due="2026-10-12"),
            issue("早于提出", "2026-10-09", "2026-10-20", due="2026-10-08"),
        )
    )
    assert states(told) == {"自己的": ("late", 1), "早于提出": ("late", 1)}
    (found,) = told.findings
    assert found.code == "study.service-due-early"
    assert "第 5 行 早于提出" in found.message


def test_a_number_that_two_customers_bear_is_two_cases() -> None:
    """Branches number their own. Of two complaints of 9 October one was answered on the 10th, the other is 12 days late on the 31st."""
    told = ask(issues=issues(issue("1", "2026-10-09", "2026-10-10"), issue("1", "2026-10-09", customer_id="C2")))
    assert told.lines[0].startswith("问题台账 2 件，办结 1 件，按期率 50.00%（1 ÷ 2）")
    assert told.frames["service_cases"]["days_late"].dropna().tolist() == [12]


def test_of_two_posts_the_one_held_on_the_last_day_says_the_branch() -> None:
    posts = pd.DataFrame(
        [
            ("M1", "张三", "801002", None, day("2026-06-30"), "在岗"),
            ("M1", "张三", "801001", day("2026-07-01"), None, "在岗"),
        ],
        columns=ROSTER.columns,
    )
    told = service(CLASSES, managers=posts, period=OCTOBER, rules=Rules(), issues=issues(issue("1", "2026-10-09")))
    assert told.frames["service_cases"]["branch_id"].tolist() == ["801001"]


def test_a_promise_over_days_not_published_is_unknown_and_never_guessed() -> None:
    """Raised on 28 December, a Monday: 29, 30, 31 and four days of 2027 at the least, so on the 31st nobody is late, and by the end of January none knows."""
    rows = issues(issue("年底", "2026-12-28"), issue("年底办结", "2026-12-28", "2027-01-04"))
    assert states(ask(DECEMBER, issues=rows)) == {"年底": ("open", None), "年底办结": ("open", None)}
    far = issues(issue("没公布", "2035-12-03"), issue("三天办结", "2035-12-03", "2035-12-06"))
    told = ask(Period.of("2035-12"), issues=far)
    assert states(told) == {"没公布": ("unpublished", None)}
    assert told.frames["service_cases"]["promise"].isna().all()
    assert codes(told) == {"study.service-unpublished"}
    (row,) = told.frames["service_issues"].to_dict("records")
    assert (row["on_time"], row["unpublished"], row["on_time_share"]) == (1, 1, 1.0)


def test_what_the_bank_s_calendar_says_moves_the_promise() -> None:
    rest = pd.DataFrame([(day("2026-10-19"), "rest")], columns=["date", "day_kind"])
    assert states(ask(issues=issues(issue("晚一天", "2026-10-09", "2026-10-20")), calendar=rest)) == {}


def test_bad_rows_are_told_with_their_place_and_the_rest_goes_on() -> None:
    told = ask(
        issues=issues(
            issue("好的", "2026-10-09", "2026-10-12"),
            issue("倒着", "2026-10-09", "2026-10-08"),
            issue("没有类别", "2026-10-09", "2026-10-12", issue_kind=None),
            issue("谁", "2026-10-09", "2026-10-12", manager_id="M9"),
            issue("哪户", "2026-10-09", "2026-10-12", customer_id="C9"),
            issue("两次", "2026-10-09", "2026-10-12"),
            issue("两次", "2026-10-09", "2026-10-13"),
            issue("续上", "2026-10-09"),
            issue("续上", "2026-10-09", "2026-10-13"),
        )
    )
    assert states(told) == {"倒着": ("wrong", None)}
    assert int(told.frames["service_issues"]["cases"].sum()) == 7, "a case that stands twice is one"
    said = {one.code: one.message for one in told.findings}
    assert {code: "行" in text or "个编号" in text for code, text in said.items()} == dict.fromkeys(
        (
            "study.service-closed-early",
            "study.service-kind",
            "study.service-manager",
            "study.service-customer",
            "study.service-twice",
        ),
        True,
    )
    assert "第 5 行 倒着" in said["study.service-closed-early"]


def test_what_ended_before_the_window_is_out_and_what_is_still_open_is_in() -> None:
    told = ask(
        issues=issues(
            issue("早办结", "2025-09-01", "2025-09-05"), issue("一直没办", "2024-03-01"), issue("以后", "2026-11-01")
        )
    )
    assert set(states(told)) == {"一直没办"}
    assert told.frames["service_issues"]["cases"].tolist() == [1]


def test_what_was_found_when_it_ended_after_the_period_is_not_known_yet() -> None:
    """I1 was answered and found right on 3 November: October says of I2 alone whether it was."""
    told = ask(
        issues=issues(
            issue("I1", "2026-10-10", "2026-11-03", upheld="yes"), issue("I2", "2026-10-12", "2026-10-13", upheld="no")
        )
    )
    assert told.frames["service_issues"][["judged", "upheld"]].sum().tolist() == [1, 0]
    assert told.lines[0].endswith("属实 0.00%（0 ÷ 1）")


def test_referrals_by_department_with_days_and_the_share_done() -> None:
    told = ask(
        referrals=referrals(
            ("Z1", "公司业务部", "2026-10-01", "2026-10-11", 5_000),
            ("Z2", "公司业务部", "2026-10-01", None, 7_000),
            ("Z3", "信用卡部", "2026-10-08", "2026-10-10", None),
        )
    )
    rows = told.frames["service_referrals"].set_index("to_department").to_dict("index")
    firm, card = rows["公司业务部"], rows["信用卡部"]
    assert (firm["cases"], firm["done"], firm["done_share"], firm["mean_days"], firm["amount"]) == (
        *(2, 1, 1 / 2, 10, 500_000),
    )
    assert (card["done_share"], card["mean_days"], card["manager_name"]) == (1, 2, "张三")
    assert told.lines == ["联动转介 3 件，办结 2 件（66.67%），平均 6.0 天"]
    assert set(states(told)) == {"Z2"}


def test_applications_by_their_own_promise_a_refusal_is_an_answer_and_a_withdrawal_is_none() -> None:
    """Taken on Friday the 9th, 3 working days: the 10th, 12th, 13th."""
    told = ask(
        applications=applications(
            ("办了", "2026-10-09", 3, None, "2026-10-13", "通过", "801002"),
            ("拒了", "2026-10-09", 3, "2026-10-14", None, "否决", "801002"),
            ("撤了", "2026-10-09", 3, None, None, "撤回", None),
            ("没说", "2026-10-09", None, None, "2026-10-30", "通过", None),
            ("没日子", "2026-10-09", 3, None, None, "不同意", None),
        )
    )
    assert states(told) == {"拒了": ("late", 1), "没日子": ("wrong", None)}
    rows = told.frames["service_applications"].set_index("branch_id").to_dict("index")
    assert rows["801002"]["on_time_share"] == 1 / 2
    assert (rows["801001"]["withdrawn"], rows["801001"]["unpromised"], rows["801001"]["wrong"]) == (1, 1, 1)
    assert codes(told) == {"study.service-no-end"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(-3, 25)), min_size=1, max_size=8), st.randoms())
def test_every_case_has_one_state_and_the_order_of_rows_says_nothing(rows: list[tuple[int, int]], mixed: Any) -> None:
    first = day_of(date(2026, 9, 1))
    made = [
        issue(f"I{place}", "2026-09-01") | {"raised_on": first + start, "closed_on": first + start + took}
        for place, (start, took) in enumerate(rows)
    ]
    told = ask(issues=issues(*made)).frames
    (row,) = told["service_issues"].to_dict("records")
    assert row["cases"] == sum(row[key] for key in ("on_time", "late", "late_open", "open", "unpublished", "wrong"))
    mixed.shuffle(made)
    again = ask(issues=issues(*made)).frames
    for key, frame in told.items():
        pd.testing.assert_frame_equal(frame, again[key])

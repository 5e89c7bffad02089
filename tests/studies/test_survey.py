"""需求调查 reckoned by hand: who is drawn, what is wanted and lacking, what is important and does not satisfy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.periods import Period, day_of
from kehujingli.studies.customers.sample import cells_of, drawn
from kehujingli.studies.study import Answer
from kehujingli.studies.survey import Rules, survey, to_ask

OCTOBER = Period.of("2026-10")
BIG, SMALL = "frequent/large", "mobile/small"


def people(*told: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(told, columns=["customer_id", "group", "scale_amount"])
    return frame.assign(
        customer_name="李四",
        customer_type="person",
        branch_id="1",
        branch_name="东关",
        holder_id="M1",
        manager_name="张三",
    )


def county() -> pd.DataFrame:
    """Ten large with 0 and 200 元 in turn (σ 100 元), thirty small with 50 元 each (σ 0)."""
    large = [(f"A{n:02}", BIG, 20_000 * (n % 2)) for n in range(10)]
    return people(*large, *((f"B{n:02}", SMALL, 5_000) for n in range(30)))


def rows(*told: tuple[Any, ...]) -> pd.DataFrame:
    """``told``: customer, question, answer, importance, satisfaction, day."""
    made = [
        {
            "survey_id": "2026-10",
            "customer_id": who,
            "question": question,
            "answer": answer,
            "importance": important,
            "satisfaction": content,
            "answered_on": None if on is None else day_of(date.fromisoformat(on)),
            "manager_id": "M1",
            "source_row": place,
        }
        for place, (who, question, answer, important, content, on) in enumerate(told, 2)
    ]
    return pd.DataFrame(made).astype({"answered_on": "Int64", "importance": "Int64", "satisfaction": "Int64"})


def ask(
    answers: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    ebank: pd.DataFrame | None = None,
    **rules: Any,
) -> Answer:
    asked = {"size": 8, "least": 0, "enough": 2} | rules
    return survey(county(), answers, holdings, ebank, period=OCTOBER, rules=Rules(**asked))


def sizes(told: Answer) -> dict[str, int]:
    cells = told.frames["survey_cells"]
    return dict(zip(cells["group"], cells["sample"], strict=True))


def test_so_many_of_each_group_in_proportion_to_its_size_and_no_fewer_than_the_least() -> None:
    assert sizes(ask()) == {BIG: 2, SMALL: 6}
    assert sizes(ask(least=4)) == {BIG: 4, SMALL: 4}
    assert sizes(ask(size=1_000)) == {BIG: 10, SMALL: 30}, "nobody is asked twice"


def test_neyman_asks_more_where_customers_differ_more() -> None:
    assert sizes(ask(way="neyman")) == {BIG: 8, SMALL: 0}, "those who are alike speak for each other"
    assert sizes(ask(way="neyman", least=2)) == {BIG: 6, SMALL: 2}


def test_a_larger_sample_keeps_whom_the_smaller_had_and_another_seed_draws_others() -> None:
    few = set(ask().frames["survey_sample"]["customer_id"])
    assert few <= set(ask(size=20).frames["survey_sample"]["customer_id"])
    assert few != set(ask(seed="别的").frames["survey_sample"]["customer_id"])


@given(st.permutations(range(40)), st.integers(1, 60), st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_a_sample_is_replayed_by_its_seed_whatever_the_order_of_rows(order: list[int], size: int, least: int) -> None:
    def ids(frame: pd.DataFrame) -> list[str]:
        return drawn(frame, cells_of(frame, size, least, "proportional"), "种子")["customer_id"].tolist()

    usual = county()
    told = ids(usual)
    assert ids(usual.iloc[order]) == told
    assert len(told) == len(set(told)) == min(max(size, sum(min(least, n) for n in (10, 30))), 40)


WANTS = (
    ("A00", "Q1", "手机银行、理财", None, None, "2026-10-05"),
    ("A01", "Q1", "理财", None, None, "2026-10-05"),
    ("B00", "Q1", "无", None, None, "2026-10-06"),
    ("B01", "Q1", "理财；手机银行", None, None, "2026-10-06"),
)


def test_what_is_wanted_and_lacking_is_counted_and_told_of_all_by_the_size_of_each_group() -> None:
    held = pd.DataFrame([("A01", "理财"), ("B09", "理财")], columns=["customer_id", "product"])
    gap = ask(rows(*WANTS), held).frames["survey_gap"].set_index("product")
    assert gap.loc["理财", ["asked", "wanted", "have", "lacking"]].tolist() == [4, 3, 1, 2]
    # one of two large: 10 × 1/2; one of two small: 30 × 1/2
    assert gap.loc["理财", "all_lacking"] == 20
    assert gap.loc["手机银行", ["wanted", "lacking", "all_lacking", "covered"]].tolist() == [2, 2, 20, 40]


def test_an_opened_channel_is_not_lacking() -> None:
    """Of the two who want 手机银行 A00 has opened it; B01 has ended hers."""
    held = pd.DataFrame([("A01", "理财")], columns=["customer_id", "product"])
    rows_ = [("A00", "手机银行", 0, None, "正常"), ("B01", "手机银行", 0, None, "已注销")]
    opened = pd.DataFrame(rows_, columns=["customer_id", "channel", "opened_on", "closed_on", "status"])
    opened = opened.astype({"closed_on": "Int64"})
    gap = ask(rows(*WANTS), held, opened).frames["survey_gap"].set_index("product")
    assert gap.loc["手机银行", ["wanted", "have", "lacking"]].tolist() == [2, 1, 1]


def test_who_gave_it_up_lacks_it_again_from_the_day_that_it_ended() -> None:
    """A01 ended hers on the period's last day, B09 ends hers the day after."""
    ended = pd.array([OCTOBER.last, OCTOBER.last + 1], "Int64")
    held = pd.DataFrame({"customer_id": ["A01", "B09"], "product": ["理财", "理财"], "closed_on": ended})
    wants = [*WANTS, ("B09", "Q1", "理财", None, None, "2026-10-06")]
    gap = ask(rows(*wants), held).frames["survey_gap"].set_index("product")
    assert gap.loc["理财", ["wanted", "have", "lacking"]].tolist() == [4, 1, 3]


def test_three_answers_are_not_told_of_thousands() -> None:
    told = ask(rows(*WANTS), pd.DataFrame({"customer_id": ["A01"], "product": ["理财"]}), enough=3)
    gap = told.frames["survey_gap"]
    assert (gap["all_lacking"].isna().all(), gap["covered"].tolist()) == (True, [0, 0])
    assert "不往全部客户推" in " ".join(told.lines)


def test_without_holdings_nobody_knows_who_lacks_it() -> None:
    gap = ask(rows(*WANTS)).frames["survey_gap"]
    assert gap["wanted"].tolist() == [3, 2]
    assert gap["lacking"].isna().all()


def test_what_is_important_and_does_not_satisfy_is_to_be_bettered() -> None:
    told = rows(
        ("A00", "利率高低", None, 5, 2, "2026-10-05"),
        ("A01", "利率高低", None, 4, 2, "2026-10-05"),
        ("A00", "安全", None, 5, 5, "2026-10-05"),
        ("A00", "方便", None, 2, 2, "2026-10-05"),
        ("A00", "服务", None, 1, 5, "2026-10-05"),
        ("A01", "服务", None, 3, None, "2026-10-05"),
    )
    aspects = ask(told).frames["survey_aspects"].set_index("question")
    assert aspects["quadrant"].to_dict() == {"利率高低": "improve", "方便": "later", "安全": "keep", "服务": "enough"}
    assert (aspects.loc["利率高低", "importance"], aspects.loc["利率高低", "asked"], aspects.loc["服务", "asked"]) == (
        4.5,
        2,
        1,
    )


def test_the_newest_answer_counts_and_two_of_one_day_do_not() -> None:
    told = ask(
        rows(
            ("A00", "Q1", "贷款", None, None, "2026-09-01"),
            ("A00", "Q1", "理财", None, None, "2026-10-01"),
            ("A01", "Q1", "保险", None, None, "2026-10-01"),
            ("A01", "Q1", "理财", None, None, "2026-10-01"),
        )
    )
    assert told.frames["survey_gap"]["product"].tolist() == ["理财"]
    assert [one.code for one in told.findings] == ["study.survey-torn"]


def test_answers_of_nobody_without_a_day_or_to_no_question_are_told() -> None:
    told = ask(
        rows(
            ("Z9", "Q1", "理财", None, None, "2026-10-01"),
            ("A00", "Q1", "理财", None, None, None),
            ("A00", "Q7", "理财", None, None, "2026-10-01"),
            ("A00", "Q1", None, None, None, None),
            ("A02", "Q1", "理财", None, None, "2026-11-01"),
        )
    )
    assert {one.code for one in told.findings} == {
        "study.survey-nobody",
        "study.survey-undated",
        "study.survey-question",
    }
    assert told.frames["survey_gap"].empty, (
        "of November nothing is known in October, and a form not filled in says nothing"
    )


def test_a_form_asks_every_question_of_everybody_drawn() -> None:
    usual = Rules(size=8, least=0)
    asked = to_ask(county(), period=OCTOBER, rules=usual)
    assert len(asked) == 8 * len(usual.questions)
    assert set(asked["customer_id"]) == set(ask().frames["survey_sample"]["customer_id"])

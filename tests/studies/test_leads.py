"""拓客 on postings, rosters and leads reckoned by hand; nobody who is a customer is ever a lead."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.measures.counterparties import gather
from kehujingli.periods import Period, day_of
from kehujingli.rules.models import Institution
from kehujingli.studies.called import plain_names
from kehujingli.studies.customers.strangers import Rules
from kehujingli.studies.leads import leads
from kehujingli.studies.study import Answer
from kehujingli.workspace.engines import open_engine

OCTOBER = Period.of("2026-10")
LONG_AGO, NEW = day_of(date(2015, 1, 1)), day_of(date(2026, 10, 20))
BANK = "中国农业银行示例县支行"
CUSTOMERS = {
    "C1": ("李四", "person", "M1", "东关村", "330999198001011230"),
    "C2": ("东关农资有限责任公司", "business", "M2", None, None),
    "C3": ("王五", "person", None, "东关村", None),
}


def classes(**opened: int) -> pd.DataFrame:
    rows = [
        {
            "customer_id": customer,
            "customer_name": name,
            "customer_type": kind,
            "branch_id": "801001",
            "branch_name": "东关",
            "holder_id": holder,
            "manager_name": holder and f"经理{holder}",
            "village": village,
            "id_number": number,
            "opened_on": opened.get(customer, LONG_AGO),
            "deposit_balance": 100,
        }
        for customer, (name, kind, holder, village, number) in CUSTOMERS.items()
    ]
    return pd.DataFrame(rows)


def sides(*postings: tuple[Any, ...]) -> pd.DataFrame:
    """``postings``: customer, month (1 is January 2026), yuan (in is positive), name, account, and bank."""
    con = duckdb.connect(config={"threads": 1})
    con.execute(
        "create table transactions (customer_id varchar, account_id varchar, month integer, signed bigint, reversed boolean, own boolean,"
        " counterparty_name varchar, counterparty_account varchar, counterparty_bank varchar)"
    )
    rows = [
        (who, f"6210000000{who}", 2026 * 12 + month - 1, int(yuan * 100), False, False, *(*other, None, None, None)[:3])
        for who, month, yuan, *other in postings
    ]
    con.executemany(f"insert into transactions values ({', '.join('?' * 9)})", rows)
    con.execute("create table owners as select unnest(['6210000000C1', '6210000000C2', '6210000000C3']) as account_id")
    found = gather(con.table("transactions"), con.table("owners"), OCTOBER, 12, open_engine().named)
    assert found is not None
    return found


def ask(rules: Rules | None = None, people: pd.DataFrame | None = None, **given: Any) -> Answer:
    return leads(
        classes() if people is None else people,
        period=OCTOBER,
        institution=Institution(name="示例县农村商业银行"),
        rules=rules or Rules(),
        **given,
    )


def every_month(who: str, yuan: float, *other: Any) -> list[tuple[Any, ...]]:
    return [(who, month, yuan, *other) for month in (8, 9, 10)]


def test_a_firm_is_one_lead_whatever_its_spelling_and_accounts() -> None:
    """10,000 × 3 out of C1 and 20,000 × 3 into C2: 90,000 of two customers, most of it with M2."""
    told = ask(
        counterparties=sides(
            *every_month("C1", -10_000, "西山 化工（示例）有限公司", "1" * 16, BANK),
            *every_month("C2", 20_000, "西山化工(示例)有限责任公司", "2" * 16, BANK),
        )
    )
    (row,) = told.frames["leads_counterparties"].to_dict("records")
    assert (row["money"], row["money_out"], row["money_in"]) == (9_000_000, 3_000_000, 6_000_000)
    assert (row["months"], row["postings"], row["customers"]) == (3, 6, 2)
    assert (row["customer_id"], row["manager_id"], row["branch_name"]) == ("C2", "M2", "东关")
    assert row["remark"] == "同名 2 个账号合成一个；户名 2 种写法"
    assert row["customer_type"] == "business"


def test_two_people_of_one_name_are_two_and_it_is_said() -> None:
    told = ask(
        counterparties=sides(
            *every_month("C1", -20_000, "赵六", "6" * 19), *every_month("C1", -30_000, "赵六", "7" * 19)
        )
    )
    rows = told.frames["leads_counterparties"]
    assert list(rows["money"]) == [9_000_000, 6_000_000]
    assert list(rows["remark"]) == ["同名 2 个账号，各算一个"] * 2
    assert rows["lead_id"].is_unique


def test_short_accounts_of_two_banks_are_two() -> None:
    told = ask(
        counterparties=sides(
            *every_month("C1", -20_000, None, "87144583", "YZ"), *every_month("C1", -20_000, None, "87144583", "ST")
        )
    )
    assert list(told.frames["leads_counterparties"]["counterparty_bank"]) in (["YZ", "ST"], ["ST", "YZ"])


def test_postings_in_several_pieces_and_none_at_all_are_read_alike() -> None:
    """A column that came in two pieces is one; our own accounts alone leave nobody."""
    parts = [sides(*every_month("C1", -20_000, "赵六", "6" * 19)), sides(*every_month("C2", -30_000, "赵六", "6" * 19))]
    told = ask(counterparties=pd.concat(parts, ignore_index=True)).frames["leads_counterparties"]
    assert list(told["money"]) == [15_000_000]
    assert ask(counterparties=sides(("C1", 10, -1, None, "6210000000C2"))).frames["leads_counterparties"].empty


def test_what_is_no_lead_is_told_by_kind() -> None:
    told = ask(
        counterparties=sides(
            *every_month("C1", -90_000, "支付宝（中国）网络技术有限公司", "1" * 16),
            *every_month("C1", -90_000, "东关农资有限公司", "2" * 16),
            *every_month("C2", -90_000, "李四", "3" * 16),
            *every_month("C1", -90_000, "赵*", "4" * 16),
            *(("C1", 8, -90_000, name, "5" * 16) for name in ("孙一", "孙二", "孙三")),
            *every_month("C1", -90_000, "李四", "8" * 16),
            *every_month("C1", -90_000, "某人", "9" * 16, "示例县农村商业银行东关支行"),
            *every_month("C2", -90_000, None, "6210000000C1"),
        )
    )
    assert told.frames["leads_counterparties"].empty
    assert told.lines[1] == (
        "没有当作线索的：本人在他行的账户 1 个、本行客户 2 个、与本行客户同名的个人 1 个、内部、清算和代收户名 1 个、"
        "一个账号几个户名 1 个、户名打了星号 1 个"
    )


def test_months_money_and_the_most_of_a_manager_come_from_the_rules() -> None:
    postings = sides(
        *every_month("C1", -10_000, "甲某", "1" * 19),
        *every_month("C1", -20_000, "乙某", "2" * 19),
        *((("C1", 9, -90_000, "丙某", "3" * 19)), ("C1", 10, -90_000, "丙某", "3" * 19)),
        ("C1", -3, -90_000, "丙某", "3" * 19),
    )
    usual = ask(counterparties=postings)
    assert list(usual.frames["leads_counterparties"]["customer_name"]) == ["乙某"], (
        "丙某's third month is before the window"
    )
    wide = ask(Rules(months=2, least=30_000), counterparties=postings)
    assert list(wide.frames["leads_counterparties"]["customer_name"]) == ["丙某", "乙某", "甲某"]
    few = ask(Rules(months=2, least=30_000, most=1), counterparties=postings)
    assert list(few.frames["leads_counterparties"]["customer_name"]) == ["丙某"]
    assert "够条件的 3 个，往来 270,000.00 元；列出 1 个，180,000.00 元" in few.lines[0]


def test_money_to_an_own_account_elsewhere_is_the_customers_outflow() -> None:
    told = ask(
        counterparties=sides(
            *every_month("C1", -40_000, "李四", "3" * 19, BANK),
            ("C1", 10, 5_000, "李四", "4" * 19, BANK),
            *every_month("C2", -10_000, "东关农资有限公司", "5" * 19, BANK),
        )
    )
    (row,) = told.frames["leads_outflows"].to_dict("records")
    assert (row["customer_id"], row["holder_id"], row["months"]) == ("C1", "M1", 3)
    assert (row["money_out"], row["money_in"], row["accounts"]) == (12_000_000, 500_000, 2)
    assert told.frames["leads_counterparties"].empty
    (manager,) = told.frames["leads_managers"].to_dict("records")
    assert (manager["manager_id"], manager["leaving"], manager["money_out"]) == ("M1", 1, 12_000_000)


ROSTER = pd.DataFrame(
    [
        ("东关村", "李四", "330999800101123", "01"),  # fifteen digits of the same number
        ("东关村", "王五", "330999199001011239", "02"),  # the customer has no number: by name and village
        ("东关村", "李四", "330999197001011237", "03"),  # the customer of this name has another number
        ("东关村", "赵六", None, "01"),
        ("西山村", "王五", None, "01"),
        ("西山村", "钱七", "330999199505051236", "02"),
        ("西山村", "钱七", "330999199505051236", "02"),
    ],
    columns=["village", "name", "id_number", "household_id"],
).assign(phone=None, source_row=range(2, 9))


def test_a_roster_is_matched_by_number_else_by_name_and_village() -> None:
    villages = pd.DataFrame({"village": ["东关村"], "branch_id": ["801001"], "households": [10]})
    grids = pd.DataFrame({"village": ["东关村"], "manager_id": ["M9"], "valid_from": [None], "valid_to": [None]})
    told = ask(rosters=ROSTER, villages=villages, grids=grids)
    east, west = (told.frames["leads_villages"].set_index("village").loc[one] for one in ("东关村", "西山村"))
    assert (east["people"], east["own"], east["by_id"], east["by_name"], east["open"]) == (4, 2, 1, 1, 2)
    assert (east["covered"], east["household_rate"], east["manager_id"]) == (2, 0.2, "M9")
    assert (west["people"], west["own"]) == (2, 0), "the 王五 of another village, and one person twice"
    people = told.frames["leads_villagers"]
    assert list(zip(people["village"], people["name"], people["relatives"], strict=True)) == [
        ("东关村", "赵六", 1),
        ("东关村", "李四", 0),
        ("西山村", "王五", 0),
        ("西山村", "钱七", 0),
    ]
    twice, unknown = told.findings
    assert (twice.code, twice.count, "西山村第 8 行" in twice.text) == ("study.leads-roster-twice", 1, True)
    assert (unknown.code, "西山村" in unknown.text) == ("study.leads-village-unknown", True)


def villagers_of(*rows: tuple[Any, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["village", "name", "id_number", "phone", "household_id"])
    return frame.assign(source_row=range(2, len(rows) + 2))


def test_one_customer_is_one_villager_however_many_bear_his_name() -> None:
    """李四 with his id is the customer; the other 李四, whose id nobody wrote, is not."""
    told = ask(
        rosters=villagers_of(
            ("东关村", "李四", "330999198001011230", "1", "1"),
            ("东关村", "李四", None, "2", "2"),
            ("东关村", "王五", None, "3", "3"),
            ("东关村", "王五", None, "4", "4"),
        )
    )
    (east,) = told.frames["leads_villages"].to_dict("records")
    assert (east["people"], east["own"], east["open"]) == (4, 2, 2)
    guess = next(one for one in told.findings if one.code == "study.leads-namesake")
    assert (guess.count, "东关村王五" in guess.message, "李四" in guess.message) == (1, True, False)


def test_a_number_of_a_namesake_stays_his_when_another_is_entered() -> None:
    two = [("东关村", "王伟", f"33999919{born}01011230", str(born), str(born)) for born in (70, 80)]
    older = ("东关村", "王伟", "339999196001011230", "60", "60")
    before, after = (
        ask(rosters=villagers_of(*rows)).frames["leads_villagers"].set_index("household_id")["lead_id"].to_dict()
        for rows in (two, [older, *two])
    )
    assert before == {born: after[born] for born in ("70", "80")}
    assert len(set(after.values())) == 3


def test_a_lead_keeps_its_number_when_the_first_namesake_comes() -> None:
    one, other = (("东关村", "王伟", None, f"1380000{end}", end) for end in ("7001", "6002"))
    before = ask(rosters=villagers_of(one)).frames["leads_villagers"]["lead_id"].iloc[0]
    pursued = typed((before, "王伟", "new", "M1", None, 0, None)).assign(phone="138****7001")
    after = ask(rosters=villagers_of(other, one), leads=pursued).frames["leads_villagers"]
    assert after.set_index("household_id")["lead_id"]["7001"] == before
    assert after["lead_id"].nunique() == 2


def test_more_families_than_households_and_none_at_all_are_told() -> None:
    villages = pd.DataFrame({"village": ["东关村", "西山村"], "branch_id": ["801001"] * 2, "households": [2, 9]})
    told = ask(
        rosters=ROSTER.assign(household_id=ROSTER["household_id"].where(ROSTER["village"] == "东关村")),
        villages=villages,
    )
    assert told.frames["leads_villages"]["household_rate"].isna().all()
    assert [one.code for one in told.findings] == [
        "study.leads-roster-twice",
        "study.leads-village-odd",
        "study.leads-no-household",
    ]


def typed(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """``rows``: lead, name, status, and manager, customer, day found, day closed."""
    names = ["lead_id", "name", "lead_status", "manager_id", "customer_id", "found_on", "closed_on"]
    usual = (None, None, None, "M1", None, day_of(date(2026, 8, 31)), None)
    frame = pd.DataFrame([(*row, *usual[len(row) :]) for row in rows], columns=names)
    return frame.assign(village=None, phone=None, lead_source="counterparty", source_row=range(2, len(rows) + 2))


def test_a_lead_that_became_a_customer_is_recognised_with_its_days() -> None:
    """Found on 31 August, opened on 20 October: 50 days. Nobody wrote it down."""
    before = sides(
        *every_month("C1", -30_000, "王五", "5" * 19), *every_month("C1", -30_000, "东关农资有限公司", "6" * 19)
    )
    others = classes()
    strange = ask(counterparties=before, people=others[others["customer_id"] == "C1"])
    form = strange.frames["leads_form"].rename(columns={"lead_name": "name"})
    assert list(form["lead_status"]) == ["new", "new"]
    masked = form.assign(name="王*", found_on=day_of(date(2026, 8, 31)), source_row=[2, 3])
    told = ask(counterparties=before, people=classes(C2=NEW, C3=NEW), leads=masked)
    rows = told.frames["leads_progress"].set_index("customer_id")
    assert list(rows.loc[["C2", "C3"], "days"]) == [50, 50]
    assert list(rows.loc[["C2", "C3"], "by"]) == ["单位名称", "姓名，请核对是不是本人"]
    assert told.lines[-1] == "线索 2 条：未联系 0、已联系 0、已开户 2、放弃 0；转化 2 条，平均 50.0 天"
    assert told.frames["leads_counterparties"].empty
    assert list(told.frames["leads_form"]["lead_status"]) == ["opened", "opened"]
    assert list(told.frames["leads_form"]["closed_on"]) == [NEW, NEW]


def test_what_was_found_after_the_period_stays_in_the_form() -> None:
    """The form is saved over the table: what was typed in November would be lost with October's."""
    given = typed(("Z9", "钱八", "met", "M1", None, day_of(date(2026, 11, 3))), ("Z8", "赵六", "met"))
    assert sorted(ask(leads=given).frames["leads_form"]["lead_id"]) == ["Z8", "Z9"]


def test_what_the_form_says_of_a_customer_of_before_is_in_order_when_it_comes_back() -> None:
    form = ask(leads=typed(("Z1", "李四", "met", "M1", "C1"))).frames["leads_form"]
    again = ask(leads=form.rename(columns={"lead_name": "name"}).assign(source_row=2))
    assert "study.leads-days" not in [one.code for one in again.findings]


def test_a_customer_of_before_is_no_conversion_and_what_ended_is_listed_no_more() -> None:
    postings = sides(*every_month("C1", -30_000, "赵六", "6" * 19), *every_month("C1", -30_000, "钱七", "7" * 19))
    fresh = ask(counterparties=postings).frames["leads_counterparties"].set_index("customer_name")["lead_id"]
    told = ask(
        counterparties=postings,
        leads=typed(
            (fresh["赵六"], "赵六", "given_up"), (fresh["钱七"], "钱七", "met"), ("Z1", "李四", "met", "M1", "C1")
        ),
    )
    assert list(
        told.frames["leads_counterparties"][["customer_name", "status"]].itertuples(index=False, name=None)
    ) == [("钱七", "met")]
    progress = told.frames["leads_progress"].set_index("lead_id")
    assert progress.loc["Z1", "remark"] == "发现时已是客户，不算转化"
    assert not progress["converted"].any()
    assert sorted(told.frames["leads_form"]["lead_id"]) == sorted([*fresh, "Z1"]), "each lead once"


def test_wrong_rows_are_told_with_their_row_and_the_rest_goes_on() -> None:
    roster = pd.DataFrame({"manager_id": ["M1"], "name": ["朱敏"]})
    told = ask(
        managers=roster,
        leads=typed(
            ("L1", "甲", "met", "M7"),
            ("L2", "乙", "opened", "M1", "C999"),
            ("L3", "丙", "opened"),
            ("L4", "丁", "given_up", "M1", None, LONG_AGO + 9, LONG_AGO),
            ("L5", "戊", "given_up"),
            ("L5", "戊", "opened", "M1", "C1"),
            ("L6", "李四", "opened", "M1", "C1"),
        ),
    )
    assert {one.code: one.text.partition("：")[2].partition(" L")[0] for one in told.findings} == {
        "study.leads-torn": "第 7 行",
        "study.leads-manager": "第 2 行",
        "study.leads-customer": "第 3 行",
        "study.leads-nobody": "第 4 行",
        "study.leads-days": "第 5 行",
    }
    assert len(told.frames["leads_progress"]) == 6


NAMES = st.sampled_from(
    ["李四", " 李 四", "王五", "东关农资有限公司", "东关农资有限责任公司", "赵六", "西山厂子店", "赵*", "财付通", None]
)
ACCOUNTS = st.sampled_from([*(str(one) * 16 for one in range(1, 6)), "6210000000C1", "6210000000C2", "12345678", None])
POSTING = st.tuples(st.sampled_from(list(CUSTOMERS)), st.integers(1, 10), st.integers(-9, 9), NAMES, ACCOUNTS)


@settings(max_examples=12, deadline=None)
@given(st.lists(POSTING, min_size=1, max_size=25), st.lists(st.integers(0, len(ROSTER) - 1), max_size=6))
def test_nobody_is_a_lead_who_is_a_customer_and_nobody_twice(
    postings: list[tuple[Any, ...]], people: list[int]
) -> None:
    told = ask(Rules(months=1, least=0), counterparties=sides(*postings), rosters=ROSTER.iloc[people])
    known = classes()
    rows = told.frames["leads_counterparties"]
    ours = set(plain_names(known["customer_name"]).to_pylist())
    assert not ours & set(plain_names(rows["customer_name"]).to_pylist())
    assert not {"6210000000C1", "6210000000C2", "6210000000C3"} & set(rows["counterparty_account"])
    assert not set(known["id_number"].dropna()) & set(told.frames["leads_villagers"]["id_number"].dropna())
    assert told.frames["leads_form"]["lead_id"].is_unique
    whole = sum(abs(yuan) * 100 for who, _, yuan, name, account in postings if (name or account))
    assert rows["money"].sum() <= whole

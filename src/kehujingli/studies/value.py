"""客户价值：每户现在一年带来多少、未来一年能带来多少、还有什么没卖给他？都是元，写明由什么相加，不打分。"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.activity.comings import LEAST, rhythm_of
from kehujingli.studies.activity.spend import NoSpendError, correlation, fit_spend
from kehujingli.studies.money.costs import borne, shared, weights_of
from kehujingli.studies.money.ftp import YEAR_DAYS, deposit_lines
from kehujingli.studies.money.loss import Rate
from kehujingli.studies.money.unsold import unsold
from kehujingli.studies.money.visited import visits_of
from kehujingli.studies.money.worth import PARTS, YEAR_MONTHS, fee_rows, margins
from kehujingli.studies.study import Answer, Chart, Study, StudyList
from kehujingli.studies.words import words_of
from kehujingli.tables.frames import on_book
from kehujingli.terms.column import ListColumn, declared
from kehujingli.terms.made import ListKind
from kehujingli.values import among, in_order, in_yuan, places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules

NOBODY = "没有分到户"
_MARGINS = tuple(name for name in PARTS if not name.endswith("fees"))
_RESTING = ("now", "next", "worth", "now_net", "worth_net")
"""What is missing where margins are not known."""
_NET = ("cost", "now_net", "worth_net")
_ADDED = (*PARTS, "unsold", "next_turnover", "cost")
_SPEND = {"few": "study.spend-few", "flat": "study.spend-flat", "heavy": "study.spend-heavy"}


class Rules(Strict):
    """客户价值。一年预期损失多少在 [studies.loss]。"""

    peers: Positive = Field(30, description="同客群、同户群不少于多少户,才说没卖的")
    holders: Positive = Field(10, description="其中不少于多少户有这个产品,才说没卖的")
    correlated: Rate = Field(Decimal("0.3"), description="来往天数和每天金额的相关超过多少就要说")


def value(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    ftp: pd.DataFrame | None = None,
    fees: pd.DataFrame | None = None,
    previous_loans: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
    *,
    period: Period,
    segment: tuple[SegmentRules | None, SegmentRules],
    rules: Rules,
    loss_rates: Mapping[str, Decimal],
) -> Answer:
    """Frames as a month keeps them; money in 分, rates in millionths a year. ``previous_loans``: those of the month before; ``segment``: what classed
    the earlier month and this one, whose window is meant."""
    import pandas as pd

    parts: list[pd.DataFrame] = []
    told: list[Finding] = []
    if accounts is not None and loans is not None and ftp is not None:
        rows, told = margins(accounts, loans, previous_loans, ftp, loss_rates, period, segment[1].window_months)
        parts.append(rows)
    ahead, found = _ahead(classes, period, segment[1].window_months, rules)
    told = [*told, *found]
    if fees is not None:
        rows, found = fee_rows(fees, period)
        told = [*told, *found]
        parts.append(_fees_ahead(rows, ahead))
    empty = pd.DataFrame({name: pd.Series(dtype="int64") for name in PARTS})
    rows = pd.concat([empty.assign(customer_id="", product=""), *parts], ignore_index=True)
    known = among(rows["customer_id"], classes["customer_id"])
    gaps, left = unsold(rows[known], classes, rules.peers, rules.holders)
    spent, found = _spent(costs, classes, accounts, visits, period)
    told = [*told, *found]
    people = _people(rows, known, left, classes, ahead, spent)
    unknown = [
        *([] if costs is not None else _NET),
        *([] if ftp is not None and accounts is not None and loans is not None else _MARGINS),
        *([] if fees is not None else ["now_fees", "next_fees"]),
        *(["next_fees"] if ahead["ratio"].isna().all() else []),
    ]
    frames = {
        "value": _ordered(_sums(people, "group", unknown)),
        "value_branches": _sums(people, "branch", unknown),
        "value_managers": _sums(people, "manager", unknown),
        "value_customers": _totals(people, unknown),
        "value_unsold": gaps,
    }
    lines = _lines(frames["value"], accounts, loans, period)
    return Answer(frames, lines, told, {"value": _title(frames["value"])})


def _ahead(classes: pd.DataFrame, period: Period, months: int, rules: Rules) -> tuple[pd.DataFrame, list[Finding]]:
    """customer_id → alive, comings (days of business in the year ahead), ratio (comings ÷ those of a year, by the
    window of ``months``; 0 without any), next_turnover (分)."""
    import numpy as np
    import pandas as pd

    index = pd.Index(classes["customer_id"], name="customer_id")
    told = pd.DataFrame(dict.fromkeys(("alive", "comings", "ratio", "next_turnover"), pd.NA), index, dtype="Float64")
    seen, rhythm, found = rhythm_of(classes, period)
    if rhythm is None:
        return told, found
    own = pd.Index(classes.loc[seen.index, "customer_id"])
    times = seen["repeats"].to_numpy(dtype="float64") + 1
    mean = classes.loc[seen.index, "turnover"].to_numpy(dtype="float64") / times
    comings = rhythm.expected(seen, YEAR_DAYS)
    told[["ratio", "next_turnover"]] = 0.0
    told.loc[own, "alive"], told.loc[own, "comings"] = rhythm.alive(seen), comings
    told.loc[own, "ratio"] = comings / times * (period.last - period.window_first(months) + 1) / YEAR_DAYS
    try:
        spend = fit_spend(times, mean, LEAST)
    except NoSpendError as none:
        told["next_turnover"] = pd.NA
        return told, [*found, finding(_SPEND[none.reason], count=int((mean > 0).sum()), least=LEAST)]
    told.loc[own, "next_turnover"] = np.where(mean > 0, comings * spend.expected(times, mean), 0.0).round()
    together = correlation(times, mean)
    if abs(together) > rules.correlated:
        found = [*found, finding("study.spend-together", share=f"{together:.2f}", most=f"{rules.correlated:f}")]
    return told, found


def _spent(
    costs: pd.DataFrame | None,
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None,
    visits: pd.DataFrame | None,
    period: Period,
) -> tuple[pd.Series, list[Finding]]:
    """customer_id → a year's costs (分) at the month's rate, shared out as 投入产出 does; what nobody bears stands under ``NOBODY``."""
    import pandas as pd

    if costs is None:
        return pd.Series(dtype="int64"), []
    people = in_order(classes, "customer_id")
    lines = pd.DataFrame({"side": [], "average": [], "customer_id": []})
    if accounts is not None:
        lines = deposit_lines(accounts, period)
    lines = lines.assign(at=places(lines["customer_id"], people["customer_id"]))
    rows, told = borne(costs, period)
    parts = shared(rows, weights_of(people, lines, visits_of(visits, period)))
    own = parts.parts.groupby(people["customer_id"].to_numpy()[parts.parts["at"]])["cost"].sum()
    lost = pd.Series({NOBODY: int(parts.lost["cost"].sum())})
    return pd.concat([own, lost[lost != 0]]).astype("int64") * YEAR_MONTHS, [*told, *parts.findings]


def _fees_ahead(rows: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Fees go with days of business: each row's, times what the year ahead is to the window."""
    ratio = rows["customer_id"].map(ahead["ratio"]).astype("Float64").fillna(0).to_numpy(dtype="float64")
    return rows.assign(next_fees=(rows["now_fees"] * ratio).round().astype("int64"))


def _people(
    rows: pd.DataFrame,
    known: pd.Series,
    left: pd.Series,
    classes: pd.DataFrame,
    ahead: pd.DataFrame,
    spent: pd.Series,
) -> pd.DataFrame:
    """One row a customer of the month, and one of what belongs to none; whole 分."""
    import pandas as pd

    names = [
        "customer_id",
        "customer_name",
        "customer_type",
        "branch_id",
        "branch_name",
        "manager_name",
        "holder_id",
        "group",
    ]
    sums = rows[known].groupby("customer_id")[list(PARTS)].sum()
    people = classes.reindex(columns=names).sort_values("customer_id", ignore_index=True)
    own = sums.reindex(people["customer_id"]).fillna(0).astype("int64").reset_index(drop=True)
    people = pd.concat([people, own], axis=1).assign(
        unsold=people["customer_id"].map(left).fillna(0).astype("int64"),
        cost=people["customer_id"].map(spent).fillna(0).astype("int64"),
        next_turnover=people["customer_id"].map(ahead["next_turnover"]).astype("Int64"),
        alive=people["customer_id"].map(ahead["alive"]),
        comings=people["customer_id"].map(ahead["comings"]),
        customers=1,
    )
    person = (people["manager_name"].fillna("") + " " + people["holder_id"].fillna("")).str.strip()
    people = people.assign(
        branch=words_of(people["branch_id"], people["branch_name"], "没有机构"),
        manager=person.where(person != "", terms.UNHELD),
    )
    if (~known).any() or NOBODY in spent.index:
        rest = rows.loc[~known, list(PARTS)].sum().astype("int64").to_dict()
        whose = dict.fromkeys(("customer_id", "group", "branch", "manager"), NOBODY)
        nobody = {**rest, **whose, "unsold": 0, "customers": 0, "cost": int(spent.get(NOBODY, 0))}
        people = pd.concat([people, pd.DataFrame([nobody])], ignore_index=True)
    return people


def _sums(people: pd.DataFrame, by: str, unknown: list[str]) -> pd.DataFrame:
    keyed = people.assign(part=people[by].fillna(NOBODY))
    return _totals(keyed.groupby("part", sort=True)[["customers", *_ADDED]].sum(min_count=1).reset_index(), unknown)


def _totals(frame: pd.DataFrame, unknown: list[str]) -> pd.DataFrame:
    """With now, next and worth; what is not known is missing and not in them, and where margins are not known they are missing too."""
    import pandas as pd

    frame = frame.astype(dict.fromkeys(_ADDED, "Int64"))
    frame = frame.assign(
        now=frame["now_deposits"] + frame["now_loans"] + frame["now_fees"] - frame["now_loss"],
        next=frame["next_current"] + frame["next_term"] + frame["next_loans"] + frame["next_fees"] - frame["next_loss"],
    )
    frame = frame.assign(worth=frame["next"] + frame["unsold"], now_net=frame["now"] - frame["cost"])
    frame = frame.assign(worth_net=frame["worth"] - frame["cost"])
    frame = frame.assign(**{name: pd.array([pd.NA] * len(frame), "Int64") for name in unknown})
    if set(_MARGINS) <= set(unknown):
        frame = frame.assign(**{name: pd.array([pd.NA] * len(frame), "Int64") for name in _RESTING})
    key = "part" if "part" in frame else "customer_id"
    return frame.sort_values(["worth", key], ascending=[False, True], kind="stable", ignore_index=True)


def _ordered(groups: pd.DataFrame) -> pd.DataFrame:
    """The nine groups in their order, then what belongs to no customer."""
    order = {key: place for place, key in enumerate([*terms.GROUPS, NOBODY])}
    return groups.assign(order=groups["part"].map(order)).sort_values("order", ignore_index=True)


def _title(groups: pd.DataFrame) -> str:
    """What its chart finds."""
    own = groups[groups["part"].isin(terms.GROUPS) & groups["now"].notna()]
    if own.empty:
        return "各户群现有、未来和费用"
    most = terms.GROUPS[own.sort_values("now", ascending=False, kind="stable")["part"].iloc[0]]
    short = int((own["now_net"] < 0).fillna(False).sum())
    return f"现有最多的是{most}" + (f"；费用比现有多的有 {short} 个户群" if short else "")


def _lines(
    groups: pd.DataFrame, accounts: pd.DataFrame | None, loans: pd.DataFrame | None, period: Period
) -> list[str]:
    import pandas as pd

    def said(name: str) -> str:
        sum_ = groups[name].sum(min_count=1)
        return "缺" if pd.isna(sum_) else f"{in_yuan(int(sum_)):,.2f}"

    lines = [
        f"现有（一年）  存款 {said('now_deposits')} + 贷款 {said('now_loans')} − 预期损失 {said('now_loss')} + 中收 {said('now_fees')} = {said('now')} 元",
        f"未来一年  活期等 {said('next_current')} + 定期 {said('next_term')} + 贷款 {said('next_loans')} − 预期损失 {said('next_loss')} + 中收 {said('next_fees')} = {said('next')} 元",
        f"综合  未来一年 {said('next')} + 还没卖的 {said('unsold')} = {said('worth')} 元",
    ]
    net = f" = {said('cost')} 元，现有减费用 {said('now_net')} 元，综合减费用 {said('worth_net')} 元"
    lines.append(f"费用  本月 × {YEAR_MONTHS}{net}" if groups["cost"].notna().any() else "费用  缺，没有减")
    if accounts is not None and loans is not None:
        term = accounts[accounts["kind"] == "term"]
        due = [
            int(book.loc[book[day].between(period.last + 1, period.last + YEAR_DAYS), "balance"].fillna(0).sum())
            for book, day in ((term, "matures_on"), (on_book(loans), "due_on"))
        ]
        lines.append(
            f"一年内到期：定期 {in_yuan(due[0]):,.2f} 元、贷款 {in_yuan(due[1]):,.2f} 元，到期以后的没有算（续不续做不猜）"
        )
    return lines


def _amounts(kind: ListKind, width: float) -> tuple[ListColumn, ...]:
    """Totals first: they are what is printed; what they are added up from stands behind them."""
    told: tuple[tuple[str, str, str], ...] = (
        ("now", "现有", "一年：存款、贷款利润 + 中收 − 预期损失；不减费用"),
        ("cost", "费用一年", "本月费用 × 12，按投入产出的动因分到户"),
        ("now_net", "现有减费用", ""),
        ("next", "未来", "期末后一年，五项相加（预期损失减）；不减费用"),
        ("unsold", "还没卖的", ""),
        ("worth", "综合", "未来 + 还没卖的；现有不再加，同一笔业务不算两次"),
        ("worth_net", "综合减费用", ""),
    )
    parts: tuple[tuple[str, str, str], ...] = (
        ("now_deposits", "现有存款利润", ""),
        ("now_loans", "现有贷款利润", ""),
        ("now_loss", "现有预期损失", ""),
        ("now_fees", "现有中收", ""),
        ("next_current", "未来活期等", ""),
        ("next_term", "未来定期", ""),
        ("next_loans", "未来贷款", ""),
        ("next_loss", "未来预期损失", ""),
        ("next_fees", "未来中收", ""),
        (
            "next_turnover",
            "未来发生额",
            "未来一年预计办业务的天数 × 每天金额；是客户的流水，不是本行的收入",
        ),
    )

    def columns(some: tuple[tuple[str, str, str], ...], printed: bool) -> tuple[ListColumn, ...]:
        return tuple(
            ListColumn(key, kind, word, total=True, width=width, printed=printed, meaning=meaning)
            for key, word, meaning in some
        )

    return (*columns(told, True), *columns(parts, kind == "wan"))


_PART = ListColumn("part", label="哪一部分", width=22)
_COUNT = ListColumn("customers", "count", "户数", total=True)
_OF_PART, _OF_CUSTOMER = _amounts("wan", 9.5), _amounts("yuan", 14)
STUDY = Study(
    value,
    (
        StudyList(
            "value",
            "客户价值户群",
            (ListColumn("part", label=terms.label("group"), codes=terms.GROUPS, width=20), _COUNT, *_OF_PART),
            "万元",
            chart=Chart("bar", "part", ("now", "next", "cost"), 10),
        ),
        StudyList("value_branches", "客户价值机构", (_PART, _COUNT, *_OF_PART), "万元"),
        StudyList("value_managers", "客户价值客户经理", (_PART, _COUNT, *_OF_PART), "万元"),
        StudyList(
            "value_customers",
            "客户价值客户",
            (
                ListColumn("customer_id", "id", width=14),
                ListColumn("customer_name", private="name", width=18),
                ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
                ListColumn("branch_name", width=14),
                ListColumn("manager_name"),
                declared("group", width=20),
                *(column for column in _OF_CUSTOMER if column.printed),
                ListColumn("alive", "rate", "还在往来的可能", width=9),
                ListColumn("comings", "number", "未来一年办业务几天", width=11),
                *(column for column in _OF_CUSTOMER if not column.printed),
            ),
        ),
        StudyList(
            "value_unsold",
            "客户价值没卖的",
            (
                declared("customer_group"),
                declared("group", width=20),
                declared("product", width=22),
                ListColumn("customers", "count", "户数"),
                ListColumn("holders", "count", "有的户"),
                ListColumn("share", "rate", "有的占"),
                ListColumn("each", "yuan", "有的户均一年", width=16),
                ListColumn("gap", "yuan", "没有的每户估", width=16, meaning="有的占 × 有的户均一年"),
                ListColumn("unsold", "yuan", "还没卖的", total=True, width=16, meaning="没有的每户估 × 没有的户数"),
            ),
        ),
    ),
    without={
        "accounts": "存款利润缺。",
        "loans": "贷款利润缺。",
        "ftp": "存款、贷款利润缺，现有、未来、综合缺。",
        "fees": "中收没有加。",
        "previous_loans": "现有贷款利润按期末余额（时点）。",
        "costs": "费用没有减。",
        "visits": "走访动因的费用分不下去。",
    },
    definitions=(
        ("现有", "本月存款、贷款内部利润和预期损失 × 365 ÷ 本月天数，加近12个月中收；和投入产出同一口径，费用另列。"),
        (
            "费用一年",
            "投入产出分到户的本月费用 × 12：明年照本月这样花；分不到户的单列。到期的存款、贷款以后不算利润，费用照一年减。",
        ),
        (
            "未来活期等",
            "本月日均再加上（本月日均 − 近12个月日均），不低于 0：过去一年怎么走，再这样走一年；窗口内新开的户不看走势。",
        ),
        (
            "未来定期、贷款",
            "是合同，不是购买：余额不变，利润只算到到期日（一年以内），到期以后不猜。已过期的贷款不再有利润，预期损失算一年。",
        ),
        (
            "未来中收",
            "近12个月中收 × 未来一年预计办业务的天数 ÷ 窗口内办业务的天数（折成一年）；天数用 BG/NBD 推（Fader、Hardie、Lee 2005，式 10）。窗口内没有业务的不预计。",
        ),
        (
            "未来发生额",
            "预计天数 × 每天金额，每天金额用 Gamma-Gamma 推（Fader、Hardie 2013，式 5）：来得少的往大家的平均靠。不加进价值。",
        ),
        ("还没卖的", "同客群、同户群里有这个产品的户占多少 × 有的户一年带来多少，只给没有的户；户数太少的不说。"),
        ("相加", "每个账户、借据、中收各到分，户、户群、经理、机构各自相加都等于全辖；没有客户号的单列。"),
    ),
    rules=Rules,
)

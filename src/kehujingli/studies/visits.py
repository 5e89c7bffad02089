"""走访：谁到期该走访、以后几周哪天去看谁、排不下的差多少人手？走访覆盖了多少户，几成是主动的，走访后签约的比没走访的多不多。"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict, refused
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.studies.visiting.visit_duties import on_duty_days, visits_due
from kehujingli.studies.visiting.visit_plan import LEAST_CADENCE, Task, Visit, arranged
from kehujingli.studies.visiting.visit_rates import coverage, signings, ways
from kehujingli.tables.workdays import WorkingDays
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules.strategy import Strategy

Hours = Annotated[Decimal, Field(gt=0, le=24)]
_REASONS = {
    "hours": "人手不够",
    "days": "没有可排的工作日",
    "nobody": "没有客户经理",
    "gone": "管户经理不在岗",
    "way": "渠道都没有时长",
    "cell": "户群策略没有这一格",
}
_DAYS = "一二三四五六日"
_THURSDAY = 3
"""What 1970-01-01 was, from Monday."""
_SLIP = ["manager_id", "customer_id", "planned_on"]


class Rules(Strict):
    """走访。走访周期、渠道用办法 [strategy] 的。"""

    weeks: Positive = Field(4, description="排以后几周")
    hours: Hours = Field(Decimal(3), description="一人一个工作日留几小时走访")
    minutes: dict[str, Positive] = Field({"上门": 60, "电话": 15}, description="一次走访按方式算几分钟;没写的方式不排")
    together: tuple[str, ...] = Field(("上门",), description="哪些方式要跑路,同一个村、网格的排在一天")
    stake: Literal["scale_amount", "deposit_balance", "average_deposit", "loan_balance"] = Field(
        "scale_amount",
        description="先走访谁:scale_amount 业务规模,deposit_balance 存款余额,average_deposit 近12个月日均,loan_balance 贷款余额,从大到小",
    )
    active: tuple[str, ...] = Field(terms.VISIT_WAYS, description="哪些方式算主动走访;到店是客户自己来的,不算")
    signing_days: Positive = Field(30, description="走访后几天以内签约的算走访后签约")
    signing_months: Positive = Field(12, description="走访后签约看最近几个月的走访")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for way, minutes in self.minutes.items():
            if minutes > self.hours * 60:
                detail = f"{way}一次 {minutes} 分钟,比一天的 {self.hours:f} 小时长,一次也排不下"
                raise refused("rules.bad-value", key="minutes", value=minutes, detail=detail)
        return self


def visits(
    classes: pd.DataFrame,
    managers: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
    visit_plan: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    calendar: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    strategy: Strategy | None = None,
) -> Answer:
    """All as a month keeps them; money in 分, days since 1970."""
    last = period.last + 7 * rules.weeks
    own = visits_due(classes, visits, strategy or {}, rules, period.last)
    known = WorkingDays.of(calendar)
    days = known.between(period.last + 1, last)
    wanted = own[(own["due_on"] <= last).fillna(False)]
    silent = _open(visit_plan)
    before = silent[silent["planned_on"].between(period.last + 1, last)]
    placed, left = _planned(wanted, days, managers, before, rules, last)
    plan = _plan_frame(placed, own, rules)
    out = _left_frame(left, own, rules, period.last + 1, last)
    went = [] if visits is None else [ways(visits, period, rules.active)]
    frames = {
        "visits_due": wanted.sort_values(["holder_id", "stake", "customer_id"], ascending=[True, False, True]),
        "visits_plan": plan,
        "visits_left": out,
        "visits_ways": went[0] if went else _empty(_WAYS),
        "visits_coverage": coverage(own, visits, period),
        "visits_signing": _empty(_SIGNING)
        if visits is None or holdings is None
        else signings(classes, visits, holdings, period, rules),
    }
    overdue = int((silent["planned_on"] <= period.last).sum())
    told = _told(known.unpublished(period.last + 1, last), strategy, overdue, period)
    return Answer(frames, _lines(frames, period, last, len(before)), told)


def _planned(
    wanted: pd.DataFrame,
    days: list[int],
    managers: pd.DataFrame | None,
    silent: pd.DataFrame,
    rules: Rules,
    last: int,
) -> tuple[list[tuple[str, Visit]], list[tuple[str, str, Visit | None]]]:
    """(manager, visit) of what is planned; (customer, reason, visit) of what is not."""
    tasks: dict[str, list[Task]] = {}
    left: list[tuple[str, str, Visit | None]] = []
    columns = ("customer_id", "holder_id", "village", "way", "stake", "due_on", "visit_days", "lacks")
    for who, holder, village, way, stake, due, every, lacks in zip(
        *(listed(wanted[key]) for key in columns), strict=True
    ):
        if lacks:
            left.append((who, lacks, None))
            continue
        place = (village or "") if way in rules.together else ""
        tasks.setdefault(holder, []).append(
            Task(who, place, rules.minutes[way], int(stake or 0), int(due), max(int(every), LEAST_CADENCE))
        )
    placed: list[tuple[str, Visit]] = []
    before: dict[str, dict[str, list[int]]] = {}
    for manager, who, day in zip(*(listed(silent[key]) for key in _SLIP), strict=True):
        before.setdefault(manager, {}).setdefault(who, []).append(int(day))
    duty = None if managers is None else on_duty_days(managers, days)
    for manager in sorted(tasks):
        own = days if duty is None else duty.get(manager, [])
        if days and not own:
            left += [(task.customer_id, "gone", None) for task in tasks[manager]]
            continue
        for one in arranged(tasks[manager], own, int(rules.hours * 60), before.get(manager, {}), last):
            if one.day is None:
                left.append((one.task.customer_id, "hours" if any(day >= one.earliest for day in own) else "days", one))
            else:
                placed.append((manager, one))
    return placed, left


def _open(plan: pd.DataFrame | None) -> pd.DataFrame:
    """Planned visits of which no copy of the form says what came of them, each once."""
    import pandas as pd

    if plan is None:
        return pd.DataFrame(columns=_SLIP).astype({"planned_on": "Int64"})
    said = plan.loc[plan["result"].notna(), _SLIP].drop_duplicates().assign(said=True)
    slips = plan[_SLIP].drop_duplicates().merge(said, on=_SLIP, how="left")
    return slips.loc[slips["said"].isna(), _SLIP]


def _plan_frame(placed: list[tuple[str, Visit]], own: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (
            manager,
            one.day,
            f"周{_DAYS[((one.day or 0) + _THURSDAY) % 7]}",
            one.task.customer_id,
            one.task.minutes,
            one.due,
            max((one.day or 0) - one.due, 0),
            "沿用" if one.kept else "新排",
        )
        for manager, one in placed
    ]
    made = ["manager_id", "planned_on", "weekday", "customer_id", "minutes", "due_on", "days_late", "kept"]
    frame = pd.DataFrame(rows, columns=made)
    frame = frame.astype(dict.fromkeys(("planned_on", "minutes", "due_on", "days_late"), "Int64"))
    about = own.set_index("customer_id")[
        [
            "customer_name",
            "customer_type",
            "branch_id",
            "branch_name",
            "manager_name",
            "village",
            "group",
            "way",
            "stake",
        ]
    ]
    frame = frame.join(about, on="customer_id")
    frame["far"] = ~frame["way"].isin(rules.together)
    order = ["manager_id", "planned_on", "far", "village", "stake", "customer_id"]
    frame = frame.sort_values(order, ascending=[True, True, True, True, False, True], na_position="last")
    return frame[keys(_PLAN)].reset_index(drop=True)


def _left_frame(
    left: list[tuple[str, str, Visit | None]], own: pd.DataFrame, rules: Rules, first: int, last: int
) -> pd.DataFrame:
    """One row a manager and reason. Who finds no room misses as many visits as his cadence asks of the days from ``first`` to ``last``."""
    import pandas as pd

    times = [1 if one is None else 1 + max(last - max(one.due, first), 0) // one.task.every for _, _, one in left]
    frame = pd.DataFrame([row[:2] for row in left], columns=["customer_id", "reason"]).assign(
        times=pd.array(times, "int64")
    )
    about = own.set_index("customer_id")[["holder_id", "manager_name", "branch_id", "branch_name", "stake", "way"]]
    frame = frame.join(about, on="customer_id")
    hours = frame["way"].map({way: minutes / 60 for way, minutes in rules.minutes.items()}).astype("float64")
    frame["hours"] = (hours * frame["times"]).where(frame["reason"] == "hours")
    by = ["branch_id", "branch_name", "holder_id", "manager_name", "reason"]
    summed = frame.groupby(by, dropna=False, sort=True).agg(
        customers=("customer_id", "nunique"),
        visits=("times", "sum"),
        stake=("stake", "sum"),
        hours=("hours", "sum"),
    )
    summed = summed.reset_index().rename(columns={"holder_id": "manager_id"})
    summed["hours"] = summed["hours"].where(summed["reason"] == "hours")
    return summed[keys(_LEFT)]


def _told(unpublished: list[int], strategy: Strategy | None, silent: int, period: Period) -> list[Finding]:
    told = []
    if strategy is None:
        told.append(finding("study.visits-no-strategy"))
    if unpublished:
        first = date_of(unpublished[0])
        told.append(finding("study.visits-unpublished", first=first, year=first.year, count=len(unpublished)))
    if silent:
        told.append(finding("study.visits-silent", count=silent, day=period.as_of))
    return told


def _lines(frames: Mapping[str, pd.DataFrame], period: Period, last: int, filed: int) -> list[str]:
    due, plan, left = frames["visits_due"], frames["visits_plan"], frames["visits_left"]
    late = int((due["due_on"] <= period.last).sum())
    lines = [f"到 {date_of(last)} 该走访 {len(due):,} 户，其中到期未访 {late:,} 户"]
    trips = plan[plan["village"].notna()].drop_duplicates(["manager_id", "planned_on", "village"])
    lines.append(
        f"排上 {plan['customer_id'].nunique():,} 户 {len(plan):,} 次，{plan['manager_id'].nunique():,} 人，{len(trips):,} 个村次；"
        f"以前排的 {filed:,} 次里沿用 {int((plan['kept'] == '沿用').sum()):,} 次，晚于到期日 {int((plan['days_late'] > 0).sum()):,} 次"
    )
    for reason, some in left.groupby("reason", sort=False):
        hours = f"，约差 {some['hours'].sum():,.0f} 小时" if reason == "hours" else ""
        lines.append(f"没有排上：{_REASONS[str(reason)]} {int(some['customers'].sum()):,} 户{hours}")
    ways_ = frames["visits_ways"]
    if len(ways_):
        written = ways_[ways_["way"].notna()]
        active = int(written.loc[written["active"], "visits"].sum())
        whole = int(written["visits"].sum())
        lines += (
            [f"本月走访 {int(ways_['visits'].sum()):,} 次，主动走访率 {active / whole:.2%}（{active:,} ÷ {whole:,}）"]
            if whole
            else []
        )
    held = frames["visits_coverage"]
    if len(held) and int(held["held"].sum()):
        lines.append(
            f"走访覆盖率 {held['visited'].sum() / held['held'].sum():.2%}（本月），周期内 {held['in_cadence'].sum() / held['held'].sum():.2%}"
        )
    return lines


def _empty(columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=keys(columns))


_STAKE = ListColumn("stake", "yuan", "看重的数", meaning="办法 stake 说的那个数，默认业务规模；大的先排")
_DUE = ListColumn("due_on", "date", "应走访日", width=12, meaning="最近走访日 + 走访周期；没有记录的看口径")
_CUSTOMER = (
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
)
_MANAGER = (ListColumn("manager_id", "id"), ListColumn("manager_name"))
_WHERE = (ListColumn("branch_id", "id", printed=False), ListColumn("branch_name", width=14))
_WAY = ListColumn("way", label=terms.label("way", "visits"))
_DUES = (
    *_WHERE,
    ListColumn("holder_id", "id"),
    ListColumn("manager_name"),
    *_CUSTOMER,
    declared("village"),
    declared("group", width=18),
    ListColumn("visited_on", "date", "最近走访", width=12),
    ListColumn("visit_days", "count", "走访周期（天）"),
    _DUE,
    ListColumn("overdue", "count", "超期天数", meaning="期末晚于应走访日几天；还没到的空着"),
    _WAY,
    _STAKE,
    ListColumn("basis", label="从哪天算"),
)
_PLAN = (
    *_WHERE,
    *_MANAGER,
    ListColumn("planned_on", "date", terms.label("planned_on"), width=12),
    ListColumn("weekday", label="星期"),
    declared("village"),
    *_CUSTOMER,
    declared("group", width=18),
    _WAY,
    ListColumn("minutes", "count", "时长（分钟）"),
    _STAKE,
    _DUE,
    ListColumn("days_late", "count", "晚几天"),
    ListColumn("kept", label="沿用/新排"),
)
_LEFT = (
    *_WHERE,
    *_MANAGER,
    ListColumn("reason", codes=_REASONS, width=18),
    ListColumn("customers", "count", "户数", total=True),
    ListColumn("visits", "count", "次数", total=True),
    ListColumn("stake", "yuan", "看重的数", total=True),
    ListColumn("hours", "number", "约差小时"),
)
_WAYS = (
    _WAY,
    ListColumn("active", "flag", "算主动"),
    ListColumn("visits", "count", "次数", total=True),
    ListColumn("share", "rate", "占本月走访"),
    ListColumn("planned", "count", "其中计划内", total=True),
    ListColumn("unplanned", "count", "计划外", total=True),
    ListColumn("unsaid", "count", "没写是否计划内", total=True),
)
_COVERAGE = (
    ListColumn("manager_id", "id"),
    ListColumn("manager_name"),
    declared("group", width=22),
    ListColumn("held", "count", "管户数", total=True),
    ListColumn("visited", "count", "本月走访户", total=True),
    ListColumn("coverage", "rate", "本月覆盖率"),
    ListColumn("in_cadence", "count", "周期内走访户", total=True, meaning="最近一次走访没有超过走访周期的户"),
    ListColumn("kept_share", "rate", "周期内覆盖率"),
)
_SIGNING = (
    declared("group", width=22),
    ListColumn("visits", "count", "走访次数"),
    ListColumn("signed", "count", "其中签约"),
    ListColumn("rate", "rate", "走访后签约率"),
    ListColumn("unvisited", "count", "没走访的户"),
    ListColumn("base", "rate", "没走访的签约率"),
    ListColumn("lift", "rate", "多出"),
    ListColumn("said", label="怎么看", width=24),
)
STUDY = Study(
    visits,
    (
        StudyList("visits_due", "走访到期", _DUES, nothing="没有到期的。"),
        StudyList("visits_plan", "走访排期", _PLAN, nothing="没有排上的。", freeze=4),
        StudyList("visits_left", "走访没排上", _LEFT, nothing="都排上了。"),
        StudyList("visits_ways", "走访方式", _WAYS, unit="次", nothing="没有走访记录。"),
        StudyList("visits_coverage", "走访覆盖", _COVERAGE, unit="户"),
        StudyList("visits_signing", "走访签约", _SIGNING, unit="次、户", nothing="没有走访记录或签约产品。"),
    ),
    without={
        "managers": "不知道谁在岗，都当作在岗。",
        "visits": "不知道谁什么时候走访过，都当作没走访过，方式、覆盖和签约缺。",
        "holdings": "走访后签约率缺。",
        "calendar": "",
        "visit_plan": "",
    },
    definitions=(
        (
            "应走访日",
            "最近一次走访（谁去的、什么方式都算）+ 户群策略的走访周期。没有走访记录的：走访记录开始以后开户的从开户日算；其余当作期末到期。",
        ),
        ("谁去", "管户客户经理；方式是户群策略的渠道里第一个有时长的。"),
        (
            "排期",
            "只排工作日，一天不超过办法的小时数。按周排：到期那一周以前，看重的数大的先排，能排上就不晚；同一个村、网格的尽量排在一天。以前发出的走访安排还有效的原日不动。两次之间不短于周期的一半；周期不到 7 天的按 7 天。",
        ),
        (
            "没有排上",
            "人手不够是各工作日的时间都排满了，没有一天还放得下；没有可排的工作日是排期里该去的日子都休息，或放假安排未公布。",
        ),
        (
            "工作日",
            "《工作日历》优先，其次国务院办公厅公布的放假安排；没有公布的年份不排，《工作日历》写全那一年（至少写 1 月 1 日和 10 月 1 日）就排。",
        ),
        ("主动走访率", "办法 active 的方式的走访次数 ÷ 写了方式的走访次数，本月。"),
        ("走访覆盖率", "走访过的户 ÷ 管户，按管户经理、户群；谁去走访的都算。"),
        (
            "走访后签约率",
            "走访当天起几天内（办法 signing_days）签过产品的走访 ÷ 走访次数，同户同日算一次，只看已满那么多天的；没走访的是窗口里一次也没走访过的户，在同样的日子之后同样天数内签过的占比。相关，不是因果。",
        ),
    ),
    rules=Rules,
    examples=("kehujingli visits", "kehujingli 走访 --list visits_plan --format csv", "kehujingli visits -o 走访.xlsx"),
)

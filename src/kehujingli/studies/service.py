"""服务：问题和投诉按期答复了几成、有几件属实？转介办成了几成，业务申请按承诺的工作日办结了没有？逐笔说出是谁的、晚了几天。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.customers.promises import STATES, Known, cases
from kehujingli.studies.placing import at, several
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.tables.workdays import WorkingDays
from kehujingli.terms.column import ListColumn, keys
from kehujingli.values import named, places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

_WITHDRAWN = "撤"
_REFUSED = "否决|拒|退回|退件|不通过|未通过|不同意"
_KINDS = {**terms.ISSUE_KINDS, "referral": "转介", "application": "申请"}
_LISTED = ("late_open", "open", "late", "unpublished", "wrong")


class Rules(Strict):
    """服务。"""

    days: Positive = Field(7, description="问题、投诉几个工作日答复;台账写了应答期限的按台账")
    months: Positive = Field(12, description="看最近几个月提出或办结的;以前没办结的也在内")


def service(
    classes: pd.DataFrame,
    issues: pd.DataFrame | None = None,
    referrals: pd.DataFrame | None = None,
    applications: pd.DataFrame | None = None,
    managers: pd.DataFrame | None = None,
    closed_customers: pd.DataFrame | None = None,
    calendar: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
) -> Answer:
    """All as a month keeps them; money in 分, days since 1970."""
    days = WorkingDays.of(calendar)
    known = Known(
        set() if managers is None else set(managers["manager_id"].dropna()),
        set() if closed_customers is None else set(closed_customers["customer_id"].dropna()),
    )
    window = period.first if rules.months == 1 else period.window_first(rules.months)
    told: list[Finding] = []
    parts: dict[str, pd.DataFrame] = {}
    people = _People.of(classes, managers, period)
    for table, frame in (("issues", issues), ("referrals", referrals), ("applications", applications)):
        if frame is not None:
            read = people.placed(_read(table, frame, rules.days))
            found, findings = cases(table, read, days, known, window, period.last)
            parts[table] = people.housed(found)
            told += findings
    if issues is not None:
        told += _no_kind(parts["issues"])
    frames = {
        "service_issues": _summed(parts.get("issues"), ["branch_id", "manager_id", "case_kind"], people, _ISSUES),
        "service_referrals": _summed(parts.get("referrals"), ["to_department", "manager_id"], people, _REFERRALS),
        "service_applications": _summed(parts.get("applications"), ["branch_id", "manager_id"], people, _APPLICATIONS),
        "service_cases": _listed([part for part in parts.values() if len(part)], people),
    }
    return Answer(frames, [line for table, part in parts.items() for line in _lines(table, part)], told)


def _read(table: str, frame: pd.DataFrame, days: int) -> pd.DataFrame:
    """The rows as ``cases`` takes them."""
    if table == "issues":
        return _of_issues(frame, days)
    return _of_referrals(frame) if table == "referrals" else _of_applications(frame)


def _of_issues(frame: pd.DataFrame, days: int) -> pd.DataFrame:
    return frame.rename(columns={"issue_id": "case_id", "closed_on": "ended_on", "text": "matter"}).assign(
        case_kind=frame["issue_kind"], promised=days, ended=frame["closed_on"].notna(), withdrawn=False
    )


def _of_referrals(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    none = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    return frame.rename(columns={"referral_id": "case_id", "from_id": "manager_id", "done_on": "ended_on"}).assign(
        case_kind="referral",
        due_on=none,
        promised=none,
        ended=frame["done_on"].notna() | frame["result"].notna(),
        withdrawn=False,
    )


def _of_applications(frame: pd.DataFrame) -> pd.DataFrame:
    """An end is the day that it was done, of a refusal the day of the decision."""
    import pandas as pd

    result = frame["result"].fillna("").astype("str")
    withdrawn, refused = result.str.contains(_WITHDRAWN), result.str.contains(_REFUSED)
    ended = frame["done_on"].fillna(frame["approved_on"].where(refused))
    return frame.rename(
        columns={"application_id": "case_id", "applied_on": "raised_on", "promised_days": "promised"}
    ).assign(
        case_kind="application",
        matter=frame["exposure_kind"],
        due_on=pd.Series(pd.NA, index=frame.index, dtype="Int64"),
        ended_on=ended,
        ended=ended.notna() | refused | withdrawn,
        withdrawn=withdrawn,
    )


@dataclass(frozen=True)
class _People:
    """Customers, the names of branches, and of managers what they are called and where they are: of several posts the one held on the period's last day."""

    customers: pd.DataFrame
    branches: Mapping[str, str]
    names: Mapping[str, str]
    homes: Mapping[str, str]

    @classmethod
    def of(cls, classes: pd.DataFrame, managers: pd.DataFrame | None, period: Period) -> _People:
        import pandas as pd

        from kehujingli.assign.feasible import on_duty

        about = classes[["customer_id", "customer_name", "customer_type", "branch_id"]]
        known = classes[~classes["branch_id"].duplicated() & classes["branch_id"].notna()]
        branches = dict(zip(known["branch_id"], known["branch_name"], strict=True))
        if managers is None:
            return cls(about, branches, {}, {})
        roster = managers.dropna(subset=["manager_id"])
        if not roster["manager_id"].is_unique:
            gone = [not on_duty(post, period.last) for post in roster.itertuples()]
            order = pd.Series(gone, index=roster.index, dtype=bool).sort_values(kind="stable").index
            roster = roster.loc[order].drop_duplicates("manager_id")
        names, homes = (dict(zip(roster["manager_id"], roster[key], strict=True)) for key in ("name", "branch_id"))
        return cls(about, branches, names, homes)

    def placed(self, read: pd.DataFrame) -> pd.DataFrame:
        """With the customer's place, -1 where nobody is known."""
        return read.assign(place=places(read["customer_id"], self.customers["customer_id"]))

    def housed(self, found: pd.DataFrame) -> pd.DataFrame:
        """With the branch: the row's own, else its manager's, else its customer's."""
        home = self._of(found, "branch_id")
        branch = found["branch_id"] if "branch_id" in found else home.mask(home.notna())
        return found.assign(branch_id=branch.fillna(named(found["manager_id"], self.homes)).fillna(home))

    def about(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same rows with what their customers are called and are."""
        return rows.assign(**{key: self._of(rows, key) for key in ("customer_name", "customer_type")})

    def called(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same rows with the names of branches and managers."""
        names = {"branch_id": ("branch_name", self.branches), "manager_id": ("manager_name", self.names)}
        return rows.assign(**{name: named(rows[key], known) for key, (name, known) in names.items() if key in rows})

    def _of(self, rows: pd.DataFrame, key: str) -> pd.Series:
        at = rows["place"].to_numpy(dtype="int64")
        return self.customers[key].iloc[at.clip(min=0)].set_axis(rows.index).mask(at < 0)


def _no_kind(part: pd.DataFrame) -> list[Finding]:
    rows = part[part["case_kind"].isna()]
    if not len(rows):
        return []
    label = terms.BY_KEY["issues"].label
    return [
        several("study.service-kind", [f"{at(row)}{row['case_id']}" for row in rows.to_dict("records")], table=label)
    ]


def _summed(
    part: pd.DataFrame | None, by: Sequence[str], people: _People, columns: tuple[ListColumn, ...]
) -> pd.DataFrame:
    """One row a group. The share on time is of those whose promise is over: answered, or past due."""
    import numpy as np
    import pandas as pd

    if part is None or not len(part):
        return pd.DataFrame(columns=keys(columns))
    groups = part.groupby(list(by), dropna=False, sort=True)
    at = groups.ngroup().to_numpy()
    frame = groups.size().index.to_frame(index=False)
    size, codes = len(frame), part["state"].cat.codes.to_numpy(dtype="int64")
    by_state = np.bincount(at * len(STATES) + codes, minlength=size * len(STATES)).reshape(size, len(STATES))
    done = part["ended"].to_numpy(dtype=bool) & ~part["state"].isin(["withdrawn", "wrong"]).to_numpy()

    def counted(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(at[mask], minlength=size)

    count = counted(done)
    spent = np.bincount(at[done], weights=part["days"].to_numpy(dtype="float64", na_value=0)[done], minlength=size)
    latest = np.zeros(size, dtype="int64")
    np.maximum.at(latest, at, part["days_late"].fillna(0).to_numpy(dtype="int64"))
    money = np.zeros(size, dtype="int64")
    if "amount" in part:
        np.add.at(money, at[done], part["amount"].fillna(0).to_numpy(dtype="int64")[done])
    judged, upheld = counted(done & False), counted(done & False)
    if "upheld" in part:
        judged = counted(part["upheld"].notna().to_numpy(dtype=bool))
        upheld = counted(part["upheld"].isin(["yes", "partly"]).to_numpy(dtype=bool))
    summed = frame.assign(
        cases=by_state.sum(axis=1),
        done=count,
        **dict(zip(STATES, by_state.T, strict=True)),
        judged=judged,
        upheld=upheld,
        amount=pd.Series(money, dtype="Int64"),
        mean_days=pd.Series(spent / np.maximum(count, 1), dtype="Float64").mask(count == 0),
        most_late=pd.Series(latest, dtype="Int64").mask(latest == 0),
    )
    due = summed["on_time"] + summed["late"] + summed["late_open"]
    right = summed["cases"] - summed["withdrawn"] - summed["wrong"]
    summed = summed.assign(
        on_time_share=summed["on_time"] / due.where(due > 0),
        done_share=summed["done"] / right.where(right > 0),
        upheld_share=summed["upheld"] / summed["judged"].where(summed["judged"] > 0),
    )
    return people.called(summed)[keys(columns)]


def _listed(parts: list[pd.DataFrame], people: _People) -> pd.DataFrame:
    """What is open, was late, or cannot be said of; what is late and open first, the latest before others."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if not parts:
        return pd.DataFrame(columns=keys(_CASES))
    own = [*keys(_CASES), "place"]
    shown = [part.reindex(columns=own)[part["state"].isin(_LISTED) | ~part["ended"]] for part in parts]
    rows = pd.concat([some for some in shown if len(some)] or shown[:1], ignore_index=True)
    order = {
        "state": (pa.array(rows["state"].cat.codes), "ascending"),
        "days_late": (pa.array(rows["days_late"]), "descending"),
        "raised_on": (pa.array(rows["raised_on"]), "ascending"),
        "case_id": (pa.array(rows["case_id"], pa.large_string(), from_pandas=True), "ascending"),
    }
    table = pa.table({key: column for key, (column, _) in order.items()})
    at = pc.sort_indices(table, sort_keys=[(key, way) for key, (_, way) in order.items()])
    rows = rows.iloc[np.asarray(at)].reset_index(drop=True)
    return people.about(people.called(rows.astype({"state": "str"})))[keys(_CASES)]


def _lines(table: str, part: pd.DataFrame) -> list[str]:
    label = terms.BY_KEY[table].label
    if not len(part):
        return [f"{label}：最近没有提出、办结或没办结的"]
    count = part["state"].value_counts().reindex(list(STATES)).astype("int64").to_dict()
    right = len(part) - count["wrong"] - count["withdrawn"]
    done = int((part["ended"] & ~part["state"].isin(["withdrawn", "wrong"])).sum())
    said = f"{label} {len(part):,} 件，办结 {done:,} 件"
    if table == "referrals":
        days = part.loc[part["ended"] & (part["state"] != "wrong"), "days"]
        share = f"（{done / right:.2%}）" if right else ""
        mean = f"，平均 {float(days.mean()):.1f} 天" if len(days) else ""
        return [f"{said}{share}{mean}"]
    due = count["on_time"] + count["late"] + count["late_open"]
    if due:
        said += f"，按期率 {count['on_time'] / due:.2%}（{count['on_time']:,} ÷ {due:,}）"
    if count["late_open"]:
        most = int(part.loc[part["state"] == "late_open", "days_late"].max())
        said += f"；超期没办结 {count['late_open']:,} 件，最长超 {most:,} 天"
    rest = "，".join(
        f"{STATES[key]} {count[key]:,} 件" for key in ("unpublished", "unpromised", "withdrawn", "wrong") if count[key]
    )
    said += f"；{rest}，不在按期率里" if rest else ""
    if table == "issues" and (judged := int(part["upheld"].notna().sum())):
        upheld = int(part["upheld"].isin(["yes", "partly"]).sum())
        said += f"；属实 {upheld / judged:.2%}（{upheld:,} ÷ {judged:,}）"
    return [said]


_WHO = ("manager_id", "manager_name")
_BRANCH = (ListColumn("branch_id", "id", printed=False), ListColumn("branch_name", width=14))
_MANAGER = (ListColumn("manager_id", "id"), ListColumn("manager_name", label=terms.label("name", "managers")))
_STATE_COUNTS = (
    ListColumn("cases", "count", "件数", total=True),
    ListColumn("on_time", "count", STATES["on_time"], total=True),
    ListColumn("late", "count", STATES["late"], total=True),
    ListColumn("late_open", "count", STATES["late_open"], total=True),
    ListColumn("open", "count", STATES["open"], total=True),
    ListColumn("unpublished", "count", STATES["unpublished"], total=True),
)
_RATES = (
    ListColumn("on_time_share", "rate", "按期率", meaning="按期办结 ÷（按期办结 + 超期办结 + 超期未办结）"),
    ListColumn("mean_days", "number", "办结平均天数", meaning="提出到办结的日历天数"),
    ListColumn("most_late", "count", "最长超期天数", meaning="超过期限的日历天数"),
)
_ISSUES = (
    *_BRANCH,
    *_MANAGER,
    ListColumn("case_kind", label=terms.label("issue_kind", "issues"), codes=terms.ISSUE_KINDS),
    *_STATE_COUNTS,
    ListColumn("wrong", "count", STATES["wrong"], total=True),
    *_RATES,
    ListColumn("judged", "count", "已核属实与否", total=True),
    ListColumn("upheld", "count", "其中属实", total=True, meaning="部分属实也算"),
    ListColumn("upheld_share", "rate", "属实率"),
)
_REFERRALS = (
    ListColumn("to_department", label=terms.label("to_department", "referrals"), width=16),
    *_MANAGER,
    ListColumn("cases", "count", "转介件数", total=True),
    ListColumn("done", "count", "已办结", total=True),
    ListColumn("wrong", "count", STATES["wrong"], total=True),
    ListColumn("done_share", "rate", "办结率"),
    ListColumn("mean_days", "number", "办结平均天数", meaning="发起到办结的日历天数"),
    ListColumn("amount", "yuan", "办结金额", total=True),
)
_APPLICATIONS = (
    *_BRANCH,
    *_MANAGER,
    *_STATE_COUNTS,
    ListColumn("unpromised", "count", STATES["unpromised"], total=True),
    ListColumn("withdrawn", "count", STATES["withdrawn"], total=True),
    ListColumn("wrong", "count", STATES["wrong"], total=True),
    *_RATES,
)
_CASES = (
    ListColumn("case_kind", label="哪一类", codes=_KINDS),
    ListColumn("state", label="办到哪里", codes=STATES, width=12),
    ListColumn("days_late", "count", "超期天数", meaning="期末或办结日超过期限的日历天数"),
    *_BRANCH,
    *_MANAGER,
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
    ListColumn("case_id", "id", "件号"),
    ListColumn("matter", label=terms.label("text", "issues"), private="numbers", width=20),
    ListColumn("to_department", label=terms.label("to_department", "referrals")),
    ListColumn("raised_on", "date", "提出日", width=12),
    ListColumn("promise", "date", "应办结日", width=12, meaning="要数到未公布的日子的空着"),
    ListColumn("ended_on", "date", "办结日", width=12),
    ListColumn("days", "count", "历时天数", meaning="提出到办结，没办结的到期末，日历天数"),
)
STUDY = Study(
    service,
    (
        StudyList("service_issues", "服务问题", _ISSUES, unit="件", nothing="没有问题、投诉，或没有问题台账。"),
        StudyList("service_referrals", "服务转介", _REFERRALS, nothing="没有转介，或没有联动转介。"),
        StudyList("service_applications", "服务时限", _APPLICATIONS, unit="件", nothing="没有业务申请。"),
        StudyList("service_cases", "服务逐笔", _CASES, unit="天", freeze=3, nothing="没有未办结、超期的。"),
    ),
    without={
        "issues": "问题、投诉的按期率和属实率缺。",
        "referrals": "转介的办结率缺。",
        "applications": "业务申请的按期率缺。",
        "managers": "没有姓名，认不出写错的工号。",
        "closed_customers": "",
        "calendar": "",
    },
    definitions=(
        (
            "在内的",
            "最近几个月（办法 months）提出或办结的，以前提出、到期末没办结的；期末以后提出的不在内，以后办结的当作没办结。",
        ),
        (
            "期限",
            "问题、投诉：台账的应答期限，没写的是提出日后第几个工作日（办法 days）；业务申请：受理日后第几个承诺工作日；当天不算。",
        ),
        (
            "工作日",
            "《工作日历》优先，其次国务院办公厅公布的放假安排。要数到没有公布的日子的，能肯定没超期的照算，其余算作期限未公布，不猜。",
        ),
        (
            "按期率",
            "按期办结 ÷（按期办结 + 超期办结 + 超期未办结）；未到期、期限未公布、没有承诺、撤回、日期不对的不在里面。",
        ),
        ("业务申请的办结", "办结日期；否决、退回的没有办结日期时用审批日期。撤回的不算按期也不算超期。"),
        ("属实率", "是、部分 ÷ 写了是否属实的。"),
        ("转介", "有办结日期的算办结；金额是办结的合计。转介没有承诺期限，不算按期。"),
        ("机构", "业务申请是本行写的机构，没写的和问题、投诉一样，是客户经理的机构；认不出客户经理的是客户的机构。"),
    ),
    rules=Rules,
    examples=(
        "kehujingli service",
        "kehujingli 服务 --list service_cases --format csv",
        "kehujingli service -o 服务.xlsx",
    ),
)

"""项目储备：手上有多少项目，走到哪一步，每一步留下几成、走几天？从线索到落地的漏斗，过了预计日期的逐个列出。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.studies.placing import at, several
from kehujingli.studies.study import Answer, Chart, Study, StudyList
from kehujingli.terms.column import ListColumn
from kehujingli.values import in_yuan

if TYPE_CHECKING:
    import pandas as pd

STEPS = tuple(one for one in terms.STAGES if one != "given_up")
_ENDS = ("landed", "given_up")


def projects(pipeline: pd.DataFrame, managers: pd.DataFrame | None = None, *, period: Period) -> Answer:
    """``pipeline``: a row a project and stage that it came to, money in 分, days since 1970; what comes after the period does not count."""
    written = _written(pipeline, period)
    rows, told = _stages(written)
    now = _now(rows, written, managers, period)
    frames = {"projects_funnel": _funnel(rows, now), "projects_list": now}
    return Answer(frames, _lines(frames["projects_funnel"], now), told)


def _written(pipeline: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows that count, of each project in the order of its days; ``step``: the stage's place."""
    order = {stage: place for place, stage in enumerate(terms.STAGES)}
    rows = pipeline[(pipeline["stage_on"] <= period.last).fillna(False)]
    rows = rows.assign(step=rows["stage"].map(order).astype("int64"))
    return rows.sort_values(["project_id", "stage_on", "step", "source_row"], kind="stable", ignore_index=True)


def _stages(written: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a project and stay in a stage, on its first day: what only says anew where the project is makes no new one."""
    before = written.groupby("project_id", sort=False)["stage"].shift()
    rows = written[(written["stage"] != before) | before.isna()].reset_index(drop=True)
    by = rows.groupby("project_id", sort=False)
    told = []
    after_end = by["stage"].shift().isin(_ENDS)
    if bool(after_end.any()):
        told.append(several("study.projects-after-end", _named(rows[after_end])))
    back = (rows["step"] < by["step"].shift()).fillna(False) & ~after_end
    if bool(back.any()):
        told.append(several("study.projects-back", _named(rows[back])))
    return rows, told


def _named(rows: pd.DataFrame) -> list[str]:
    return [f"{at(row)}{row['project_id']} {terms.STAGES[row['stage']]}" for row in rows.to_dict("records")]


def _now(rows: pd.DataFrame, written: pd.DataFrame, managers: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    """One row a project: where it is, how far it ever came, since when, and of all that is ``written`` of it the newest amount and date."""
    by = rows.groupby("project_id", sort=True)
    last = by.tail(1).set_index("project_id").sort_index()
    of_all = written.groupby("project_id", sort=True)
    for key in ("expected", "expected_on", "customer_id", "name", "manager_id"):
        last[key] = of_all[key].last()  # the newest that says anything
    reached = rows.loc[rows["stage"] != "given_up"].groupby("project_id")["step"].max()
    last = last.assign(reached=reached.reindex(last.index).fillna(0).astype("int64"), begun_on=by["stage_on"].min())
    open_ = ~last["stage"].isin(_ENDS)
    names = {} if managers is None else dict(zip(managers["manager_id"], managers["name"], strict=True))
    last = last.assign(
        days=(period.last - last["stage_on"]).where(open_),
        overdue=(period.last - last["expected_on"]).where(open_ & (last["expected_on"] < period.last).fillna(False)),
        manager_name=last["manager_id"].map(names),
        open=open_,
    ).reset_index()
    return last.sort_values(
        ["open", "overdue", "project_id"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )


def _funnel(rows: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row a stage: who ever came so far or further, the share of those of the stage before, who is there now, mean days there."""
    import pandas as pd

    left = rows.groupby("project_id", sort=False)["stage_on"].shift(-1)
    spent = (left - rows["stage_on"]).where(left.notna())
    made = []
    before = None
    for place, stage in enumerate(STEPS):
        here, came = now[now["stage"] == stage], int((now["reached"] >= place).sum())
        lost = now[(now["stage"] == "given_up") & (now["reached"] == place)]
        days = spent[rows["stage"] == stage]
        made.append(
            {
                "stage": stage,
                "reached": came,
                "conversion": came / before if before else None,
                "now": len(here),
                "lost": len(lost),
                "expected": int(here["expected"].fillna(0).sum()),
                "unsaid": int(here["expected"].isna().sum()),
                "mean_days": float(days.mean()) if days.notna().any() else None,
            }
        )
        before = came
    return pd.DataFrame(made)


def _lines(funnel: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    on = now[now["open"]]
    amount, unsaid = int(on["expected"].fillna(0).sum()), int(on["expected"].isna().sum())
    landed = funnel.set_index("stage").loc["landed"]
    line = f"在手 {len(on):,} 个项目，预计 {in_yuan(amount):,.2f} 元" + (
        f"（{unsaid:,} 个没有写金额）" if unsaid else ""
    )
    share = f"，从头到落地 {int(landed['reached']) / len(now):.2%}" if len(now) else ""
    lines = [f"{line}；共 {len(now):,} 个，落地 {int(landed['reached']):,} 个{share}"]
    late = on["overdue"].dropna()
    return [*lines, f"过了预计日期还没落地的 {len(late):,} 个，最久 {int(late.max()):,} 天"] if len(late) else lines


STUDY = Study(
    projects,
    (
        StudyList(
            "projects_funnel",
            "项目储备漏斗",
            (
                ListColumn("stage", label=terms.label("stage"), codes=terms.STAGES),
                ListColumn("reached", "count", "到过的项目", meaning="到过这一步或更远"),
                ListColumn("conversion", "rate", "上一步留下几成"),
                ListColumn("now", "count", "现在在这一步", total=True),
                ListColumn("lost", "count", "在这一步放弃", total=True),
                ListColumn("expected", "wan", terms.label("expected"), total=True, meaning="现在在这一步的"),
                ListColumn("unsaid", "count", "没写金额的", total=True),
                ListColumn(
                    "mean_days", "number", "平均走几天", meaning="进入这一步到离开这一步，离开了的；退回来的另算一次"
                ),
            ),
            unit="万元",
            chart=Chart("bar", "stage", ("reached", "now"), rows=len(STEPS)),
        ),
        StudyList(
            "projects_list",
            "项目储备名单",
            (
                ListColumn("project_id", "id", terms.label("project_id")),
                ListColumn("customer_id", "id"),
                ListColumn("name", label=terms.label("name", "pipeline"), private="name", width=16),
                ListColumn("stage", label=terms.label("stage"), codes=terms.STAGES),
                ListColumn("stage_on", "date", terms.label("stage_on"), width=12),
                ListColumn("days", "count", "在这一步几天"),
                ListColumn("expected", "wan", terms.label("expected"), total=True),
                ListColumn("expected_on", "date", terms.label("expected_on"), width=12),
                ListColumn("overdue", "count", "过了几天"),
                ListColumn("manager_id", "id"),
                ListColumn("manager_name", label=terms.label("name", "managers")),
                ListColumn("lost_reason", label=terms.label("lost_reason"), private="numbers", width=18),
            ),
            unit="万元",
            nothing="没有项目。",
        ),
    ),
    without={"managers": "没有姓名。"},
    definitions=(
        ("一行", "《项目储备》一个项目进入一个阶段写一行；金额、日期、客户经理以写了的最近一行为准。期末以后的不算。"),
        ("到过", "跳过的阶段也算到过；放弃的按放弃前最远的一步。退回前面阶段的，现在在退回的那一步。"),
    ),
    examples=("kehujingli projects",),
)

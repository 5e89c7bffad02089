"""What does the page say of the county? Ten figures with their trend, the grid of 户群, movement, branches, loads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.answers.sources import Sources
from kehujingli.answers.studies import KeptPeriod
from kehujingli.errors import Problem, problem
from kehujingli.lists.branches import branch_rows, county_ratios
from kehujingli.lists.main import said
from kehujingli.lists.plan import loads_of
from kehujingli.periods import Period
from kehujingli.studies.movement import STUDY as MOVEMENT
from kehujingli.values import missing
from kehujingli.workbooks.branches import BRANCHES
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.looks import Look, sheet_columns, text_of
from kehujingli.workbooks.monthly import difference_said
from kehujingli.workbooks.page import table
from kehujingli.workbooks.placements import LOADS
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

BACK = 24
"""Months before this one whose figures the trend looks back over at most."""
LOOKS: Mapping[str, tuple[str, Look]] = {
    "customers": ("户", "count"),
    "frequent_share": ("", "rate"),
    "best": ("户", "count"),
    "deposits": ("万元", "wan"),
    "interest_cost": ("", "rate"),
    "loans": ("万元", "wan"),
    "npl": ("", "rate"),
    "coverage": ("", "rate"),
    "visits": ("", "rate"),
    "due_collected": ("", "rate"),
    "score": ("分", "points"),
}
"""Each of the figures that a month keeps: its unit, and how its value looks."""
_SHADES = (0.25, 0.10, 0.03)
"""Share of customers from which a cell of the grid is darker."""
_BRANCHES = (
    "branch_id",
    "branch_name",
    "customers",
    "customers_change",
    "frequent",
    "mobile",
    "dormant",
    "large",
    "medium",
    "small",
    "deposit_balance",
    "average_deposit_year",
    "deposit_growth",
    "loan_balance",
    "borrowers",
    "npl_ratio",
)
"""Of 机构汇总: what rests on nothing but what a month keeps."""


def county(kept: KeptPeriod, sources: Sources, meta: Meta, *, public: bool) -> dict[str, Any]:
    """All that needs no single manager or customer. Raises ``period.no-result``."""
    classes = sources.frame("classes")
    if classes is None:
        raise problem("period.no-result", period=sources.period, option=f" --period {sources.period}")
    rules = sources.manifest["rules"]
    branches = _branch_names(sources, classes)
    figures, months = _figures(sources)
    tables = {"branches": _branches(sources, kept, classes, branches)}
    loads = _loads(sources, classes, branches)
    if loads is not None:
        tables["loads"] = loads
    movement = _movement(kept)
    if "table" in movement:
        tables["movement"] = movement.pop("table")
    return {
        "period": sources.period,
        "public": public,
        "head": {
            "title": f"{meta.institution}客户经理工作看板",
            "lines": [text for text in (meta.left, meta.middle) if text],
            "status": meta.status,
            "month": meta.period,
        },
        "made": [
            (terms.label("period", "adjustments"), f"{sources.period}，数据截至 {sources.manifest['as_of']}"),
            ("办法", f"{rules['path']}　{rules['document']}　{rules['sha256'][:12]}"),
            ("程序版本", str(sources.manifest["version"])),
        ],
        "terms": _DEFINITIONS,
        "inputs": [_file(source) for source in sources.manifest["inputs"]],
        "branches": branches,
        "figures": figures,
        "months": months,
        "grids": list(_grids(classes)),
        "movement": movement,
        "tables": tables,
    }


_DEFINITIONS = (
    (
        "数从哪里来",
        "都是这个月跑批留下的，和同一期的工作簿一样；这一页不另算数，只排序、筛选、画图。重跑这个月以后请再写一次。",
    ),
    (terms.label("rank_change"), "▲ 增 ▼ 减；比率的差是百分点（点）。走势只有跑过的月份，没有跑过的月份断开。"),
    ("缺", "算不出的写明缺什么，不按零算。"),
    ("遮了什么", "客户姓名只留第一个字，账号只留头尾；客户经理不遮。"),
)


def _file(source: Mapping[str, Any]) -> str:
    return f"《{source['path']}》" + (f"「{source['sheet']}」" if source["sheet"] else "")


def _branch_names(sources: Sources, classes: pd.DataFrame) -> dict[str, str]:
    """Of customers and of people: number → name; the empty number where somebody has no branch."""
    known = classes.drop_duplicates("branch_id")
    found = dict(zip(known["branch_id"].fillna(""), known["branch_name"].fillna(""), strict=True))
    for kept in ("scores", "branches"):
        frame = sources.frame(kept, ["branch_id", "branch_name"])
        if frame is not None:
            rows = zip(frame["branch_id"].fillna(""), frame["branch_name"].fillna(""), strict=True)
            found = {str(key): str(name) for key, name in rows if name} | found
    return {key: found[key] or "没有机构" for key in sorted(found)}


def _figures(sources: Sources) -> tuple[list[dict[str, Any]], list[str]]:
    """The figures with what they were in each month since the first that was kept, and those months."""
    period = Period.of(sources.period)
    if not sources.has("figures"):
        return [], [period.name]
    kept = {
        month.name: _values(Results.of(sources.workspace, month.name)) for month in map(period.back, range(BACK + 1))
    }
    first = max(back for back in range(BACK + 1) if kept[period.back(back).name] is not None)
    months = [period.back(back).name for back in range(first, -1, -1)]
    before = kept[period.back(1).name]
    rows = [row for row in sources.rows("select * from {figures}") if row["key"] in LOOKS]
    return [_figure(row, [kept[month] for month in months], before, period.back(1).name) for row in rows], months


def _values(results: Results) -> dict[str, Decimal] | None:
    if not results.has("figures"):
        return None
    return {
        row["key"]: Decimal(row["value"])
        for row in results.rows("select key, value from {figures} where value is not null")
    }


def _figure(
    row: Mapping[str, Any],
    months: Sequence[Mapping[str, Decimal] | None],
    before: Mapping[str, Decimal] | None,
    last: str,
) -> dict[str, Any]:
    unit, look = LOOKS[row["key"]]
    told = {"key": row["key"], "label": row["label"], "unit": unit, "note": row.get("note") or ""}
    told["trend"] = [
        None if known is None or row["key"] not in known else text_of(look, known[row["key"]]) for known in months
    ]
    if row["value"] is None:
        return told | {"value": "", "lacks": f"缺：需{row['lacks']}", "change": ""}
    value = Decimal(row["value"])
    if before is None:
        change = f"缺：需{last}"
    elif row["key"] not in before:
        change = "缺：该期没有"
    else:
        change = difference_said(look, float(value), float(before[row["key"]]))
    return told | {"value": text_of(look, value), "lacks": "", "change": change}


def _grids(classes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The three grids of 首页: customers with their share, deposits, loans; a shade a cell by its share of customers."""
    counts = _grid(classes, None)
    whole = max(counts["all", "all"], 1)
    for title, column, unit in (
        ("户数", None, "户"),
        (f"存款{terms.said('average_deposit')}", "average_deposit", "万元"),
        (terms.label("loan_balance"), "loan_balance", "万元"),
    ):
        cells = _grid(classes, column)
        rows = []
        for frequency in (*terms.FREQUENCIES, "all"):
            line = []
            for scale in (*terms.SCALES, "all"):
                value, share = cells[frequency, scale], counts[frequency, scale] / whole
                text = text_of("count" if column is None else "wan", value)
                inner = "all" not in (frequency, scale)
                line.append(
                    [
                        text,
                        f"{share:.2%}" if column is None else "",
                        sum(share >= least for least in _SHADES) if inner else 0,
                    ]
                )
            rows.append(line)
        heads = [*terms.FREQUENCIES.values(), "合计"], [*terms.SCALES.values(), "合计"]
        yield {"title": title, "unit": unit, "rows": rows, "down": heads[0], "across": heads[1]}


def _grid(classes: pd.DataFrame, value: str | None) -> dict[tuple[str, str], int]:
    """Customers, or a sum in 分, by frequency and scale, with ``all`` at the edges."""
    groups = classes.groupby(["frequency", "scale"])
    found = (groups.size() if value is None else groups[value].sum()).to_dict()
    cells = {(f, s): int(found.get((f, s), 0)) for f in terms.FREQUENCIES for s in terms.SCALES}
    for scale in terms.SCALES:
        cells["all", scale] = sum(cells[frequency, scale] for frequency in terms.FREQUENCIES)
    for frequency in (*terms.FREQUENCIES, "all"):
        cells[frequency, "all"] = sum(cells[frequency, scale] for scale in terms.SCALES)
    return cells


def _branches(sources: Sources, kept: KeptPeriod, classes: pd.DataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    """机构汇总 of what the month kept; money of those in no class counts as it does there."""
    import pandas as pd

    loans, gone = sources.frame("loans"), sources.frame("closed_customers")
    everyone = (
        classes if gone is None else pd.concat([classes, gone.reindex(columns=classes.columns)], ignore_index=True)
    )
    loans = pd.DataFrame(columns=_LOAN_COLUMNS) if loans is None else loans.rename(columns={"source_part": "part"})
    frame = branch_rows(everyone, loans, names, kept.earlier.take("previous"))
    ratios = county_ratios(everyone, loans)
    totals: dict[str, Any] = {"branch_name": "合计", "npl_ratio": ratios["npl_ratio"]}
    columns = [column for key in _BRANCHES for column in BRANCHES if column.key == key]
    for column in columns:
        if column.look in ("count", "wan") and frame[column.key].notna().any():
            totals[column.key] = int(frame[column.key].dropna().sum())
    return table(terms.BY_KEY["branches"].label, columns, frame, totals=totals)


_LOAN_COLUMNS = ["customer_id", "balance", "five_class", "status", "part"]


def _loads(sources: Sources, classes: pd.DataFrame, branches: Mapping[str, str]) -> dict[str, Any] | None:
    plan, loads, managers = (sources.frame(name) for name in ("plan", "loads", "managers"))
    if plan is None or loads is None or managers is None or not len(loads):
        return None
    frame = said(loads_of(plan, loads, classes, managers, {}, branches))
    full = [0 if missing(rate) else min(int(rate * 100), 200) for rate in frame["rate"]]
    columns = [column for column in LOADS if column.key != "duty_days"]
    return table("负荷", columns, frame, hidden=("branch_id",)) | {"bars": {"rate": full}}


def _movement(kept: KeptPeriod) -> dict[str, Any]:
    """迁徙 as the study says it; what is lacking where no month before was kept."""
    if not kept.has("previous"):
        return {"lacks": f"缺：需{kept.earlier.period.name}"}
    try:
        answer = kept.ask(MOVEMENT)
    except Problem as lacking:
        return {"lacks": str(lacking)}
    one = MOVEMENT.lists[0]
    frame = answer.frames[one.key]
    words = next(column.codes for column in one.columns if column.key == "previous_group")
    cells = [column.key for column in one.columns][1:-1]
    shades = [
        [0, *(_shade(getattr(row, cell), row.whole, place == line) for place, cell in enumerate(cells)), 0]
        for line, row in enumerate(frame.itertuples())
    ]
    sums = {column.key: int(frame[column.key].sum()) for column in one.columns[1:]} | {"previous_group": "合计"}
    shown = frame.assign(previous_group=frame["previous_group"].map(words))
    told = table(f"{one.title}（户）", sheet_columns(one.columns), shown, totals=sums)
    return {"lines": list(answer.lines), "table": told | {"shades": shades}}


def _shade(count: int, whole: int, stayed: bool) -> int:
    """0 to 3 by the share of the row; who stayed where he was is marked apart, 4."""
    if stayed:
        return 4
    return sum(count > 0 and count >= least * whole for least in (0, 0.03, 0.10))

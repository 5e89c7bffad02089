"""条线：存款、贷款、中间业务各由谁主办、谁协办？每人每条线几户、多少钱，按份额分，加起来等于全行。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.studies.placing import several
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.tables.frames import one_post
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import named

if TYPE_CHECKING:
    import pandas as pd

_LINES = ("deposit", "loan", "intermediary")
_MONEY = {"deposit": "存款", "loan": "贷款", "intermediary": "中收"}
_ROWS = terms.BY_KEY["attributions"]


def lines(
    line_parts: pd.DataFrame,
    classes: pd.DataFrame,
    managers: pd.DataFrame,
    branches: pd.DataFrame,
    attributions: pd.DataFrame | None = None,
    *,
    period: Period,
) -> Answer:
    """All as a month keeps them; money in 分."""
    names = dict(zip(branches["branch_id"].fillna(""), branches["branch_name"], strict=True))
    people = one_post(managers, period.last).set_index("manager_id")
    rows = by_manager(line_parts, people, names)
    helped = _helped(line_parts, classes, people, names, attributions, period)
    told = _told(attributions, line_parts, period) if attributions is not None else []
    return Answer({"lines_managers": rows, "lines_helped": helped}, list(_sentences(line_parts)), told)


def by_manager(parts: pd.DataFrame, people: pd.DataFrame, names: dict[str, Any]) -> pd.DataFrame:
    """One row a manager, by her branch; what is nobody's by the branch of the business, below its managers. ``people``: the roster by manager_id."""
    import pandas as pd

    # lead, helper and nobody of one holder and branch are a handful of rows: what is long is gone over once
    small = (
        parts.assign(helpers=parts["role"] == "helper")
        .groupby(["line", "role", "holder", "branch_id"], observed=True)[["household", "helpers", "amount"]]
        .sum()
        .reset_index()
    )
    nobody = small["role"] == "nobody"
    home = named(small["holder"], people["branch_id"]).fillna("")
    small = small.assign(branch_id=home.where(~nobody, small["branch_id"]), nobody=nobody)
    sums = {}
    for line in _LINES:
        of_line = small[small["line"] == line]
        for role, chosen in (("lead", of_line["role"] != "helper"), ("helper", of_line["role"] == "helper")):
            grouped = of_line[chosen].groupby(["branch_id", "nobody", "holder"])
            sums[f"{line}_{role}_customers"] = grouped["household" if role == "lead" else "helpers"].sum()
            sums[f"{line}_{role}_amount"] = grouped["amount"].sum()
    found = pd.DataFrame(sums).fillna(0).astype("Int64").sort_index().reset_index()
    found = found.assign(
        branch_name=named(found["branch_id"], names),
        manager_id=found["holder"].where(~found["nobody"], None),
        name=named(found["holder"], people["name"]).where(~found["nobody"], found["holder"]),
        specialism=named(found["holder"], people["specialism"]),
    )
    return found[keys(_BY_MANAGER)]


def _helped(
    parts: pd.DataFrame,
    classes: pd.DataFrame,
    people: pd.DataFrame,
    names: dict[str, Any],
    attributions: pd.DataFrame | None,
    period: Period,
) -> pd.DataFrame:
    """Every customer and line of which somebody beside the 主办 has a part."""
    rows = parts[parts["role"] == "helper"]
    key = ["line", "customer_id"]
    about = parts[parts["customer_id"].isin(set(rows["customer_id"]))]
    whole = about.groupby(key)["amount"].sum().rename("whole")
    leads = about[about["household"] == 1].set_index(key)["holder"].rename("lead")
    rows = rows.join(whole, on=key).join(leads, on=key)
    known = classes[classes["customer_id"].isin(set(rows["customer_id"]))].set_index("customer_id")
    share = [
        None if not all_of_it else float(Decimal(int(part)) / Decimal(int(all_of_it)))
        for part, all_of_it in zip(rows["amount"], rows["whole"], strict=True)
    ]
    ends = _ends(attributions, period)
    spans = [
        ends.get((line, who, holder), (None, None))
        for line, who, holder in zip(*(rows[one] for one in ("line", "customer_id", "holder")), strict=True)
    ]
    rows = rows.assign(
        customer_name=named(rows["customer_id"], known["customer_name"]),
        customer_type=named(rows["customer_id"], known["customer_type"]),
        branch_name=named(rows["branch_id"], names),
        lead_name=named(rows["lead"], people["name"]),
        name=named(rows["holder"], people["name"]),
        manager_id=rows["holder"],
        share=share,
        valid_from=[first for first, _ in spans],
        valid_to=[last for _, last in spans],
    ).astype({"valid_from": "Int64", "valid_to": "Int64"})
    order = {line: place for place, line in enumerate(_LINES)}
    rows = rows.assign(order=rows["line"].map(order)).sort_values(
        ["branch_id", "order", "amount", "customer_id", "manager_id"], ascending=[True, True, False, True, True]
    )
    return rows[keys(_HELPED)].reset_index(drop=True)


def _on(attributions: pd.DataFrame, day: int) -> pd.DataFrame:
    """The rows that can be claims and hold on a day."""
    from kehujingli.tables.tenure import claimable

    rows = claimable(attributions)
    begun = rows["valid_from"].isna() | (rows["valid_from"] <= day)
    return rows[begun & (rows["valid_to"].isna() | (rows["valid_to"] >= day))]


def _ends(attributions: pd.DataFrame | None, period: Period) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    """(line, customer, manager) → from when to when the row on the customer holds that holds on the last day."""
    if attributions is None:
        return {}
    rows = _on(attributions, period.last)
    rows = rows[rows["customer_id"].notna()].sort_values("line", key=lambda one: one == "all", ascending=False)
    return {
        (line, str(row.customer_id), str(row.manager_id)): (row.valid_from, row.valid_to)
        for row in rows.itertuples()
        for line in (_LINES if row.line == "all" else (str(row.line),))
    }


def _told(attributions: pd.DataFrame, parts: pd.DataFrame, period: Period) -> list[Finding]:
    """Rows that give more than there is, and rows that give the 主办 what would be hers without them."""
    import pandas as pd

    rows = _on(attributions, period.last)
    if rows.empty:
        return []
    what = rows["account_id"].fillna(rows["loan_id"])
    rows = rows.assign(
        thing=what.fillna(rows["customer_id"]),
        of_customer=what.isna(),
        given=[Decimal(share) if isinstance(share, str) else Decimal(1) for share in rows["share"]],
    )
    # a row of 全部 counts in every line
    every = pd.concat([rows[rows["line"].isin([line, "all"])].assign(of=line) for line in _LINES])
    totals = every.groupby(["of", "of_customer", "thing"])["given"].sum()
    over = [f"{_MONEY[line]} {thing}（{total:.0%}）" for (line, _, thing), total in totals.items() if total > 1]
    about = parts[(parts["household"] == 1) & parts["customer_id"].isin(set(rows["customer_id"].dropna()))]
    lead = about.set_index(["line", "customer_id"])["holder"].to_dict()
    idle = {
        f"{_MONEY[row.line]} {row.thing}（{row.manager_id}）"
        for row in rows[rows["of_customer"] & (rows["line"] != "all")].itertuples()
        if lead.get((row.line, row.thing)) == row.manager_id and totals[row.line, True, row.thing] < 1
    }
    return [several(code, sorted(who)) for code, who in (("study.lines-over", over), ("study.lines-idle", idle)) if who]


def _sentences(parts: pd.DataFrame) -> Iterable[str]:
    sums = parts.groupby(["line", "role"])[["amount", "household"]].sum()
    helped = parts[parts["role"] == "helper"].groupby("line")["customer_id"].nunique()
    for line in _LINES:
        if line not in sums.index:
            yield f"{_MONEY[line]}：没有"
            continue
        rows = sums.loc[line].reindex(["lead", "helper", "nobody"], fill_value=0)
        lead, helper, nobody = (int(cents) for cents in rows["amount"])
        yield (
            f"{_MONEY[line]} {_wan(lead + helper + nobody)} 万元、{int(rows['household'].sum())} 户："
            f"主办 {_wan(lead)} + 协办 {_wan(helper)}（{int(helped.get(line, 0))} 户） + 公共和未挂户 {_wan(nobody)}"
        )


def _wan(cents: int) -> str:
    from kehujingli.values import nearest

    hundredths = nearest(Decimal(cents) / 10_000)
    return f"{Decimal(hundredths) / 100:,.2f}"


def _of(line: str) -> tuple[ListColumn, ...]:
    what = _MONEY[line]
    return (
        ListColumn(f"{line}_lead_customers", "count", f"{what}主办户", total=True),
        ListColumn(f"{line}_lead_amount", "yuan", f"主办{what}", total=True),
        ListColumn(f"{line}_helper_customers", "count", f"{what}协办户", total=True),
        ListColumn(f"{line}_helper_amount", "yuan", f"协办{what}", total=True),
    )


_BY_MANAGER: Sequence[ListColumn] = (
    declared("branch_id"),
    declared("branch_name", width=14),
    declared("manager_id"),
    declared("name", width=9),
    declared("specialism"),
    *(column for line in _LINES for column in _of(line)),
)
_HELPED: Sequence[ListColumn] = (
    declared("branch_id"),
    declared("branch_name", width=14),
    ListColumn("line", label=_ROWS.column("line").label, codes=_MONEY, width=6),
    declared("customer_id"),
    declared("customer_name"),
    declared("customer_type"),
    ListColumn("lead", "id", "主办工号"),
    ListColumn("lead_name", label="主办姓名", width=9),
    ListColumn("manager_id", "id", "协办工号"),
    ListColumn("name", label="协办姓名", width=9),
    ListColumn("share", "rate", "协办占这户", meaning="协办的金额 ÷ 这户这条线的金额"),
    ListColumn("valid_from", "date", _ROWS.column("valid_from").label),
    ListColumn("valid_to", "date", _ROWS.column("valid_to").label),
    ListColumn("whole", "yuan", "这户的金额"),
    ListColumn("amount", "yuan", "协办金额", total=True),
)
STUDY = Study(
    lines,
    (
        StudyList("lines_managers", _ROWS.column("line").label, tuple(_BY_MANAGER), freeze=4),
        StudyList("lines_helped", "条线协办", tuple(_HELPED), nothing="这一期没有协办。"),
    ),
    without={"attributions": ""},
    definitions=(
        (
            "主办、协办",
            "主办是客户的管户经理；账户写了揽存人、借据写了管户经理的，是写的那个人（有“全部”条线的业绩归属时除外）。别人按《业绩归属》分到的份额是协办。",
        ),
        (
            "多少钱",
            "存款、贷款（表内）是期末余额，中收是本年到期末的，各按当天的归属；和考核实绩的归属一样，逐户分到分。",
        ),
        (
            "户数",
            "这条线有业务的户，一户只算一次：算给管户经理；这条线没有他的份的，算给金额最大的主办。协办户另数，不在主办户里。",
        ),
        (
            "公共、未挂户",
            "没有人管的、写的人不在岗的、归属比例超过 100% 的；按业务所在机构列。主办 + 协办 + 公共和未挂户 = 全行，到分。",
        ),
    ),
    examples=("kehujingli lines", "kehujingli 条线 --format csv"),
)

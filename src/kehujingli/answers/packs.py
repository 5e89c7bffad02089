"""What does each branch, or each manager, get of a month? Own figures beside the county's, own customers, what changed, what falls due, own people's scores.

From what the month kept; nothing is reckoned anew. The packs of all branches part the customers: each is in one, with a manager or without.
A branch's pack has no pay and nobody of another branch; a manager's has his own pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.branches import PREVIOUS, branch_rows
from kehujingli.lists.packs import MEASURES, RATIOS, By, Pack, Packs, Whole
from kehujingli.periods import Period, day_of
from kehujingli.studies.classes.moves import ARRIVED, causes
from kehujingli.tables.frames import empty, on_book
from kehujingli.terms.masks import mask_sql
from kehujingli.values import missing, round_half_up
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE = "外机构客户经理"
"""Whose name a branch is not told: he is on no roster of it."""
NO_BRANCH = "没有机构"


def packs_of(
    kept: Results,
    earlier: Results,
    by: By,
    days: int,
    plan: pd.DataFrame | None = None,
    signals: pd.DataFrame | None = None,
) -> Packs:
    """One for each that has customers or people, by its number. ``earlier``: the month before, run or not; ``days``: how far 到期 looks; ``plan``: ``visits_plan`` of the study ``visits``, ``signals``: the list of that study."""
    classes = _customers(kept, earlier, by)
    names = _names(kept, classes, by)
    last = day_of(date.fromisoformat(kept.manifest["as_of"]))
    due = _due(kept, classes, last, days, by, names)
    owners, owing = (set(frame["owner"].dropna()) for frame in (classes, due))
    keys = sorted({*owners, *names, *owing} - ({""} - {*owners, *owing}))
    home = "manager_id" if by == "manager" else "branch_id"
    scores, pay = kept.frame("items" if by == "manager" else "scores"), kept.frame("pay")
    scores = _bare(["manager_id", "branch_id"]) if scores is None else scores
    own = Whole.of(classes, classes["owner"], keys)
    lists = {
        "customers": own,
        "changes": _changed(own, keys),
        "due": Whole.of(due, due["owner"], keys),
        "scores": Whole.of(scores, scores[home], keys),
    }
    if by == "manager" and pay is not None:
        lists["pay"] = Whole.of(pay, pay[home], keys)
    for name, given in (("visits", plan), ("signals", signals)):
        if given is not None:
            rows = _owned(given, classes)
            lists[name] = Whole.of(rows, rows["owner"], keys)
    figures, county = _figures(kept, by)
    before = _figures(earlier, by)[0] if earlier.has("classes") else None
    said, lacks = _before_said(kept, earlier, classes), _lacks(kept)
    each = []
    for place, key in enumerate(keys):
        parts = {name: whole.part(place) for name, whole in lists.items()}
        shown = _beside(figures, before, county, key)
        called = names.get(key) or (key or NO_BRANCH)
        each.append(Pack(kept.period, by, key, called, shown, **parts, before_said=said, lacks=lacks))
    return Packs(each, lists)


def _changed(own: Whole, keys: Sequence[str]) -> Whole:
    """Whose class is another than a month ago, the largest difference first; who only arrived from elsewhere last."""
    import numpy as np

    owner = np.repeat(np.arange(len(keys)), np.diff(own.ends))
    moved = (own.frame["change"].notna() & (own.frame["change"] != "same")).to_numpy(dtype=bool)
    rows = own.frame[moved].assign(
        at=owner[moved],
        size=lambda some: some["difference"].abs(),
        arrived=lambda some: some["cause"] == terms.CAUSES[ARRIVED],
    )
    rows = rows.sort_values(
        ["at", "arrived", "size", "customer_id"], ascending=[True, True, False, True], kind="stable", ignore_index=True
    )
    return Whole(rows, [0, *np.bincount(rows["at"].to_numpy(), minlength=len(keys)).cumsum().tolist()])


def _owned(rows: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Rows of customers with whose they are, and who looks after them as it may be told."""
    people = classes.set_index("customer_id")[["owner", "manager_name"]]
    return rows.drop(columns=["manager_name", "owner"], errors="ignore").join(people, on="customer_id")


def _bare(columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=columns, dtype="str")


def _owner(classes: pd.DataFrame, by: By) -> pd.Series:
    """Whose pack a customer is in: her branch's, also where nobody holds her; or her holder's."""
    return classes["branch_id"].fillna("") if by == "branch" else classes["holder_id"]


def _customers(kept: Results, earlier: Results, by: By) -> pd.DataFrame:
    """Every customer, the largest first, phones masked, with ``owner``, what she was the month before, and who looks after her as her branch may know."""
    import pandas as pd

    classes = kept.frame("classes")
    assert classes is not None
    hidden = kept.con.execute(
        f"select customer_id, {mask_sql('phone', 'phone')} as phone from {kept.source('classes')} where phone is not null"
    ).fetchall()
    phones = dict(hidden)
    previous = earlier.frame("classes", ["customer_id", "scale_amount"])
    amounts = pd.Series(dtype="Int64") if previous is None else previous.set_index("customer_id")["scale_amount"]
    before = classes["customer_id"].map(amounts).astype("Int64")
    known = before.notna() | classes["scale_amount"].notna()
    classes = classes.assign(
        owner=_owner(classes, by),
        phone=classes["customer_id"].map(phones),
        previous_amount=before,
        difference=(classes["scale_amount"].fillna(0) - before.fillna(0)).where(known),
        manager_name=_looked_after(kept, classes, by),
    )
    classes["cause"] = _causes(kept, earlier, classes)
    return classes.sort_values(
        ["scale_amount", "customer_id"], ascending=[False, True], na_position="last", kind="stable"
    )


def _causes(kept: Results, earlier: Results, classes: pd.DataFrame) -> pd.Series:
    """Why each class is not what it was, in words, by what both months kept: as the run told it."""
    import pandas as pd

    previous = earlier.frame("classes", PREVIOUS)
    if previous is None:
        return pd.Series(None, index=classes.index, dtype="object")
    holdings, loans = kept.frame("holdings"), kept.frame("loans")
    then, now = earlier.manifest.get("thresholds"), kept.manifest.get("thresholds")
    why = causes(
        previous,
        classes,
        empty("holdings") if holdings is None else holdings,
        empty("loans") if loans is None else loans,
        (then, now) if then and now and "dormant" in then else None,
        Period.of(kept.period),
    )
    return classes["customer_id"].map(why).map(terms.CAUSES)


def _before_said(kept: Results, earlier: Results, classes: pd.DataFrame) -> str:
    """Why changes are not known, or not of the month before as it is by now; nothing where they are."""
    known = classes["change"].notna()
    if not earlier.has("classes"):
        return "" if known.any() else f"{earlier.period} 没有留下结果，变动没有算。"
    if not known.any():
        return f"{earlier.period} 是在 {kept.period} 之后跑的，变动没有算：请重跑 {kept.period}。"
    groups = earlier.frame("classes", ["customer_id", "group"])
    assert groups is not None
    now = classes["customer_id"].map(groups.set_index("customer_id")["group"]).fillna("")
    other = int((known & (now != classes["previous_group"].fillna(""))).sum())
    if not other:
        return ""
    return f"{earlier.period} 在 {kept.period} 之后重跑过，{other} 户的上期户群变了，变动还是按原来的：请重跑 {kept.period}。"


def _looked_after(kept: Results, classes: pd.DataFrame, by: By) -> pd.Series:
    """The manager's name where he is on the branch's own roster, a word where he is on another's; 未挂户 who should have one, 公共 the others."""
    plan = kept.frame("plan", ["customer_id"])
    due = set() if plan is None else set(plan["customer_id"])
    name = classes["manager_name"].fillna(classes["holder_id"]).astype("object")
    if by == "branch":
        roster = kept.frame("managers", ["manager_id", "branch_id"])
        own = set() if roster is None else set(roster["manager_id"].str.cat(roster["branch_id"], sep="\n").dropna())
        here = classes["holder_id"].str.cat(classes["branch_id"], sep="\n").isin(own)
        name = name.where(here, OUTSIDE)
    bare = classes["customer_id"].isin(due).map({True: terms.UNHELD, False: terms.PUBLIC})
    return name.where(classes["holder_id"].notna(), bare)


def _due(kept: Results, classes: pd.DataFrame, last: int, days: int, by: By, names: Mapping[str, str]) -> pd.DataFrame:
    """Loans that are past due or fall due, and term deposits that mature, within ``days`` after ``last``; the longest past due first."""
    import pandas as pd

    loans, accounts = kept.frame("loans"), kept.frame("accounts")
    parts = []
    if loans is not None:
        book = on_book(loans)
        book = book[book["balance"].fillna(0) > 0]
        late = book["overdue_days"].fillna(0).clip(lower=(last - book["due_on"]).fillna(0))
        book = book.assign(what=terms.LINES["loan"], number=book["loan_id"], late=late, ends=book["due_on"])
        parts.append(book[(late > 0) | (book["ends"] <= last + days)])
    if accounts is not None:
        term = accounts[(accounts["kind"] == "term") & (accounts["balance"].fillna(0) > 0)]
        term = term.assign(what=terms.DEPOSIT_KINDS["term"], number=term["account_id"], late=0, ends=term["matures_on"])
        parts.append(term[(term["ends"] > last) & (term["ends"] <= last + days)].assign(five_class=None))
    columns = ["what", "number", "customer_id", "branch_id", "manager_id", "balance", "ends", "late", "five_class"]
    if not parts:
        return _bare([*columns, "owner", "customer_name", "manager_name", "state"])
    found = pd.concat([part[columns].astype({"five_class": "object"}) for part in parts], ignore_index=True)
    people = classes.set_index("customer_id")[["owner", "customer_name", "manager_name"]]
    found = found.join(people, on="customer_id")
    if by == "branch":
        found["owner"] = found["owner"].fillna(found["branch_id"].fillna(""))
    else:
        found = _with_its_own(found, names)
    state = [
        f"已逾期 {late} 天" if late > 0 else f"剩 {ends - last} 天"
        for late, ends in zip(found["late"], found["ends"], strict=True)
    ]
    found = found.assign(state=state)
    return found.sort_values(
        ["late", "ends", "number"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def _lacks(kept: Results) -> dict[str, str]:
    """Of ``late``, ``soon`` and ``term`` what cannot be known, and why: 0 is not said of what nobody looked at."""
    loans, accounts = kept.frame("loans", ["due_on", "overdue_days"]), kept.frame("accounts", ["kind", "matures_on"])
    found = {}
    if loans is None or (len(loans) and loans["due_on"].isna().all()):
        found["soon"] = "没有导入贷款台账" if loans is None else "贷款台账没有到期日"
        if loans is None or loans["overdue_days"].isna().all():
            found["late"] = found["soon"] + ("" if loans is None else "和逾期天数")
    term = None if accounts is None else accounts[accounts["kind"] == "term"]
    if term is None or (len(term) and term["matures_on"].isna().all()):
        found["term"] = "没有导入存款账户" if term is None else "存款账户没有到期日"
    return found


def _with_its_own(found: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """With whom a loan or a deposit names itself, where he gets a pack, as ``due`` lists it; else with the customer's holder."""
    own = found["manager_id"].isin(list(names))
    return found.assign(
        owner=found["owner"].where(~own, found["manager_id"]),
        manager_name=found["manager_name"].where(~own, found["manager_id"].map(names)),
    )


def _names(kept: Results, classes: pd.DataFrame, by: By) -> dict[str, str]:
    """Branches of customers and of people, or the people scored or paid: number → name."""
    pairs: dict[str, str] = {}
    keys = ("branch_id", "branch_name") if by == "branch" else ("manager_id", "name")
    if by == "branch":
        known = classes.drop_duplicates("branch_id")
        pairs |= dict(zip(known["branch_id"].fillna(""), known["branch_name"].fillna(""), strict=True))
    else:
        known = classes.dropna(subset=["holder_id"]).drop_duplicates("holder_id")
        pairs |= dict(zip(known["holder_id"], known["manager_name"].fillna(""), strict=True))
    for table in ("scores", *(("pay",) if by == "manager" else ())):
        frame = kept.frame(table, keys)
        if frame is not None:
            frame = frame.dropna(subset=[keys[0]])
            pairs |= dict(zip(frame[keys[0]], frame[keys[1]].fillna(""), strict=True))
    return pairs


def _figures(kept: Results, by: By) -> tuple[pd.DataFrame, pd.Series]:
    """``MEASURES`` by branch or manager, and the county's: its own ratios, of all others the mean."""
    import pandas as pd

    classes, loans = kept.frame("classes"), kept.frame("loans")
    assert classes is not None
    book = _bare(["customer_id", "status", "five_class"]).assign(balance=0, part=0) if loans is None else loans
    book = book.rename(columns={"source_part": "part"})
    owner = _owner(classes, by)
    held = classes[owner.notna()].assign(branch_id=owner[owner.notna()])
    rolled = branch_rows(held, book, {}, None).set_index("branch_id")
    county = branch_rows(classes.assign(branch_id=""), book, {}, None).set_index("branch_id")
    scores = kept.frame("scores", ["manager_id" if by == "manager" else "branch_id", "score"])
    for rows in (rolled, county):
        rows["upper"] = rows["large"] + rows["medium"]
        rows["upper_share"] = rows["upper"] / rows["customers"].where(rows["customers"] > 0)
    means, mean = pd.Series(dtype="float64"), None
    if scores is not None:
        known = scores.dropna()
        points = known["score"].map(Decimal)
        means = points.groupby(known.iloc[:, 0]).agg(_mean).astype("float64")
        mean = _mean(points)
    rolled = rolled.reindex(rolled.index.union(means.index)).assign(mean_score=means)
    whole = county.assign(mean_score=mean).iloc[0]
    places = rolled.drop(index="", errors="ignore")  # customers of no branch are no branch
    line = [whole[name] if name in RATIOS else places[name].mean() for name in MEASURES]
    whole_county = [float("nan") if missing(value) else float(value) for value in line]
    return rolled[list(MEASURES)].astype("float64"), pd.Series(whole_county, index=MEASURES)


def _mean(points: pd.Series) -> float | None:
    """Of exact scores, to two places: half away from zero, as scores are."""
    return float(round_half_up(sum(points, Decimal(0)) / len(points), 2)) if len(points) else None


def _beside(own: pd.DataFrame, before: pd.DataFrame | None, county: pd.Series, key: str) -> pd.DataFrame:
    """measure, own, before, county: one row a figure, missing where it is not known."""
    import pandas as pd

    def column(frame: pd.DataFrame | None) -> list[float | None]:
        if frame is None or key not in frame.index:
            return [None] * len(MEASURES)
        return [float(value) for value in frame.loc[key]]

    told = {"own": column(own), "before": column(before), "county": county.tolist()}
    return pd.DataFrame({"measure": list(MEASURES), **told})


def earlier_of(kept: Results) -> Results:
    """The month before, run or not."""
    before = Period.of(kept.period).back(1).name
    return Results(kept.home.with_name(before))

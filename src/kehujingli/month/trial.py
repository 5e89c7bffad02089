"""How is a month reckoned again under other rules, with other figures or without a row, and no trace is left on disk? What rests on none of it is shared.

A rules file in which one number is varied is made in memory: ``item.points=20..40``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Exit, Problem, problem
from kehujingli.errors.toml_lines import parse_toml
from kehujingli.intake.files.scratch import scratch
from kehujingli.scoring.typed import columns_of, loosely, meant, things_of
from kehujingli.values import among

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.answers.explain.row import Side
    from kehujingli.intake.ledger import Sheet
    from kehujingli.month.order import Month
    from kehujingli.rules import Rules, RulesFile, SegmentRules
    from kehujingli.studies.classes.followed import Stand

_MOST = 101
"""Points of a curve at most."""


def under(month: Month, rules: RulesFile) -> Month:
    """The same month under other rules. What does not depend on what differs is not reckoned twice."""
    return month.instead(rules=rules)


def classed_by(month: Month, segment: SegmentRules) -> Month:
    """The same month, had the rules classed its customers so."""
    rules = month.rules.rules.model_copy(update={"segment": segment})
    return under(month, replace(month.rules, rules=rules))


def reclassed(month: Month, classes: pd.DataFrame) -> Month:
    """The same month, had its customers (customer_id) these classes (frequency, scale): plan, holders of money and pay follow; the rules stay."""
    segmented = month.segmented
    given = classes.set_index("customer_id")[["frequency", "scale"]].reindex(segmented.customers["customer_id"])
    changed = {name: given[name].to_numpy(dtype=object) for name in ("frequency", "scale")}
    frame = segmented.customers.assign(**changed)
    frame = frame.assign(group=frame["frequency"] + "/" + frame["scale"])
    return month.instead(segmented=replace(segmented, customers=frame))


def stand(month: Month) -> Stand:
    """What the month comes to, as two sides are laid beside each other: classes, plan and pay, as far as its rules and exports have them."""
    from kehujingli.studies.classes.followed import Stand
    from kehujingli.studies.pay.whatif import outcomes

    classes = loads = branches = None
    if month.classifiable and month.rules.rules.segment is not None:
        classes = month.segmented.customers[["customer_id", "group"]]
        if month.assignable:
            loads, branches = _loads(month)
    return Stand(classes, loads, branches, outcomes(month.scores) if month.scored else {})


def _loads(month: Month) -> tuple[pd.DataFrame, pd.DataFrame]:
    from kehujingli.lists.main import manager_names
    from kehujingli.values import named

    plan, people = month.plan, manager_names(month.tables["managers"])
    loads = plan.loads.rename(columns={"load_after": "load"})
    loads = loads.assign(
        branch_name=named(loads["branch_id"], month.branch_names), name=named(loads["manager_id"], people)
    )
    names = named(plan.branches["branch_id"], month.branch_names)
    nobody = plan.branches["managers"] == 0
    branches = plan.branches.assign(branch_name=names, capacity=plan.branches["capacity"].mask(nobody, 0.0))
    kept = ["branch_id", "branch_name"]
    return (
        loads[[*kept, "manager_id", "name", "capacity", "load"]],
        branches[[*kept, "due", "load_due", "capacity", "unassigned"]],
    )


def remembering(month: Month) -> Month:
    """The month, keeping what its trials can share: for those that lack a few rows."""
    from kehujingli.tables.reading import Reading

    return month.instead(reading=Reading())


@contextmanager
def without(month: Month, rows: Mapping[int, Collection[int]]) -> Iterator[Month]:
    """The same month, had these rows (part → rows of its sheet) not been read. What is asked of it is asked inside: its sheets go afterwards."""
    with scratch() as folder:
        left = list(month.sheets)
        for part, gone in rows.items():
            left[part] = _less(left[part], gone, folder / f"{part}.parquet")
        yield month.instead(sheets=left, reading=month.reading.less(rows) if month.reading else None)


def laid_out(month: Month) -> Side:
    """The month as its lists have it, for two to be laid side by side. Raises ``Problem`` where it cannot be reckoned."""
    from kehujingli.answers.explain.row import Side
    from kehujingli.lists.branches import branch_rows
    from kehujingli.lists.main import item_list, pay_list, score_list
    from kehujingli.month.keep import class_frame

    classes = branches = items = scores = pay = None
    if month.classifiable:
        classes = class_frame(month)
        branches = branch_rows(classes, month.tables["loans"], month.branch_names, None)
    if month.scored:
        items = item_list(month.scores)
        scores = score_list(month.scores, month.rules.incentive, month.branch_names, None)
        pay = pay_list(month.scores, month.branch_names, month.settlement)
    return Side(classes, branches, items, scores, pay)


def _less(sheet: Sheet, gone: Collection[int], target: Path) -> Sheet:
    """The sheet without some of its accepted rows, and their money; what is left of it is written to ``target``."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if sheet.parquet is None:
        return sheet
    whole = pq.read_table(sheet.parquet)
    out = pc.is_in(whole["row"], pa.array(sorted(gone), whole["row"].type))
    taken, kept = whole.filter(out), whole.filter(pc.invert(out))
    pq.write_table(kept, target)
    totals = {
        key: (accepted - (pc.sum(taken[key]).as_py() or 0), refused)
        for key, (accepted, refused) in sheet.totals.items()
    }
    count = taken.num_rows
    return replace(sheet, parquet=target, rows=sheet.rows - count, accepted=sheet.accepted - count, totals=totals)


@dataclass(frozen=True)
class Variation:
    """``where``: an item's id or label, or a section of [incentive]; ``key`` takes each of ``values``."""

    where: str
    key: str
    values: tuple[Decimal, ...]


def variation(text: str, step: str | None) -> Variation:
    """``item.points=20..40``; without a step, ten steps. Raises ``option.bad``."""
    match = re.fullmatch(r"(.+)\.(\w+)=(-?[\d._]+?)\.\.(-?[\d._]+)", text.strip())
    try:
        if match is None:
            raise ArithmeticError
        first, last = Decimal(match[3]), Decimal(match[4])
        width = Decimal(step) if step else (last - first) / 10
        if width <= 0 or last < first or (last - first) / width > _MOST - 1:
            raise ArithmeticError
    except ArithmeticError:
        raise problem(
            "option.bad",
            option="--vary",
            value=f"{text}{f' --step {step}' if step else ''}",
            detail="写法不对",
            cure=f"请写成 指标.键=起..止，如 deposit_growth.points=20..40 --step 5，最多 {_MOST} 个点。",
        ) from None
    count = int((last - first) / width)
    return Variation(match[1], match[2], tuple((first + width * index).normalize() for index in range(count + 1)))


def varied(rules: RulesFile, wanted: Variation) -> Iterator[tuple[Decimal, RulesFile | Problem]]:
    """The rules file with each value in its place, or why it may not stand there. Where an item's points vary, ``total`` follows. Raises ``option.bad``."""
    from pydantic import ValidationError

    from kehujingli.rules.messages import explain
    from kehujingli.rules.models import Rules

    text = rules.path.read_text(encoding="utf-8-sig")
    for value in wanted.values:
        data = parse_toml(text, Decimal)
        _put(data.get("incentive", {}), wanted, value)
        try:
            made = Rules.model_validate(data)
        except ValidationError as error:
            yield value, Problem(explain(error, data, text, rules.path), Exit.RULES)
            continue
        yield value, replace(rules, rules=made)


def _put(incentive: dict[str, Any], wanted: Variation, value: Decimal) -> None:
    schemes = [incentive, *incentive.get("scheme", ())]
    spots = [
        (scheme, item)
        for scheme in schemes
        for item in scheme.get("item", ())
        if wanted.where in (item.get("id"), item.get("label"))
    ]
    if not spots:
        sections = [scheme[wanted.where] for scheme in schemes if isinstance(scheme.get(wanted.where), dict)]
        if not sections:
            known = "、".join(str(item.get("id")) for scheme in schemes for item in scheme.get("item", ()))
            raise problem(
                "option.bad",
                option="--vary",
                value=wanted.where,
                detail="办法里没有",
                cure=f"指标有：{known}；也可写 pay。",
            )
        for section in sections:
            section[wanted.key] = value
    for scheme, item in spots:
        before = item.get(wanted.key)
        item[wanted.key] = value
        if wanted.key == "points" and before is not None:
            scheme["total"] = Decimal(scheme.get("total", 100)) - Decimal(before) + value


def assumed(month: Month, manager: str, figures: Mapping[str, Decimal]) -> Month:
    """The same month, had one manager come to these figures (item id → value in the item's unit); the others as they are."""
    import pandas as pd

    papers = month.papers
    rows = [
        {
            "manager_id": manager,
            "period": month.period.name,
            "item": item,
            "value": str(value),
            "source": "假设",
            "approved_by": "假设",
            "part": -1,
            "row": -1,
        }
        for item, value in figures.items()
    ]
    typed = papers.manual["manager_id"].eq(manager).to_numpy(dtype=bool)
    kept = papers.manual[~(typed & _of_items(papers.manual, month.rules.incentive.schemes, figures))]
    manual = pd.concat([kept.astype("object"), pd.DataFrame(rows, dtype="object")], ignore_index=True)
    rules = replace(month.rules, rules=open_to_actuals(month.rules.rules, figures))
    return month.instead(rules=rules, papers=replace(papers, manual=manual))


def _of_items(manual: pd.DataFrame, schemes: Sequence[Any], items: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which typed figures stand under a header that means one of these items, as the papers are read."""
    names = [things_of(scheme) for scheme in schemes]
    every = [(one, loosely(one)) for one in names]
    found = {
        column
        for column, bare, _ in columns_of(manual)
        if any((thing := meant(*one, column, bare)[0]) is not None and thing.id in items for one in every)
    }
    return among(manual["item"], found)


def open_to_actuals(rules: Rules, figures: Collection[str]) -> Rules:
    """The rules with typed-in figures allowed for some items."""

    def opened(scheme: Any) -> Any:
        items = tuple(
            item.model_copy(update={"allow_actuals": True}) if item.id in figures else item for item in scheme.item
        )
        inner = getattr(scheme, "scheme", ())
        return scheme.model_copy(update={"item": items} | ({"scheme": tuple(map(opened, inner))} if inner else {}))

    return rules.model_copy(update={"incentive": opened(rules.incentive)})

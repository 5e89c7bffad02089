"""Who may be offered what? Nobody who is barred, nobody whom a product's conditions do not name, nothing riskier than was assessed.

What is not known of a customer never meets a condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of, day_of, month_end, month_start
from kehujingli.studies.placing import several
from kehujingli.studies.products.conditions import folded, grade
from kehujingli.tables.closed import plain_word
from kehujingli.values import listed, missing, places

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.studies.products.owned import Owned
    from kehujingli.studies.products.shelf import Product

    Flags = npt.NDArray[np.bool_]

BARRED: Mapping[str, str] = {
    "status": "状态不是正常",
    "overdue": "逾期、不良或已核销",
    "minor": "未成年",
    "avoid": "管户客户经理须回避",
}
"""Why a customer is offered nothing at all, the first that holds."""
_OLDEST = 120
_OF_AGE = ("person", "sole_trader")
_FAILED = ("written_off", "swapped")


@dataclass(frozen=True)
class People:
    """The customers of ``frame`` by their places. ``age``: whole years, -1 where not known; ``risk``: 1 to 5 by an assessment that holds, 0 without one;
    ``barred``: a key of ``BARRED`` or ""."""

    frame: pd.DataFrame
    age: npt.NDArray[np.int64]
    risk: npt.NDArray[np.int64]
    barred: npt.NDArray[np.object_]
    classes: tuple[str, ...]
    """Five-classes that may borrow where the catalogue does not say."""

    @property
    def free(self) -> Flags:
        return np.asarray(self.barred == "")

    @property
    def ageless(self) -> Flags:
        """Persons whose age is not known."""
        natural = ~self.frame["customer_type"].isin(["business", "public"]).to_numpy(dtype=bool)
        return np.asarray(natural & (self.age < 0))


def ages_of(classes: pd.DataFrame, day: int) -> npt.NDArray[np.int64]:
    """Whole years on the day by 出生日期, else by the resident's number of 18 digits; -1 where neither says, or says what cannot be."""
    import pandas as pd

    natural = classes["customer_type"].isna() | classes["customer_type"].isin(_OF_AGE)
    number = classes["id_number"].astype("str").where(natural)
    digits = number.str.fullmatch(r"\d{17}[\dXx]").fillna(False)
    told = pd.to_datetime(number.where(digits).str.slice(6, 14), format="%Y%m%d", errors="coerce")
    born = pd.to_datetime(classes["birth_date"].where(natural).astype("float64"), unit="D", errors="coerce").fillna(
        told
    )
    today = date_of(day)
    before = (born.dt.month > today.month) | ((born.dt.month == today.month) & (born.dt.day > today.day))
    years = today.year - born.dt.year - before
    return np.asarray(years.where((years >= 0) & (years <= _OLDEST) & born.notna(), -1).fillna(-1).astype("int64"))


def risks(
    suitability: pd.DataFrame | None, people: pd.Series, names: tuple[str, ...], day: int, months: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], list[Finding]]:
    """Grades that hold on the day, who had one that holds no more, and what was wrong. The newest assessment counts; of several of one day the lowest,
    and of those the one that ends first."""
    level, gone = np.zeros(len(people), dtype="int64"), np.zeros(len(people), dtype=bool)
    if suitability is None:
        return level, gone, []
    rows = suitability[(suitability["assessed_on"] <= day).fillna(False)]
    said = {text: grade(str(text), names) for text in rows["risk_grade"].dropna().unique()}
    strange = rows[rows["risk_grade"].map(lambda text: missing(text) or said[text] is None).astype(bool)]
    rows = rows.assign(
        at=places(rows["customer_id"], people), level=[said.get(text) or 0 for text in rows["risk_grade"]]
    )
    newest = rows.groupby("at")["assessed_on"].transform("max")
    rows = rows[(rows["assessed_on"] == newest) & (rows["at"] >= 0)].sort_values(["at", "level", "valid_to"])
    rows = rows.drop_duplicates("at")
    limit = _months_before(day, months)
    over = (rows["assessed_on"] < limit) | (rows["valid_to"] < day).fillna(False)
    at = rows["at"].to_numpy(dtype="int64")
    level[at] = np.where(over.to_numpy(dtype=bool), 0, rows["level"].to_numpy(dtype="int64"))
    gone[at] = over.to_numpy(dtype=bool)
    where = [f"第 {row} 行“{text}”" for row, text in zip(strange["source_row"], strange["risk_grade"], strict=True)]
    return level, gone, [several("study.offers-grade", where)] if where else []


def _months_before(day: int, months: int) -> int:
    """The day so many months earlier, the month's last where it has no such day."""
    now = date_of(day)
    month = now.year * 12 + now.month - 1 - months
    return min(day_of(month_start(month)) + now.day - 1, day_of(month_end(month)))


def barred(
    classes: pd.DataFrame,
    age: npt.NDArray[np.int64],
    loans: pd.DataFrame | None,
    conflicts: pd.DataFrame | None,
    *,
    day: int,
    adult: int,
    words: Sequence[str],
    fine: Sequence[str],
) -> tuple[npt.NDArray[np.object_], list[Finding]]:
    """Why each customer is offered nothing, "" where that is not so. ``words``: in a status that bars; ``fine``: statuses that do not, beside the usual
    ones; one that is neither bars as well, and is told."""
    found = np.full(len(classes), "", dtype=object)
    status, told = _status(classes["status"], words, fine)
    causes = {
        "avoid": _avoided(classes, conflicts, day),
        "minor": (age >= 0) & (age < adult),
        "overdue": _overdue(classes, loans, day),
        "status": status,
    }
    for cause, holds in causes.items():
        found[holds] = cause
    return found, told


def _status(
    column: pd.Series, words: Sequence[str], fine: Sequence[str]
) -> tuple[npt.NDArray[np.bool_], list[Finding]]:
    usual = {plain_word(word) for word in (*terms.OPEN_STATUSES, *fine)}
    shut = {plain_word(word) for word in terms.CLOSED_STATUSES}
    bad, strange = [], []
    for word, count in column.dropna().value_counts().items():
        plain = plain_word(str(word))
        stops = plain in shut or any(folded(each) in folded(plain) for each in words)
        if stops or plain not in usual:
            bad.append(word)
        if not stops and plain not in usual:
            strange.append(f"{word}（{count} 户）")
    holds = column.isin(bad).to_numpy(dtype=bool)
    return np.asarray(holds, dtype=bool), [several("study.offers-status", strange)] if strange else []


def _overdue(classes: pd.DataFrame, loans: pd.DataFrame | None, day: int) -> npt.NDArray[np.bool_]:
    holds = classes["worst_class"].isin(terms.NPL_CLASSES).to_numpy(dtype=bool)
    if loans is None:
        return np.asarray(holds)
    owed = (loans["balance"] > 0).fillna(False)
    late = owed & ((loans["overdue_days"] > 0).fillna(False) | (loans["due_on"] < day).fillna(False))
    bad = late | loans["status"].isin(_FAILED) | (owed & loans["five_class"].isin(terms.NPL_CLASSES))
    at = places(classes["customer_id"], loans.loc[bad, "customer_id"].drop_duplicates())
    return np.asarray(holds | (at >= 0))


def _avoided(classes: pd.DataFrame, conflicts: pd.DataFrame | None, day: int) -> npt.NDArray[np.bool_]:
    """Whose holder is to avoid her or her village on the day."""
    holds = np.zeros(len(classes), dtype=bool)
    if conflicts is None:
        return holds
    begun = conflicts["valid_from"].isna() | (conflicts["valid_from"] <= day).fillna(False)
    rows = conflicts[begun & (conflicts["valid_to"].isna() | (conflicts["valid_to"] >= day).fillna(False))]
    for key in ("customer_id", "village"):
        own = rows[rows["customer_id"].notna()] if key == "customer_id" else rows[rows["customer_id"].isna()]
        pairs = set(zip(listed(own["manager_id"]), listed(own[key]), strict=True))
        if pairs:
            both = zip(listed(classes["holder_id"]), listed(classes[key]), strict=True)
            holds |= np.fromiter((None not in one and one in pairs for one in both), dtype=bool, count=len(classes))
    return holds


def may_have(product: Product, people: People, held: Flags, owned: Owned) -> Flags:
    """Who meets what the product asks and is not barred, whether she has it already or not."""
    if product.wrong:
        return np.zeros(len(people.frame), dtype=bool)
    found = people.free & named(product, people)
    if product.risk is not None:
        found &= people.risk >= product.risk
    column = {key: place for place, key in enumerate(owned.columns)}
    for need in product.needs:
        found &= held[:, column[need]] if need in column else False
    for other in product.excludes:
        if other in column:
            found &= ~held[:, column[other]]
    return np.asarray(found)


def named(product: Product, people: People) -> Flags:
    """Whom the product is for, by type, 客群, figures, age and five-class."""
    frame = people.frame
    found = np.ones(len(frame), dtype=bool)
    for who in product.who:
        of = frame["customer_type"].isin(who.types) | frame["customer_group"].isin(who.groups)
        found &= of.to_numpy(dtype=bool)
    for limit in product.limits:
        if limit.measure == "age":
            value, known = people.age, people.age >= 0
        else:
            column = frame[limit.measure]
            value = column.fillna(0).to_numpy(dtype="int64")
            known = column.notna().to_numpy(dtype=bool)
        found &= known & ((value >= limit.value) if limit.least else (value <= limit.value))
    lent = product.line == "asset"
    if lent or product.risk is not None:
        found &= ~people.ageless
    fit = product.classes if product.classes is not None else people.classes if lent else None
    if fit is not None:
        found &= frame["worst_class"].isna().to_numpy(dtype=bool) | frame["worst_class"].isin(fit).to_numpy(dtype=bool)
    return found


def lost_to_risk(products: Sequence[Product], people: People, gone: Flags) -> list[Finding]:
    """Whom a product with a level of risk is not offered for want of an assessment that holds."""
    asked = [each for each in products if each.risk is not None and not each.wrong]
    if not asked:
        return []
    wanted = np.any([named(each, people) & people.free for each in asked], axis=0) & (people.risk == 0)
    if not wanted.any():
        return []
    expired = int((wanted & gone).sum())
    return [finding("study.offers-no-grade", count=int(wanted.sum()), expired=f"{expired:,}")]

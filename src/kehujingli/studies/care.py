"""关怀：以后几天谁过生日、谁的存款贷款到期、谁来本行整几年？按日子、按客户经理，已经逾期的分开。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import Period, date_of, day_of
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.customers.lunar import LeapMonth, Lunar
from kehujingli.studies.placing import several
from kehujingli.studies.study import Answer, Option, Study, StudyList
from kehujingli.tables.frames import on_book
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import missing

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MATTERS = {
    "birthday": "生日",
    "deposit": "存款到期",
    "loan": "贷款到期",
    "anniversary": "开户周年",
    "deposit_past": "存款已过到期日",
    "loan_past": "贷款已逾期",
}
Festival = Literal["春节", "元宵节", "端午节", "七夕节", "中元节", "中秋节", "重阳节", "腊八节"]
_LUNAR: dict[Festival, tuple[int, int]] = {
    "春节": (1, 1),
    "元宵节": (1, 15),
    "端午节": (5, 5),
    "七夕节": (7, 7),
    "中元节": (7, 15),
    "中秋节": (8, 15),
    "重阳节": (9, 9),
    "腊八节": (12, 8),
}
"""Month and day of the farmers' calendar; none is in a leap month."""
_OLDEST = 120


class Rules(Strict):
    """关怀。"""

    days: Positive = Field(30, description="看以后几天;命令的 --days 优先")
    adult: Positive = Field(18, description="到生日那天满几周岁才列")
    leap_day: Literal["02-28", "03-01"] = Field("02-28", description="2月29日生的,平年在哪一天过生日")
    every: Positive = Field(1, description="来本行每满几年提醒一次")
    festivals: tuple[Festival, ...] = Field((), description="还要哪些农历节日;要装 lunar-python")
    lunar: tuple[
        Literal["farmer", "resident", "sole_trader", "agribusiness", "enterprise", "public", "unknown"], ...
    ] = Field((), description="哪些客群的生日过农历:farmer 农户……;出生日期换成农历,年年按那个月日;要装 lunar-python")
    leap_month: LeapMonth = Field(
        "month", description="闰月生的:month 过同月份的平月,leap 有这个闰月的年份过闰月、没有的过平月"
    )


def care(
    classes: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    loans: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    days: int | None = None,
) -> Answer:
    """All as a month keeps them; money in 分, days since 1970. The days looked at begin on the day after ``period.as_of``."""
    import pandas as pd

    span = rules.days if days is None else max(days, 1)
    first, last = period.last + 1, period.last + span
    told: list[Finding] = []
    people = classes[classes["customer_type"].isin(["person", "sole_trader"]) & classes["birth_date"].notna()]
    odd = ((people["birth_date"] > period.last) | (people["birth_date"] < _years_back(period.as_of))).fillna(False)
    if odd.any():
        told.append(several("study.care-birth", people.loc[odd, "customer_id"].astype("str").tolist()))
        people = people[~odd]
    by_moon, lunar = _by_moon(people, rules, first, last)
    suns = people[~by_moon] if by_moon.any() else people
    born = _returning(suns, "birth_date", first, last, rules.leap_day)
    if lunar is not None and by_moon.any():
        moons = _moons(people[by_moon], lunar, first, last, rules.leap_month)
        born = pd.concat([born, moons], ignore_index=True) if len(moons) else born
    since = _returning(classes[classes["opened_on"].notna()], "opened_on", first, last, rules.leap_day)
    parts = [
        born[born["years"] >= rules.adult].assign(matter="birthday", years=pd.NA),
        since[(since["years"] >= 1) & (since["years"] % rules.every == 0)].assign(matter="anniversary"),
    ]
    if accounts is not None:
        parts += _maturing(
            accounts[accounts["balance"] > 0], classes, "account_id", "matures_on", "deposit", first, last
        )
    if loans is not None:
        owed = on_book(loans[(loans["balance"] > 0).fillna(False)])
        parts += _maturing(owed, classes, "loan_id", "due_on", "loan", first, last)
    some = [part.reindex(columns=keys(_ROWS)) for part in parts]
    rows = pd.concat([part for part in some if len(part)] or some[:1], ignore_index=True)
    rows["order"] = rows["matter"].map({matter: place for place, matter in enumerate(MATTERS)})
    rows = rows.sort_values(["day", "order", "holder_id", "customer_id", "number"], na_position="last")
    behind = rows["matter"].astype("str").str.endswith("_past")
    rows["lunar"] = _said(rows["day"], lunar) if rules.lunar and lunar is not None else None
    feasts = _festivals(rules.festivals, lunar, first, last)
    if lunar is None and (rules.festivals or rules.lunar):
        asked = [*rules.festivals, *(["农历生日"] if rules.lunar else [])]
        told.append(finding("study.care-no-lunar", festivals="、".join(asked), extra="lunar"))
    frames = {
        "care": rows[~behind].reset_index(drop=True),
        "care_past": rows[behind].reset_index(drop=True),
        "care_managers": _by_manager(rows),
        "care_festivals": pd.DataFrame(feasts, columns=["day", "festival"]),
    }
    return Answer(frames, _lines(rows, feasts, first, last), told)


def _years_back(day: date) -> int:
    return day_of(date(day.year - _OLDEST, 1, 1))


def _returning(frame: pd.DataFrame, column: str, first: int, last: int, leap_day: str) -> pd.DataFrame:
    """Rows whose day of the year comes round from ``first`` to ``last``, once a row and year, with the ``day`` and the ``years`` since."""
    import numpy as np
    import pandas as pd

    then = frame[column].to_numpy(dtype="int64").astype("datetime64[D]")
    year = then.astype("datetime64[Y]").astype("int64") + 1970
    month = then.astype("datetime64[M]").astype("int64") % 12
    day = (then - then.astype("datetime64[M]")).astype("int64")
    found = []
    for this in range(date_of(first).year, date_of(last).year + 1):
        on = _in_year(month, day, this, leap_day)
        there = (on >= first) & (on <= last)
        found.append(frame[there].assign(day=pd.array(on[there], "Int64"), years=np.asarray(this - year[there])))
    return pd.concat(found, ignore_index=True)


def _in_year(
    month: npt.NDArray[np.int64], day: npt.NDArray[np.int64], year: int, leap_day: str
) -> npt.NDArray[np.int64]:
    """Month and day (both from 0) in a year; 29 February of a common year on ``leap_day``."""
    import numpy as np

    start = ((year - 1970) * 12 + month).astype("datetime64[M]").astype("datetime64[D]").astype("int64")
    common = day_of(date(year, 3, 1)) - day_of(date(year, 2, 1)) == 28
    early = (month == 1) & (day == 28) & common & (leap_day == "02-28")
    return np.asarray(start + day - early, dtype="int64")


def _maturing(
    frame: pd.DataFrame, classes: pd.DataFrame, number: str, column: str, matter: str, first: int, last: int
) -> list[pd.DataFrame]:
    """What falls due in the days looked at, and what did before and still stands; of customers of the month only."""
    on = frame[column]
    late = (frame["overdue_days"] > 0).fillna(False) if "overdue_days" in frame else on < first
    some = frame.assign(past=(late | (on < first)).fillna(False))
    some = some.loc[(on <= last).fillna(False) | some["past"], ["customer_id", number, column, "balance", "past"]]
    some = some.rename(columns={number: "number", column: "day", "balance": "amount"})
    some = some.merge(classes[keys(_CUSTOMER)], on="customer_id")
    past = some["past"].astype("bool")
    return [some[~past].assign(matter=matter), some[past].assign(matter=f"{matter}_past")]


def _by_manager(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    by = ["branch_id", "branch_name", "holder_id", "manager_name"]
    counted = rows[by].assign(**{matter: (rows["matter"] == matter).astype("int64") for matter in MATTERS})
    if not len(rows):
        return pd.DataFrame(columns=keys(_MANAGERS))
    return counted.groupby(by, dropna=False, sort=True).sum().reset_index()


def _by_moon(people: pd.DataFrame, rules: Rules, first: int, last: int) -> tuple[npt.NDArray[np.bool_], Lunar | None]:
    """Whose birthday goes by the farmers' calendar, nobody's where the package is not there; and that calendar of the years that are asked of."""
    import numpy as np

    if not (rules.festivals or rules.lunar):
        return np.zeros(len(people), dtype=bool), None
    those = people["customer_group"].isin(rules.lunar).to_numpy(dtype=bool) if rules.lunar else np.zeros(0, dtype=bool)
    born = people["birth_date"].to_numpy(dtype="int64")[those] if rules.lunar else np.zeros(0, dtype="int64")
    since = np.unique(born.astype("datetime64[D]").astype("datetime64[Y]").astype("int64") + 1970).tolist()
    now = range(date_of(first).year - 1, date_of(last).year + 1)
    lunar = Lunar.of([*now, *(year - back for year in since for back in (0, 1))])
    known = rules.lunar and lunar is not None
    return those if known else np.zeros(len(people), dtype=bool), lunar


def _moons(frame: pd.DataFrame, lunar: Lunar, first: int, last: int, leap_month: LeapMonth) -> pd.DataFrame:
    """As ``_returning``, by the farmers' calendar; ``years`` are those of the sun that are over on the day."""
    import numpy as np
    import pandas as pd

    born = frame["birth_date"].to_numpy(dtype="int64")
    _, month, number = lunar.told(born)
    months = born.astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    found = []
    for year in range(date_of(first).year - 1, date_of(last).year + 1):
        on = lunar.on(year, month, number, leap_month)
        there = (on >= first) & (on <= last)
        day = on.astype("datetime64[D]")
        over = day.astype("datetime64[M]").astype("int64") - months
        over -= (day - day.astype("datetime64[M]")).astype("int64") < (
            born.astype("datetime64[D]") - born.astype("datetime64[D]").astype("datetime64[M]")
        ).astype("int64")
        found.append(frame[there].assign(day=pd.array(on[there], "Int64"), years=np.asarray(over[there] // 12)))
    return pd.concat(found, ignore_index=True)


def _said(days: pd.Series, lunar: Lunar) -> list[str | None]:
    words = {int(day): lunar.says(int(day)) for day in days.dropna().unique()}
    return [None if missing(day) else words.get(int(day)) for day in days.tolist()]


def _festivals(asked: Sequence[Festival], lunar: Lunar | None, first: int, last: int) -> list[tuple[int, str]]:
    """(day, festival) from ``first`` to ``last``."""
    import numpy as np

    if lunar is None:
        return []
    found = []
    for name in asked:
        month, number = (np.array([part], dtype="int64") for part in _LUNAR[name])
        for year in range(date_of(first).year - 1, date_of(last).year + 1):
            day = int(lunar.on(year, month, number, "month")[0])
            if first <= day <= last:
                found.append((day, str(name)))
    return sorted(found)


def _lines(rows: pd.DataFrame, feasts: Iterable[tuple[int, str]], first: int, last: int) -> list[str]:
    counts = rows["matter"].value_counts().to_dict()
    coming = [key for key in MATTERS if not key.endswith("_past")]
    lines = [
        f"{date_of(first)} 到 {date_of(last)}："
        + "，".join(f"{MATTERS[key]} {counts.get(key, 0):,}" for key in coming),
        "以前的：" + "，".join(f"{MATTERS[key]} {counts.get(key, 0):,} 笔" for key in MATTERS if key.endswith("_past")),
    ]
    return lines + [f"{name} {date_of(day)}" for day, name in feasts]


_CUSTOMER = (
    ListColumn("branch_id", "id", printed=False),
    ListColumn("branch_name", width=14),
    ListColumn("holder_id", "id"),
    ListColumn("manager_name"),
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES, printed=False),
    declared("group", width=18),
)
_ROWS = (
    ListColumn("day", "date", "日子", width=12),
    ListColumn("lunar", label="农历", width=10, meaning="办法 lunar 有客群过农历生日的才写"),
    ListColumn("matter", label="什么事", codes=MATTERS, width=14),
    *_CUSTOMER,
    ListColumn("number", "id", "哪一笔", private="numbers"),
    ListColumn("amount", "yuan", "到期余额", meaning="账户或借据的余额"),
    ListColumn("years", "count", "满几年", meaning="开户周年"),
)
_MANAGERS = (*_CUSTOMER[:4], *(ListColumn(key, "count", label, total=True) for key, label in MATTERS.items()))
STUDY = Study(
    care,
    (
        StudyList("care", "关怀", _ROWS, nothing="以后几天没有。"),
        StudyList("care_past", "关怀以前的", _ROWS, nothing="没有过了到期日还有余额的。"),
        StudyList("care_managers", "关怀按客户经理", _MANAGERS, unit="件", nothing="没有。"),
        StudyList(
            "care_festivals",
            "关怀农历节日",
            (ListColumn("day", "date", "日子", width=12), ListColumn("festival", label="节日")),
            unit="天",
            nothing="没有，或办法没有要。",
        ),
    ),
    without={"accounts": "存款到期缺。", "loans": "贷款到期和逾期缺。"},
    definitions=(
        ("以后几天", "数据截至日的第二天起，--days 或办法 days 天。"),
        (
            "生日",
            "个人、个体，按出生日期的公历月日；2 月 29 日生的，平年按办法 leap_day（默认 2 月 28 日）。到那天不满办法 adult 周岁的、已销户的不列。出生日期都当作公历。",
        ),
        ("存款到期", "有余额、到期日在以后几天的账户；到期日已过还有余额的列在以前的。"),
        (
            "贷款到期",
            "有余额、到期日在以后几天的表内借据；到期日已过还有余额的、逾期天数大于 0 的算已逾期，列在以前的，日子是到期日。",
        ),
        ("开户周年", "开户日期满整年，每满办法 every 年一次。"),
        (
            "农历生日",
            "办法 lunar 写了的客群：出生日期（公历）那天的农历月日，年年过那一天。闰月生的按办法 leap_month：默认过同月份的平月；三十生的，月小过廿九。周岁仍按公历。没有装 lunar-python 就照公历列，并说明。",
        ),
        ("农历节日", "办法 festivals 要的，按 lunar-python 换成公历；没有装就说明，不猜。"),
    ),
    rules=Rules,
    options=(Option("days", "几天", "看以后几天；不写按办法，默认 30 天", int),),
    examples=("kehujingli care", "kehujingli 关怀 --days 7", "kehujingli care -o 关怀.xlsx"),
)

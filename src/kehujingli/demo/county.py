"""Who lives in the county? Invented branches, villages, customers and customer managers, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kehujingli import terms
from kehujingli.intake.cells.idnumbers import check_digit
from kehujingli.periods import date_of, day_of, month_end, month_start

Whole = npt.NDArray[np.int64]
_SURNAMES = list("王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
_GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰国庆春建志红梅海燕永福金宝")
_TOWNS = (
    "东关",
    "西河",
    "南坪",
    "北岭",
    "青石",
    "柳湾",
    "清泉",
    "白马",
    "双桥",
    "龙潭",
    "枫树",
    "石门",
    "新塘",
    "古井",
    "安平",
    "长乐",
    "云溪",
    "金沙",
    "竹园",
    "大岗",
)
_VILLAGES = ("前", "后", "上", "下", "东", "西", "新", "老")
_STEMS = ("王庄", "李湾", "沙河", "柳林", "石桥", "杏花", "赵家", "水口", "桃源", "凤凰")
_TRADES = ("农资", "粮油", "建材", "食品", "运输", "机械", "服装", "养殖", "果业", "商贸")
_FARMING = ("粮油", "农资", "养殖", "果业")
_INDUSTRIES = ("种植", "养殖", "运输", "零售", "务工", "")
_STREETS = ("人民路", "建设街", "解放路", "沿河路", "中心街")


@dataclass(frozen=True)
class Calendar:
    """The simulated days: whole months, the last one being ``last_month``."""

    months: int
    last_month: int

    @property
    def first(self) -> int:
        return day_of(month_start(self.last_month - self.months + 1))

    @property
    def last(self) -> int:
        return day_of(month_end(self.last_month))

    @property
    def before(self) -> int:
        """The month-end before the last."""
        return day_of(month_end(self.last_month - 1))

    @property
    def year(self) -> int:
        return self.last_month // 12


def names(rng: np.random.Generator, count: int) -> npt.NDArray[np.object_]:
    """Invented names of two or three characters."""
    surname: npt.NDArray[np.object_] = np.array(_SURNAMES, dtype=object)[rng.integers(0, len(_SURNAMES), count)]
    first = np.array(_GIVEN, dtype=object)[rng.integers(0, len(_GIVEN), count)]
    second = np.where(rng.random(count) < 0.7, np.array(_GIVEN, dtype=object)[rng.integers(0, len(_GIVEN), count)], "")
    return np.asarray(surname + first + second)


def make_branches(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """联社营业部 and a credit co-operative for every town."""
    towns = [_TOWNS[index % len(_TOWNS)] + ("" if index < len(_TOWNS) else str(index)) for index in range(count - 1)]
    staff = rng.integers(6, 16, count)
    place = np.arange(count)
    return pd.DataFrame(
        {
            "branch_id": [f"{801001 + index}" for index in range(count)],
            "name": ["联社营业部", *(f"{town}信用社" for town in towns)],
            "region": ["城区", *(("东片", "西片")[index % 2] if index else "城区" for index in range(count - 1))],
            "kind": ["城区", *("乡镇" if index else "城区" for index in range(count - 1))],
            "staff": staff,
            "cost": staff * 12_000_000 + rng.integers(0, 5_000_000, count),
            "profit": staff * (6_000_000 - place % 4 * 1_500_000),
            "area": 160.0 + place % 5 * 40,
            "atm": 2 + place % 3,
            "counter_staff": staff // 3,
            "distance_to": 2.5 + place * 3 % 8,
        }
    )


def make_customers(rng: np.random.Generator, count: int, branches: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """One row a customer with everything the export knows but the holder; ``village`` is empty in the town branches."""
    weight = np.where(branches["kind"] == "城区", 1.3, 1.0)
    home = rng.choice(len(branches), count, p=weight / weight.sum())
    kind = rng.choice(["person", "sole_trader", "business", "public"], count, p=[0.92, 0.04, 0.03, 0.01])
    person = np.isin(kind, ["person", "sole_trader"])
    rural = person & (branches["kind"].to_numpy()[home] == "乡镇") & (rng.random(count) < 0.85)
    villages = np.array(
        [_village(branch, index) for branch in range(len(branches)) for index in range(8)], dtype=object
    ).reshape(len(branches), 8)
    opened = calendar.last - (rng.beta(1.2, 2.0, count) * 365 * 14).astype("int64") - 40
    late = rng.random(count) < 0.02
    opened = np.where(late, calendar.last - rng.integers(0, 60, count), opened)
    trade = rng.integers(0, len(_TRADES), count)
    industry = np.where(
        person,
        np.array(_INDUSTRIES, dtype=object)[rng.integers(0, len(_INDUSTRIES), count)],
        np.array(_TRADES, dtype=object)[trade],
    )
    born = day_of(month_start(1950 * 12)) + rng.integers(0, 55 * 365, count)
    frame = pd.DataFrame(
        {
            "customer_id": [f"8{1 if flag else 2}{index:010d}" for index, flag in enumerate(person)],
            "name": np.where(person, names(rng, count), _firms(rng, count, kind, trade)),
            "customer_type": kind,
            "branch_id": branches["branch_id"].to_numpy()[home],
            "opened_on": opened,
            "id_type": np.where(person, "身份证", "统一社会信用代码"),
            "birth_date": pd.array(np.where(person, born, 0), dtype="Int64"),
            "phone": [
                f"1{area}{number:08d}"
                for area, number in zip(
                    rng.choice([38, 39, 58, 77, 86], count), rng.integers(0, 10**8, count), strict=True
                )
            ],
            "address": np.array(_STREETS, dtype=object)[rng.integers(0, len(_STREETS), count)]
            + pd.Series(rng.integers(1, 300, count)).astype(str)
            + "号",
            "industry": industry,
            "rural": rural,
            "agriculture": np.isin(np.array(_TRADES, dtype=object)[trade], _FARMING) & ~person,
            "village": pd.Series(villages[home, rng.integers(0, 8, count)]).where(rural, None),
            "status": "正常",
        }
    )
    frame.loc[~person, "birth_date"] = pd.NA
    taken: set[str] = set()
    frame["id_number"] = [
        _id_number(rng, int(day), taken) if flag else f"91330{index:013d}"
        for index, (day, flag) in enumerate(zip(born, person, strict=True))
    ]
    return frame.sort_values("customer_id", ignore_index=True)


def _village(branch: int, index: int) -> str:
    return f"{_TOWNS[(branch - 1) % len(_TOWNS)]}{_VILLAGES[index]}{_STEMS[(branch + index) % len(_STEMS)]}村"


def _firms(rng: np.random.Generator, count: int, kind: npt.NDArray[Any], trade: Whole) -> npt.NDArray[np.object_]:
    town = np.array(_TOWNS, dtype=object)[rng.integers(0, len(_TOWNS), count)]
    given = np.array(_GIVEN, dtype=object)[rng.integers(0, len(_GIVEN), count)]
    firm = town + given + np.array(_TRADES, dtype=object)[trade] + "有限公司"
    office = town + np.array(["镇财政所", "中心小学", "卫生院", "村民委员会"], dtype=object)[rng.integers(0, 4, count)]
    return np.asarray(np.where(kind == "public", office, firm))


def id_numbers(rng: np.random.Generator, born: Whole, taken: set[str]) -> list[str]:
    """A number for each, which nobody else has; ``taken`` grows by them."""
    return [_id_number(rng, int(day), taken) for day in born]


def _id_number(rng: np.random.Generator, born: int, taken: set[str]) -> str:
    """An 18-digit number that nobody else has, with its right check digit; region 330999 does not exist."""
    number = int(rng.integers(0, 1000))
    while (stem := f"330999{date_of(born):%Y%m%d}{number:03d}") in taken:
        number = (number + 1) % 1000
    taken.add(stem)
    return stem + check_digit(stem)


def make_managers(
    rng: np.random.Generator, branches: pd.DataFrame, loads: dict[str, float], calendar: Calendar
) -> pd.DataFrame:
    """The roster: people enough for each branch's households (the last branch falls a little short), two of the client
    department who serve the whole county, two who left in mid-month and one newcomer."""
    rows: list[dict[str, object]] = []
    head, town, short = (branches["branch_id"].iloc[index] for index in (0, 1, -1))
    middle = day_of(month_start(calendar.last_month)) + 14
    for branch in branches["branch_id"]:
        load = loads.get(branch, 0.0)
        people = max(2 if len(branches) > 3 else 3, round(load / 150))
        room = 0.93 if branch == short else 1.15
        for place in range(people):
            person = _person(rng, len(rows) + 1, branch, max(20, round(load / people * room)), place, calendar)
            if (branch, place) in ((head, 1), (town, 0)):
                person |= {"until": middle - (branch == head), "status": "离任"}
            rows.append(person)
    since = day_of(month_start(calendar.last_month)) + 7
    rows.append(_person(rng, len(rows) + 1, town, 40, 1, calendar) | {"since": since, "grade": "见习"})
    for _ in range(2):
        department = {
            "serves": terms.WHOLE_COUNTY[0],
            "specialism": "asset",
            "grade": "高级",
            "authority": 5_000_000_000,
        }
        rows.append(_person(rng, len(rows) + 1, head, 240, 0, calendar) | department)
    frame = pd.DataFrame(rows)
    frame["name"] = _distinct(rng, len(frame))
    # Two of the same name in two branches: a name alone does not say who is meant.
    frame.loc[frame.index[-4], "name"] = frame["name"].iloc[0]
    first = np.maximum(frame["since"], day_of(month_start(calendar.last_month)))
    last = np.minimum(frame["until"].fillna(calendar.last), calendar.last)
    frame["duty_days"] = (last - first + 1).astype("int64")
    return frame


def roster_on(managers: pd.DataFrame, day: int) -> pd.DataFrame:
    """The roster as it stood on a day: who was there, and only what was known then."""
    here = managers[managers["since"] <= day].copy()
    still = here["until"].isna() | (here["until"] > day)
    here.loc[still, "until"] = pd.NA
    here.loc[still, "status"] = "在岗"
    first = day_of(date_of(day).replace(day=1))
    here.loc[still, "duty_days"] = day + 1 - np.maximum(here.loc[still, "since"], first)
    return here


def place_customers(
    rng: np.random.Generator,
    customers: pd.DataFrame,
    managers: pd.DataFrame,
    worth: npt.NDArray[np.int64],
    borrowers: set[int],
) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """``grids``: village → manager; holders: each customer's manager or "". Of those worth a manager four in a hundred have none."""
    settled = managers[(managers["grade"] != "见习") & managers["serves"].isna()]
    own = {branch: group["manager_id"].to_numpy() for branch, group in settled.groupby("branch_id")}
    branch, village = customers["branch_id"].to_numpy(), customers["village"].to_numpy()
    keepers: dict[str, tuple[str, str]] = {}
    for home, place in sorted(
        {(home, place) for home, place in zip(branch, village, strict=True) if isinstance(place, str)}
    ):
        keepers[place] = (home, own[home][len(keepers) % len(own[home])])
    turn = np.arange(len(customers))
    holders = np.array(
        [
            keepers[place][1] if isinstance(place, str) else own[home][index % len(own[home])]
            for index, home, place in zip(turn, branch, village, strict=True)
        ],
        dtype=object,
    )
    kind = customers["customer_type"].to_numpy()
    floor = np.where(kind == "business", 80_000_000, np.where(kind == "public", 400_000_000, 4_500_000))
    wanted = (worth >= floor) | np.isin(turn, list(borrowers))
    department = managers.loc[managers["serves"].notna(), "manager_id"].to_numpy()
    holders = np.where((kind == "business") & (worth > 500_000_000), department[turn % len(department)], holders)
    holders = np.where(wanted & (rng.random(len(customers)) >= 0.04), holders, "")
    rows = [(place, manager, home) for place, (home, manager) in keepers.items()]
    return pd.DataFrame(rows, columns=["village", "manager_id", "branch_id"]), np.asarray(holders, dtype=object)


def _person(
    rng: np.random.Generator, number: int, branch: str, capacity: int, place: int, calendar: Calendar
) -> dict[str, object]:
    grade = str(rng.choice(["初级", "中级", "高级"], p=[0.4, 0.4, 0.2]))
    authority = {"初级": 30_000_000, "中级": 60_000_000, "高级": 150_000_000}[grade]
    return {
        "manager_id": f"M{number:04d}",
        "branch_id": branch,
        "serves": None,
        "specialism": ("asset", "liability")[place % 2],
        "grade": grade,
        "capacity": capacity,
        "authority": authority * 10,
        "since": calendar.last - int(rng.integers(500, 4000)),
        "until": pd.NA,
        "status": "在岗",
    }


def _distinct(rng: np.random.Generator, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found |= dict.fromkeys(str(name) for name in names(rng, count))
    return list(found)[:count]

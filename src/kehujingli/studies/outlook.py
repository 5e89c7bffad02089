"""展望：下个月谁会休眠、降级、升级？什么都不发生时按办法推一个月，上个月推的和这个月来的放在一起。"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import finding, problem
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive, Yuan
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.activity import comings
from kehujingli.studies.classes.forecast import KINDS, WHY, Kept, forecast, kinds
from kehujingli.studies.study import Answer, Study, StudyList
from kehujingli.studies.words import words_of
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import among, in_yuan, missing

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.rules import SegmentRules


class Rules(Strict):
    """展望。下个月什么都不发生会怎样,谁比自己的节奏来得晚;户数总是全数,名单可以只列大的。"""

    least: Yuan = Field(Decimal(0), description="名单只列业务规模不少于多少元的")
    alive: Decimal = Field(Decimal("0.5"), gt=0, le=1, description="还在往来的可能低于多少的算晚于节奏")
    repeats: Positive = Field(3, description="窗口内再来过至少几天的,才有自己的节奏")


def outlook(
    classes: pd.DataFrame,
    accounts: pd.DataFrame,
    loans: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    previous_accounts: pd.DataFrame | None = None,
    previous_loans: pd.DataFrame | None = None,
    previous_holdings: pd.DataFrame | None = None,
    *,
    period: Period,
    segment: tuple[SegmentRules | None, SegmentRules],
    rules: Rules,
) -> Answer:
    """Frames as a month keeps them, money in 分; ``previous…``: those of the month before; ``segment``: what classed it (None where that is not
    known any more), and what classes this one. Raises ``study.kept-older``."""
    kept = Kept(classes, accounts, loans, holdings)
    if not kept.whole:
        raise problem("study.kept-older", period=period.name)
    told = forecast(kept, segment[1], period)
    coming = told[told["kind"].notna()]
    order = coming["kind"].map({key: place for place, key in enumerate(KINDS)})
    coming = coming.assign(order=order).sort_values(
        ["order", "scale_amount", "customer_id"], ascending=[True, False, True], na_position="last", ignore_index=True
    )
    coming = coming.assign(short=coming["to_next_scale_next"].where(coming["kind"] == "down"))
    past = _past(previous, previous_accounts, previous_loans, previous_holdings, segment[0], period)
    came = _came(past, classes)
    found = [] if past is not None or previous is None else [finding("study.outlook-past", before=period.back(1).name)]
    late, why = comings.late(classes, period, float(rules.alive), rules.repeats)
    least = int(rules.least * 100)
    frames = {
        "outlook": coming[coming["scale_amount"].fillna(0) >= least],
        "outlook_late": _none(_LATE) if late is None else late[late["scale_amount"].fillna(0) >= least],
        "outlook_branches": _branches(told, late),
        "outlook_past": _judged(came, _still_silent(previous, classes, period, rules)),
        "outlook_past_customers": came,
    }
    return Answer(frames, _lines(coming, late, frames["outlook_past"], period), [*found, *why])


def _none(columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="object") for name in keys(columns)})


def _still_silent(
    previous: pd.DataFrame | None, classes: pd.DataFrame, period: Period, rules: Rules
) -> tuple[int, int, int] | None:
    """Of those who were late a month ago by these rules: how many did nothing since, are gone, came; nothing where that month cannot tell."""
    if previous is None:
        return None
    before = period.back(1)
    late, _ = comings.late(previous, before, float(rules.alive), rules.repeats)
    if late is None:
        return None
    now = late[["customer_id"]].merge(classes[["customer_id", "last_active"]], on="customer_id", how="inner")
    came = int((now["last_active"] > before.last).fillna(False).sum())
    return len(now) - came, len(late) - len(now), came


def _branches(told: pd.DataFrame, late: pd.DataFrame | None) -> pd.DataFrame:
    """One row a branch: how many of each kind and of the late, and the 业务规模 of those that will sleep, 分."""
    import pandas as pd

    names = words_of(told["branch_id"], told["branch_name"], "没有机构")
    counts = {key: (told["kind"] == key).groupby(names, sort=True).sum() for key in KINDS}
    of_late = pd.Series(pd.NA, index=told.index) if late is None else among(told["customer_id"], late["customer_id"])
    counts["late"] = pd.Series(of_late, index=told.index, dtype="Int64").groupby(names, sort=True).sum(min_count=1)
    amount = told["scale_amount"].fillna(0).where(told["kind"] == "asleep", 0)
    first = told["branch_id"].fillna("").groupby(names, sort=True).first()
    frame = first.to_frame("branch_id").assign(**counts, asleep_amount=amount.groupby(names, sort=True).sum())
    return frame.rename_axis("part").reset_index().sort_values(["branch_id", "part"], ignore_index=True)


def _past(
    previous: pd.DataFrame | None,
    accounts: pd.DataFrame | None,
    loans: pd.DataFrame | None,
    holdings: pd.DataFrame | None,
    rules: SegmentRules | None,
    period: Period,
) -> pd.DataFrame | None:
    """What the month before would have said of this one; nothing where it did not keep what that takes."""
    if previous is None or accounts is None or rules is None:
        return None
    kept = Kept(previous, accounts, loans, holdings)
    return forecast(kept, rules, period.back(1)) if kept.whole else None


def _came(past: pd.DataFrame | None, classes: pd.DataFrame) -> pd.DataFrame:
    """Who was forecast to move, or moved without: ``kind`` as it was told, ``actual`` as it came, ``outcome`` of both."""
    import numpy as np

    if past is None:
        return _none(_PAST)
    now = classes[["customer_id", "frequency", "scale", "group"]]
    both = past.merge(now, on="customer_id", how="left", suffixes=("", "_now"))
    actual = kinds(both, "", "_now")
    gone = both["group_now"].isna()
    told = both["kind"]
    outcome = np.select(
        [(told.notna() & (told == actual)).to_numpy(), (told.notna() & gone).to_numpy(), told.notna().to_numpy()],
        ["came", "gone", "other"],
        default="unforeseen",
    )
    both = both.assign(actual=actual, outcome=outcome)[told.notna() | actual.notna()]
    order = both["kind"].fillna(both["actual"]).map({key: place for place, key in enumerate(KINDS)})
    return both.assign(order=order).sort_values(["order", "outcome", "customer_id"], ignore_index=True)


def _judged(came: pd.DataFrame, late: tuple[int, int, int] | None) -> pd.DataFrame:
    """One row a kind: how many were told, how many of them came, left or did otherwise, how many came untold; ``late``: as ``_still_silent``."""
    import pandas as pd

    rows = []
    if len(came):
        for key in KINDS:
            own = came["kind"] == key
            parts = [int((own & (came["outcome"] == name)).sum()) for name in ("came", "gone", "other")]
            missed = int(((came["actual"] == key) & ~own).sum())
            rows.append((key, int(own.sum()), *parts, missed, parts[0] / own.sum() if own.any() else None))
    if late is not None:
        told = sum(late)
        rows.append(("late", told, *late, None, late[0] / told if told else None))
    return pd.DataFrame(rows, columns=keys(_JUDGED)).astype({"hit": "Float64", "missed": "Int64"})


def _lines(coming: pd.DataFrame, late: pd.DataFrame | None, past: pd.DataFrame, period: Period) -> list[str]:
    ahead = Period.of_month(period.month + 1)
    lines = []
    for key, word in KINDS.items():
        own = coming[coming["kind"] == key]
        causes = own["why"].map(WHY).value_counts(sort=False)
        said = "、".join(f"{why} {causes[why]:,}" for why in WHY.values() if why in causes)
        amount = int(own["scale_amount"].fillna(0).sum())
        lines.append(
            f"{ahead.name} {word} {len(own):,} 户{f'（{said}）' if said else ''}，业务规模 {in_yuan(amount):,.2f} 元"
        )
    asleep = coming[coming["kind"] == "asleep"]
    if tied := int(asleep["renewed"].fillna(False).astype(bool).sum()):
        lines.insert(
            1,
            f"将休眠的 {len(asleep):,} 户里 {tied:,} 户有定期或合约下月到期，续做就不休眠；不算它们的是 {len(asleep) - tied:,} 户",
        )
    if late is None:
        lines.append("晚于节奏  缺")
    else:
        amount = int(late["scale_amount"].fillna(0).sum())
        lines.append(f"晚于节奏 {len(late):,} 户：还没休眠，按自己的节奏早该来了，业务规模 {in_yuan(amount):,.2f} 元")
    for row in past.itertuples():
        missed = "" if missing(row.missed) else f"；没说到的 {row.missed:,}"
        lines.append(
            f"上月说{_TOLD[row.kind]} {row.told:,} 户：应验 {row.came:,}，不在本期 {row.gone:,}，没有应验 {row.other:,}{missed}"
        )
    return lines


_WHO = (
    ListColumn("customer_id", "id", width=14),
    ListColumn("customer_name", private="name", width=20),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
    ListColumn("branch_name", width=14),
    ListColumn("manager_name"),
)
_OUTCOMES = {"came": "应验", "gone": "不在本期", "other": "没有应验", "unforeseen": "没说到"}
_PAST = (
    *_WHO,
    ListColumn("kind", label="上月说", codes=KINDS),
    ListColumn("actual", label="实际", codes={key: word.replace("将", "") for key, word in KINDS.items()}),
    ListColumn("outcome", label="对照", codes=_OUTCOMES),
    declared("group", called="previous_group", width=20),
    declared("group_next", called="group", label="上月推的", width=20),
    declared("group_now", called="group", label=terms.label("group", "changes"), width=20),
)
_TOLD = {**KINDS, "late": "晚于节奏"}
_JUDGED = (
    ListColumn("kind", label="上月说", codes=_TOLD, width=14),
    ListColumn("told", "count", "户数"),
    ListColumn("came", "count", "应验"),
    ListColumn("gone", "count", "不在本期"),
    ListColumn("other", "count", "没有应验"),
    ListColumn("missed", "count", "没说到的", meaning="本期这样变了、上月没有这样说的户"),
    ListColumn("hit", "rate", "应验率"),
)
_LATE = (
    *_WHO,
    declared("group", width=20),
    declared("scale_amount", width=14),
    declared("active_days"),
    ListColumn("gap", "number", "几天来一次", width=12, meaning="窗口内首次到最近一次的天数 ÷ 再来的天数"),
    declared("idle_days"),
    ListColumn("silence", "number", "未动是节奏的几倍", width=16),
    ListColumn("alive", "rate", "还在往来的可能", width=14),
    declared("last_active", width=12),
)
STUDY = Study(
    outlook,
    (
        StudyList(
            "outlook",
            "展望名单",
            (
                *_WHO,
                ListColumn("kind", label="下月", codes=KINDS, width=12),
                ListColumn("why", label="缘由", codes=WHY, width=12),
                ListColumn(
                    "renewed", "flag", "续做就不休眠", meaning="将休眠的：有定期或合约下月到期，续做了就还挡着休眠"
                ),
                declared("group", width=20),
                declared("group_next", called="group", label="下月户群", width=20),
                declared("scale_amount", width=14),
                ListColumn("scale_amount_next", "yuan", "下月业务规模", width=14),
                ListColumn("short", "yuan", "保档还差", width=14, meaning="将降级的：业务规模再多这么多就留在原来的档"),
                declared("last_active", width=12),
            ),
        ),
        StudyList("outlook_late", "展望晚于节奏", _LATE),
        StudyList(
            "outlook_branches",
            "展望机构",
            (
                ListColumn("part", label=terms.label("branch_name"), width=18),
                *(ListColumn(key, "count", word, total=True) for key, word in _TOLD.items()),
                ListColumn("asleep_amount", "yuan", "将休眠的业务规模", total=True, width=18),
            ),
        ),
        StudyList("outlook_past", "展望对照", _JUDGED, unit="户", freeze=1),
        StudyList("outlook_past_customers", "展望对照名单", _PAST),
    ),
    {
        "loans": "有贷款不休眠的认不出来，将休眠的会多说。",
        "holdings": "有合约不休眠的认不出来，将休眠的会多说。",
        "previous": "上月没有跑过，没有可以对照的。",
        "previous_accounts": "",
        "previous_loans": "",
        "previous_holdings": "",
    },
    (
        (
            "展望",
            "下个月一笔业务、一笔余额变动都没有，没有新签约、新贷款、新开户：期末往后推一个月，用同样的办法再分一次类。",
        ),
        ("存款、贷款", "余额停在本期末；定期到期、合约终止照日期算；到期的贷款当作还在。用的是本期的办法。"),
        ("缘由", "静止期满：本期还算有业务，下月就不算了；定期、合约到期，新户期满：本来就没有业务，只靠它不休眠。"),
        (
            "将休眠",
            "下月末照办法是休眠而本期末不是的户：最近一次业务在窗口的第一个月（自然月，不是 365 天），或挡住休眠的定期、合约、新户期到下月末（含）为止。"
            "定期只在到期以前挡休眠（keep_term_deposits）：下月到期而没有续存的算进来，续做就不休眠的另列。",
        ),
        (
            "晚于节奏",
            "窗口内办业务的日子（一天算一次）用 BG/NBD（Fader、Hardie、Lee 2005）拟合，得每户还在往来的可能；"
            "再来过几天以上、未动天数比自己平均的间隔长、可能低于办法的数的列出。窗口以前的来往不看。",
        ),
        ("对照", "上月末推的和本期来的；没有应验的是办了业务或动了余额。晚于节奏的，应验是本期仍没有业务。"),
    ),
    Rules,
    examples=("kehujingli outlook", "kehujingli outlook --list outlook_past_customers"),
    consecutive=True,
)

"""What does 考核得分.xlsx show? Who earned what, and why. 首页, the ranking, pay apart, every item's working, the same sums as live formulas, 口径."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.lists.lines import OF_SCORES, beside_scores
from kehujingli.lists.main import item_list, pay_list, said, score_list
from kehujingli.lists.scores import LINKS, UNITS, beside_links, shown_remarks, summed, without_pay
from kehujingli.rules.code_words import SHAPE_NAMES, code_word
from kehujingli.values import missing, round_half_up
from kehujingli.workbooks import score_sheets
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import RED, Book, Column, Look, Meta, Plot, labelled, pixels
from kehujingli.workbooks.recheck import write_recheck

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.incentive import Scores
    from kehujingli.lists.held import HeldActuals
    from kehujingli.rules import IncentiveRules
    from kehujingli.scoring.settlement import Settlement

DEFINITIONS = (
    (terms.label("score"), "各项得分之和（各项先封顶保底、再四舍五入），加减分，再按封顶、一票否决，再按计发封顶。"),
    (terms.label("actual"), "所辖客户、贷款各笔之和；比率用分子合计 ÷ 分母合计，不用平均数再平均。"),
    (
        "谁的",
        "存款：业绩归属、揽存人、客户的管户经理依次；贷款：业绩归属、管户经理、客户的管户经理；不良：责任人。不在岗的日子归网点公共。",
    ),
    ("净增", "Σ 每日 份额 ×（日终余额 − 基数）÷ 天数；基数随客户走。存款是考核口径：乘了折算系数。"),
    (
        terms.ITEM_ACTUALS["loan_customers_growth"],
        "期末有贷款余额的户 − 上年末有的，也按持有的天数：两头都有的不增不减，谁接谁走都一样；新增、减少的一户不拆，整户归这户与年初不同的那些天里（新增从发放日起，减少从没有贷款起）份额 × 天数最多的人，一样多的归工号在前的。",
    ),
    (terms.label("target"), "月、季、年任务取最具体的；全年任务按办法折到当期。"),
    ("未计分", "缺任务数或实绩、而办法规定不计分的人；其他人照常。"),
    (terms.label("payable"), "绩效标准 × 计发得分 ÷ 100 × 在岗天数 ÷ 当期天数，保底后四舍五入；税前。"),
    (
        "预发与延期",
        "应发 = 其中预发 + 其中延期 + 其中待清算，逐行相等：预发按比例先付（逐期延期的，按扣去延期后的比例），延期以后各年付，待清算的年终一并付。实际兑付 = 本期兑付 + 年终清算 + 往年延期到期 + 补发 − 扣回；补发是加减分里批准的正数金额，扣回是负数的；前两项以外的是以前各月欠付、本月到期的。预发多于应付的不发负数，多的记“多预发结转”，以后先扣；办法有每期先付的，不到的付足，多付的同样结转。",
    ),
    (
        "四个环节",
        "各项按办法写的环节（拓展市场、管理客户、营销产品、优化服务）小计，在备注后面，只在屏幕上；四个环节之和等于五类之和，都是加减分以前的。",
    ),
    (
        "条线各列",
        "打印不出来，只在屏幕上：他主办的户，和期末存款、贷款、本年中收里归他的（主办 + 协办按份额），归属和实绩的一样；不计分。几个岗位的人记在第一行。",
    ),
    (
        "公共、未挂户",
        "没有人管的业务：公共归网点；应配未配的列未挂户。机构汇总的实绩按业务所在机构、按持有的天数分，各机构（和全辖）客户经理 + 公共 + 未挂户 = 机构合计，到分；是程序算的，本年累计的取本年累计，人工填报的数不在内。",
    ),
)

_OF_PAY = (terms.label("payable"), "预发与延期")


def write_scores(
    target: Path,
    meta: Meta,
    scores: Scores,
    rules: IncentiveRules,
    branches: Mapping[str, str],
    source: Source,
    held: HeldActuals,
    *,
    settlement: Settlement | None = None,
    public: bool = False,
    previous: Mapping[str, int] | None = None,
    extra: Callable[[Book], None] | None = None,
    parts: pd.DataFrame | None = None,
) -> str:
    """The workbook; ``public`` leaves pay out altogether, for a ranking that is put on the wall; otherwise ``settlement`` says what is paid.

    ``previous``: ranks of the period before; ``extra`` adds sheets before 口径; ``parts``: of ``actuals.lines``,
    what each has of the lines of business, on the screen beside the points.
    """
    if public:
        scores, rules = without_pay(scores, rules)
    book = Book(meta)
    ranking = beside_links(shown_remarks(score_list(scores, rules, branches, previous), rules.named), scores.managers)
    columns, means = _score_columns(rules), _means(ranking)
    if parts is not None:
        ranking, columns = beside_scores(ranking, parts), [*columns, *_OF_LINES]
    checked = _Checked()
    _cover(book, scores, rules, checked, public)
    trial = "（试算：按本期方案）" if scores.trial else ""
    title = f"{meta.institution}客户经理绩效考核得分表{trial}"
    book.list("考核得分", title, "分", columns, said(ranking), freeze=5, signed=True, totals=means)
    if settlement is not None:
        pays = pay_list(scores, branches, settlement)
        book.list(
            "绩效薪酬",
            f"{meta.institution}客户经理绩效薪酬表{trial}",
            "元",
            pay_columns(pays),
            pays,
            freeze=4,
            signed=True,
        )
    said_items = items_said(item_list(scores))
    book.list("计分明细", f"客户经理计分明细{trial}", "", item_columns(said_items), said_items, freeze=3)
    score_sheets.write_branches(book, scores, rules, branches, held, public=public)
    score_sheets.write_adjustments(book, scores, public=public)
    score_sheets.write_manual(book, scores, rules)
    checked.differences = write_recheck(book, scores, rules, settlement)
    checked.tell(book)
    if extra is not None:
        extra(book)
    definitions = [pair for pair in DEFINITIONS if not (public and pair[0] in _OF_PAY)]
    write_definitions(
        book, [*definitions, *score_sheets.DEFINITIONS, ("考核办法", rules.title or "—")], source, _scheme(rules)
    )
    return book.save(target)


class _Checked:
    """What 计分复核 found, written on 首页 once it is known."""

    def __init__(self) -> None:
        self.differences = 0
        self.cell: tuple[Any, int] | None = None

    def tell(self, book: Book) -> None:
        if self.cell:
            sheet, row = self.cell
            text = f"复核结果：{self.differences} 处不一致" if self.differences else "复核结果：全部一致"
            sheet.write_string(row, 0, text, book.format(bold=True, font_color=RED if self.differences else "#000000"))


def _score_columns(rules: IncentiveRules) -> list[Column]:
    columns = [
        labelled("rank_group", width=10),
        labelled("rank", width=6),
        labelled("previous_rank", width=7),
        labelled("manager_id", width=9),
        labelled("name", width=9),
        labelled("branch_id", width=9),
        labelled("branch_name", width=14),
        labelled("specialism", width=9),
        labelled("grade", width=7),
        labelled("duty_days", width=6),
    ]
    columns += [Column(f"item:{item.id}", f"{item.label}({item.of_full})", "points", 11) for item in rules.item]
    columns += [
        labelled("adjustment", width=8),
        labelled("score", width=9),
        labelled("gate", width=16),
        *([labelled("reached", width=9)] if rules.gives_grades else []),
    ]
    columns += [Column(f"category:{key}", label, "points", 8) for key, label in terms.CATEGORIES.items()]
    links = [Column(f"link:{key}", code_word("link", key), "points", 9, printed=False) for key in LINKS]
    return [*columns, labelled("remark", width=14), *links]


_OF_LINES = [labelled(key, width=10, table="scores", printed=False) for key in OF_SCORES]


def _means(ranking: pd.DataFrame) -> dict[str, Any]:
    """The line above the header: the average of every column of points, of those who have a score, each person once."""
    known = ranking[ranking["score"].notna()].drop_duplicates("manager_id")
    means: dict[str, Any] = {"": "平均"}
    for column in ranking.columns:
        if column.startswith(("item:", "category:", "link:")) or column in ("adjustment", "score"):
            points = [value for value in known[column] if not missing(value)]
            means[column] = sum(points, Decimal(0)) / len(points) if points else None
    return means


_PAY_COLUMNS = [
    labelled("branch_id", width=9),
    labelled("branch_name", width=14),
    labelled("manager_id", width=9),
    labelled("name", width=9),
    labelled("grade", width=7),
    labelled("standard", width=11),
    labelled("raw_score", width=9, called="score"),
    labelled("score", width=9, called="paid_score"),
    labelled("duty_share", width=9, centre=True),
    labelled("pay", width=12, total=True),
    labelled("advance", width=12, total=True),
    labelled("deferred", width=11, total=True),
    labelled("to_settle", width=11, total=True),
    labelled("paid_now", width=12, total=True),
    labelled("settled", width=12, total=True),
    labelled("matured", width=12, total=True),
    labelled("granted", width=10, total=True),
    labelled("clawback", width=10, total=True),
    labelled("carried", width=11, total=True),
    labelled("paid", width=12, total=True),
    labelled("remark", width=12),
]


def pay_columns(pays: pd.DataFrame) -> list[Column]:
    """补发 and 多预发结转 stand where somebody has some: most months nobody does."""
    idle = {key for key in ("granted", "carried") if not any(value for value in pays[key] if not missing(value))}
    return [column for column in _PAY_COLUMNS if column.key not in idle]


ITEM_COLUMNS = [
    labelled("manager_id", width=9),
    labelled("name", width=9),
    labelled("item", width=16),
    labelled("category", width=8),
    labelled("points", width=8),
    labelled("actual", width=12),
    labelled("unit", width=6),
    labelled("target", width=12),
    labelled("completion", "rate", width=9),
    labelled("baseline", width=12),
    labelled("working", width=46),
    labelled("clamp", width=16),
    labelled("item_points", width=8),
    labelled("source", width=9),
    labelled("next_step", width=22),
]


_FIGURES = ("actual", "target", "baseline")
_KEPT = {"money": 6, "ratio": 8}
"""Decimals in the cells: a 分, and enough that what is shown of a share is rounded once."""


def item_columns(said_items: pd.DataFrame) -> list[Column]:
    """计分明细: 万元, % and counts are shown in two decimals, as 计分过程 says them, and stay what they are in their cells; a bare number may have more."""
    bare = said_items.loc[said_items["style"] == "number", list(_FIGURES)].astype("object").to_numpy().ravel()
    if any(not missing(value) and value != round_half_up(value, 2) for value in bare):
        return ITEM_COLUMNS
    return [replace(column, look="mean") if column.key in _FIGURES else column for column in ITEM_COLUMNS]


def items_said(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures in the unit that people use: 万元, %, 户. A month of an older program did not keep what its counts are called."""
    styles = frame["style"]
    called = frame["counted"] if "counted" in frame else [""] * len(frame)

    def scaled(column: str) -> list[Decimal | None]:
        return [
            None if value is None else round_half_up(value * UNITS[style][1], _KEPT.get(style, 4))
            for value, style in zip(frame[column], styles, strict=True)
        ]

    return frame.assign(
        actual=scaled("actual"),
        target=scaled("target"),
        baseline=scaled("baseline"),
        unit=[
            (style == "count" and not missing(word) and word) or UNITS[style][0]
            for word, style in zip(called, styles, strict=True)
        ],
        category=frame["category"].map(terms.CATEGORIES),
    )


def _scheme(rules: IncentiveRules) -> list[tuple[str, str]]:
    pairs = [
        (item.label, f"{item.of_full}，{SHAPE_NAMES[item.shape]}，{terms.CATEGORIES[item.category]}")
        for item in rules.item
    ]
    pairs += [(f"封顶/否决：{gate.reason}", gate.effect) for gate in rules.gate]
    return pairs


_CHARTED = 60


def _cover(book: Book, scores: Scores, rules: IncentiveRules, checked: _Checked, public: bool) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, [11] * 12)
    book.heading(sheet, f"客户经理绩效考核结果（{book.meta.period}）", 12, "分")
    people = {manager.manager_id: manager for manager in reversed(scores.managers)}
    scored = [manager for manager in people.values() if manager.score is not None]
    points = [manager.score for manager in scored if manager.score is not None]
    capped = sum(1 for manager in scored if manager.gates)
    figures: list[tuple[str, Any, Look]] = [
        ("参评人数", len(scored), "count"),
        (terms.label("mean_score"), sum(points, Decimal(0)) / len(points) if points else None, "points"),
        (terms.label("best", "branch_scores"), max(points, default=None), "points"),
        (terms.label("worst", "branch_scores"), min(points, default=None), "points"),
        ("未计分人数", len(people) - len(scored), "count"),
        ("封顶/否决人数", capped, "count"),
    ]
    if not public:
        figures.append(
            (
                terms.label("total", "spread"),
                sum((m.pay for m in scores.managers if m.pay is not None), Decimal(0)),
                "amount",
            )
        )
    for column, (name, value, look) in enumerate(figures):
        sheet.write_string(3, column, name, book.header)
        book.write(sheet, 4, column, value, look, bold=True, align="center")
    sheet.set_row(3, 30)
    row = 6
    if scores.trial:
        sheet.write_string(
            row,
            0,
            "试算：按本期方案。导出里没有管户经理，也没有已批的方案，本页只供参考，不作发放依据。",
            book.format(bold=True, font_color=RED),
        )
        row += 1
    if scored:
        row = book.plot(sheet, _score_plot(scored), (row, 0), pixels([11] * 12))
        rates = _rate_plot(scores, rules)
        row = book.plot(sheet, rates, (row, 0), pixels([11] * 12)) if rates else row
    checked.cell = (sheet, row)
    row += 1
    row = _withheld(book, sheet, [manager for manager in people.values() if manager.score is None], row)
    sheet.write_string(row + 1, 0, book.meta.signatures, book.format())
    book.page(sheet, row + 1, 12, one_page=True)


def _withheld(book: Book, sheet: Any, managers: Sequence[Any], row: int) -> int:
    if not managers:
        return row
    sheet.write_string(row, 0, f"未计分 {len(managers)} 人", book.format(bold=True))
    groups: dict[str, list[Any]] = {}
    for manager in managers:
        groups.setdefault("；".join(manager.withheld), []).append(manager)
    for reason, group in list(groups.items())[:8]:
        row += 1
        names = "、".join(f"{manager.manager_id} {manager.name}".strip() for manager in group[:6])
        more = f"等 {len(group)} 人" if len(group) > 6 else ""
        sheet.write_string(row, 0, _short(f"{names}{more}：{reason}", 110), book.format())
    return row + 1


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _score_plot(scored: Sequence[Any]) -> Plot:
    """Scores in falling order with the average line; more than sixty people as a histogram by ten points."""
    ordered = sorted(scored, key=lambda manager: (-manager.score, manager.manager_id))
    mean = sum((manager.score for manager in ordered), Decimal(0)) / len(ordered)
    top = ordered[0]
    title = (
        f"最高 {top.score}（{top.manager_id} {top.name}），平均 {mean:.2f}，高低相差 {top.score - ordered[-1].score}"
    )
    if len(ordered) <= _CHARTED:
        people = [manager.name or manager.manager_id for manager in ordered]
        series = {
            terms.label("score"): [float(manager.score) for manager in ordered],
            "平均": [float(mean)] * len(ordered),
        }
        return Plot("column", title, people, series, line="平均", number="0.0")
    edges = range(int(ordered[-1].score) // 10 * 10, int(top.score) // 10 * 10 + 10, 10)
    counts = [sum(1 for manager in ordered if edge <= manager.score < edge + 10) for edge in edges]
    return Plot(
        "column",
        f"{title}（人数）",
        [f"{edge}–{edge + 10}" for edge in edges],
        {terms.label("people", "branch_scores"): counts},
        number="0",
    )


def _rate_plot(scores: Scores, rules: IncentiveRules) -> Plot | None:
    """Average share of the standard points, item by item."""
    found = summed(scores.scored, rules)
    counted = [item for item in rules.item if item.is_counted == "points"]
    rates = {item.label: float(rate) for item in counted if (rate := found[f"item:{item.id}"]) is not None}
    if not rates:
        return None
    low = min(rates, key=lambda label: rates[label])
    title = f"各项平均得分率，{low}最低（{rates[low]:.0%}）"
    return Plot("bar", title, list(rates), {"平均得分率": list(rates.values())}, number="0%")

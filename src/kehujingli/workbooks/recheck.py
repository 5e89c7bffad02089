"""Does the sum come out the same in a spreadsheet? 计分复核: every score again as a live formula from numerators, denominators and parameters.

Formulas carry their stored results, so a preview on a phone is not empty. Inner results are rounded to ten digits as the shapes do, then once
to the rules' digits: a spreadsheet that recalculates agrees to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.rules.shapes.base import Cells, Parameter
from kehujingli.terms.places import cell_name
from kehujingli.terms.widths import display_width
from kehujingli.values import plain
from kehujingli.workbooks.formulas import evaluate, round_like_excel
from kehujingli.workbooks.house import RED, Book
from kehujingli.workbooks.paper import ROW

if TYPE_CHECKING:
    from kehujingli.incentive import ItemScore, ManagerScore, Scores
    from kehujingli.rules import IncentiveRules
    from kehujingli.scoring.settlement import Leaver, Payout, Settlement

_PROGRESS = ("进度分子", "进度分母")
_FIXED = (
    *terms.words("manager_id", "name", "item", "numerator", "denominator", "target"),
    *_PROGRESS,
    terms.label("points"),
    terms.label("worst", "branch_scores"),
    terms.label("best", "branch_scores"),
)
_MEANING = "数的含义"
_MEANING_WIDTH = 60
_RESULT = terms.words("formula_value", "program_value", "difference", "agrees")
TOTAL = "合计得分"
PAY = terms.label("payable")
PAID = terms.label("paid")


def write_recheck(book: Book, scores: Scores, rules: IncentiveRules, settlement: Settlement | None) -> int:
    """The sheet 计分复核; with a ``settlement`` also what is paid in the end. Returns how many of its rows do not agree."""
    sheet = book.sheet("计分复核")
    parameters = max([6, *(len(_parameters(item)) for manager in scores.managers for item in manager.items)])
    headers = [*_FIXED, *(_mark(index) for index in range(parameters)), _MEANING, *_RESULT]
    widths = {terms.label("item"): 18, _MEANING: _MEANING_WIDTH} | dict.fromkeys(headers[3:6], 15)
    book.columns(sheet, [widths.get(header, max(9, display_width(header) + 2)) for header in headers])
    book.heading(sheet, "客户经理计分复核", len(headers), "元、户、分")
    for column, header in enumerate(headers):
        sheet.write_string(3, column, header, book.header)
    writer = _Writer(book, sheet, rules, len(_FIXED), len(_FIXED) + parameters + 1)
    row = 4
    money: dict[str, tuple[int, int]] = {}
    payouts = settlement.payouts if settlement is not None else [None] * len(scores.managers)
    for manager, payout in zip(scores.managers, payouts, strict=True):
        if manager.manager_id not in money:
            first = row
            counted = [item for item in manager.items if item.item.is_counted != "pay" and item.points is not None]
            row = writer.items(row, manager, counted)
            if manager.score is not None and row > first:
                writer.total(
                    row, manager, first, [first + at for at, one in enumerate(counted) if not one.item.fills_total]
                )
                row += 1
            first = row
            row = writer.items(row, manager, [item for item in manager.items if item.item.is_counted == "pay"])
            money[manager.manager_id] = (first, row)
        if manager.reckoned is not None:
            writer.pay(row, manager, money[manager.manager_id])
            row += 1
        if payout is not None:
            writer.payout(row, manager, payout)
            row += 1
    for leaver in settlement.leavers if settlement is not None else ():
        writer.payout(row, leaver, leaver.payout)
        row += 1
    last = max(row - 1, 4)
    agree = len(headers) - 1
    book.highlight(sheet, (4, agree, last, agree), f'={cell_name(4, agree)}="不一致"', RED)
    sheet.freeze_panes(4, 3)
    sheet.autofilter(3, 0, last, agree)
    sheet.ignore_errors({"number_stored_as_text": f"A5:A{last + 1}"})
    book.page(sheet, last, len(headers), repeat=3)
    return writer.differences


def _mark(index: int) -> str:
    """① to ⑳, then (21): what a parameter is called in its heading and where its meaning is told."""
    return chr(ord("①") + index) if index < 20 else f"({index + 1})"


def _parameters(scored: ItemScore) -> list[Parameter]:
    return scored.item.parameters(scored.question) if scored.question is not None else []


class _Writer:
    def __init__(self, book: Book, sheet: Any, rules: IncentiveRules, first_parameter: int, result: int) -> None:
        self.book, self.sheet, self.rules = book, sheet, rules
        self.first_parameter, self.result = first_parameter, result
        self.differences = 0
        self.cells: dict[str, float] = {}

    def _number(self, row: int, column: int, value: Decimal | None) -> None:
        self.book.write(self.sheet, row, column, value, "number")
        if value is not None:
            self.cells[cell_name(row, column)] = float(value)

    def _head(self, row: int, manager: ManagerScore | Leaver, label: str) -> None:
        self.book.write(self.sheet, row, 0, manager.manager_id, "id")
        self.book.write(self.sheet, row, 1, manager.name)
        self.book.write(self.sheet, row, 2, label)

    def _rest(self, row: int, parameters: Sequence[tuple[str, Decimal | None]], said: Sequence[str] = ()) -> None:
        """The parameters in their cells, and what each is; ``said``: what the row's fixed columns are where their headings do not say it."""
        for column in range(self.first_parameter, self.result - 1):
            place = column - self.first_parameter
            self._number(row, column, parameters[place][1] if place < len(parameters) else None)
        named = [f"{_mark(place)}{name}" for place, (name, value) in enumerate(parameters) if value is not None]
        text = " ".join([*said, *named])
        self.book.write(self.sheet, row, self.result - 1, text or None, text_wrap=True, shrink=False)
        self.sheet.set_row(row, ROW * max(1, -(-display_width(text) // (_MEANING_WIDTH - 2))))

    def items(self, row: int, manager: ManagerScore, items: Sequence[ItemScore]) -> int:
        """Those that have a figure, from ``row`` on. Returns the row after them."""
        for item in items:
            if item.points is not None:
                self.item(row, manager, item)
                row += 1
        return row

    def item(self, row: int, manager: ManagerScore, scored: ItemScore) -> None:
        """One item. What a policy decided without a figure stands as its number."""
        assert scored.points is not None
        item = scored.item
        self._head(row, manager, item.label)
        quantity = scored.quantity
        values = [
            quantity.numerator if quantity else None,
            quantity.denominator if quantity else None,
            scored.target,
            scored.progress[0] if scored.status == "scored" else None,
            scored.progress[1] if scored.status == "scored" else None,
            item.points,
            scored.least,
            item.max,
        ]
        for column, value in enumerate(values, 3):
            self._number(row, column, value)
        self._rest(row, _parameters(scored))
        formula = self._formula(row, scored) if scored.status == "scored" else plain(scored.points)
        self._results(row, formula, scored.points)

    def _formula(self, row: int, scored: ItemScore) -> str:
        item = scored.item
        progress = ("1", "1") if scored.by_score else (cell_name(row, 6), cell_name(row, 7))
        cells = Cells(
            cell_name(row, 3),
            cell_name(row, 4),
            cell_name(row, 5),
            *progress,
            cell_name(row, 8),
            (row, self.first_parameter),
        )
        text = item.formula(cells)
        if scored.by_score:
            text = f"ROUND({text}*{cell_name(row, 6)}/{cell_name(row, 7)},10)"
        if item.max is not None:
            text = f"MIN({cell_name(row, 10)},{text})"
        if scored.least is not None:
            text = f"MAX({cell_name(row, 9)},{text})"
        digits = self.rules.rounding.pay if item.is_counted == "pay" else self.rules.rounding.points
        return f"ROUND({text},{digits})"

    def total(self, row: int, manager: ManagerScore, first: int, unscaled: Sequence[int]) -> None:
        """The score from the items above it: scaled (but for the rows ``unscaled``) where items were skipped, adjusted, then held at the lowest gate or cap."""
        assert manager.score is not None
        self._head(row, manager, TOTAL)
        limit = self._limit(manager)
        full = (manager.scheme or self.rules).total
        scale = manager.scaled or (full, full)
        for column, value in enumerate([None, None, None, scale[1], scale[0], full, None, None], 3):
            self._number(row, column, value)
        said = [f"{_PROGRESS[0]}、{_PROGRESS[1]}：全部标准分、计入的标准分"]
        self._rest(row, [(terms.label("adjustment"), manager.adjustment), ("封顶", limit)], said)
        items = f"SUM({cell_name(first, self.result)}:{cell_name(row - 1, self.result)})"
        digits = self.rules.rounding.points
        apart = [cell_name(at, self.result) for at in unscaled] if manager.scaled else []
        standard = f"({items}{''.join(f'-{cell}' for cell in apart)})" if apart else items
        rest = "".join(f"+{cell}" for cell in [*apart, cell_name(row, self.first_parameter)])
        text = f"ROUND({standard}*{cell_name(row, 6)}/{cell_name(row, 7)},{digits}){rest}"
        if limit is not None:
            text = f"MIN({cell_name(row, self.first_parameter + 1)},{text})"
        self._results(row, f"ROUND({text},{digits})", manager.score)

    def _limit(self, manager: ManagerScore) -> Decimal | None:
        rules = manager.scheme or self.rules
        limits = [gate.score_at_most for gate in rules.gate if gate.reason in manager.gates]
        if rules.pay and rules.pay.score_cap is not None:
            limits.append(rules.pay.score_cap)
        return min((limit for limit in limits if limit is not None), default=None)

    def pay(self, row: int, manager: ManagerScore, money: tuple[int, int]) -> None:
        """The pay from its numbers and the items that are money, which stand in the rows ``money`` (first, after the last)."""
        told, scheme = manager.reckoned, manager.scheme
        assert told is not None
        assert scheme is not None
        assert manager.pay is not None
        self._head(row, manager, PAY)
        values = [
            Decimal(manager.duty_days),
            Decimal(manager.days),
            None,
            None,
            None,
            None,
            told.floor,
            told.cap,
        ]
        for column, value in enumerate(values, 3):
            self._number(row, column, value)
        parameters = [
            ("不随得分的部分", told.base),
            (terms.label("standard"), told.standard),
            (terms.label("score"), manager.score),
            ("按得分分得的", told.fixed),
            ("发放系数", told.factor),
            ("总额控制的增减", told.cut),
        ]
        said = [f"{_FIXED[3]}、{_FIXED[4]}：{terms.label('duty_days')}、当期天数"]
        self._rest(row, parameters, said)
        duty = f"{cell_name(row, 3)}/{cell_name(row, 4)}"
        base, standard, score, fixed, factor, cut = (cell_name(row, self.first_parameter + n) for n in range(6))
        counts = scheme.pay is not None and scheme.pay.modes != ("score",) and money[1] > money[0]
        items = f"+SUM({cell_name(money[0], self.result)}:{cell_name(money[1] - 1, self.result)})" if counts else ""
        earned = f"{base}*{duty}+({standard}*{score}/100*{duty}+{fixed}{items})*{factor}"
        digits = scheme.rounding.pay
        text = f"ROUND({earned},10)"
        if told.floor is not None:
            text = f"MAX({cell_name(row, 9)},{text})"
        if told.cap is not None:
            text = f"MIN({cell_name(row, 10)},{text})"
        text = f"ROUND({text},{digits})+{cut}"
        self._results(row, f"ROUND({text},{digits})", manager.pay)

    def payout(self, row: int, who: ManagerScore | Leaver, payout: Payout) -> None:
        """What is paid in the end: 本期兑付 + 年终清算 + 往年延期到期 − 扣回 + 多预发结转 + 补发, the last two where there are any."""
        self._head(row, who, PAID)
        granted = zip(terms.words("carried", "granted"), (payout.carried, payout.granted), strict=True)
        more = [(name, amount) for name, amount in granted if amount]
        for column in range(3, self.first_parameter):
            self._number(row, column, None)
        names = terms.words("paid_now", "settled", "matured", "clawback")
        parts = (payout.paid_now, payout.settled, payout.matured, payout.clawback)
        self._rest(row, [*zip(names, parts, strict=True), *more])
        now, settled, matured, clawback = (cell_name(row, self.first_parameter + n) for n in range(4))
        added = "".join(f"+{cell_name(row, self.first_parameter + 4 + place)}" for place in range(len(more)))
        self._results(row, f"ROUND({now}+{settled}+{matured}-{clawback}{added},2)", payout.paid)

    def _results(self, row: int, formula: str, value: Decimal) -> None:
        """The formula with what it comes to, our points, the difference and the verdict."""
        again, ours, gap = (cell_name(row, self.result + index) for index in range(3))
        recomputed = evaluate(formula, self.cells)
        self.cells[again] = recomputed
        difference = round_like_excel(recomputed - float(value), 6)
        self.differences += difference != 0
        points, text = self.book.cell("points"), self.book.cell("text", align="center")
        self.sheet.write_formula(row, self.result, "=" + formula, points, recomputed)
        self.sheet.write_number(row, self.result + 1, float(value), points)
        self.sheet.write_formula(row, self.result + 2, f"=ROUND({again}-{ours},6)", points, difference)
        self.sheet.write_formula(
            row, self.result + 3, f'=IF({gap}=0,"一致","不一致")', text, "不一致" if difference else "一致"
        )

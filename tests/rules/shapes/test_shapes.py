"""What does each named shape make of an actual? Values by hand, and the spreadsheet's formula must come to the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from kehujingli.rules.shapes import SHAPES, AnyItem, Item
from kehujingli.rules.shapes.base import Cells, Condition, Fact, Peers, Question
from kehujingli.rules.shapes.pool import largest_remainder
from kehujingli.scoring.model import ItemScore
from kehujingli.terms.places import cell_name
from kehujingli.values import Quantity, enough, exactly
from kehujingli.workbooks.formulas import evaluate

COMMON = {"id": "x", "label": "某项", "category": "benefit"}
READ: TypeAdapter[Item] = TypeAdapter(AnyItem)
INF = Decimal("Infinity")


def item_of(**keys: Any) -> Item:
    points = {} if keys.get("counts") in ("pay", "extra") or keys["shape"] in _FREE else {"points": 10}
    return READ.validate_python(COMMON | points | keys)


_FREE = {"unit_price", "flat_tiers", "marginal_tiers", "pool", "bonus", "penalty"}


def asked(actual: str = "0", target: str | None = None, **more: Any) -> Question:
    goal = None if target is None else Decimal(target)
    return Question(Quantity(Decimal(actual)), goal, (Decimal(1), Decimal(1)), **more)


def recomputed(item: Item, question: Question) -> float:
    """What a spreadsheet makes of the item, from cells in one row."""
    numbers = [
        question.actual.numerator,
        question.actual.denominator,
        question.target,
        *question.progress,
        item.points,
        *(number for _, number in item.parameters(question)),
    ]
    cells = {cell_name(0, column): float(number) for column, number in enumerate(numbers) if number is not None}
    names = [cell_name(0, column) for column in range(6)]
    return evaluate(item.formula(Cells(*names, (0, 6))), cells)


def facts(mean: str = "100", **values: str) -> dict[str, Fact]:
    return {name: Fact(name, Decimal(value), "number", Decimal(mean)) for name, value in values.items()}


def peers(mean: str, positive: str = "0", pool: str = "0", share: str = "0", best: str = "0") -> Peers:
    return Peers(Decimal(mean), Decimal(positive), Decimal(pool), Decimal(share), Decimal(best))


LINES = [[-INF, 0, 5], [0, 1, 8], [1, INF, 10]]
RUNGS = [
    {"grade": "高", "points": 9, "when": [{"of": "a", "at_least": 10}, {"of": "b", "below": 3}]},
    {"grade": "中", "points": 4, "when": [{"of": "a", "at_least": 5}]},
]
LEVELS = [
    {"points": 3000, "margin": 0.3, "when": [{"of": "bad", "below": 1}]},
    {"points": 2000, "margin": 0.2, "when": [{"of": "bad", "below": 2}]},
]
CASES = [
    ("completion", {}, asked("9", "10"), "9"),
    ("threshold", {}, asked("9.999", "10"), "0"),
    ("threshold", {"missed": 2}, asked("9", "10"), "2"),
    ("threshold", {}, asked("12", "10"), "12"),
    ("threshold", {"bonus_max": 1}, asked("12", "10"), "11"),
    ("threshold", {"points": 30, "bonus_points": 10, "bonus_max": 5}, asked("110", "100"), "31"),
    ("threshold", {"points": 30, "bonus_points": 10, "bonus_max": 5}, asked("99.99", "100"), "0"),
    ("threshold", {"points": 30, "bonus_points": 10, "bonus_max": 5}, asked("170", "100"), "35"),
    ("threshold", {"bonus": False}, asked("12", "10"), "10"),
    ("deduct", {"base": 0.97, "step": 0.01, "per_step": 2, "when": "below"}, asked("0.954"), "6.8"),
    ("deduct", {"base": 0.97, "step": 0.01, "per_step": 2, "when": "below", "whole_steps": True}, asked("0.954"), "8"),
    ("step_bonus", {"step": 0.1, "per_step": 1}, asked("9", "10"), "9"),
    ("step_bonus", {"step": 0.1, "per_step": 1}, asked("12.5", "10"), "12"),
    ("step_bonus", {"step": 0.1, "per_step": 1}, asked("99", "10"), "20"),
    ("step_bonus", {"step": 0.1, "per_step": 1, "whole_steps": False}, asked("12.5", "10"), "12.5"),
    ("bands", {"bands": LINES}, asked("0"), "8"),
    ("bands", {"bands": LINES, "closed": "high"}, asked("0"), "5"),
    ("bands", {"bands": LINES, "closed": "high"}, asked("1.0001"), "10"),
    ("linear", {"slope": 10, "base": 0.5, "offset": 3}, asked("0.7"), "5"),
    ("peer", {"step": 0.1, "per_step": 1, "most": 3}, asked("115", peers=peers("100")), "11.5"),
    ("peer", {"step": 0.1, "per_step": 1, "most": 3, "whole_steps": True}, asked("81", peers=peers("100")), "9"),
    ("peer", {"step": 0.1, "per_step": 1, "most": 3}, asked("10", peers=peers("100")), "7"),
    ("peer", {"step": 0.1, "per_step": 1, "most": 3}, asked("10", peers=peers("0")), "10"),
    (
        "peer",
        {"step": 0.1, "per_step": 1, "most": 3, "coefficients": {"B": 1.2}},
        asked("100", peers=peers("100"), branch_id="B"),
        "12",
    ),
    ("best", {}, asked("80", peers=peers("60", best="100")), "8"),
    ("best", {}, asked("100", peers=peers("60", best="100")), "10"),
    ("best", {}, asked("-5", peers=peers("-9", best="-5")), "0"),
    ("unit_price", {"price": 12, "per": 10_000, "share": 0.25}, asked("3000000"), "900"),
    ("unit_price", {"price": 3}, asked("-5"), "0"),
    ("unit_price", {"price": 3, "negative_price": 2}, asked("-5"), "-10"),
    ("flat_tiers", {"tiers": [[0, 100, 3], [100, INF, 5]]}, asked("100"), "500"),
    ("flat_tiers", {"tiers": [[0, 100, 3], [100, INF, 5]]}, asked("99"), "297"),
    ("flat_tiers", {"tiers": [[0, 100, 3], [100, INF, 5]], "closed": "high"}, asked("100"), "300"),
    ("flat_tiers", {"tiers": [[0, 0.8, 3], [0.8, INF, 5]], "by_target": True}, asked("79", "100"), "237"),
    ("flat_tiers", {"tiers": [[0, 0.8, 3], [0.8, INF, 5]], "by_target": True}, asked("80", "100"), "400"),
    ("marginal_tiers", {"tiers": [[0, 100, 3], [100, 200, 5], [200, INF, 6]]}, asked("250"), "1100"),
    ("marginal_tiers", {"tiers": [[0, 100, 3], [100, INF, 5]]}, asked("-7"), "0"),
    ("marginal_tiers", {"tiers": [[0, 1, 3], [1, INF, 5]], "by_target": True}, asked("250", "200"), "850"),
    ("pool", {"pool": 30_000, "weight": 30}, asked("2000", peers=peers("0", "10000", "30000", "1800")), "1800"),
    ("pool", {"pool": 100, "weight": 100}, asked("1", peers=peers("1", "3", "100", "33.34")), "33.34"),
    ("pool", {"pool": 100, "weight": 100}, asked("-1", peers=peers("1", "3", "100", "0")), "0"),
    ("lots", {"lot": 50, "per_lot": 5, "beyond": 300}, asked("420"), "10"),
    ("lots", {"lot": 50, "per_lot": 5, "beyond": 300}, asked("120"), "0"),
    ("ladder", {"rungs": RUNGS}, asked(facts=facts(a="10", b="2.9")), "9"),
    ("ladder", {"rungs": RUNGS}, asked(facts=facts(a="10", b="3")), "4"),
    ("ladder", {"rungs": RUNGS, "otherwise": 1}, asked(facts=facts(a="4", b="0")), "1"),
    (
        "k_of_n",
        {"figures": ["a", "b", "c"], "least": 2, "levels": LEVELS},
        asked(facts=facts(a="130", b="130", c="0", bad="0")),
        "3000",
    ),
    (
        "k_of_n",
        {"figures": ["a", "b", "c"], "least": 2, "levels": LEVELS},
        asked(facts=facts(a="130", b="129", c="0", bad="0")),
        "2000",
    ),
    (
        "k_of_n",
        {"figures": ["a", "b", "c"], "least": 2, "levels": LEVELS},
        asked(facts=facts(a="200", b="200", c="200", bad="2")),
        "0",
    ),
    (
        "k_of_n",
        {"figures": ["a", "b"], "least": 1, "levels": LEVELS},
        asked(facts=facts(a="0", b="0", bad="0", mean="0")),
        "0",
    ),
    (
        "k_of_n",
        {"figures": ["a", "b"], "least": 1, "levels": LEVELS},
        asked(facts=facts(a="-120", b="-90", bad="0", mean="-105")),
        "0",
    ),
    ("events", {"start": "points"}, asked("-3", events=[Decimal(-3)]), "7"),
    (
        "penalty",
        {"charges": [{"of": "a", "each": 2}, {"of": "b", "each": 1, "below": 5}]},
        asked(facts=facts(a="3", b="3")),
        "-8",
    ),
    ("penalty", {"charges": [{"of": "a", "each": 2}], "most": 5}, asked(facts=facts(a="3")), "-5"),
    (
        "penalty",
        {"charges": [{"of": "a", "each": 2, "step": 1, "above": 1, "whole_steps": False}]},
        asked(facts=facts(a="2.5")),
        "-3",
    ),
    ("bonus", {"each": 2, "most": 5}, asked("2"), "4"),
    ("bonus", {"each": 2, "most": 5}, asked("9"), "5"),
    ("carry", {"owed": "a"}, asked("90", "100", facts=facts(a="20")), "7.5"),
    ("violations", {"bands": [[-INF, 0, 10], [0, 0.5, 6], [0.5, INF, 0]]}, asked("3", peers=peers("2")), "0"),
    ("violations", {"bands": [[-INF, 0, 10], [0, 0.5, 6], [0.5, INF, 0]]}, asked("0", peers=peers("0")), "6"),
]


@pytest.mark.parametrize(("shape", "keys", "question", "points"), CASES)
def test_a_shape_by_hand_and_in_a_spreadsheet(
    shape: str, keys: dict[str, Any], question: Question, points: str
) -> None:
    item = item_of(shape=shape, **keys)
    figure = item.figure(question)
    assert figure.points == Decimal(points)
    assert figure.working
    assert recomputed(item, question) == pytest.approx(float(points), abs=1e-9)


def next_step(item: Item, question: Question, points: Decimal) -> str:
    """What is said of the next point or band; empty where nothing is."""
    promise = item.promise(question, points)
    return promise.said if promise else ""


def test_every_shape_is_tried() -> None:
    named = {str(shape.model_fields["shape"].annotation.__args__[0]) for shape in SHAPES}  # type: ignore[union-attr]
    assert named == {shape for shape, *_ in CASES}


def test_the_condition_that_blocks_a_rung_is_said() -> None:
    item = item_of(shape="ladder", rungs=RUNGS)
    said = next_step(item, asked(facts=facts(a="7", b="5")), Decimal(4))
    assert said == "高差 2 条：a 7（要 ≥10）；b 5（要 <3）"


def test_a_minimum_holds_only_under_its_condition() -> None:
    item = item_of(shape="linear", slope=1, base=0, minimum=[{"points": 9, "when": [{"of": "a", "at_least": 550}]}])
    assert item.lower_bound(facts(a="550")) == 9
    assert item.lower_bound(facts(a="549")) is None


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ([[0, 100, 3]], "rules.band-gap"),
        ([[0, 100, 3], [90, INF, 5]], "rules.band-overlap"),
        ([[10, INF, 3]], "rules.band-gap"),
    ],
)
def test_tiers_leave_no_gap_and_no_overlap(tiers: list[list[Decimal]], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        item_of(shape="marginal_tiers", tiers=tiers)
    assert refused.value.errors()[0]["type"] == code


def test_the_odd_cent_goes_to_the_largest_remainder() -> None:
    thirds = largest_remainder(Decimal("100.00"), [Decimal(1)] * 3)
    assert thirds == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert largest_remainder(Decimal(10), [Decimal(0)] * 2) == [0, 0]


def test_without_a_mean_above_zero_nobody_is_told_how_much_is_lacking() -> None:
    item = item_of(shape="k_of_n", figures=["a"], least=1, levels=LEVELS)
    assert next_step(item, asked(facts=facts(a="0", bad="0", mean="0")), Decimal(0)) == "a同组平均 0 不大于零"


def test_the_mean_that_is_to_be_passed_rises_with_who_passes_it() -> None:
    """Four people with a mean of 10, one at 7: to stand 20 % above it takes (12 − 7) ÷ (1 − 1.2 ÷ 4) = 7.1428…; among two 20 % is (12 − 7) ÷ 0.4."""
    item = item_of(shape="k_of_n", figures=["a"], least=1, levels=[{"points": 5, "margin": 0.2}])
    for people, short in ((4, "7.1429"), (2, "12.5")):
        fact = Fact("a", Decimal(7), "number", Decimal(10), Decimal(1) / people)
        assert next_step(item, asked(facts={"a": fact}), Decimal(0)) == f"a差 {short}"
    alone = Fact("a", Decimal(10), "number", Decimal(10), Decimal(1))
    assert next_step(item, asked(facts={"a": alone}), Decimal(0)) == "a同组人太少，高不出平均"


@pytest.mark.parametrize(
    ("amount", "style", "said"),
    [
        ("82742", "money", "8.28万元"),  # 8.27 would be too little
        ("999.991", "money", "1000.00元"),
        ("1000", "money", "0.10万元"),
        ("0.142857", "ratio", "14.29%"),
        ("0.0001234", "ratio", "0.0124%"),
        ("0.331", "count", "0.34"),
        ("0.0123", "count", "0.0123"),
        ("3.33334", "number", "3.3334"),
    ],
)
def test_what_is_said_to_be_enough_is(amount: str, style: Any, said: str) -> None:
    enough_, told = enough(Decimal(amount), style)
    assert told == said
    assert Decimal(amount) <= enough_ < Decimal(amount) * Decimal("1.1")


@pytest.mark.parametrize(
    ("line", "style", "said"),
    [
        ("0.9", "ratio", "90.00%"),
        ("0.99125", "ratio", "99.125%"),
        ("500000", "money", "50.00万元"),
        ("12345", "money", "12345元"),
        ("5", "count", "5"),
    ],
)
def test_a_line_is_said_as_it_stands(line: str, style: Any, said: str) -> None:
    assert exactly(Decimal(line), style) == said


def test_a_count_is_said_in_what_it_counts() -> None:
    """3 of 5 in a lot: two more, of whatever is counted."""
    assert enough(Decimal("0.331"), "count", "户") == (Decimal("0.34"), "0.34户")
    assert [exactly(Decimal(50), style, "张") for style in ("count", "number")] == ["50张", "50"]
    lots = item_of(shape="lots", lot=5, per_lot=1)
    assert next_step(lots, asked("3", style="count", counted="户"), Decimal(0)) == "再 2户 多 1 分"


@pytest.mark.parametrize("points", [{}, {"points": 0}])
@pytest.mark.parametrize("counts", ["extra", "pay"])
@pytest.mark.parametrize(
    "keys", [{"shape": "completion"}, {"shape": "step_bonus", "step": 0.1, "per_step": 1}, {"shape": "carry"}]
)
def test_a_share_of_the_standard_points_needs_standard_points(
    keys: dict[str, Any], counts: str, points: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        READ.validate_python(COMMON | keys | {"counts": counts} | points)
    assert {
        error["loc"][-1] if error["type"] != "rules.missing-key" else error["ctx"]["key"]
        for error in refused.value.errors()
    } == {"points"}


@pytest.mark.parametrize(
    ("closed", "actual", "said"),
    [("low", "0", "到 1 得 10"), ("high", "0", "超过 0 得 8"), ("high", "1", "超过 1 得 10"), ("low", "1", "")],
)
def test_who_stands_on_the_end_of_a_band_is_told_the_next(closed: str, actual: str, said: str) -> None:
    assert next_step(item_of(shape="bands", bands=LINES, closed=closed), asked(actual), Decimal(0)) == said


@pytest.mark.parametrize(("closed", "said"), [("low", "低于 0 得 5"), ("high", "降到 0 得 5")])
def test_the_better_band_may_lie_below(closed: str, said: str) -> None:
    item = item_of(shape="bands", bands=[[-INF, 0, 5], [0, INF, 1]], closed=closed)
    assert next_step(item, asked("2"), Decimal(1)) == said


def test_less_than_a_step_past_the_line_is_said_to_be_past_it() -> None:
    item = item_of(shape="deduct", base=1.5, step=1, per_step=3, whole_steps=True)
    assert item.figure(asked("1.89")).working == "1.89 超过 1.5 不足一档 1，得 10"
    assert item.figure(asked("1.5")).working == "1.5 未超过 1.5，得 10"


@pytest.mark.parametrize(
    ("actual", "target", "said"),
    [
        ("2332286", "2099700", "10 × 233.23万 ÷ 209.97万 = 11.11"),
        ("5786", "5310", "10 × 0.5786万 ÷ 0.5310万 = 10.90"),  # 10 × 0.58 ÷ 0.53 would be 10.94
    ],
)
def test_who_does_the_sum_that_is_said_comes_to_the_points(actual: str, target: str, said: str) -> None:
    assert item_of(shape="completion").figure(asked(actual, target, style="money")).working == said


@pytest.mark.parametrize("shape", ["completion", "step_bonus"])
def test_an_extra_with_standard_points_tells_its_next_step(shape: str) -> None:
    more = {"step": 0.1, "per_step": 1} if shape == "step_bonus" else {}
    item = READ.validate_python(COMMON | {"shape": shape, "counts": "extra", "points": 10} | more)
    assert next_step(item, asked("5", "10"), Decimal(5)) == "每多 1 分需 1"


@pytest.mark.parametrize(
    ("actual", "said"),
    [("12", "先补足低于保底的 5 分；每降 1 多 2 分"), ("6", "每降 1 多 2 分"), ("4", "每降 1 多 2 分")],
)
def test_below_the_least_points_something_is_made_up_first(actual: str, said: str) -> None:
    """10 points less 2 for each above 2, never below −5: at 12 they would be −10, so that the next 2.5 bring nothing."""
    item, question = item_of(shape="deduct", base=2, step=1, per_step=2, min=-5), asked(actual)
    figure = item.figure(question)
    one = (Decimal(1), Decimal(1))
    scored = ItemScore(
        "M1",
        item,
        question.actual,
        "number",
        None,
        one,
        False,
        None,
        figure,
        item.clamp(figure.points),
        "scored",
        question=question,
        least=item.min,
    )
    assert scored.next_step == said


class _Spoken:
    """Figures by their own names, as they are."""

    def name(self, of: str) -> str:
        return of

    def say(self, of: str, value: Decimal) -> str:
        return f"{value} {of}"

    def condition(self, condition: Condition) -> str:
        return f"{condition.of} {condition.bounds()}"


def test_every_shape_says_in_words_what_it_does_with_its_numbers() -> None:
    told = {shape: item_of(shape=shape, **keys).sentence(_Spoken()) for shape, keys, *_ in reversed(CASES)}
    assert told.keys() == {get_args(shape.model_fields["shape"].annotation)[0] for shape in SHAPES}
    assert all(told.values())
    assert told["unit_price"] == "实绩 × 12 元/10000 x × 0.25，负数按 0 元"
    assert told["bands"] == "−∞～0 x 5、0 x～1 x 8、1 x～∞ 10（含下限）"
    assert told["marginal_tiers"].startswith("超额累进单价（每 1 x）：0 x～")

"""Does a memory take each step once, and in a trial only what rests on what is other?"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from kehujingli.errors import Finding, finding
from kehujingli.month.memory import Either, Memory, Plain, Step, Where

taken: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_taken() -> None:
    taken.clear()


@dataclass
class Cloth:
    length: int
    findings: list[Finding] = field(default_factory=list)


def _width(order: dict[str, int]) -> int:
    taken.append("width")
    return order["width"]


def _woven(thread: str, width: int) -> Cloth:
    taken.append("woven")
    return Cloth(len(thread) * width, [finding("rules.example-used")])


def _dyed(colour: str) -> Cloth:
    taken.append("dyed")
    return Cloth(len(colour), [finding("table.missing", table="染料", command="染", where="exports/")])


def _sewn(woven: Cloth, dyed: Cloth) -> int:
    taken.append("sewn")
    return woven.length + dyed.length


@dataclass(eq=False)
class Coat(Memory):
    thread: str
    order: dict[str, int]
    colour: str = "red"

    width = Plain(_width)
    wide = Plain(lambda width: width > 2)
    woven = Step(_woven)
    dyed = Step(_dyed)
    sewn = Step(_sewn)
    lining = Where(wide, woven)
    outside = Either(wide, woven, dyed)


def test_a_step_is_taken_once_and_when_it_is_asked_for() -> None:
    coat = Coat("abc", {"width": 2})
    assert not taken
    assert (coat.sewn, coat.sewn) == (9, 9)
    assert taken == ["width", "woven", "dyed", "sewn"]


def test_a_trial_takes_only_what_rests_on_the_other_fact() -> None:
    coat = Coat("abc", {"width": 2})
    assert coat.sewn == 9
    taken.clear()
    assert coat.instead(colour="green").sewn == 11
    assert taken == ["dyed", "sewn"]


def test_an_equal_answer_of_a_plain_step_is_no_change() -> None:
    coat = Coat("abc", {"width": 2, "buttons": 4})
    assert coat.sewn == 9
    taken.clear()
    assert coat.instead(order={"width": 2, "buttons": 6}).sewn == 9
    assert taken == ["width"]


def test_a_trial_of_a_trial_remembers_the_first() -> None:
    coat = Coat("abc", {"width": 2})
    assert coat.sewn == 9
    taken.clear()
    assert coat.instead(colour="green").instead(colour="red", thread="abc").woven is coat.woven
    assert not taken


def test_the_first_is_as_it_was() -> None:
    coat = Coat("abc", {"width": 2})
    before = coat.sewn
    other = coat.instead(thread="abcdef", dyed=Cloth(100))
    assert other.sewn == 112
    assert (coat.thread, coat.dyed.length, coat.sewn) == ("abc", 3, before)
    with pytest.raises(TypeError):
        coat.instead(sleeves=2)


def test_what_is_not_chosen_is_not_taken() -> None:
    narrow = Coat("abc", {"width": 1})
    assert narrow.lining is None
    assert narrow.outside.length == 3
    assert "woven" not in taken
    wide = Coat("abc", {"width": 3})
    assert wide.lining is wide.woven is wide.outside


def test_findings_stand_in_the_order_of_the_table() -> None:
    first, second = Coat("abc", {"width": 2}), Coat("abc", {"width": 2})
    first.reckon("woven", "dyed")
    second.reckon("dyed", "woven")
    assert [told.code for told in first.told()] == ["rules.example-used", "table.missing"]
    assert first.told() == second.told()

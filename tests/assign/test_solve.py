"""Is it the optimum, and is none taken for one where there is none?"""

from __future__ import annotations

import numpy as np
import pytest

from kehujingli.assign.solve import Task, solve
from kehujingli.errors import Problem


def _task(room: float) -> Task:
    """Three of a class that weighs 2 with two managers, the first cheaper and with this much room."""
    return Task(np.array([3]), np.array([[1.0, 5.0]]), np.array([[2.0]]), np.array([room, np.inf]), np.array([100.0]))


@pytest.mark.parametrize(("room", "taken", "cost"), [(6, [[3, 0]], 3.0), (5, [[2, 1]], 7.0), (0, [[0, 3]], 15.0)])
def test_the_cheapest_that_the_limits_allow(room: float, taken: list[list[int]], cost: float) -> None:
    found = solve(_task(room))
    assert found.taken.tolist() == taken
    assert (found.objective, found.left.tolist()) == (pytest.approx(cost), [0])
    assert found.bound == pytest.approx(cost)


def test_limits_that_nothing_can_keep_are_an_error_and_no_plan() -> None:
    with pytest.raises(Problem) as stopped:
        solve(_task(-1))
    assert [told.code for told in stopped.value.findings] == ["assign.no-plan"]

"""Is the plan the optimum? Generalised assignment instances c05 and c08 of the OR-Library, whose optima are published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import real_data

from kehujingli.assign.solve import Task, solve

INSTANCES = [f"c{size}_{number}" for size in ("0515", "0520", "0525", "0530", "0824", "0832") for number in range(1, 6)]
LONG = [f"c{size}_{number}" for size in ("0840", "0848") for number in range(1, 6)]


def gap() -> Path:
    folder = real_data()
    if folder is None or not (folder / "gap").is_dir():
        pytest.skip("the assignment instances are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    return folder / "gap"


def optimum(name: str, sign: int) -> int:
    """Every job to one agent within the agents' capacities, at the least (or, with sign −1, the greatest) cost."""
    numbers = np.array((gap() / name).read_text().split(), dtype=float)
    agents, jobs = int(numbers[0]), int(numbers[1])
    cost, load = (part.reshape(agents, jobs).T for part in np.split(numbers[2 : 2 + 2 * agents * jobs], 2))
    solution = solve(
        Task(
            size=np.ones(jobs, dtype="int64"),
            cost=sign * cost,
            load=load,
            capacity=numbers[-agents:],
            unassigned=np.full(jobs, 2.0 * cost.max(axis=1).sum()),  # dearer than any plan that leaves none
        )
    )
    assert (solution.taken.sum(axis=1) == 1).all()
    assert ((solution.taken * load).sum(axis=0) <= numbers[-agents:]).all()
    assert solution.bound == pytest.approx(solution.objective)
    return round(sign * solution.objective)


def published(name: str) -> list[int]:
    bounds = dict(line.split("\t", 1) for line in (gap() / "bounds.txt").read_text().splitlines())
    return [int(bounds[f"{name}_{which}"].split()[0]) for which in ("Min", "Max")]


@pytest.mark.real
@pytest.mark.parametrize("name", INSTANCES)
def test_the_published_optimum_is_found(name: str) -> None:
    assert [optimum(name, 1), optimum(name, -1)] == published(name)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_the_published_optimum_of_the_large_ones_is_found(name: str) -> None:
    assert [optimum(name, 1), optimum(name, -1)] == published(name)

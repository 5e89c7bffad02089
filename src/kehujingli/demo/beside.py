"""What stands beside the month's own exports? The tables that studies read: selection, service, files, surveys, leads, projects, duties, peers.

Drawn from a generator of its own and written last: the month's exports are the same with these and without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kehujingli import terms
from kehujingli.demo import county, posts, sought, told
from kehujingli.demo.sheets import Export

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_NEWCOMERS = 8


def exports_beside(
    rng: np.random.Generator,
    people: pd.DataFrame,
    places: pd.DataFrame,
    staff: pd.DataFrame,
    grids: pd.DataFrame,
    holders: npt.NDArray[np.object_],
    wanted: npt.NDArray[np.bool_],
    calendar: county.Calendar,
) -> list[Export]:
    """``wanted``: of whom a file is to be kept."""
    rosters = sought.make_rosters(rng, people, calendar)
    profile, household = told.make_profile(rng, people, holders, wanted, calendar)
    newcomers = [str(name) for name in county.names(rng, _NEWCOMERS)]
    frames = {
        **posts.make_selection(rng, staff, places, newcomers, calendar),
        "duties": posts.make_duties(),
        "conflicts": posts.make_conflicts(staff, people, calendar),
        "rosters": rosters,
        "leads": sought.make_leads(rosters, grids, people, calendar),
        "pipeline": sought.make_projects(rng, people, staff, calendar),
        "peers": sought.make_peers(calendar),
        "issues": told.make_issues(rng, people, holders, calendar),
        "referrals": told.make_referrals(rng, people, holders, calendar),
        "profile": profile,
        "household": household,
        "survey": told.make_survey(rng, people, holders, calendar),
    }
    return [
        Export(f"手工表/{terms.BY_KEY[table].label}.xlsx", terms.BY_KEY[table].label, table, frame)
        for table, frame in frames.items()
    ]

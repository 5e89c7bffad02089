"""What does rank do? Who stands where, who rose and fell, who is last again, how far incomes are apart."""

from __future__ import annotations

from typing import Annotated

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json, say_table
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem


def rank(common: Common, tail: int) -> Exit:
    """Over the kept results of consecutive periods."""
    from kehujingli.answers.months import incomes, kept_results, ladder_of, months_before
    from kehujingli.answers.sources import Sources
    from kehujingli.periods import Period
    from kehujingli.studies.competition import competition, record
    from kehujingli.studies.spread import sentence

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    sources = Sources(workspace, period_text(common.period))
    here = kept_results(sources)
    if not here:
        raise problem("period.no-scores", period=sources.period)
    before = months_before(workspace, Period.of(sources.period))
    rules = workspace.rules_of(sources.manifest)
    ladder = ladder_of(rules) if rules is not None else []
    told = competition([*before, here], ladder, tail)
    now, then = incomes(here), incomes(before[-1]) if before else None
    if common.json:
        say_json(
            {
                "period": sources.period,
                "months": len(before) + 1,
                "places": [record(place) for place in told],
                "spread": now.record(),
                "spread_before": then.record() if then else None,
            }
        )
        return Exit.DONE
    say(f"{sources.period} 排名" + ("" if before else "（没有上月结果）"))
    arrow = {True: "▲", False: "▼"}
    rows = [
        [
            place.result.group,
            place.rank,
            place.result.manager_id,
            place.result.name,
            place.result.branch,
            f"{place.result.score:f}",
            "" if place.change is None else (f"{arrow[place.change > 0]}{abs(place.change)}" if place.change else "—"),
            place.last_for or "",
            f"{terms.GRADE_MOVES[place.move]} {place.result.grade}→{place.result.reached}" if place.move else "",
        ]
        for place in told
    ]
    headers = terms.words("rank_group", "rank", "manager_id", "name", "branch", "score", "rank_change")
    say_table([*headers, f"连续末 {tail} 位（月）", terms.label("grade_move")], rows)
    say("", f"应发差距  {sentence(now)}")
    return Exit.DONE


@typed("workspace", "period", "json", examples="kehujingli rank\nkehujingli rank --period 2026-10 --tail 3 --json")
def typed_rank(
    common: Common,
    tail: Annotated[int, typer.Option("--tail", metavar="人数", help="每组末几名算末位", min=1)] = 1,
) -> None:

    leave(rank(common, tail))

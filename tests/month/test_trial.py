"""What is reckoned again under other rules? Whatever they ask of the exports otherwise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month import Month
from kehujingli.month.studies import ask
from kehujingli.month.trial import reclassed, stand, under
from kehujingli.rules import EXAMPLE, load_rules
from kehujingli.studies import declared
from kehujingli.studies.classes.followed import Stand, summary

MEDIUM = float(load_rules(EXAMPLE).assign.workload.medium)


def _growth(month: Month) -> dict[str, int]:
    """Manager → 元."""
    parts = month.actuals.contributions
    parts = parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
    return {str(who): int(cents) // 100 for who, cents in parts.groupby("holder")["numerator"].sum().items()}


def test_a_trial_with_another_baseline_reckons_what_was_achieved_anew(tmp_path: Path) -> None:
    """300 all the year, 100 on average the year before: 200 more than that average, nothing more than on 31 December."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 300, 100, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2025, 12, 1), "C1", 1), post(dt.date(2026, 10, 31), "C9", 1)],
    }
    place = workspace(tmp_path, files)
    month = reckon(place, "2026-10")
    assert _growth(month) == {"M1": 200}
    text = next(place.rules.glob("*.toml")).read_text(encoding="utf-8")
    others = tmp_path / "新办法.toml"
    wanted = text.replace('baseline = "last_year_average"', 'baseline = "year_opening"')
    assert wanted != text
    others.write_text(wanted, encoding="utf-8")
    assert _growth(under(month, load_rules(others))) == {"M1": 0}
    assert _growth(month) == {"M1": 200}, "the month itself is as it was"


def _banded(tmp_path: Path) -> Month:
    """Eight customers of a little over 1 to 8 万元 all the year, one manager with room for five small ones; 中等 from 5 万, 大型 from 50 万."""
    people = [f"C{number}" for number in range(1, 9)]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder="M1") for who in people)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", int(who[1]) * 10_000 + 500, 0, LONG_AGO, None, None] for who in people),
        ],
        "名册.xlsx": [MANAGERS, manager("M1", capacity=20)],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, 20), who, 1) for who in people)],
    }
    return reckon(workspace(tmp_path, files), "2026-10")


def _figures(side: Stand) -> tuple[object, ...]:
    assert side.classes is not None
    assert side.loads is not None
    assert side.branches is not None
    classes = dict(zip(side.classes["customer_id"], side.classes["group"], strict=True))
    loads = dict(zip(side.loads["manager_id"], side.loads["load"], strict=True))
    return classes, loads, side.branches.to_dict("records"), side.paid


def test_other_classes_come_to_what_rules_with_that_bound_come_to(tmp_path: Path) -> None:
    """中等 from 3 万 and not 5 万: two customers more are due; plan and pay are those of such rules."""
    month = _banded(tmp_path)
    changed = month.segmented.customers.copy()
    changed["scale"] = ["medium" if int(who[1]) >= 3 else "small" for who in changed["customer_id"]]
    tried = stand(reclassed(month, changed[["customer_id", "frequency", "scale"]].sample(frac=1, random_state=1)))
    others = tmp_path / "新办法.toml"
    text = next((tmp_path / "rules").glob("*.toml")).read_text(encoding="utf-8")
    others.write_text(text.replace("person = { medium = 50_000", "person = { medium = 30_000"), encoding="utf-8")
    by_rules = stand(under(month, load_rules(others)))
    now = stand(month)
    assert _figures(tried) == _figures(by_rules) != _figures(now)
    row = summary(now, tried)
    assert (row["changed"], row["due"], row["load_difference"]) == (2, 6, 2 * MEDIUM)


def test_every_way_to_draw_the_line_is_followed_by_loads_and_pay(tmp_path: Path) -> None:
    """Of each row that moves somebody the customers due are those of its classes; rows that move nobody are the month as it is."""
    month = _banded(tmp_path)
    told = ask(month, declared("thresholds"), follow=True).frames
    ways = told["thresholds"].query("way != '现行'")
    rows = told["thresholds_follow"]
    assert list(rows["changed"][: len(ways)]) == list(ways["up"] + ways["down"])
    due = ways["medium_customers"] + ways["large_customers"]
    assert list(rows["due"][: len(ways)]) == list(due)
    assert len(rows) == len(ways) + 4 + len(told["thresholds_activity"].query("way != '现行'"))
    assert set(told["thresholds_managers"]["manager_id"]) == {"M1"}
    by_way = told["thresholds_branches"].groupby(["of", "way"], sort=False)["load_due_then"].sum()
    assert list(by_way) == list(rows["load_due"])
    assert ask(month, declared("thresholds")).frames["thresholds_follow"].empty, "only where it is asked"


def test_a_line_drawn_higher_lets_nobody_down_before_the_buffer_is_over(tmp_path: Path) -> None:
    """Each way in the period is what the month comes to with that line in its rules; 缓冲期满 is what its customers by scale come to."""
    month = _banded(tmp_path)
    month = month.instead(previous=month.segmented.customers)
    told = ask(month, declared("thresholds"), follow=True).frames
    ways = told["thresholds"].query("way != '现行'")
    rows = told["thresholds_follow"].query("of.str.startswith('业务规模')")
    text = next((tmp_path / "rules").glob("*.toml")).read_text(encoding="utf-8")
    written = tmp_path / "新办法.toml"
    waited = 0
    for way, (_, seen) in zip(ways.itertuples(), rows.groupby("way", sort=False), strict=True):
        drawn = f"person = {{ medium = {way.medium / 100}, large = {way.large / 100} }}"
        written.write_text(text.replace("person = { medium = 50_000, large = 500_000 }", drawn), encoding="utf-8")
        by_rules = stand(under(month, load_rules(written)))
        assert by_rules.branches is not None
        now = seen.iloc[0]
        assert (now["when"], now["due"], now["load_due"]) == ("本期", *by_rules.branches[["due", "load_due"]].sum())
        assert now["waiting"] == way.down
        assert list(seen["when"]) == (["本期", "缓冲期满"] if way.down else ["本期"])
        assert seen.iloc[-1]["due"] == way.medium_customers + way.large_customers
        waited += way.down
    assert waited

"""What does a killed run leave on disk? The period's folder of before or the new one, whole; and the next command sweeps the rest."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from conftest import run_here
from killing import walk
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, workspace

from kehujingli.workspace import Workspace
from kehujingli.workspace.log import read_log

NOTE = Path("periods", "2026-10", "科长批注.txt")
DAY = "20261031"


def _county(root: Path) -> Workspace:
    accounts = [["AC1", "C1", "活期", 100_000, 90_000, LONG_AGO, None, "M1"]]
    postings = [*monthly("C1", dt.date(2026, 1, 1), 10), *monthly("C2", dt.date(2026, 10, 1), 1)]
    files = {
        f"{DAY}/客户.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
        f"{DAY}/存款.xlsx": [ACCOUNTS, *accounts],
        f"{DAY}/名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, *postings],
    }
    return workspace(root, files)


def _told(folder: Path) -> dict[str, str]:
    """Each file below a folder and its hash."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _beside(place: Workspace) -> list[str]:
    """What lies beside the period, and in the cache on its way."""
    on_their_way = [
        place.cache / "stage",
        place.journal,
        *place.cache.glob(".journal*"),
        *place.cache.glob("ledger/.*"),
    ]
    left = [*place.periods.glob(".*"), *place.periods.glob("*/.*"), *(path for path in on_their_way if path.exists())]
    return [str(path) for path in left if path.name != "stage" or any(path.iterdir())]


def test_a_run_killed_at_any_change_on_disk_leaves_the_old_folder_or_the_new_one(tmp_path: Path) -> None:
    place = _county(tmp_path / "county")
    assert run_here("run", "-w", place.root).code == 1
    (place.root / NOTE).write_text("先放着", encoding="utf-8")
    old = _told(place.period("2026-10"))
    rules = place.rules / "2000-01-01.toml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("medium = 50_000,", "medium = 90_000,"), encoding="utf-8"
    )
    assert walk(place.root, tmp_path / "copies", "run", "-w", str(place.root)) == 1
    new = _told(place.period("2026-10"))
    assert {name: new[f"历次/1/{name}"] for name in old} == old
    assert new["科长批注.txt"] == old["科长批注.txt"]
    assert new["客户分类.xlsx"] != old["客户分类.xlsx"]
    seen = []
    for number in range(1, len(list((tmp_path / "copies").iterdir())) + 1):
        killed = Workspace(tmp_path / "copies" / str(number))
        on_disk = _told(killed.period("2026-10"))
        assert on_disk in (old, new), number
        seen.append(on_disk == new)
        with killed.locked("下一个命令"):
            pass
        assert _beside(killed) == [], number
        finished = _told(killed.period("2026-10")) == new
        runs = [entry for entry in read_log(killed) if entry["deed"] == "run"]
        assert finished >= seen[-1], number
        assert len(runs) == 1 + finished, number
    assert len(seen) > 100
    assert {False, True} == set(seen)

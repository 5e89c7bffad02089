"""Does every fault of the world end in a coded sentence that is true? Damaged results, odd names, full disks, places that cannot be read or written."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Ran, run_here
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, monthly, workspace

PERIOD = Path("periods", "2026-10")
RULES = Path("rules", "2000-01-01.toml")
ASKING = (
    ["periods"],
    ["show", "customer", "C1"],
    ["explain", "manager", "M1"],
    ["query", "select * from 客户分类"],
    ["query", "select * from 交易流水"],
    ["findings"],
    ["diff", "2026-10", "--runs"],
    ["balance", "C1"],
    ["verify"],
    ["log"],
    ["statements"],
    ["review", "2026-10", "--as", "别人"],
    ["check"],
    ["run"],
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("faults") / "county"
    files = {
        "20261031/客户.xlsx": [CUSTOMERS, customer("C1", holder="M1"), customer("C2", holder="M1")],
        "20261031/存款.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 100_000, 90_000, LONG_AGO, None, "M1"]],
        "20261031/名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 10)],
    }
    workspace(root, files)
    assert run_here("run", "-w", root).code == 1
    return root


@pytest.fixture
def county(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "county")


def _codes(ran: Ran) -> list[str]:
    return [line.split()[1] for line in ran.err.splitlines() if line.startswith("错误 ")]


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def damage(root: Path) -> None:
        path = root / PERIOD / "manifest.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        change(told)
        path.write_text(json.dumps(told), encoding="utf-8")

    return damage


def _text(place: Path | str, content: str) -> Callable[[Path], object]:
    def damage(root: Path) -> None:
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text(content, encoding="utf-8")

    return damage


def _no_text(name: bytes) -> Callable[[Path], object]:
    def damage(root: Path) -> None:
        shutil.copy(root / "exports" / "流水.xlsx", os.fsencode(root) + b"/" + name)

    return damage


DAMAGES = {
    "manifest cut off": _text(PERIOD / "manifest.json", '{"period": 3'),
    "manifest of nothing": _text(PERIOD / "manifest.json", "{}"),
    "manifest without end": _text(PERIOD / "manifest.json", "[" * 100_000),
    "manifest without rules": _manifest(lambda told: told.pop("rules")),
    "manifest of another day": _manifest(lambda told: told.update(as_of="十月")),
    "manifest with odd findings": _manifest(lambda told: told.update(findings=[{"a": 1}])),
    "manifest without outputs": _manifest(lambda told: told.update(outputs=None)),
    "classes cut off": _text(PERIOD / "data" / "classes.parquet", "PAR1"),
    "classes gone": lambda root: (root / PERIOD / "data" / "classes.parquet").unlink(),
    "items of another table": lambda root: shutil.copy(
        root / PERIOD / "data" / "loans.parquet", root / PERIOD / "data" / "items.parquet"
    ),
    "state of nobody": _text(PERIOD / "状态.json", '{"state": "closed", "steps": [1], "seal": {}}'),
    "state unknown": _text(PERIOD / "状态.json", '{"state": "x", "steps": [], "seal": {}}'),
    "log of other lines": _text("日志/日志.jsonl", '[1]\n{"deed": 3}\n{"deed": "run"}\n'),
    "reach of the log": _text(".kehujingli/log.json", "[]"),
    "record of the run": _text(".kehujingli/runs/default.json", "[]"),
    "cache that is a file": lambda root: (
        shutil.rmtree(root / ".kehujingli"),
        (root / ".kehujingli").write_text("x", encoding="utf-8"),
    ),
    "log that is a folder": lambda root: ((root / "日志/日志.jsonl").unlink(), (root / "日志/日志.jsonl").mkdir()),
    "rules too deep": _text(RULES, f"a = {'[' * 20_000}"),
    "rules too deep in dots": _text(RULES, f"{'.'.join(['a'] * 60)} = 1"),
    "rules too long": _text(RULES, "#" * 1_000_001),
    "rules that are a folder": lambda root: ((root / RULES).unlink(), (root / RULES).mkdir()),
    "layout too deep": _text("layouts/甲.toml", f"a = {'{a=' * 5_000}"),
    "export whose name is GBK": _no_text(b"exports/" + "流水".encode("gbk") + b".xlsx"),
    "rules whose name is no text": _no_text(b"rules/\xff.toml"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_command_breaks_over_what_it_finds(county: Path, damage: str) -> None:
    try:
        DAMAGES[damage](county)
    except OSError as error:
        pytest.skip(f"这个文件系统不收这样的名字：{error.strerror}")
    for command in ASKING:
        ran = run_here(*command, "-w", county)
        assert ran.code in (0, 1, 2, 3, 4), (command, ran.err)
        assert ran.code < 3 or _codes(ran), (command, ran.err)


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name.startswith(("manifest", "classes", "items"))])
def test_a_damaged_month_is_said_and_put_right_by_running_it_again(county: Path, damage: str) -> None:
    DAMAGES[damage](county)
    asked = ["explain", "manager", "M1"] if damage.startswith("items") else ["show", "customer", "C1"]
    ran = run_here(*asked, "-w", county)
    assert (ran.code, _codes(ran)) == (4, ["period.damaged"])
    assert run_here("run", "-w", county).code == 1
    assert run_here(*asked, "-w", county).code == 0


def test_a_name_in_another_encoding_is_said_with_what_it_would_be(county: Path) -> None:
    try:
        DAMAGES["export whose name is GBK"](county)
    except OSError:
        pytest.skip("这个文件系统只收 UTF-8 的名字")
    ran = run_here("run", "-w", county)
    assert (ran.code, _codes(ran)) == (4, ["place.name-bad"])
    assert "流水.xlsx" in ran.err


@pytest.mark.parametrize(("damage", "code"), [("rules too deep", 3), ("rules too long", 3), ("layout too deep", 4)])
def test_toml_has_limits_that_are_said(county: Path, damage: str, code: int) -> None:
    DAMAGES[damage](county)
    ran = run_here("run", "-w", county)
    assert ran.code == code
    assert "20 层" in ran.err or "1,000,000" in ran.err


@contextlib.contextmanager
def _small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own that is soon full, or that takes nothing."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("挂一个小磁盘要 root")
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("这里不许挂磁盘")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def _only_read(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)


@pytest.mark.parametrize("name", ["结果.csv", "结果.json", "结果.parquet"])
def test_a_full_disk_leaves_the_file_of_before(county: Path, tmp_path: Path, name: str) -> None:
    with _small_disk(tmp_path / "disk", "64k") as disk:
        (disk / name).write_text("上次的", encoding="utf-8")
        asked = "select md5(range::varchar) as 甲, md5((range + 1)::varchar) as 乙 from range(5000)"
        ran = run_here("query", asked, "-w", county, "-o", disk / name)
        assert (ran.code, _codes(ran)) == (4, ["output.failed"])
        assert "旧文件没动" in ran.err
        assert [path.name for path in disk.iterdir()] == [name]
        assert (disk / name).read_text(encoding="utf-8") == "上次的"


def _changed(root: Path) -> None:
    text = (root / RULES).read_text(encoding="utf-8")
    (root / RULES).write_text(text.replace("medium = 50_000,", "medium = 90_000,"), encoding="utf-8")


def _results(root: Path) -> dict[str, bytes]:
    files = [path for path in root.glob("periods/**/*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_a_log_that_takes_nothing_leaves_the_run_of_before(county: Path, kind: str) -> None:
    """In both cases the results of before stand, as is said, and the next run is as if this one had not been."""
    _changed(county)
    before = _results(county)
    log = (county / "日志" / "日志.jsonl").read_bytes()
    with _small_disk(county / "日志", "4k") as disk:
        room = b"" if kind == "full" else log
        (disk / "日志.jsonl").write_bytes(room or b"x" * 4096)
        if kind == "read-only":
            _only_read(disk)
        ran = run_here("run", "-w", county)
        assert (ran.code, _codes(ran)) == (4, ["output.failed"])
        assert "旧文件没动" in ran.err
        assert _results(county) == before
        asked = run_here("show", "customer", "C1", "-w", county, "--unmask")
        assert (asked.code, _codes(asked)) == (4, ["log.failed"])
        assert asked.out == ""
    assert run_here("run", "-w", county).code == 1
    assert _results(county).keys() > before.keys()


@pytest.mark.parametrize("folder", ["periods", ".kehujingli"])
def test_a_full_disk_or_a_read_only_one_leaves_the_run_of_before(county: Path, tmp_path: Path, folder: str) -> None:
    _changed(county)
    before = _results(county)
    kept = shutil.copytree(county / folder, tmp_path / "kept")
    used = sum(path.stat().st_size // 4096 * 4 + 8 for path in kept.rglob("*"))
    for room, read_only in ((f"{used + 60}k", False), ("20m", True)):
        with _small_disk(county / folder, room) as disk:
            shutil.copytree(kept, disk, dirs_exist_ok=True)
            if read_only:
                _only_read(disk)
            ran = run_here("run", "-w", county)
            assert (ran.code, _codes(ran)) == (4, ["output.failed"]), ran.err
            assert _results(county) == before


def test_what_may_not_be_read_is_not_said_to_be_unwritten(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything: the refusal is put in its way."""
    from kehujingli.intake import collect

    def refused(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(collect, "hash_file", refused)
    ran = run_here("run", "-w", county)
    assert (ran.code, _codes(ran)) == (4, ["place.unreadable"])
    assert "写不了" not in ran.err


def test_a_disk_that_fails_within_is_no_fault_of_the_program(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kehujingli.answers import cards

    def failing(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error", "x.parquet")

    monkeypatch.setattr(cards, "find", failing)
    ran = run_here("balance", "C1", "-w", county)
    assert (ran.code, _codes(ran)) == (4, ["place.failed"])


def test_who_listens_to_a_full_disk_is_told(county: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("没有 /dev/full")
    command = ["python", "-m", "kehujingli", "periods", "-w", str(county)]
    import sys

    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, *command[1:]], stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False
        )
    assert done.returncode == 4
    assert "output.unheard" in done.stderr
    assert "旧文件没动" not in done.stderr

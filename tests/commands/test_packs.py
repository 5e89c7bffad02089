"""Does each branch and manager get what is theirs, all of it, and nothing of anybody else's?"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import run_here

from kehujingli.answers.statement import safe_name
from kehujingli.commands.pack import _free
from kehujingli.commands.sending import locked, opened
from kehujingli.errors import problem
from kehujingli.workspace.results import Results
from kehujingli.workspace.sql import connect

PERIOD = "2026-10"


@pytest.fixture(scope="module")
def county(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both kinds of packs of the newer month."""
    root = tmp_path_factory.mktemp("packs") / "county"
    shutil.copytree(two_months, root)
    for by in ("branch", "manager"):
        assert run_here("pack", PERIOD, "-w", root, "--by", by, "--quiet").code == 0
    return root


def kept(county: Path, sql: str, period: str = PERIOD) -> list[tuple[Any, ...]]:
    """A query of a kept month; ``{classes}`` is its table."""
    folder = county / "periods" / period / "data"
    names = {path.stem: f"read_parquet('{path}')" for path in folder.glob("*.parquet")}
    return connect().execute(sql.format(**names)).fetchall()


def packs(county: Path, kind: str) -> dict[str, Path]:
    """Number of whom it is for → file, by the register."""
    folder = county / "periods" / PERIOD / "分发" / kind
    with (folder / "分发登记.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["发给（编号）"]: row for row in csv.DictReader(file)}
    assert {row["文件"] for row in listed.values()} == {path.name for path in folder.glob("*.xlsx")}
    for row in listed.values():
        assert hashlib.sha256((folder / row["文件"]).read_bytes()).hexdigest() == row["sha256"]
        assert row["期间"] == PERIOD
        assert row["时间"]
    return {key: folder / row["文件"] for key, row in listed.items()}


def text_of(path: Path) -> str:
    """Everything that is in a workbook, hidden or not."""
    with zipfile.ZipFile(path) as book:
        return html.unescape("\n".join(book.read(name).decode(errors="replace") for name in book.namelist()))


def listed_customers(path: Path) -> list[str]:
    rows = openpyxl.load_workbook(path, read_only=True)["客户清单"].iter_rows(min_row=5, max_col=1, values_only=True)
    return [row[0] for row in rows if isinstance(row[0], str) and row[0].isdigit()]


def test_the_packs_of_all_branches_part_the_customers_held_or_not(county: Path) -> None:
    home = dict(kept(county, "select customer_id, coalesce(branch_id, '') from {classes}"))
    found = {branch: listed_customers(path) for branch, path in packs(county, "机构").items()}
    assert sorted(one for own in found.values() for one in own) == sorted(home)
    assert all(home[one] == branch for branch, own in found.items() for one in own)
    bare = kept(county, "select customer_id from {classes} where holder_id is null")
    assert bare, "公共 and 未挂户 are among them"


def test_nothing_of_another_branch_is_in_a_branchs_file(county: Path) -> None:
    people = kept(county, "select branch_id, customer_id, customer_name, id_number, phone from {classes}")
    people += [
        (home, number, None, None, None)
        for home, number in kept(
            county, "select c.branch_id, a.account_id from {accounts} a join {classes} c using (customer_id)"
        )
    ]
    people += [
        (home, number, None, None, None)
        for home, number in kept(
            county, "select c.branch_id, l.loan_id from {loans} l join {classes} c using (customer_id)"
        )
    ]
    people += [
        (home, number, name, None, None)
        for home, number, name in kept(county, "select branch_id, manager_id, name from {managers}")
    ]
    people += [
        (home, None, name, None, None)
        for home, name in kept(county, "select distinct branch_id, branch_name from {classes}")
    ]
    for branch, path in packs(county, "机构").items():
        own = {word for home, *words in people for word in words if home == branch}
        foreign = {word for home, *words in people for word in words if home != branch and word} - own
        text = text_of(path)
        held = {word for word in foreign if word in text and not any(word in mine for mine in own if mine)}
        assert held == set(), path.name
        phones = {phone for _, _, _, _, phone in people if phone}
        assert not {phone for phone in phones if phone in text}, "phones are masked"


def test_a_branch_sees_its_peoples_scores_and_no_pay(county: Path) -> None:
    paid = {
        f"{float(pay):.2f}"
        for (pay,) in kept(county, "select pay from {pay} where pay is not null and pay::double > 0")
    }
    assert paid
    for branch, path in packs(county, "机构").items():
        book = openpyxl.load_workbook(path, read_only=True)
        assert [name for name in book.sheetnames if name not in ("信号", "走访计划")] == [
            *("首页", "客户清单", "变动", "到期与逾期", "考核得分", "回执", "口径")
        ]
        rows = list(book["考核得分"].iter_rows(min_row=4, values_only=True))
        at = rows[0].index("工号")
        own = {who for (who,) in kept(county, f"select manager_id from {{scores}} where branch_id = '{branch}'")}
        assert {row[at] for row in rows[1:] if row[at]} == own
        assert not any("应发" in str(head) or "绩效" in str(head) for head in rows[0])
        assert not [amount for amount in paid if amount in text_of(path)]


def test_a_manager_gets_the_customers_that_he_holds_and_his_own_pay_only(county: Path) -> None:
    held: dict[str, set[str]] = {}
    for holder, customer in kept(county, "select holder_id, customer_id from {classes} where holder_id is not null"):
        held.setdefault(holder, set()).add(customer)
    found = packs(county, "客户经理")
    assert set(held) <= set(found)
    names = dict(kept(county, "select manager_id, any_value(name) from {managers} group by 1"))
    for who, path in found.items():
        assert set(listed_customers(path)) == held.get(who, set())
        book = openpyxl.load_workbook(path, read_only=True)
        own = [str(row[3]) for row in book["绩效薪酬"].iter_rows(min_row=5, values_only=True) if row[3] is not None]
        pay = kept(county, f"select pay from {{pay}} where manager_id = '{who}' and pay is not null")
        assert [float(text) for text in own] == [float(text) for (text,) in pay]
        others = {number for number in names if number != who}
        assert not [number for number in others if number in text_of(path)]


def test_own_figures_stand_beside_last_month_and_the_mean_of_all_branches(county: Path) -> None:
    sums = (
        "select branch_id, count(*), sum(deposit_balance) / 1e6 from {classes} where branch_id is not null group by 1"
    )
    now, before = ({row[0]: row[1:] for row in kept(county, sums, period)} for period in (PERIOD, "2026-09"))
    for branch, path in packs(county, "机构").items():
        rows = openpyxl.load_workbook(path, read_only=True)["首页"].iter_rows(min_row=5, max_col=5, values_only=True)
        shown = {row[0]: row[1:] for row in rows if row[0] and row[1] is not None}
        for place, label in enumerate(("客户数（户）", "存款余额（万元）")):
            mean = sum(float(row[place]) for row in now.values()) / len(now)
            own, was = float(now[branch][place]), float(before[branch][place])
            assert shown[label] == pytest.approx((own, was, own - was, mean), abs=0.051), (branch, label)


def test_what_is_past_due_stands_first_with_its_days(county: Path) -> None:
    late = kept(
        county,
        "select c.branch_id, l.loan_id, l.overdue_days from {loans} l join {classes} c using (customer_id) where l.overdue_days > 0 and l.balance > 0 and coalesce(l.status, 'on_book') = 'on_book'",
    )
    assert late
    found = {}
    for branch, path in packs(county, "机构").items():
        rows = openpyxl.load_workbook(path, read_only=True)["到期与逾期"].iter_rows(
            min_row=5, max_col=3, values_only=True
        )
        found |= {(branch, row[2]): row[0] for row in rows if row[0] and str(row[0]).startswith("已逾期")}
    for branch, loan, days in late:
        assert int(str(found[branch, loan]).split()[1]) >= days


def test_the_plan_of_visits_is_parted_as_the_customers_are(county: Path) -> None:
    planned = run_here("visits", "--json", "-w", county, "--period", PERIOD).json["visits_plan"]
    assert planned
    found: list[tuple[str, str]] = []
    for branch, path in packs(county, "机构").items():
        rows = openpyxl.load_workbook(path, read_only=True)["走访计划"].iter_rows(
            min_row=5, max_col=3, values_only=True
        )
        own = [row[2] for row in rows if row[2]]
        assert set(own) <= set(listed_customers(path))
        found += [(branch, str(customer)) for customer in own]
    assert sorted(customer for _, customer in found) == sorted(row["customer_id"] for row in planned)


def test_where_no_visits_can_be_planned_the_pack_says_why(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise problem("study.visits-no-strategy")

    monkeypatch.setattr("kehujingli.answers.studies.KeptPeriod.ask", cannot)
    assert run_here("pack", PERIOD, "-w", county, "-o", tmp_path / "out", "--quiet").code == 0
    book = openpyxl.load_workbook(next((tmp_path / "out").glob("*.xlsx")), read_only=True)
    assert "走访计划" not in book.sheetnames
    said = dict(book["口径"].iter_rows(min_row=4, max_col=2, values_only=True))
    assert "办法里没有户群策略" in said["走访计划"]


def test_signals_are_parted_as_the_customers_are(county: Path) -> None:
    told = run_here("signals", "--json", "-w", county, "--period", PERIOD).json["signals"]
    assert told
    found: list[str] = []
    for path in packs(county, "机构").values():
        rows = openpyxl.load_workbook(path, read_only=True)["信号"].iter_rows(min_row=5, max_col=2, values_only=True)
        own = [str(row[1]) for row in rows if row[1]]
        assert set(own) <= set(listed_customers(path))
        found += own
    assert sorted(found) == sorted(row["customer_id"] for row in told)


def test_typed_again_nothing_is_written_and_another_month_replaces_nothing_of_it(county: Path) -> None:
    folder = county / "periods" / PERIOD / "分发" / "机构"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    told = run_here("pack", PERIOD, "-w", county, "--json")
    assert (told.code, told.json["packs"]) == (0, len(before) - 2)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert "没有重写" in run_here("pack", PERIOD, "-w", county).out


def test_a_pack_of_whom_there_is_none_any_more_goes(county: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    folder = root / "periods" / PERIOD / "分发" / "机构"
    gone = folder / "899999_撤并社.xlsx"
    gone.write_bytes(b"old")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"].append({"path": gone.name, "sha256": "0"})
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "分发登记.csv").unlink()
    assert run_here("pack", PERIOD, "-w", root, "--quiet").code == 0
    assert not gone.exists()
    assert (folder / "历次" / "1" / gone.name).exists(), "what was sent is kept"


def test_files_of_one_name_are_told_apart_also_where_a_and_A_are_one() -> None:
    taken: set[str] = set()
    assert [_free(name, taken) for name in ("a_社", "A_社", "b_社", "a_社")] == [
        "a_社.xlsx",
        "A_社_2.xlsx",
        "b_社.xlsx",
        "a_社_3.xlsx",
    ]


def test_without_scores_and_holders_no_manager_gets_one_and_it_is_said(county: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    data = Results(root / "periods" / PERIOD).folder
    for name in ("scores", "pay", "items"):
        (data / f"{name}.parquet").unlink()
    connect().execute(
        f"copy (select * replace (null::varchar as holder_id) from '{data / 'classes.parquet'}') to '{tmp_path / 'bare.parquet'}'"
    ).fetchall()
    shutil.move(tmp_path / "bare.parquet", data / "classes.parquet")
    manifest = root / "periods" / PERIOD / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["outputs"] = [one for one in told["outputs"] if not one["path"].startswith("data/")]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    said = run_here("pack", PERIOD, "-w", root, "--by", "manager")
    assert (said.code, "pack.nobody" in said.err) == (4, True)
    assert run_here("pack", PERIOD, "-w", root, "--by", "branch", "--dry-run").code == 0


def test_a_password_locks_each_pack_for_whom_it_is_and_the_signed_one_opens_by_the_same_list(
    county: Path, tmp_path: Path
) -> None:
    """The list is written with blanks or commas; a pack that is locked already and says the same is not locked anew."""
    folder, secret = tmp_path / "out", tmp_path / "密码.txt"
    branches = sorted(packs(county, "机构"))
    secret.write_text("".join(f"{branch},开门 {branch}\n" for branch in branches), encoding="utf-8-sig")
    typed = ("pack", PERIOD, "-w", county, "-o", folder, "--password-file", secret)
    assert run_here(*typed, "--quiet").code == 0
    files = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    assert len(files) == len(branches)
    for branch in branches:
        path = next(folder.glob(f"{branch}_*.xlsx"))
        assert opened(path.read_bytes(), []) is None
        assert opened(path.read_bytes(), ["开门 别家"]) is None
        plain = opened(path.read_bytes(), [f"{branch},开门 {branch}"])
        assert plain is not None
        assert openpyxl.load_workbook(io.BytesIO(plain), read_only=True).sheetnames[0] == "首页"
        if branch == branches[0]:
            back = tmp_path / path.name
            book = openpyxl.load_workbook(io.BytesIO(plain))
            for column, value in enumerate(("王芳", "2026-11-05", "无"), 4):
                book["回执"].cell(5, column, value)
            book.save(back)
            locked(back, f"开门 {branch}", tmp_path / "没有")
    assert "没有重写" in run_here(*typed).out
    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == files
    told = run_here("receipt", back, "-w", county, "--password-file", secret, "--dry-run", "--json")
    assert (told.code, told.json[0]["signed_by"]) == (0, "王芳")
    secret.write_text(secret.read_text(encoding="utf-8-sig").replace("开门", "关门"), encoding="utf-8")
    assert "没有重写" not in run_here(*typed).out
    assert opened(next(folder.glob(f"{branches[0]}_*.xlsx")).read_bytes(), [f"关门 {branches[0]}"]) is not None
    secret.write_text("".join(f"{branch} 开门\n" for branch in branches[1:]), encoding="utf-8")
    lacking = run_here(*typed)
    assert (lacking.code, branches[0] in lacking.err) == (2, True), "nobody gets one without a password"


def test_what_lies_in_the_folder_from_before_is_listed_and_told(county: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run_here("pack", PERIOD, "-w", county, "-o", folder, "--by", "manager", "--quiet").code == 0
    managers = len(list(folder.glob("*.xlsx")))
    told = run_here("pack", PERIOD, "-w", county, "-o", folder)
    assert f"还有以前写的 {managers} 份（{PERIOD}）" in told.out
    with (folder / "分发登记.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["文件"]: row["sha256"] for row in csv.DictReader(file)}
    assert listed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.xlsx")}
    assert len(listed) > managers
    assert "没有重写" in run_here("pack", PERIOD, "-w", county, "-o", folder).out


def test_a_branch_that_bears_another_name_by_now_has_one_pack_and_its_month_before(
    county: Path, tmp_path: Path
) -> None:
    root = tmp_path / "county"
    shutil.copytree(county, root)
    branch = sorted(packs(county, "机构"))[0]
    for table in ("classes", "scores"):
        path = root / "periods" / PERIOD / "data" / f"{table}.parquet"
        connect().execute(
            f"copy (select * replace (case when branch_id = '{branch}' then 'CON. ' else branch_name end as branch_name) from '{path}') to '{tmp_path / table}' (format parquet)"
        )
        shutil.move(tmp_path / table, path)
    manifest = root / "periods" / PERIOD / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["outputs"] = [one for one in told["outputs"] if not one["path"].startswith("data/")]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert run_here("pack", PERIOD, "-w", root, "--quiet").code == 0
    own = {path.name for path in (root / "periods" / PERIOD / "分发" / "机构").glob(f"{branch}*")}
    assert own == {f"{branch}_CON.xlsx"}, "the old name is gone, no dot or blank at the end"
    figures = openpyxl.load_workbook(root / "periods" / PERIOD / "分发" / "机构" / own.pop(), read_only=True)["首页"]
    assert all(
        isinstance(row[0], int)
        for row in figures.iter_rows(min_row=5, max_row=5, min_col=3, max_col=3, values_only=True)
    )


@pytest.mark.parametrize(
    ("parts", "file"),
    [
        (("", "CON"), "_CON"),
        (("", "com1.txt"), "_com1.txt"),
        (("", "COM¹"), "_COM¹"),
        (("", "CONIN$"), "_CONIN$"),
        (("801", "东关. . "), "801_东关"),
        (("801", "a/b\\c:*?"), "801_abc"),
        (("801", "东\u202e关\u200b\ufeff"), "801_东关"),
        (("", " . "), "未名"),
        (("", "LPT1 .x"), "_LPT1 .x"),
    ],
)
def test_no_file_bears_a_name_that_windows_keeps_for_itself_or_that_reads_otherwise(
    parts: tuple[str, ...], file: str
) -> None:
    assert safe_name(*parts) == file


def test_a_long_name_of_rare_characters_fits_a_file_name() -> None:
    """255 bytes are what Linux takes, with .xlsx, a number for namesakes, and what an office program puts before it."""
    assert len(f"{safe_name('801', chr(0x20BB7) * 90)}_12.xlsx".encode()) <= 240

"""Does the page say what the workbooks of the same month say, in a real browser too, and nothing that it must not?"""

from __future__ import annotations

import csv
import functools
import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
from browser import NEEDS_CHROMIUM, Browser
from conftest import run_here

from kehujingli.answers.page import INDEX, Page, pages_of
from kehujingli.answers.studies import KeptPeriod
from kehujingli.commands.sending import meta_of
from kehujingli.workbooks.looks import text_of
from kehujingli.workbooks.page import page_html
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import results_of

PERIOD = "2026-10"
HOSTILE = "<img src=x onerror=alert(1)>有限公司"


@pytest.fixture(scope="module")
def county(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of which somebody wrote markup into the name of the largest customer of all."""
    root = tmp_path_factory.mktemp("page") / "county"
    shutil.copytree(two_months, root)
    path = root / "periods" / PERIOD / "data" / "classes.parquet"
    classes = pd.read_parquet(path)
    classes.loc[classes["scale_amount"].idxmax(), ["customer_name", "customer_type"]] = [HOSTILE, "business"]
    classes.to_parquet(path)
    return root


def _pages(county: Path, *, public: bool = False, period: str = PERIOD, **more: Any) -> list[Page]:
    place = Workspace(county)
    kept = results_of(place, period)
    return list(pages_of(KeptPeriod(place, kept), meta_of(place, kept), public=public, **more))


@pytest.fixture(scope="module")
def data(county: Path) -> dict[str, Any]:
    (page,) = _pages(county)
    assert page.file == INDEX
    found: dict[str, Any] = json.loads(json.dumps(page.data))
    return found


@functools.cache
def _book(path: Path) -> Any:
    """Every sheet's rows of values."""
    return {sheet.title: list(sheet.values) for sheet in openpyxl.load_workbook(path, read_only=True).worksheets}


def _sheet(county: Path, book: str, sheet: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = _book(county / "periods" / PERIOD / book)[sheet]
    return found


def _rows(county: Path, book: str, sheet: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The header and what stands below it."""
    lines = _sheet(county, book, sheet)
    return [str(cell).replace("\n", "") for cell in lines[3] if cell is not None], lines[4:]


def _texts(table: dict[str, Any]) -> list[dict[str, str]]:
    """Rows as the page shows them: header → text."""
    return [
        {
            column["label"]: column["words"][text] if "words" in column else text
            for column, text in zip(table["columns"], row, strict=True)
        }
        for row in table["rows"]
    ]


def _agree(table: dict[str, Any], heads: list[str], rows: list[tuple[Any, ...]], key: list[str]) -> int:
    """How many cells of the page are the sheet's, of those columns that both have; every row of the page is looked up by ``key``."""
    looks = {column["label"]: column["look"] for column in table["columns"]}
    places = {label: heads.index(label) for label in looks if label in heads}
    found = {tuple(str(row[places[label]]) for label in key): row for row in rows if row[places[key[0]]] is not None}
    cells = 0
    shown = _texts(table)
    assert shown
    for line in shown:
        row = found[tuple(line[label] for label in key)]
        for label, place in places.items():
            value = row[place]
            if looks[label] in ("yuan", "wan") and value is not None:  # sheets hold 元 and 万元
                value = round(Decimal(str(value)) * {"yuan": 100, "wan": 1_000_000}[looks[label]])
            said = (
                text_of("text", value)
                if looks[label] == "date" and not isinstance(value, int)
                else text_of(looks[label], value)
            )
            assert line[label] == said[: len(line[label])] if looks[label] == "date" else line[label] == said, (
                label,
                line,
            )
            cells += 1
    return cells


def test_the_ten_figures_are_those_of_the_monthly_report(county: Path, data: dict[str, Any]) -> None:
    lines = _sheet(county, "月报.xlsx", "月报")[5:15]
    looks = {"户": "count", "万元": "wan", "%": "rate", "分": "points"}
    assert len(data["figures"]) == len(lines) == 10
    for figure, row in zip(data["figures"], lines, strict=True):
        _, label, unit, now, before, change, *_, note = row[:9]
        assert figure["label"] == label
        assert (figure["note"] or None) == (note or None)
        if isinstance(now, str):
            assert figure["lacks"] == now
            continue
        scale = 1_000_000 if unit == "万元" else 1
        was, said = (
            None if isinstance(value, str) else text_of(looks[unit], round(value * scale) if scale > 1 else value)
            for value in (before, now)
        )
        assert figure["value"] == said
        assert figure["trend"] == [was, said]
        digits = 0 if unit == "户" else 2
        if not isinstance(change, str):
            way = f"{'▲' if change > 0 else '▼'}{abs(change):,.{digits}f}{'点' if unit == '%' else ''}"
            change = way if change else "持平"
        assert figure["change"] == change
    assert data["months"] == ["2026-09", PERIOD]


def test_the_grids_are_those_of_the_cover(county: Path, data: dict[str, Any]) -> None:
    cover = _sheet(county, "客户分类.xlsx", "首页")
    for top, grid in zip((6, 13, 20), data["grids"], strict=True):
        for line, row in enumerate(grid["rows"]):
            for place, (text, share, _) in enumerate(row):
                value = cover[top + line - 1][1 + place]
                if share:
                    assert value == f"{text}\n{share}"
                else:
                    assert text == text_of("wan", round(Decimal(str(value)) * 1_000_000))


def test_the_lists_are_those_of_the_sheets(county: Path, data: dict[str, Any]) -> None:
    """Branches, ranking, pay, items, loads and customers: each cell that both have."""
    tables = data["tables"]
    for name, book, sheet, key in (
        ("branches", "客户分类.xlsx", "机构汇总", ["机构号"]),
        ("scores", "考核得分.xlsx", "考核得分", ["工号", "机构号"]),
        ("pay", "考核得分.xlsx", "绩效薪酬", ["工号", "机构号"]),
        ("items", "考核得分.xlsx", "计分明细", ["工号", "指标"]),
        ("loads", "管户分配.xlsx", "负荷", ["工号", "机构号"]),
        ("customers", "客户分类.xlsx", "客户分类", ["客户号"]),
    ):
        heads, rows = _rows(county, book, sheet)
        if name == "branches":  # below each branch stand its parts
            side = heads.index("名下")
            rows = [row for row in rows if row[side] == "机构合计"]
        if name == "scores":  # the sheet says an item's full marks in its header, 前三 and 后三 beside
            heads = [re.sub(r"\(.*\)$", "", head) if head != "备注" else "" for head in heads]
        if name == "customers":  # one name was changed after the run
            heads = ["" if head in ("客户名称", "客户类型") else head for head in heads]
        unlike = {column["label"] for column in tables[name]["columns"]} - set(heads)
        assert unlike <= {"备注", "客户名称", "客户类型", "指标编号"}, (name, unlike)
        assert _agree(tables[name], heads, rows, key) > len(tables[name]["rows"]) * 4, name
    assert len(tables["customers"]["rows"]) == int(data["figures"][0]["value"].replace(",", ""))


def test_the_movement_is_that_of_its_sheet(county: Path, data: dict[str, Any]) -> None:
    heads, rows = _rows(county, "客户分类.xlsx", "迁徙")
    assert _agree(data["tables"]["movement"], heads, rows, ["期初"]) == 10 * 12
    first = _pages(county, period="2026-09")[0].data
    assert (first["movement"], first["months"]) == ({"lacks": "缺：需2026-08"}, ["2026-09"])
    assert {figure["change"] for figure in first["figures"]} <= {"缺：需2026-08", ""}


def test_the_parts_of_an_item_add_up_to_its_actual(data: dict[str, Any]) -> None:
    items = {f"{row['工号']}": row for row in _texts(data["tables"]["items"]) if row["指标"] == "存款年日均净增"}
    checked = 0
    for key, part in data["parts"].items():
        who, _, item = key.partition("/")
        if item != "deposit_growth" or not items[who]["实绩"]:
            continue
        total = sum(Decimal(row[2].removesuffix(" 元").replace(",", "")) for row in part["rows"])
        assert f"{total / 10_000:,.4f}".rstrip("0").rstrip(".") == items[who]["实绩"].rstrip("0").rstrip(".")
        checked += 1
    assert checked


def test_a_row_behind_is_the_row_of_the_export(county: Path, data: dict[str, Any]) -> None:
    """An account of the page, opened in the export that it names."""
    customer, (accounts, _) = next((key, rows) for key, rows in sorted(data["rows"].items()) if rows[0])
    *_, part, row = accounts[0]
    named = re.fullmatch(r"《(.+?)》(?:「(.+?)」)?", data["inputs"][part])
    assert named is not None
    file = next((county / "exports").rglob(Path(named[1]).name))
    place = int(row.replace(",", ""))
    if file.suffix == ".csv":
        line: Any = list(csv.reader(file.read_text("utf-8-sig").splitlines()))[place - 1]
    else:
        line = next(openpyxl.load_workbook(file)[named[2]].iter_rows(min_row=place, max_row=place, values_only=True))
    assert customer in [str(cell) for cell in line]


def test_rows_that_the_cache_no_longer_has_are_told(county: Path, data: dict[str, Any], tmp_path: Path) -> None:
    """Of fees and visits the page knows the rows from the cache alone; without it nothing stands there as if there were none."""
    assert all("缓存" not in part["sum"] for part in data["parts"].values())
    assert any(isinstance(row[6], list) and row[6] for part in data["parts"].values() for row in part["rows"])
    root = tmp_path / "county"
    shutil.copytree(county, root, ignore=shutil.ignore_patterns(".kehujingli"))
    (page,) = _pages(root)
    bare = {key for key, part in page.data["parts"].items() if "再跑一次这个月就有" in part["sum"]}
    assert bare == {key for key, part in data["parts"].items() if isinstance(part["rows"][0][6], list)}


def test_what_is_public_has_no_pay_and_no_customer(county: Path, data: dict[str, Any]) -> None:
    (page,) = _pages(county, public=True)
    html = page_html(page.data).decode("utf-8")
    classes = pd.read_parquet(county / "periods" / PERIOD / "data" / "classes.parquet")
    assert not [number for number in classes["customer_id"] if number in html]
    pay = [
        text for row in data["tables"]["pay"]["rows"] for text in row[9:-1] if isinstance(text, str) and len(text) > 5
    ]
    assert len(pay) > 10
    assert not [text for text in pay if f'"{text}"' in html]
    assert not [
        word
        for word in ("应发", "绩效薪酬（元）", "实际兑付", "预发")
        if word in html.split('id="data">')[1].split("</script>")[0]
    ]
    assert page.data["tables"]["scores"]["rows"]
    assert page.data["figures"] == data["figures"] or json.loads(json.dumps(page.data["figures"])) == data["figures"]


def test_no_full_name_phone_or_number_of_a_customer_is_in_the_page(county: Path, data: dict[str, Any]) -> None:
    html = page_html(data).decode("utf-8")
    classes = pd.read_parquet(county / "periods" / PERIOD / "data" / "classes.parquet")
    accounts = pd.read_parquet(county / "periods" / PERIOD / "data" / "accounts.parquet")
    managers = set(pd.read_parquet(county / "periods" / PERIOD / "data" / "managers.parquet")["name"])
    private = {*classes["phone"].dropna(), *classes["id_number"].dropna(), *accounts["account_id"].dropna()}
    private |= {name for name in classes["customer_name"].dropna() if len(name) > 2} - managers
    assert len(private) > 200
    assert not [text for text in private if f'"{text}"' in html or (len(text) > 10 and text in html)]


def test_a_month_too_large_for_one_file_is_parted_by_branch(county: Path, data: dict[str, Any]) -> None:
    index, *branches = _pages(county, limit=20_000)
    assert {unquote(file) for file in index.data["files"].values()} == {page.file for page in branches}
    assert len(branches) == len(index.data["branches"]) > 1
    assert "customers" not in index.data["tables"]
    whole = {row["客户号"]: row for row in _texts(data["tables"]["customers"])}
    holder = next(column["label"] for column in data["tables"]["customers"]["columns"] if column["key"] == "holder_id")
    own: dict[str, str] = {}
    parts: dict[str, Any] = {}
    held: set[tuple[str, str]] = set()
    for page in branches:
        told = json.loads(json.dumps(page.data))
        assert told["index"] == index.data["files"] or unquote(told["index"]) == INDEX
        for row in _texts(told["tables"]["customers"]):
            assert row == whole[row["客户号"]]
            if row["机构号"] == told["branch"]:
                assert own.setdefault(row["客户号"], page.file) == page.file
        for who, person in told["managers"].items():
            if person["branch"] == told["branch"]:
                held |= {(who, row["客户号"]) for row in _texts(told["tables"]["customers"]) if row[holder] == who}
        parts |= told["parts"]
        assert {customer for part in told["parts"].values() for customer, *_ in part["rows"]} & whole.keys() <= {
            row["客户号"] for row in _texts(told["tables"]["customers"])
        }
    assert own.keys() == whole.keys()
    assert held == {(row[holder], row["客户号"]) for row in whole.values() if row[holder] in data["managers"]}
    assert parts == data["parts"]


def test_it_is_written_whole_told_once_and_gone_with_its_run(county: Path, tmp_path: Path) -> None:
    home = county / "periods" / PERIOD / "看板"
    assert "写出" in run_here("page", PERIOD, "-w", county).out
    first = (home / INDEX).read_bytes()
    assert "没有重写" in run_here("page", PERIOD, "-w", county).out
    assert (home / INDEX).read_bytes() == first
    noted = (county / "日志" / "日志.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["deed"] for line in noted].count("page") == 1
    file = tmp_path / "张榜.html"
    assert run_here("page", PERIOD, "-w", county, "--public", "-o", file).code == 0
    assert file.stat().st_size < len(first)
    told = run_here("page", PERIOD, "-w", county, "--json", "-o", tmp_path / "出").json
    assert told["files"][0]["path"] == INDEX
    assert (tmp_path / "出" / INDEX).read_bytes() == first
    refused = run_here("page", PERIOD, "-w", county, "-o", tmp_path / "看板.pdf")
    assert refused.code == 2
    assert "不是 .html" in refused.err


def test_a_page_goes_with_the_run_that_it_shows(tmp_path: Path) -> None:
    """When other results take the place of a month's, its page is kept with the old ones and shows them nowhere else."""
    place = Workspace(tmp_path)
    target = tmp_path / "periods" / PERIOD

    def publish(digest: str) -> None:
        with place.staging() as staged:
            (staged / "a.txt").write_text(digest, encoding="utf-8")
            told = {"outputs": [{"path": "a.txt", "sha256": digest}]}
            (staged / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
            place.publish(staged, target)

    publish("1")
    (target / "看板").mkdir()
    (target / "看板" / INDEX).write_text("旧", encoding="utf-8")
    (target / "分发").mkdir()
    (target / "分发" / "回执.txt").write_text("签", encoding="utf-8")
    publish("1")
    assert (target / "看板" / INDEX).exists()
    publish("2")
    assert not (target / "看板" / INDEX).exists()
    assert (target / "历次" / "1" / "看板" / INDEX).read_text(encoding="utf-8") == "旧"
    assert (target / "分发" / "回执.txt").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


_CELLS = "[...document.querySelectorAll('{}')].map(found => found.textContent)"


@NEEDS_CHROMIUM
def test_the_browser_shows_the_figures_asks_for_nothing_and_complains_of_nothing(
    data: dict[str, Any], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "看板 1.html"
    file.write_bytes(page_html(data))
    browser.open(file)
    shown = browser.ask(_CELLS.format(".card strong"))
    assert shown == [figure["lacks"] or figure["value"] + figure["unit"] for figure in data["figures"]]
    assert browser.ask(_CELLS.format(".grid tbody td b")) == [
        cell[0] for row in data["grids"][0]["rows"] for cell in row
    ]
    for name in ("branches", "movement", "scores", "loads"):
        table = data["tables"][name]
        visible = [column["label"] for column in table["columns"] if not column.get("hidden")]
        texts = [line[label] for line in _texts(table) for label in visible]
        found = browser.ask(
            _CELLS.format(
                f"#{name} .list:first-of-type tbody td" if name != "scores" else "#scores .list:nth-of-type(2) tbody td"
            )
        )
        assert found == texts, name
    _drill(browser, data)
    _keys(browser)
    assert browser.told == []
    assert {address.partition(":")[0] for address in browser.asked} <= {"file", "data"}


def _drill(browser: Browser, data: dict[str, Any]) -> None:
    """Branch, manager, item, customer: each figure where it belongs, and what somebody wrote as markup stays a text."""
    key, part = next(
        (key, part) for key, part in data["parts"].items() if key.endswith("/deposit_growth") and len(part["rows"]) > 3
    )
    who, _, item = key.partition("/")
    branch = data["tables"]["branches"]["rows"][0]
    browser.go(f"#/b/{branch[0]}")
    figures = browser.ask("[...document.querySelectorAll('.tiles dd')].map(found => found.firstChild.textContent)")
    assert figures == [text for text in branch[2:] if text]
    browser.go(f"#/m/{who}")
    assert browser.ask(_CELLS.format(".tiles dd")) == [
        f"{text}{unit}" for _, text, unit in data["managers"][who]["tiles"]
    ]
    browser.go(f"#/m/{who}/{item}")
    assert part["sum"] in browser.ask("document.getElementById('parts').textContent")
    columns = browser.ask("[...document.querySelectorAll('#parts tbody tr')].map(row => row.cells[2].textContent)")
    assert columns == [row[2] for row in part["rows"]]
    assert "第 " in browser.ask("document.querySelector('#parts tbody tr').lastChild.textContent")
    hostile = next(row for row in _texts(data["tables"]["customers"]) if row["客户名称"].startswith("<i"))
    browser.go(f"#/c/{hostile['客户号']}")
    assert hostile["客户名称"] in browser.ask("document.querySelector('nav [aria-current]').textContent")
    assert hostile["业务规模"] + "元" in browser.ask(_CELLS.format(".tiles dd"))
    assert browser.ask("document.images.length") == 0


def _keys(browser: Browser) -> None:
    """Esc goes up to the county; in a list arrows walk and Enter sorts and opens."""
    for _ in range(3):
        browser.press("Escape")
    assert browser.ask("location.hash") == "#/"
    head = "document.querySelector('#branches th [role=button]')"
    browser.ask(f"{head}.focus()")
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    browser.press("Enter")
    assert browser.ask("document.activeElement.closest('th').getAttribute('aria-sort')") == "descending"
    counts = browser.ask(
        "[...document.querySelectorAll('#branches tbody tr')].map(row => Number(row.cells[2].textContent.replace(/,/g, '')))"
    )
    assert counts == sorted(counts, reverse=True)
    browser.press("ArrowDown")
    browser.press("ArrowDown")
    browser.press("Enter")
    assert browser.ask("location.hash").startswith("#/b/")


@NEEDS_CHROMIUM
def test_the_index_leads_to_the_branchs_file_and_back(county: Path, browser: Browser, tmp_path: Path) -> None:
    pages = _pages(county, limit=20_000)
    for page in pages:
        (tmp_path / page.file).write_bytes(page_html(page.data))
    browser.open(tmp_path / INDEX)
    branch, file = next(iter(pages[0].data["files"].items()))
    browser.go(f"#/b/{branch}")
    assert browser.ask("document.querySelector('.file a').getAttribute('href')") == file
    browser.open(tmp_path / unquote(file))
    assert browser.ask("document.querySelectorAll('#customers tbody tr').length") > 0
    assert unquote(browser.ask("document.querySelector('nav a').getAttribute('href')")) == INDEX
    (public,) = _pages(county, public=True)
    (tmp_path / "公开.html").write_bytes(page_html(public.data))
    browser.open(tmp_path / "公开.html", "#/m/" + next(iter(public.data["managers"])))
    assert browser.ask("[...document.querySelectorAll('section')].map(found => found.id)") == ["items", "loads"]
    assert browser.told == []

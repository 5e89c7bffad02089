"""Is a provincial union's extract readable by its own Chinese column names? Twelve tables of its dictionary, filled with the example's facts.

Each table has every column that the dictionary gives it; what the example does not know is blank, and every extract ends with
the five columns that the union's loader adds. At most one ``check --map --yes`` may be needed.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import copied, reading_here, real_data, run_here

from kehujingli import terms
from kehujingli.month import Month, Request, open_month
from kehujingli.workspace import Workspace

FOLDER = real_data()
pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        FOLDER is None or not (FOLDER / "dictionary" / "tables.tsv").is_file(),
        reason="the dictionary is not here: ../shared/data or $KEHUJINGLI_REAL_DATA",
    ),
]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Extract:
    """A table of the dictionary in place of one of the example's: ``columns`` says which of its columns holds what.

    ``table`` and ``export`` are what the program and the example's files call it; ``columns`` pairs the program's name of a
    column, and the example's header, with the dictionary's column.
    """

    name: str
    table: str
    export: str
    columns: Mapping[tuple[str, str], str]
    maps: bool = False
    """Whether a step of the wizard is needed."""
    kinds: tuple[str, ...] = ()
    """存款种类 of the rows that it has; all where none is named."""


_CUSTOMER = ("customer_id", "客户号")
EXTRACTS = (
    Extract(
        "S_OFCR_CI_CUSTMAST",
        "customers",
        "客户信息",
        {
            _CUSTOMER: "客户ID",
            ("name", "客户名称"): "客户全名",
            ("customer_type", "客户类型"): "客户类型",
            ("branch_id", "机构号"): "所属机构代码",
            ("opened_on", "开户日期"): "开户日期",
            ("id_type", "证件类型"): "证件类型",
            ("birth_date", "出生日期"): "出生日期",
            ("phone", "手机号"): "手机号",
            ("manager_id", "管户经理"): "客户经理ID",
        },
    ),
    Extract(
        "S_ECIF_ECIF_CUSTMAST",
        "customers",
        "客户信息",
        {
            _CUSTOMER: "客户编号",
            ("name", "客户名称"): "客户名称",
            ("customer_type", "客户类型"): "客户类型",
            ("branch_id", "机构号"): "登记机构",
            ("phone", "手机号"): "手机号",
            ("status", "状态"): "客户状态",
        },
        maps=True,
    ),
    Extract(
        "S_NIBS_APP_KHXX",
        "customers",
        "客户信息",
        {
            _CUSTOMER: "客户编号",
            ("name", "客户名称"): "客户姓名",
            ("customer_type", "客户类型"): "客户类型 见数据字典KEY=K_KHLX",
            ("id_type", "证件类型"): "证件类型",
            ("id_number", "证件号码"): "证件号码",
            ("phone", "手机号"): "手机号码",
        },
        maps=True,
    ),
    Extract(
        "S_MBNK_MB_CSTINF",
        "customers",
        "客户信息",
        {
            _CUSTOMER: "客户号用户唯一标识",
            ("name", "客户名称"): "客户姓名",
            ("customer_type", "客户类型"): "客户类型",
            ("branch_id", "机构号"): "开户机构",
            ("opened_on", "开户日期"): "开户时间",
            ("id_type", "证件类型"): "证件类型",
            ("id_number", "证件号码"): "证件号码",
            ("phone", "手机号"): "手机号码",
            ("manager_id", "管户经理"): "客户经理编号",
        },
        maps=True,
    ),
    Extract(
        "S_OFCR_CH_ACCT_MAST",
        "accounts",
        "存款账户",
        {
            ("account_id", "账号"): "帐号",
            _CUSTOMER: "客户代码",
            ("branch_id", "机构号"): "分行号",
            ("balance", "余额"): "账面余额",
            ("opened_on", "开户日期"): "开户日",
            ("manager_id", "揽存人"): "客户经理ID",
        },
        kinds=("活期",),
    ),
    Extract(
        "S_OFCR_TD_DEP_MAST",
        "accounts",
        "存款账户",
        {
            ("account_id", "账号"): "帐号",
            _CUSTOMER: "客户ID",
            ("branch_id", "机构号"): "分行号",
            ("balance", "余额"): "存款本金",
            ("opened_on", "开户日期"): "起息日",
            ("matures_on", "到期日"): "到期日",
        },
        maps=True,
        kinds=("定期", "通知", "保证金"),
    ),
    Extract(
        "S_OFCR_CH_NOBOOK",
        "transactions",
        "交易流水",
        {
            ("date", "交易日期"): "交易日期",
            ("account_id", "账号"): "账号",
            ("direction", "借贷标志"): "借方/贷方代码",
            ("amount", "交易金额"): "交易金额",
            ("memo", "摘要"): "交易描述",
            ("branch_id", "机构号"): "交易分行",
        },
    ),
    Extract(
        "S_LOAN_DK",
        "loans",
        "贷款台账",
        {
            ("loan_id", "借据编号"): "借据号",
            _CUSTOMER: "客户号",
            ("contract_id", "合同号"): "合同号",
            ("product", "产品"): "贷款种类",
            ("guarantee", "担保方式"): "担保方式",
            ("issued_on", "发放日期"): "贷款日期",
            ("due_on", "到期日期"): "到期日期",
            ("amount", "发放金额"): "贷款金额",
            ("balance", "贷款余额"): "结欠金额",
            ("five_class", "五级分类"): "五级分类",
            ("manager_id", "管户经理"): "客户经理",
            ("responsible_id", "责任人"): "第一责任人",
            ("branch_id", "机构号"): "机构号",
        },
    ),
    Extract(
        "S_OFCR_TF_CC_BRN_MAST",
        "branches",
        "机构",
        {("branch_id", "机构号"): "机构号", ("name", "机构名称"): "机构名称", ("kind", "机构类型"): "机构类型"},
    ),
    Extract(
        "S_LOAN_JGB",
        "branches",
        "机构",
        {("branch_id", "机构号"): "机构号", ("name", "机构名称"): "机构简称", ("kind", "机构类型"): "网点类型"},
    ),
    Extract(
        "S_OFCR_BA_CC_BRN_MAST",
        "branches",
        "机构",
        {("branch_id", "机构号"): "分行编号", ("name", "机构名称"): "分行名称", ("kind", "机构类型"): "分行类型"},
    ),
    Extract(
        "S_LOAN_RYB",
        "managers",
        "客户经理名册",
        {("manager_id", "工号"): "人员编号", ("name", "姓名"): "姓名", ("branch_id", "机构号"): "机构号"},
        maps=True,
    ),
)
LOADED = {"源系统代码": "CORE", "法人机构号": "801"}
"""What the loader writes into every row; the day of the extract and when it was loaded besides."""


@pytest.fixture(scope="module")
def headers() -> dict[str, list[str]]:
    """Table → its Chinese column names in order, as they stand."""
    assert FOLDER is not None
    found: dict[str, list[str]] = {}
    with (FOLDER / "dictionary" / "tables.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["表英文名"], []).append(row["列中文名称"])
    return found


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, read once: what a copy of it leaves as it is need not be read again."""
    root = two_months(tmp_path_factory.mktemp("example") / "county")
    october(root)
    return root


@pytest.fixture(scope="module")
def example(read: Path) -> Month:
    return october(read)


def two_months(root: Path) -> Path:
    """The example with the postings of its last two months: nothing here looks further back."""
    copied(root)
    for path in root.glob("exports/流水/*.xlsx"):
        if path.stem[-6:] not in ("202609", "202610"):
            path.unlink()
    return root


def october(root: Path) -> Month:
    workspace = Workspace(root)
    workspace.make_cache()
    with reading_here():
        return open_month(Request(workspace=workspace, period="2026-10"), workspace.ledger)


def put(root: Path, extract: Extract, headers: list[str]) -> None:
    """The extract in place of the example's files of that table, one for each of them."""
    for old in sorted(root.glob(f"exports/*/{extract.export}*.xlsx")):
        rows = pd.read_excel(old, dtype=object, engine="openpyxl").to_dict("records")
        written = [row for row in rows if not extract.kinds or row["存款种类"] in extract.kinds]
        (old.parent / f"{extract.name}_{old.stem}.csv").write_text(text(extract, headers, written), "utf-8")
        old.unlink()


def text(extract: Extract, headers: list[str], rows: list[Row]) -> str:
    """The rows under all headers of the dictionary's table; of two that are called alike the first is filled."""
    places = {own: headers.index(header) for (_, own), header in extract.columns.items()}
    lines = [headers]
    for row in rows:
        day = said(row.get("数据日期", row.get("交易日期")))
        cells = ["" for _ in headers]
        for own, place in places.items():
            cells[place] = said(row[own])
        loaded = {**LOADED, "业务日期": day, "平台日期": day, "数据加载时间戳": f"{day} 02:13:05"}
        for header, value in loaded.items():
            cells[headers.index(header)] = value
        lines.append(cells)
    return "".join(
        ",".join(f'"{cell}"' if "," in cell or '"' in cell else cell for cell in line) + "\n" for line in lines
    )


def said(value: Any) -> str:
    if value is None or value is pd.NaT or value != value:
        return ""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value).replace('"', "”")


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.name)
def test_an_extract_of_the_union_is_read_as_the_example(
    extract: Extract, headers: dict[str, list[str]], read: Path, example: Month, tmp_path: Path
) -> None:
    root = shutil.copytree(read, tmp_path / "county")
    put(root, extract, headers[extract.name])
    mapped = run_here("check", "--map", "--yes", "--json", "-w", root).json
    assert mapped["mapping"]["written"] == extract.maps, mapped["mapping"]
    files = [file for file in mapped["files"] if extract.name in file["path"]]
    assert {file["table"] for file in files} == {extract.table}
    assert sum(file["rejected"] for file in files) == 0
    assert facts(october(root), extract) == facts(example, extract)


def test_a_county_of_four_extracts_comes_to_the_examples_figures(
    headers: dict[str, list[str]], read: Path, example: Month, tmp_path: Path
) -> None:
    root = shutil.copytree(read, tmp_path / "county")
    for name in ("S_MBNK_MB_CSTINF", "S_OFCR_CH_NOBOOK", "S_LOAN_DK", "S_OFCR_TF_CC_BRN_MAST"):
        put(root, next(extract for extract in EXTRACTS if extract.name == name), headers[name])
    assert run_here("check", "--map", "--yes", "--json", "-w", root).json["mapping"]["written"]
    month = october(root)
    assert month.segmented.counts() == example.segmented.counts()
    figures = ["customer_id", "name", "frequency", "scale", "scale_amount", "branch_id", "manager_id"]
    assert list(map(tuple, month.segmented.customers[figures].astype(str).to_numpy())) == list(
        map(tuple, example.segmented.customers[figures].astype(str).to_numpy())
    )


def facts(month: Month, extract: Extract) -> list[tuple[str, ...]]:
    """What the month knows of the columns that the extract has, row by row, of the rows that it has."""
    names = [key for key, _ in extract.columns]
    if extract.table == "transactions":
        frame = month.tables.con.execute("select * from transactions").df()
        names = ["day", "account_id", "signed", "memo"]
    else:
        frame = month.tables[extract.table]
    if extract.kinds and frame["kind"].notna().any():
        codes = [code for code, label in terms.DEPOSIT_KINDS.items() if label in extract.kinds]
        frame = frame[frame["kind"].isin(codes)]
    return sorted(tuple(map(str, row)) for row in frame[names].itertuples(index=False))

"""Which of a provincial union's 211 tables are ours by their Chinese headers, which are asked about, and is none of the rest taken?"""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
from conftest import real_data

from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.unknown import tell_unknown

FOLDER = real_data()
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        FOLDER is None or not (FOLDER / "dictionary" / "tables.tsv").is_file(),
        reason="the dictionary is not here: ../shared/data or $KEHUJINGLI_REAL_DATA",
    ),
]

TAKEN = {
    "S_ECIF_ECIF_CUSTMAST": "customers",
    "S_LOAN_KHXX": "customers",
    "S_LOAN_DKSQXX": "applications",
    "S_NIBS_APP_KHXX": "customers",
    "S_OFCR_CI_CUSTMAST": "customers",
    "S_OFCR_CH_ACCT_MAST": "accounts",
    "S_OFCR_TD_DEP_MAST": "accounts",
    "S_LOAN_DK": "loans",
    "S_LOAN_JGB": "branches",
    "S_OFCR_BA_CC_BRN_MAST": "branches",
    "S_OFCR_TF_CC_BRN_MAST": "branches",
    "S_OFCR_CH_NOBOOK": "transactions",
    "S_OFCR_TF_ACCT_INT_DTLS": "account_interest",
}
"""Ours, read as they stand; S_MBNK_MB_CSTINF and S_LOAN_RYB are after a step of the wizard (test_dictionary.py)."""
ASKED = {
    "S_CETS_AUTH_REG",
    "S_ECIF_ECIF_BLACK_LIST",
    "S_ECIF_ECIF_CERT_INFO",
    "S_LOAN_DHJC",
    "S_LOAN_DK_BB",
    "S_LOAN_E_DKHX",
    "S_LOAN_E_JTXX",
    "S_LOAN_E_KHSX",
    "S_LOAN_E_WYQK",
    "S_LOAN_GGYD",
    "S_LOAN_KHBB_BILL",
    "S_LOAN_KHBB_DATA",
    "S_LOAN_KHXXFZQK",
    "S_LOAN_KHXXSRQK",
    "S_LOAN_KHXXZCMX",
    "S_LOAN_KHXXZCQK",
    "S_LOAN_KHXX_BB",
    "S_LOAN_TXFF",
    "S_LOAN_XCZ",
    "S_MBNK_MB_ACCINF",
    "S_MBNK_MB_CSTINF_HIS",
    "S_OFCR_EXT_TF_BATCHAGENT",
    "S_OFCR_EXT_TF_BATCHAGENT_DDCT",
    "S_OFCR_LN_ACCT_DTLS",
    "S_OFCR_MC_ACCT_XREF",
    "S_OFCR_TF_ACCT_OPEN_CLOSE_LOG",
    "S_OFCR_TF_CASH_DEPOSIT_BOOK",
    "S_OFCR_TF_CIF_CORP_ADD_INF",
    "S_OFCR_TF_CIF_INDV_ADD_INF",
    "S_OFCR_TF_CIF_PUB_BLACK_LIST",
    "S_OFCR_TF_CIF_STOCK_HOLDER_INF",
    "S_OFCR_TF_CIF_VIP_OFFICER",
    "S_OFCR_TF_MDM_AC_REL",
    "S_OFCR_TF_SMS_SIGN_MAST",
    "S_OFCR_TF_SMS_TELNO_LST",
    "S_OFCR_XF_STCAP_GL_TXNS_MMDD",
}
"""Of something else, with all columns that one of ours must have: which one is asked about."""
LACKING = {
    "S_HRMS_TB_STA_EMP",
    "S_LOAN_XCDMX1",
    "S_LOAN_XCZCY",
    "S_MBNK_MB_CSTINF",
    "S_NIBS_AGENT_DRLS",
    "S_OFCR_CH_PROD_MAST",
    "S_OFCR_GLM_ACCT_BAL_HIS",
    "S_OFCR_GLM_NOBOOK",
    "S_OFCR_LN_PROD_MAST",
}
"""Told which column they lack: masters of products, which 产品目录 would be made from, among them."""


def test_none_of_a_unions_other_tables_is_taken() -> None:
    assert FOLDER is not None
    headers: dict[str, list[str]] = defaultdict(list)
    with (FOLDER / "dictionary" / "tables.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            headers[row["表英文名"]].append(row["列中文名称"])
    assert len(headers) == 211
    taken, told = {}, defaultdict(set)
    for name, names in headers.items():
        found = Finder().find([names])
        if found is not None:
            taken[name] = found.match.table.key
        else:
            told[tell_unknown("", name, [names], 1, Finder()).finding.code].add(name)
    assert taken == TAKEN
    assert told["intake.table-doubtful"] == ASKED
    assert told["intake.column-missing"] == LACKING
    assert len(told["intake.table-unknown"]) == 211 - len(TAKEN) - len(ASKED) - len(LACKING)

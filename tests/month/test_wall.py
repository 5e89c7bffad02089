"""What is put on the wall tells no finding that names somebody's pay."""

from __future__ import annotations

import re

from kehujingli.errors.catalogue import KINDS
from kehujingli.month import outputs

_NAMES_PAY = re.compile(r"(应发|兑付|停止支付|扣回|预发|绩效标准).*元")


def test_a_sentence_with_an_amount_of_pay_is_left_out() -> None:
    told = [code for code, kind in KINDS.items() if code.startswith("score.") and kind.level != "error"]
    naming = {code for code in told if _NAMES_PAY.search(KINDS[code].sentence)}
    assert "score.pool-exceeded" in naming
    assert naming <= set(outputs._OF_PAY)

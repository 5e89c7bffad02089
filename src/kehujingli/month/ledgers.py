"""Which signals does a month keep, so that the next one can say what came true?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli.errors import Problem
from kehujingli.month.studies import ask

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month.order import Month


def signals_kept(month: Month) -> Mapping[str, pd.DataFrame]:
    """``signal_ledger`` and ``signal_record``; nothing where the month has no signals, for no customer was classed."""
    from kehujingli.studies.signals import LEDGER

    try:
        return ask(month, LEDGER).frames
    except Problem:
        return {}

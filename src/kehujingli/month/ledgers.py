"""Which signals does a month keep, so that the next one can say what came true?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kehujingli.errors import Problem
from kehujingli.month.keep import flow_frames
from kehujingli.month.studies import ask

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month.order import Month


def signals_kept(month: Month) -> Mapping[str, pd.DataFrame]:
    """``flows`` and ``notable`` where there are postings, and what they and the books come to: ``signal_ledger`` and ``signal_record``, where customers were classed."""
    from kehujingli.studies.signals import LEDGER

    flows = flow_frames(month)
    try:
        return {**flows, **ask(month, LEDGER, given=flows).frames}
    except Problem:
        return flows

"""Which kinds of errors are there? All subjects together, in the order of a month."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.allocation import ALLOCATION
from kehujingli.errors.annex import ANNEX
from kehujingli.errors.assign import ASSIGN
from kehujingli.errors.engines import ENGINES
from kehujingli.errors.handover import HANDOVER
from kehujingli.errors.intake import INTAKE
from kehujingli.errors.kinds import Kind
from kehujingli.errors.leads import LEADS
from kehujingli.errors.market import MARKET
from kehujingli.errors.offers import OFFERS
from kehujingli.errors.packs import PACKS
from kehujingli.errors.payroll import PAYROLL
from kehujingli.errors.people import PEOPLE
from kehujingli.errors.period import PERIOD
from kehujingli.errors.postings import POSTINGS
from kehujingli.errors.profile import PROFILE
from kehujingli.errors.rules import RULES
from kehujingli.errors.score import SCORE
from kehujingli.errors.service import SERVICE
from kehujingli.errors.sources import SOURCES
from kehujingli.errors.studies import STUDIES
from kehujingli.errors.tables import TABLES
from kehujingli.errors.visits import VISITS

KINDS: Mapping[str, Kind] = {
    **INTAKE,
    **POSTINGS,
    **TABLES,
    **RULES,
    **ANNEX,
    **ASSIGN,
    **HANDOVER,
    **SCORE,
    **PERIOD,
    **STUDIES,
    **PEOPLE,
    **PACKS,
    **PAYROLL,
    **PROFILE,
    **ALLOCATION,
    **LEADS,
    **MARKET,
    **VISITS,
    **SERVICE,
    **OFFERS,
    **ENGINES,
    **SOURCES,
}

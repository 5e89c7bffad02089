"""客户经理: a rural bank's month, from exports to explained scores."""

__version__ = "0.1.0"

"""How does a month come about, and what does it leave? The room of the main line: ``order`` has its steps, ``opening`` what they begin with."""

from kehujingli.month.opening import Request, open_month, read_exports
from kehujingli.month.order import Month

__all__ = ["Month", "Request", "open_month", "read_exports"]

"""Which version of the program is this? In a file of its own, so that those who print it do not import the whole door."""

from __future__ import annotations

__version__ = "0.1.0"

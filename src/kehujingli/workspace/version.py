"""Which version of the program writes what lies on disk? In a file of its own, so that those who print it import nothing else."""

from __future__ import annotations

__version__ = "0.1.0"

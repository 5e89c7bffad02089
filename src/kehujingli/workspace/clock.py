"""Who is at the keyboard, and what time is it? Only the log, the locks and the notes beside a result ask; no figure does."""

from __future__ import annotations

import getpass
from datetime import datetime


def system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "未知"


def now() -> datetime:
    """The only clock: for the log and the lock, never for a figure."""
    return datetime.now().astimezone()


def local_time(at: str) -> str:
    """2026-10-31T08:05:00+00:00 → 2026-10-31 16:05, as the clock on this wall stood; as it is where it is no time."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return at

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

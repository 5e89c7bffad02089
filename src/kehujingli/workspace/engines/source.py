"""Where do postings lie that are linked already? In a folder of Parquet, or in a table of a database that a cluster reads by JDBC."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from kehujingli.errors import Problem, problem

JDBC, DEFAULT_TABLE = "jdbc:", "transactions"
USER, PASSWORD, DRIVER = "KEHUJINGLI_JDBC_USER", "KEHUJINGLI_JDBC_PASSWORD", "KEHUJINGLI_JDBC_DRIVER"
"""Environment variables: what is typed on a command line is seen among the processes."""
_TABLE = re.compile(r'[\w$]+(?:\.[\w$]+){0,2}|(?:"[^"]+"\.)*"[^"]+"')
_SECRET = re.compile(r"(?i)(?:password|passwd|pwd)\s*=|//[^/@\s]*:[^/@\s]*@")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+://")


@dataclass(frozen=True)
class Source:
    """``where``: a folder or file of Parquet, a cluster's address of one, or a JDBC URL; ``table``: of a database."""

    where: str
    table: str = ""

    @property
    def jdbc(self) -> bool:
        return bool(self.table)

    @property
    def shown(self) -> str:
        return f"{self.where}#{self.table}" if self.jdbc else self.where

    @property
    def elsewhere(self) -> bool:
        """Whether only a cluster can say what lies there."""
        return self.jdbc or _ELSEWHERE.match(self.where) is not None

    def files(self) -> list[Path]:
        """The Parquet files of a folder here, without what Spark leaves beside them. Raises ``source.unreadable``."""
        path = Path(self.where)
        if not path.exists():
            raise unreadable(self, "没有这个文件或目录", "请核对路径。")
        found = [path] if path.is_file() else [one for one in sorted(path.rglob("*.parquet")) if _counts(one, path)]
        if not found:
            raise unreadable(
                self, "里面没有 .parquet 文件", "请写放着挂接好的流水的那个目录；原始导出请放进 exports/。"
            )
        return found


def source_of(text: str | None, engine: str) -> Source | None:
    """As typed behind ``--source``; ``engine``: by its name. Raises ``option.bad``."""
    if text is None:
        return None
    given = text.strip()
    if not given:
        raise _bad(text, "是空的", "请写放着 Parquet 的目录，或 jdbc:…#表名。")
    if not given.startswith(JDBC):
        elsewhere = _ELSEWHERE.match(given)
        if elsewhere and engine != "spark":
            raise _bad(given, "只有集群读得到", "请同时写 --engine spark，或写本机的目录。")
        return Source(given if elsewhere else str(Path(given).expanduser().resolve()))
    where, _, table = given.partition("#")
    table = table.strip() or DEFAULT_TABLE
    if _SECRET.search(given):
        cure = f"请把用户写进环境变量 {USER}，密码写进 {PASSWORD}，地址里不写。"
        raise _bad(where.split("?")[0].split(";")[0].split("@")[-1], "地址里有密码，别人看进程就看得到", cure)
    if _TABLE.fullmatch(table) is None:
        raise _bad(given, "# 后面不是表名", "请写一张表或视图的名字，如 jdbc:postgresql://主机:5432/库#模式.表。")
    if engine != "spark":
        raise _bad(
            given, "数据库由 Spark 去读", "请同时写 --engine spark --master 地址，或先导成 Parquet，写它的目录。"
        )
    return Source(where, table)


def source_in(shown: str) -> Source:
    """The source that a run wrote down, by what was shown of it."""
    where, _, table = shown.partition("#") if shown.startswith(JDBC) else (shown, "", "")
    return Source(where, table)


def login() -> dict[str, str]:
    """What the reader of a database is told beside the address, from the environment."""
    names = {"user": USER, "password": PASSWORD, "driver": DRIVER}
    return {option: value for option, name in names.items() if (value := os.environ.get(name))}


def unreadable(source: Source, detail: str, cure: str) -> Problem:
    return problem("source.unreadable", where=source.shown, detail=detail, cure=cure)


def first_line(error: Exception) -> str:
    """What a library says, in one line that fits into a sentence."""
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return said[:200].rstrip("。.")


def _bad(value: str, detail: str, cure: str) -> Problem:
    return problem("option.bad", option="--source", value=value, detail=detail, cure=cure)


def _counts(file: Path, root: Path) -> bool:
    """Names that begin with _ or . are what a writer left behind, by the custom of those who write Parquet."""
    return not any(part.startswith(("_", ".")) for part in file.relative_to(root).parts)

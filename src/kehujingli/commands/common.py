"""What do all commands share? Finding the workspace, a ledger for bare files, and showing what a person should look at."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Exit, Finding, needs_person, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.intake.ledger import Ledger
from kehujingli.workspace import Workspace

if TYPE_CHECKING:
    from kehujingli.month import Request
    from kehujingli.month.watching import Watch


@dataclass(frozen=True)
class Common:
    """The options that every command on exports has."""

    paths: Sequence[Path] = ()
    workspace: Path | None = None
    period: str | None = None
    as_of: str | None = None
    rules: Path | None = None
    output: Path | None = None
    json: bool = False
    quiet: bool = False
    dry_run: bool = False
    unmask: bool = False
    password_file: Path | None = None
    operator: str | None = None
    engine: str = "duckdb"
    master: str | None = None
    source: str | None = None


def workspace_of(common: Common, *, needed: bool) -> Workspace | None:
    """The workspace named by -w, or the one around the current folder. Raises ``workspace.not-one``, and ``workspace.missing`` where one is needed."""
    if common.workspace is not None:
        root = common.workspace.resolve()
        found = Workspace.find(root)
        if found is None or found.root != root:
            detail = "不是工作区（没有 rules/ 和 exports/）" if root.exists() else "不存在"
            raise problem("workspace.not-one", path=common.workspace, detail=detail)
    elif common.paths and not needed:
        return None
    else:
        found = Workspace.find(Path.cwd())
    if found is None:
        if needed:
            raise problem("workspace.missing")
        return None
    found.finish()
    return replace(found, acting=(common.operator or "").strip())


def request_of(common: Common, workspace: Workspace | None, **more: Any) -> Request:
    from kehujingli.month import Request

    return Request(
        tuple(common.paths),
        workspace,
        period_text(common.period),
        as_of_date(common.as_of),
        common.rules,
        passwords=passwords_of(common),
        ask=asker(common),
        engine=common.engine,
        master=common.master,
        source=common.source,
        **more,
    )


def passwords_of(common: Common) -> tuple[str, ...]:
    """The lines of ``--password-file``. Raises ``option.bad``."""
    if common.password_file is None:
        return ()
    from kehujingli.intake.files.text import decode

    try:
        text = decode(common.password_file.read_bytes())
    except (OSError, UnicodeDecodeError):
        raise problem(
            "option.bad",
            option="--password-file",
            value=common.password_file,
            detail="读不出来",
            cure="请写成一行一个密码的文本文件。",
        ) from None
    return tuple(line.rstrip("\r") for line in text.split("\n") if line.strip())


def asker(common: Common) -> Callable[[str], str] | None:
    """How to ask for a password: only where somebody sits at the terminal."""
    if common.password_file is not None or nobody_there(common):
        return None

    def ask(file: str) -> str:
        import getpass

        return getpass.getpass(f"《{file}》的密码（回车跳过）：", stream=sys.stderr)

    return ask


def nobody_there(common: Common) -> bool:
    """Whether nobody can be asked: no terminal, or JSON or silence is wanted."""
    return common.quiet or common.json or not (sys.stdin.isatty() and sys.stderr.isatty())


def asked(common: Common, question: str) -> str:
    """An answer from the terminal; nothing where nobody sits at one, or it was closed."""
    ask: Callable[[str], str] = input
    if nobody_there(common):
        return ""
    sys.stderr.write(question)
    sys.stderr.flush()
    return ask("")


def period_text(text: str | None) -> str | None:
    """``2026-10``, also 202610 and 2026年10月. Raises ``option.bad``."""
    if text is None:
        return None
    from kehujingli.periods import month_name, parse_month

    digits = "".join(ch if ch.isdigit() else " " for ch in text).split()
    joined = (
        f"{digits[0]}-{digits[1].zfill(2)}"
        if len(digits) == 2
        else (f"{digits[0][:4]}-{digits[0][4:]}" if len(digits) == 1 and len(digits[0]) == 6 else text)
    )
    try:
        return month_name(parse_month(joined))
    except ValueError:
        raise problem("option.bad", option="--period", value=text, detail="不是月份", cure="请写成 2026-10。") from None


def as_of_date(text: str | None, option: str = "--as-of") -> date | None:
    """``2026-10-31``, also 20261031, 2026/10/31 and 2026年10月31日. Raises ``option.bad``."""
    if text is None:
        return None
    digits = "".join(ch if ch.isdigit() else " " for ch in text).split()
    joined = "-".join(part.zfill(2) for part in digits) if len(digits) == 3 else text.strip()
    try:
        return date.fromisoformat(joined)
    except ValueError:
        raise problem("option.bad", option=option, value=text, detail="不是日期", cure="请写成 2026-10-31。") from None


def log_unmask(workspace: Workspace | None, common: Common, command: str, **facts: Any) -> None:
    """Whoever asks for names in full is written down, where there is a workspace to write it in."""
    if common.unmask and workspace is not None:
        from kehujingli.workspace.log import note_log

        note_log(workspace, "unmask", command=command, **facts)


@contextlib.contextmanager
def watching(common: Common, log_json: Path | None = None, *, bar: bool = True, ready: bool = False) -> Iterator[Watch]:
    """Who is told how far the work is: a bar where somebody looks, lines of JSON where they were asked for.

    ``ready``: whether what will be missing is said first.
    """
    from kehujingli.month import bar as progress
    from kehujingli.month.watching import All, JsonLines, Told, tell_error

    watches: list[Watch] = [JsonLines(log_json)] if log_json is not None else []
    if bar and progress.wanted(quiet=common.quiet, json=common.json):
        watches.append(progress.Bar())
    if ready and not common.quiet and not common.json:
        watches.append(Told())
    watch = All(watches)
    try:
        yield watch
    except Exception as error:
        tell_error(watch, error)
        raise
    finally:
        watch.close()


@contextlib.contextmanager
def ledger_for(workspace: Workspace | None) -> Iterator[Ledger]:
    """The workspace's ledger, or one that lasts as long as the command."""
    if workspace is not None:
        workspace.make_cache()
        yield workspace.ledger
        return
    with scratch() as folder:
        yield Ledger(folder)


def exit_of(findings: Sequence[Finding], accepted: Sequence[str] = ()) -> Exit:
    return Exit.ATTENTION if needs_person(findings, accepted) else Exit.DONE


def show_findings(findings: Sequence[Finding], common: Common, *, notes: bool = False) -> None:
    """What a person should look at, to stderr; mere notes where asked."""
    from kehujingli.commands.console import talk_findings

    if not common.quiet and not common.json:
        talk_findings(findings, notes=notes)


def output_path(common: Common, name: str) -> Path:
    """Where a command's workbook goes: -o FILE, -o FOLDER, or the current folder. Raises ``option.bad``."""
    if common.output is None:
        return Path.cwd() / name
    if common.output.is_dir() or not common.output.suffix:
        return common.output / name
    if common.output.suffix.casefold() != ".xlsx":
        raise problem(
            "option.bad",
            option="-o",
            value=common.output,
            detail="不是 .xlsx",
            cure="工作簿请写成 .xlsx，或写一个目录。",
        )
    return common.output

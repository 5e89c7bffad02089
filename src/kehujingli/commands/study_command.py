"""How is a study typed? Its command, made from its declaration."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from kehujingli.commands.common import Common
from kehujingli.commands.options import OF_EXPORTS, leave, typed
from kehujingli.studies import declared
from kehujingli.studies.study import Option

SINCE = Option("since", "月份", "和哪个月比，如 2026-06；不写就是上个月")
_ONLY = Annotated[str | None, typer.Option("--list", metavar="名称", help="只要这一张表，英文名中文名都可")]


def study_command(key: str) -> Callable[..., None]:
    """The command of one study: options of every command on exports, its own, ``--format`` and ``--list``."""
    asked = declared(key)
    examples = asked.examples or (f"kehujingli {key}", f"kehujingli {key} --period 2026-10 -o {asked.label}.xlsx")
    return typed("style", *OF_EXPORTS, first=("paths",), examples="\n".join(examples))(_function(key, asked.options))


def _function(key: str, options: tuple[Option, ...]) -> Callable[..., None]:
    def ask(common: Common, style: str, only: str | None, **given: Any) -> None:
        from kehujingli.commands.study import run

        leave(run(common, key, style, only, given))

    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [_parameter(option) for option in options]
    if declared(key).compares:
        own.append(_parameter(SINCE))
    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("common", keyword, annotation=Common),
            inspect.Parameter("style", keyword, annotation=str),
            *own,
            inspect.Parameter("only", keyword, annotation=_ONLY, default=None),
        ]
    )
    return ask


def _parameter(option: Option) -> inspect.Parameter:
    named = typer.Option(f"--{option.name.replace('_', '-')}", metavar=option.metavar or None, help=option.help)
    kind: Any = (list[str] if option.many else option.kind) | None
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind, named], default=None
    )

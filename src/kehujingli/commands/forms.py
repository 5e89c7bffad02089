"""What does forms do? The workbooks of all that people type, with this month's people and items begun in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.commands.studies import has_form
from kehujingli.errors import Exit, problem
from kehujingli.lists.forms import Form, Post, form_of, forms_to_fill, profile_form
from kehujingli.periods import Period
from kehujingli.rules.schemes import IncentiveRules
from kehujingli.studies import exports_asked
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.results import Results


def forms(common: Common, named: list[str], manager: str | None = None) -> Exit:
    """The forms named, or all that are not there yet, into a folder. Nothing is overwritten. ``manager``: whose customers' files are begun."""
    if manager is not None:
        return _profiles(common, named, manager)
    workspace = workspace_of(common, needed=common.workspace is not None)
    period = _period(common, workspace)
    known = {form.label: form for form in _every(workspace, period)}
    folder = common.output or (workspace.forms if workspace else Path("表单"))
    wanted = [_form(name, known) for name in named] or list(known.values())
    there = [path for path in (folder / f"{form.label}.xlsx" for form in wanted) if path.exists()]
    if named and there:
        cure = "请先移走它，或用 -o 写到别的目录。"
        raise problem("option.bad", option="-o", value=there[0], detail="已经有了，不覆盖", cure=cure)
    written = write_forms(folder, [form for form in wanted if folder / f"{form.label}.xlsx" not in there])
    if common.json:
        told = {"period": period, "outputs": [str(path) for path in written], "there": [str(path) for path in there]}
        say_json(told)
        return Exit.DONE
    say(*(f"写出  {path}" for path in written))
    if there:
        say(f"已有  {'、'.join(path.name for path in there)}（没有动）")
    read = workspace is not None and folder.resolve() == workspace.forms.resolve()
    say(
        f"填好{'留在这里' if read else '放进工作区的 表单/ 或 exports/'}，kehujingli run 就会读；怎样写见每张表的「填写说明」。"
    )
    return Exit.DONE


def _profiles(common: Common, named: list[str], manager: str) -> Exit:
    """客户档案_工号.xlsx with a line for every item that the newest kept month lacks of the manager's customers."""
    from kehujingli.answers.statement import safe_name
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.studies.profile import Rules, to_fill
    from kehujingli.workbooks.forms import write_form
    from kehujingli.workspace.files import place_file
    from kehujingli.workspace.results import results_of

    label = terms.BY_KEY["profile"].label
    if named and [terms.table_named(name) for name in named] != ["profile"]:
        cure = f"只写 kehujingli forms {label} --manager {manager}。"
        raise problem("option.bad", option="--manager", value=manager, detail=f"只有{label}按人写", cure=cure)
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    kept = KeptPeriod(workspace, results_of(workspace, period_text(common.period)))
    classes, profile, household = (kept.take(name) for name in ("classes", "profile", "household"))
    assert classes is not None
    own = classes[(classes["holder_id"] == manager) | (classes["manager_name"] == manager)]
    people = sorted(own["holder_id"].dropna().unique())
    if len(people) != 1:
        cure = "请写在管客户的工号。" if not people else f"请写工号：{'、'.join(people)}。"
        detail = "名下没有客户" if not people else "有几个人叫这个名字"
        raise problem("option.bad", option="--manager", value=manager, detail=detail, cure=cure)
    lacking = to_fill(own, profile, household, period=kept.period, rules=kept.rules.study("profile", Rules))
    columns = ["customer_id", "customer_name", "profile_kind", "profile_item", "content_unit"]
    rows = lacking[columns].astype("object").where(lacking[columns].notna(), "").astype(str).to_dict("records")
    target = (common.output or workspace.forms) / f"{safe_name(label, people[0])}.xlsx"
    if target.exists():
        raise problem(
            "option.bad",
            option="-o",
            value=target,
            detail="已经有了，不覆盖",
            cure="请先移走它，或用 -o 写到别的目录。",
        )
    with workspace.staging() as staged:
        write_form(staged / target.name, profile_form([{str(k): v for k, v in row.items()} for row in rows], people[0]))
        place_file(staged / target.name, target)
    if common.json:
        say_json({"period": kept.period.name, "outputs": [str(target)], "there": []})
    else:
        say(f"{kept.period.name} {label} {len(own):,} 户里缺 {len(rows):,} 项", f"写出  {target}")
    return Exit.DONE


def write_forms(folder: Path, forms: Iterable[Form]) -> list[Path]:
    """One workbook a form. Raises ``output.failed``."""
    from kehujingli.workbooks.forms import write_form

    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [write_form(folder / f"{form.label}.xlsx", form) for form in forms]
    except OSError as error:
        raise problem("output.failed", path=folder, detail=error.strerror or error) from None


def _every(workspace: Workspace | None, period: str) -> list[Form]:
    begun = forms_to_fill(_scheme(workspace, period), _posts(workspace), period)
    return [*begun, *(form_of(terms.BY_KEY[name]) for name in exports_asked() if has_form(name))]


def _period(common: Common, workspace: Workspace | None) -> str:
    """The month asked for, else the one after the newest that was run, else this month."""
    if common.period:
        return str(period_text(common.period))
    names = workspace.period_names() if workspace else []
    return Period.of(names[-1]).back(-1).name if names else f"{now():%Y-%m}"


def _scheme(workspace: Workspace | None, period: str) -> IncentiveRules | None:
    """The scheme in force on the month's last day; the shipped example where there is no workspace."""
    from kehujingli.rules import EXAMPLE, load_rules, rules_in_force

    path = rules_in_force(workspace.rules, Period.of(period).as_of) if workspace else EXAMPLE
    return load_rules(path).rules.incentive


def _posts(workspace: Workspace | None) -> list[Post]:
    """Who was on the roster of the newest month that was run."""
    names = workspace.period_names() if workspace else []
    roster = Results.of(workspace, names[-1]).frame("managers") if workspace and names else None
    if roster is None:
        return []
    told = roster[["manager_id", "name", "branch_id"]].fillna("").astype(str).drop_duplicates("manager_id")
    return [Post(*row) for row in told.sort_values(["branch_id", "manager_id"]).itertuples(index=False)]


def _form(name: str, known: dict[str, Form]) -> Form:
    if name in known:
        return known[name]
    key = terms.table_named(name)
    if key is None:
        labels = dict.fromkeys([*known, *(table.label for table in terms.TABLES)])
        raise problem("option.bad", option="表", value=name, detail="没有这张表", cure=f"有：{'、'.join(labels)}。")
    return known.get(terms.BY_KEY[key].label) or form_of(terms.BY_KEY[key])


@typed(
    "workspace",
    "period",
    "output",
    "json",
    period=Annotated[
        str | None, typer.Option("--period", metavar="月份", help="填哪一月的；不写就是跑过的最近一月的下一月")
    ],
    output=Annotated[
        Path | None, typer.Option("-o", "--output", metavar="目录", help="写到哪里；不写就写进工作区的 表单/")
    ],
    examples="kehujingli forms\nkehujingli forms 任务数 走访计划 --period 2026-11 -o 下发\nkehujingli forms 客户档案 --manager M0012",
)
def typed_forms(
    common: Common,
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[表]...", help="哪些表；不写就是要人填的各张里还没有的", show_default=False),
    ] = None,
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="客户经理", help="客户档案：只写这人名下户还缺的项目，一项一行；工号或姓名"),
    ] = None,
) -> None:

    leave(forms(common, named or [], manager))

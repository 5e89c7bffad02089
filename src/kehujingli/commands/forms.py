"""What does forms do? The workbooks of all that people type, with this month's people and items begun in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehujingli import terms
from kehujingli.commands.common import Common, period_text, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.commands.options import leave, typed
from kehujingli.commands.studies import has_form
from kehujingli.errors import Exit, problem
from kehujingli.intake.files.scratch import scratch
from kehujingli.lists.forms import Form, Post, form_of, forms_to_fill, profile_form, survey_form
from kehujingli.periods import Period
from kehujingli.rules.schemes import IncentiveRules
from kehujingli.studies import exports_asked
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.answers.studies import KeptPeriod


def forms(common: Common, named: list[str], manager: str | None = None) -> Exit:
    """The forms named, or all that are not there yet, into a folder. Nothing is overwritten. ``manager``: for whom 客户档案 or 需求调查 is begun."""
    if manager is not None:
        return _of_manager(common, named, manager)
    workspace = workspace_of(common, needed=common.workspace is not None)
    period = _period(common, workspace)
    known = {form.label: form for form in _every(workspace, period)}
    wanted = [_form(name, known) for name in named] or list(known.values())
    folder = common.output or (workspace.forms if workspace else Path("表单"))
    book = ""
    if folder.suffix.lower() == ".xlsx":
        folder, book = folder.parent, _book(folder, wanted)
    there = [path for path in (folder / f"{book or form.label}.xlsx" for form in wanted) if path.exists()]
    if named and there:
        cure = "请先移走它，或用 -o 写到别的目录。"
        raise problem("option.bad", option="-o", value=there[0], detail="已经有了，不覆盖", cure=cure)
    fresh = [form for form in wanted if folder / f"{book or form.label}.xlsx" not in there]
    written = write_forms(folder, fresh, book)
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


def _book(asked: Path, wanted: list[Form]) -> str:
    """The name of the workbook that one form goes into. Raises ``option.bad`` where there are several."""
    if len(wanted) != 1:
        cure = "请写一个目录；要写进一个文件的，只写一张表的名称。"
        raise problem("option.bad", option="-o", value=asked, detail=f"{len(wanted)} 张表写不进一个文件", cure=cure)
    return asked.stem


def _of_manager(common: Common, named: list[str], manager: str) -> Exit:
    """客户档案_工号.xlsx or 需求调查_工号.xlsx, begun from the newest kept month: what the files of the manager's customers lack, or whom to ask what."""
    from kehujingli.answers.statement import safe_name
    from kehujingli.answers.studies import KeptPeriod
    from kehujingli.workbooks.forms import write_form
    from kehujingli.workspace.files import place_file
    from kehujingli.workspace.results import results_of

    keys = [terms.table_named(name) for name in named] or ["profile"]
    if len(keys) != 1 or keys[0] not in ("profile", "survey"):
        labels = [terms.BY_KEY[key].label for key in ("profile", "survey")]
        cure = f"只写 {'、'.join(labels)} 中的一张，如 kehujingli forms {labels[0]} --manager {manager}。"
        detail = f"只有{'、'.join(labels)}按人写"
        raise problem("option.bad", option="--manager", value=manager, detail=detail, cure=cure)
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    kept = KeptPeriod(workspace, results_of(workspace, period_text(common.period)))
    classes = kept.take("classes")
    assert classes is not None
    own = classes[(classes["holder_id"] == manager) | (classes["manager_name"] == manager)]
    people = sorted(own["holder_id"].dropna().unique())
    if len(people) != 1:
        cure = "请写在管客户的工号。" if not people else f"请写工号：{'、'.join(people)}。"
        detail = "名下没有客户" if not people else "有几个人叫这个名字"
        raise problem("option.bad", option="--manager", value=manager, detail=detail, cure=cure)
    form, told = _lacking(kept, own, people[0]) if keys[0] == "profile" else _asked(kept, classes, people[0])
    folder = common.output or workspace.forms
    target = folder if folder.suffix.lower() == ".xlsx" else folder / f"{safe_name(form.label, people[0])}.xlsx"
    if target.exists():
        cure = "请先移走它，或用 -o 写到别的目录。"
        raise problem("option.bad", option="-o", value=target, detail="已经有了，不覆盖", cure=cure)
    with workspace.staging() as staged:
        write_form(staged / target.name, form)
        place_file(staged / target.name, target)
    if common.json:
        say_json({"period": kept.period.name, "outputs": [str(target)], "there": []})
    else:
        say(f"{kept.period.name} {form.label} {told}", f"写出  {target}")
    return Exit.DONE


def _lacking(kept: KeptPeriod, own: pd.DataFrame, manager: str) -> tuple[Form, str]:
    from kehujingli.studies.profile import Rules, to_fill

    tables = kept.take("profile"), kept.take("household")
    rows = to_fill(own, *tables, period=kept.period, rules=kept.rules.study("profile", Rules))
    columns = ["customer_id", "customer_name", "profile_kind", "profile_item", "content_unit"]
    return profile_form(_texts(rows[columns]), manager), f"{len(own):,} 户里缺 {len(rows):,} 项"


def _asked(kept: KeptPeriod, classes: pd.DataFrame, manager: str) -> tuple[Form, str]:
    from kehujingli.studies.survey import Rules, to_ask

    rules = kept.rules.study("survey", Rules)
    rows = to_ask(classes, period=kept.period, rules=rules)
    rows = rows[rows["holder_id"] == manager]
    form = survey_form(_texts(rows[["customer_id", "customer_name", "question", "text"]]), manager, kept.period.name)
    return form, f"抽中 {rows['customer_id'].nunique():,} 户，每户 {len(rules.questions)} 题"


def _texts(rows: pd.DataFrame) -> list[dict[str, str]]:
    filled = rows.astype("object").where(rows.notna(), "").astype(str)
    return [{str(key): value for key, value in row.items()} for row in filled.to_dict("records")]


def write_forms(folder: Path, forms: Iterable[Form], book: str = "") -> list[Path]:
    """One workbook a form, under its label or as ``book``, each there only when it is whole. Raises ``output.failed``."""
    from kehujingli.workbooks.forms import write_form
    from kehujingli.workspace.files import place_file

    written = []
    with scratch() as staged:
        for form in forms:
            target = folder / f"{book or form.label}.xlsx"
            place_file(write_form(staged / target.name, form), target)
            written.append(target)
    return written


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
        typer.Option(
            "--manager",
            metavar="客户经理",
            help="客户档案：这人名下户还缺的项目；需求调查：抽中的户要问的题。工号或姓名",
        ),
    ] = None,
) -> None:

    leave(forms(common, named or [], manager))

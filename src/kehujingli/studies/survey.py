"""需求调查：该问谁，问回来要什么、还没有什么？按户群分层抽样，种子留着能重抽；供需缺口，和利率、方便、安全、服务的重要性与满意度。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.measures.ebank import as_holdings
from kehujingli.periods import Period
from kehujingli.rules.schemes import Positive
from kehujingli.rules.shapes.base import Strict
from kehujingli.studies.customers.sample import Way, cells_of, drawn
from kehujingli.studies.placing import at, several
from kehujingli.studies.study import Answer, Chart, Option, Study, StudyList
from kehujingli.tables.frames import in_force
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import among, places, told_at, told_of

if TYPE_CHECKING:
    import pandas as pd

_PARTS = re.compile(r"[、，,；;/／|\s]+")
_NONE = ("无", "没有", "不需要", "暂无", "否")
QUADRANTS = {
    "improve": "着力改进",
    "keep": "继续保持",
    "later": "不急",
    "enough": "可以少投入",
}


class Question(Strict):
    """问什么。"""

    id: str = Field(description="这一题的编号,表单上的题号")
    text: str = Field(description="问题")
    kind: Literal["product", "aspect", "open"] = Field(
        "open", description="product 问要哪些产品;aspect 问重要性、满意度;open 照录"
    )


USUAL = (
    Question(id="Q1", text="还想在本行办哪些业务", kind="product"),
    Question(id="利率高低", text="存贷款利率", kind="aspect"),
    Question(id="方便", text="办理方便", kind="aspect"),
    Question(id="安全", text="资金安全", kind="aspect"),
    Question(id="服务", text="服务态度和质量", kind="aspect"),
)
_Named = Annotated[tuple[Question, ...], Field(min_length=1)]


class Rules(Strict):
    """需求调查。"""

    size: Positive = Field(200, description="一共问多少户")
    least: int = Field(5, ge=0, description="每个户群至少问几户,不够的全问")
    way: Way = Field(
        "proportional", description="proportional 按户数分;neyman 按户数 × 业务规模的离散程度分,大小悬殊的户群多问"
    )
    seed: str = Field("", description="抽签的种子;空着用月份,同一种子抽出来的总是同一批")
    questions: _Named = Field(USUAL, description="问哪些")
    enough: Positive = Field(5, description="一个户群至少回答几户,才推到它的全部客户")
    answers: Positive = Field(12, description="用最近几个月的回答")


def survey(
    classes: pd.DataFrame,
    survey: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    ebank: pd.DataFrame | None = None,
    *,
    period: Period,
    rules: Rules,
    seed: str = "",
) -> Answer:
    """All as a month keeps them; days since 1970. A channel of 电子渠道 is held as the product of its name. ``seed`` instead of the rules' own."""
    who = ["customer_id", "customer_name", "customer_type", "group", "branch_id", "branch_name", "holder_id"]
    people = classes.loc[classes["group"].notna(), [*who, "manager_name", "scale_amount"]]
    cells = cells_of(people, rules.size, rules.least, rules.way)
    lot = seed or rules.seed or period.name
    chosen = drawn(people, cells, lot)
    told, findings = (None, []) if survey is None else _answers(survey, people, period, rules)
    answered = set() if told is None else set(told["customer_id"])
    products = _products(told, people, _held(holdings, ebank, period), rules) if told is not None else None
    aspects = _aspects(told, rules) if told is not None else None
    frames = {
        "survey_cells": _cells(cells, people, answered),
        "survey_sample": chosen.assign(
            asked=among(chosen["customer_id"], _texts(sorted(answered))), number=range(1, len(chosen) + 1)
        ),
        "survey_gap": _empty(_GAP) if products is None else products,
        "survey_aspects": _empty(_ASPECTS) if aspects is None else aspects,
        "survey_answers": _empty(_ANSWERS) if told is None else _said(told, people),
    }
    return Answer(frames, _lines(cells, lot, rules, told, frames), findings)


def _texts(values: Sequence[str]) -> pd.Series:
    import pandas as pd

    return pd.Series(values, dtype="str")


def _empty(columns: tuple[ListColumn, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="object") for name in keys(columns)})


def _answers(
    rows: pd.DataFrame, people: pd.DataFrame, period: Period, rules: Rules
) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a customer and question, the newest; what does not count is told."""
    import pandas as pd

    begun = rows[["answer", "importance", "satisfaction"]].isna().all(axis=1)
    rows = rows[~begun].assign(question=rows["question"].astype("str").str.strip())
    first = period.first if rules.answers == 1 else period.window_first(rules.answers)
    day = rows["answered_on"].astype("Int64")
    odd, findings = pd.Series("", index=rows.index), []
    for code, those in (
        ("study.survey-undated", day.isna()),
        ("study.survey-nobody", ~among(rows["customer_id"], people["customer_id"])),
        ("study.survey-question", ~rows["question"].isin([one.id for one in rules.questions])),
        ("", ((day > period.last) | (day < first)).fillna(False).astype(bool)),
    ):
        those = those & (odd == "")
        odd = odd.mask(those, code or "old")
        if code and bool(those.any()):
            named = [f"{at(row)}{row['customer_id']} {row['question']}" for row in rows[those].to_dict("records")]
            findings.append(several(code, named))
    kept = rows[odd == ""].drop_duplicates(["customer_id", "question", "answered_on", *_SAID])
    newest = kept[kept["answered_on"] == kept.groupby(["customer_id", "question"])["answered_on"].transform("max")]
    torn = newest.duplicated(["customer_id", "question"], keep=False)
    if bool(torn.any()):
        pairs = dict.fromkeys(f"{row.customer_id} {row.question}" for row in newest[torn].itertuples())
        findings.append(several("study.survey-torn", list(pairs)))
    return newest[~torn].sort_values(["customer_id", "question"], kind="stable", ignore_index=True), findings


_SAID = ("answer", "importance", "satisfaction")


def _cells(cells: pd.DataFrame, people: pd.DataFrame, answered: set[str]) -> pd.DataFrame:
    came = people.loc[among(people["customer_id"], _texts(sorted(answered))), "group"].value_counts()
    return cells.assign(
        answered=cells["group"].map(came).fillna(0).astype("int64"),
        share=cells["sample"] / cells["customers"],
        spread=cells["spread"].round().astype("int64"),
    )


def _held(holdings: pd.DataFrame | None, ebank: pd.DataFrame | None, period: Period) -> pd.DataFrame | None:
    """What has not ended by the period's last day; nothing where 产品签约 is not there, for an opened channel tells of no other product."""
    import pandas as pd

    if holdings is None:
        return None
    pair = ["customer_id", "product"]
    found = [in_force(holdings, period.last)[pair]]
    if ebank is not None:
        found.append(in_force(as_holdings(ebank), period.last)[pair])
    return pd.concat(found, ignore_index=True)


def _products(
    told: pd.DataFrame, people: pd.DataFrame, holdings: pd.DataFrame | None, rules: Rules
) -> pd.DataFrame | None:
    """One row a product: who wants it of those asked, who of them has it, who lacks it; and of all customers, by the size of each 户群.

    ``holdings``: what has not ended."""
    import pandas as pd

    ids = [one.id for one in rules.questions if one.kind == "product"]
    asked = told[told["question"].isin(ids)][["customer_id", "answer"]].dropna()
    if asked.empty:
        return None
    words = asked.assign(product=[_named(text) for text in asked["answer"]]).explode("product")
    wants = words.dropna(subset=["product"])[["customer_id", "product"]].drop_duplicates()
    if wants.empty:
        return None

    def group(who: pd.Series) -> pd.Series:
        return told_of(who, people["customer_id"], people["group"])

    wants = wants.assign(group=group(wants["customer_id"]))
    if holdings is None:
        have = pd.Series(False, index=wants.index)
    else:
        theirs = holdings[among(holdings["customer_id"], wants["customer_id"])]
        pairs = pd.MultiIndex.from_frame(theirs[["customer_id", "product"]].astype("str"))
        have = pd.Series(pd.MultiIndex.from_frame(wants[["customer_id", "product"]]).isin(pairs), index=wants.index)
    wants = wants.assign(have=have.astype("int64"), wanted=1)
    n = group(asked["customer_id"].drop_duplicates()).value_counts()
    whole = people["group"].value_counts()
    every, n = int(n.sum()), n[n >= rules.enough]
    scale = wants["group"].map((whole / n).dropna())
    rows = wants.assign(lacking=1 - wants["have"], all_lacking=scale * (1 - wants["have"]))
    summed = rows.groupby("product", sort=True).agg(
        wanted=("wanted", "sum"), have=("have", "sum"), lacking=("lacking", "sum"), all_lacking=("all_lacking", "sum")
    )
    summed = summed.reset_index().assign(asked=every, covered=int(whole.reindex(n.index).sum()))
    summed = summed.assign(all_lacking=summed["all_lacking"].round().astype("Int64") if len(n) else None)
    if holdings is None:
        summed[["have", "lacking", "all_lacking"]] = None
    return summed.sort_values(["wanted", "product"], ascending=[False, True], kind="stable", ignore_index=True)


def _named(text: str) -> list[str] | None:
    """The products of an answer; a word that says that there is none is none."""
    found = [word for word in _PARTS.split(str(text).strip()) if word and word not in _NONE]
    return found or None


def _aspects(told: pd.DataFrame, rules: Rules) -> pd.DataFrame | None:
    """One row an aspect: how important, how satisfied, on average of those who said both; set against the averages over the aspects (Martilla and
    James 1977)."""
    import numpy as np

    texts = {one.id: one.text for one in rules.questions if one.kind == "aspect"}
    both = told[told["question"].isin(list(texts))].dropna(subset=["importance", "satisfaction"])
    if both.empty:
        return None
    marks = both.assign(**{key: both[key].astype("float64") for key in ("importance", "satisfaction")})
    means = marks.groupby("question", sort=False).agg(
        asked=("customer_id", "size"), importance=("importance", "mean"), satisfaction=("satisfaction", "mean")
    )
    means = means.reindex([one for one in texts if one in means.index]).reset_index()
    weighty = means["importance"] >= means["importance"].mean()
    content = means["satisfaction"] >= means["satisfaction"].mean()
    quadrant = np.select(
        [(weighty & ~content).to_numpy(), (weighty & content).to_numpy(), (~weighty & ~content).to_numpy()],
        ["improve", "keep", "later"],
        default="enough",
    )
    return means.assign(
        quadrant=quadrant, text=means["question"].map(texts), gap=means["importance"] - means["satisfaction"]
    )


def _said(told: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    who = ("customer_name", "customer_type", "group", "branch_name")
    at = places(told["customer_id"], people["customer_id"])
    return told.assign(**{name: told_at(at, people[name], told.index) for name in who})


def _lines(
    cells: pd.DataFrame, lot: str, rules: Rules, told: pd.DataFrame | None, frames: dict[str, pd.DataFrame]
) -> list[str]:
    way = "按户数分" if rules.way == "proportional" else "按户数和业务规模的离散程度分"
    lines = [
        f"抽 {int(cells['sample'].sum()):,} 户，{way}，每个户群至少 {rules.least} 户；种子“{lot}”，同一种子抽出来的是同一批"
    ]
    if told is None:
        return lines
    lines.append(f"回答 {told['customer_id'].nunique():,} 户 {len(told):,} 题")
    gap = frames["survey_gap"]
    if len(gap) and gap["lacking"].notna().any():
        first = gap.sort_values(["lacking", "product"], ascending=[False, True], kind="stable").iloc[0]
        lines.append(
            f"缺口最大的是{first['product']}：{int(first['asked']):,} 户里 {int(first['wanted']):,} 户想要，"
            f"{int(first['lacking']):,} 户还没有" + _of_all(first, rules)
        )
    worst = frames["survey_aspects"]
    poor = worst[worst["quadrant"] == "improve"] if len(worst) else worst
    lines += [
        f"着力改进  {row.text}：重要性 {row.importance:.2f}，满意度 {row.satisfaction:.2f}（{int(row.asked):,} 户）"
        for row in poor.itertuples()
    ]
    return lines


def _of_all(first: pd.Series, rules: Rules) -> str:
    if not first["covered"]:
        return f"；各户群都不到 {rules.enough} 户回答，不往全部客户推"
    return f"；推到 {int(first['covered']):,} 户约 {int(first['all_lacking']):,} 户"


def to_ask(classes: pd.DataFrame, *, period: Period, rules: Rules) -> pd.DataFrame:
    """The sample, one row a customer and question: customer_id, customer_name, question, text, holder_id, manager_name."""
    import pandas as pd

    people = classes.loc[classes["group"].notna()]
    chosen = drawn(people, cells_of(people, rules.size, rules.least, rules.way), rules.seed or period.name)
    asked = pd.DataFrame([(one.id, one.text) for one in rules.questions], columns=["question", "text"])
    columns = ["customer_id", "customer_name", "holder_id", "manager_name"]
    return chosen.sort_values(["holder_id", "customer_id"], kind="stable")[columns].merge(asked, how="cross")


_NAMED = (
    ListColumn("customer_id", "id"),
    ListColumn("customer_name", private="name"),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
)
_CELLS = (
    declared("group", width=18),
    ListColumn("customers", "count", "户数", total=True),
    ListColumn("spread", "yuan", "业务规模标准差"),
    ListColumn("sample", "count", "抽多少户", total=True),
    ListColumn("share", "rate", "抽样比"),
    ListColumn("answered", "count", "已回答户数", total=True, meaning="不在名单里的也算"),
)
_SAMPLE = (
    ListColumn("number", "count", terms.label("place")),
    *_NAMED,
    declared("group", width=18),
    ListColumn("branch_name"),
    ListColumn("holder_id", "id"),
    ListColumn("manager_name", label=terms.label("name", "managers")),
    ListColumn("place", "count", "户群里第几签"),
    ListColumn("asked", "flag", "已回答"),
)
_GAP = (
    ListColumn("product", label=terms.label("product", "holdings"), width=16),
    ListColumn("asked", "count", "问了多少户"),
    ListColumn("wanted", "count", "想要的户数", meaning="回答里写了它的"),
    ListColumn("have", "count", "其中已有的", meaning="产品签约、电子渠道里有，到期末没有解约、注销的"),
    ListColumn("lacking", "count", "还没有的"),
    ListColumn(
        "all_lacking", "count", "推到全部约", meaning="回答够数的各户群：还没有的 × 户群户数 ÷ 问了的户数，加起来"
    ),
    ListColumn("covered", "count", "推及多少户", meaning="回答够数（办法 enough）的各户群的全部客户"),
)
_ASPECTS = (
    ListColumn("question", label=terms.label("question", "survey")),
    ListColumn("text", label=terms.label("asks"), width=18),
    ListColumn("asked", "count", "答了多少户"),
    ListColumn("importance", "number", terms.label("importance", "survey"), meaning="1 到 5 的平均"),
    ListColumn("satisfaction", "number", terms.label("satisfaction", "survey"), meaning="1 到 5 的平均"),
    ListColumn("gap", "number", "重要性减满意度"),
    ListColumn("quadrant", label="怎样办", codes=QUADRANTS, meaning="与各要素的平均比：重要而不满意的着力改进"),
)
_ANSWERS = (
    *_NAMED,
    declared("group", width=18),
    ListColumn("branch_name"),
    ListColumn("question", label=terms.label("question", "survey")),
    ListColumn("answer", label=terms.label("answer", "survey"), private="numbers", width=24),
    ListColumn("importance", "count", terms.label("importance", "survey")),
    ListColumn("satisfaction", "count", terms.label("satisfaction", "survey")),
    ListColumn("answered_on", "date", terms.label("answered_on", "survey"), width=12),
)
STUDY = Study(
    survey,
    (
        StudyList("survey_cells", "需求调查抽样", _CELLS, unit="户"),
        StudyList("survey_sample", "需求调查名单", _SAMPLE, unit="户"),
        StudyList(
            "survey_gap",
            "需求调查缺口",
            _GAP,
            unit="户",
            chart=Chart("bar", "product", ("wanted", "lacking")),
            nothing="没有问要哪些产品的回答。",
        ),
        StudyList(
            "survey_aspects",
            "需求调查要素",
            _ASPECTS,
            unit="分",
            chart=Chart("column", "question", ("importance", "satisfaction")),
            nothing="没有重要性、满意度的回答。",
        ),
        StudyList("survey_answers", "需求调查回答", _ANSWERS, unit="", nothing="没有回答。"),
    ),
    without={
        "survey": "只有该问谁，没有回答。",
        "holdings": "不知道谁已经有了，缺口空着。",
        "ebank": "已开通的渠道只看产品签约。",
    },
    definitions=(
        (
            "抽样",
            "户群是层：户数 × 总数 ÷ 全部户数（neyman 再乘业务规模的标准差，总体的），最大余数取整，不少于 least、不多于户数。",
        ),
        ("抽签", "每层里按“种子|客户号”的 SHA-256 从小到大取；总数改大，原来抽到的还在里面。"),
        ("哪些回答", "同一户同一题，最近一次作数；同一天两样的不算；只用最近几个月（办法 answers）的。"),
        (
            "要哪些产品",
            "回答按顿号、逗号、分号、空格分开；写无、没有、不需要的不算要。产品名和产品签约、电子渠道里写的一样才认得出已有。",
        ),
        ("要素", "重要性和满意度都答了的才算；四个象限以各要素的平均为界（Martilla、James 1977）。"),
    ),
    rules=Rules,
    options=(Option("seed", "种子", "换一批：不用办法里的种子，用这个"),),
    examples=("kehujingli survey", "kehujingli survey --seed 2026下半年 -o 需求调查.xlsx"),
)

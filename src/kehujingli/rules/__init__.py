"""What does the bank's scheme say? The rules file as typed models, and which file is in force on a day."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError, create_model

from kehujingli.errors import Exit, Problem, problem
from kehujingli.errors.toml_lines import parse_toml
from kehujingli.rules.messages import explain
from kehujingli.rules.models import AssignRules, Institution, Rules, ScaleRules, SegmentRules
from kehujingli.rules.schemes import IncentiveRules, SchemeRules
from kehujingli.rules.shapes.base import Strict
from kehujingli.rules.strategy import Strategy

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True)
class RulesFile:
    """A rules file as read: its models, where it came from and its hash, as printed on every 口径 sheet."""

    rules: Rules
    path: Path
    sha256: str
    example: bool = False

    @property
    def segment(self) -> SegmentRules:
        return cast("SegmentRules", self._section("segment", "分类"))

    @property
    def assign(self) -> AssignRules:
        return cast("AssignRules", self._section("assign", "管户分配"))

    @property
    def incentive(self) -> IncentiveRules:
        return cast("IncentiveRules", self._section("incentive", "考核"))

    @property
    def strategy(self) -> Strategy:
        return cast("Strategy", self._section("strategy", "户群策略"))

    def study(self, key: str, model: type[Section]) -> Section:
        """``[studies.<key>]`` as its model; what the file does not say is the model's default. Raises ``Problem`` (exit 3) with the lines."""
        said = self.rules.studies.get(key)
        if said is None:
            return model()
        return cast("Section", getattr(self._checked({key: model}, {key: said}), key))

    def check_studies(self, models: Mapping[str, type[BaseModel]]) -> None:
        """Every section of ``[studies]`` by its model. Raises ``Problem`` (exit 3) with every error and its line."""
        self._checked(models, self.rules.studies)

    def _checked(self, models: Mapping[str, type[BaseModel]], said: Mapping[str, Any]) -> BaseModel:
        fields: dict[str, Any] = {key: (model | None, None) for key, model in models.items()}
        sections = create_model("Sections", __base__=Strict, **fields)
        whole = create_model("Whole", __base__=Strict, studies=(sections, ...))
        data = {"studies": said}
        try:
            return cast("Any", whole.model_validate(data)).studies  # type: ignore[no-any-return]
        except ValidationError as error:
            text = self.path.read_text(encoding="utf-8-sig")
            raise Problem(explain(error, data, text, self.path), Exit.RULES) from None

    def _section(self, name: str, command: str) -> object:
        section = getattr(self.rules, name)
        if section is None:
            raise problem("rules.section-missing", file=self.path.name, section=name, command=command)
        return section


EXAMPLE = Path(__file__).with_name("example.toml")


def load_rules(path: Path) -> RulesFile:
    """Read and check one file. Raises ``Problem`` (exit 3) with every error and its line."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise problem("rules.file-missing", path=path) from None
    except OSError as error:
        raise problem("place.unreadable", path=path, detail=error.strerror or error) from None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        data = parse_toml(text, Decimal)
    except UnicodeDecodeError:
        raise problem("rules.syntax", place=path.name, detail="不是 UTF-8 编码") from None
    except tomllib.TOMLDecodeError as error:
        raise problem("rules.syntax", place=path.name, detail=_in_chinese(str(error))) from None
    try:
        rules = Rules.model_validate(data)
    except ValidationError as error:
        raise Problem(explain(error, data, text, path), Exit.RULES) from None
    return RulesFile(rules, path, hashlib.sha256(raw).hexdigest(), path == EXAMPLE)


def _in_chinese(detail: str) -> str:
    """tomllib's ``… (at line 27, column 52)`` with the place first."""
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", detail)
    if match is None:
        return detail
    again = match[1] == "Cannot overwrite a value" or (match[1].startswith("Cannot declare") and "twice" in match[1])
    said = "这个键或这一段前面已经写过" if again else f"写法不对（{match[1]}）"
    return f"第 {match[2]} 行第 {match[3]} 列{said}"


def rules_in_force(folder: Path, day: date) -> Path:
    """The file of ``folder`` whose name is the newest date not after ``day``."""
    dated = sorted((_name_date(path), path) for path in folder.glob("*.toml") if _name_date(path))
    known = [(start, path) for start, path in dated if start and start <= day]
    if not known:
        oldest = f"最早的是 {dated[0][0]}" if dated else f"{folder} 里没有 2026-01-01.toml 这样的文件"
        raise problem("rules.none-in-force", day=day, known=oldest)
    return known[-1][1]


def _name_date(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None


__all__ = [
    "EXAMPLE",
    "AssignRules",
    "IncentiveRules",
    "Institution",
    "Rules",
    "RulesFile",
    "ScaleRules",
    "SchemeRules",
    "SegmentRules",
    "Strategy",
    "load_rules",
    "rules_in_force",
]

"""What would a spreadsheet make of this formula? Our own formulas evaluated in doubles, as Excel does, so that stored results are results.

Knows what the shapes use and nothing else: + − * /, comparisons, ROUND, MAX, MIN, INT, IF, SUM over a column's cells.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from kehujingli.values import round_half_up

_RANGE = re.compile(r"\b([A-Z]+)(\d+):\1(\d+)\b")
_EQUALS = re.compile(r"(?<![<>=])=(?!=)")
_CELL = re.compile(r"^[A-Z]+\d+$")
_BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
}


def round_like_excel(value: float, digits: float) -> float:
    """Half away from zero on the 15 significant digits that a spreadsheet shows."""
    shown = Decimal(f"{value:.15g}")
    return float(round_half_up(shown, int(digits)))


_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "ROUND": round_like_excel,
    "MAX": max,
    "MIN": min,
    "INT": math.floor,
    "SUM": lambda *values: math.fsum(values),
}


def evaluate(formula: str, cells: Mapping[str, float]) -> float:
    """The value of ``formula`` (without =) where ``cells`` tells what stands in each cell. Raises ``KeyError`` for an empty one."""
    spread = _RANGE.sub(
        lambda m: ",".join(f"{m[1]}{row}" for row in range(int(m[2]), int(m[3]) + 1) if f"{m[1]}{row}" in cells),
        formula,
    )
    return _value(ast.parse(_EQUALS.sub("==", spread), mode="eval").body, cells)


def _value(node: ast.expr, cells: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if _CELL.match(name):
            return cells[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, cells)
        case ast.BinOp(left=left, op=sign, right=right):
            return _BINARY[type(sign)](_value(left, cells), _value(right, cells))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return float(_COMPARE[type(sign)](_value(left, cells), _value(right, cells)))
        case ast.Call(func=ast.Name(id="IF"), args=[test, yes, no]):
            return _value(yes if _value(test, cells) else no, cells)
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(argument, cells) for argument in arguments))
    raise ValueError(ast.unparse(node))

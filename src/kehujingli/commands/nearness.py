"""What does assign --within do? Managers who are evened out by one measure stay near one another in another: what is asked, what it came to and cost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli.commands.console import say, say_table
from kehujingli.errors import problem
from kehujingli.values import plain

if TYPE_CHECKING:
    from kehujingli.assign.within import Within
    from kehujingli.month.trials import Kept, Shares, Tried

_PERCENT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
_SIDES = ("before", "without", "after")


def read_close(asked: Sequence[str], balance: str | None) -> Within | None:
    """户数=10%. Raises ``option.bad``."""
    from kehujingli.assign.balance import LIMITS
    from kehujingli.assign.within import Within

    if not asked:
        return None
    text = asked[0]
    word, sign, told = (part.strip() for part in unicodedata.normalize("NFKC", text).partition("="))
    number = told.removeprefix("±").removesuffix("%").strip()
    found = next(((key, name) for key, name in LIMITS.items() if word in (key, name)), None)
    detail, cure = "", f"请写成 户数=10%；量可以是 {'、'.join(LIMITS.values())}。"
    if len(asked) > 1:
        text, detail, cure = "、".join(asked), "一次只能限一个量", "请只写一个 --within，别的另外试算一次。"
    elif sign and found is None:
        detail = f"没有“{word}”这个量"
    elif not sign or not told.endswith("%") or not _PERCENT.fullmatch(number):
        detail = "不是 量=百分数（0% 到 9999%，至多两位小数）"
    elif balance is None:
        detail, cure = "没有说按什么均衡", f"请同时写 --balance，如 --balance 存款 --within {text}。"
    if detail or found is None:
        raise problem("option.bad", option="--within", value=text, detail=detail, cure=cure)
    return Within(*found, Decimal(number))


def say_kept(found: Tried, kept: Kept, balance: str) -> None:
    """Who is furthest from his part of the limited measure, and what keeping to the limit cost beside the trial without it."""
    from kehujingli.assign.balance import LIMITS
    from kehujingli.lists.trials import FIGURES, figures

    limited, evened = kept.close.name, LIMITS.get(balance, balance)
    percent = f"{plain(kept.close.percent)}%"
    say(f"各人的{limited}离应摊的（按管户上限摊）都不超过 {percent}，没有为此多漏一户。离得最远的：")
    for side, shares in zip(("现在", "不限", "限了"), kept.near, strict=True):
        if shares:
            _, who = max((_away(*pair), one) for one, pair in shares.items())
            held, share = shares[who]
            name = f"{who} {found.names.get(who, '')}".strip()
            say(
                f"  {side}：{name}，应摊 {_told(limited, share)}，有 {_told(limited, held)}，差 {_away(held, share):.2f}%"
            )
    free, then = figures(kept.free), figures(found.then)
    rows = [[f"各人超出应摊的{evened}合计", *(_told(evened, _above(shares)) for shares in kept.even[1:])]]
    rows += [
        [FIGURES[key], *(format(Decimal(side[key]), ",f") for side in (free, then))]
        for key in ("unassigned", "moved", "moved_borrowers", "objective")
    ]
    say("", f"限 {limited}={percent} 的代价（两边都按{evened}均衡）：")
    say_table(["", "不限", f"限 {percent}"], rows)


def kept_record(kept: Kept, balance: str | None) -> dict[str, Any]:
    """``without``: the trial without the limit; ``above``: what managers have of the balanced measure above their parts, in all."""
    from kehujingli.lists.trials import figures

    without = {key: value if isinstance(value, int) else plain(value) for key, value in figures(kept.free).items()}
    people = sorted({who for shares in kept.near for who in shares})
    return {
        "measure": kept.close.measure,
        "percent": plain(kept.close.percent),
        "without": without,
        "above": {side: _plain(balance, _above(shares)) for side, shares in zip(_SIDES, kept.even, strict=True)},
        "managers": [
            {
                "manager_id": who,
                **{
                    side: _pair(kept.close.measure, shares.get(who))
                    for side, shares in zip(_SIDES, kept.near, strict=True)
                },
            }
            for who in people
        ],
    }


def is_money(word: str | None) -> bool:
    """Whether a measure, by its key or name, is an amount."""
    from kehujingli.assign.balance import LIMITS, MONEY

    return word in MONEY or word in [LIMITS[key] for key in MONEY]


def _pair(word: str, pair: tuple[float, float] | None) -> dict[str, str] | None:
    return None if pair is None else dict(zip(("held", "share"), (_plain(word, value) for value in pair), strict=True))


def _away(held: float, share: float) -> float:
    """How far from his part, in percent of it."""
    return 100 * abs(held - share) / share if share else 0.0


def _above(shares: Shares) -> float:
    return sum(max(0.0, held - share) for held, share in shares.values())


def _plain(word: str | None, value: float) -> str:
    """元 with two decimals where it is money, else a number of two decimals."""
    return f"{value / 100 if is_money(word) else value:.2f}"


def _told(word: str, value: float) -> str:
    number = f"{Decimal(_plain(word, value)):,}"
    return f"{number} 元" if is_money(word) else number.rstrip("0").rstrip(".")

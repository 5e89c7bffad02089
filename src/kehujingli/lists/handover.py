"""Who hands over what to whom? The customers that one manager holds, what goes with each, and the rows of 业绩归属 that would give them to another.

Pure: frames in, frames out; money is 分, days count from 1970. What others hold of a customer (揽存人, 管户经理 of a loan) stays theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.plan import Handover as PlannedHandover
from kehujingli.lists.plan import things
from kehujingli.tables.tenure import claimable
from kehujingli.terms.column import ListColumn, declared, keys
from kehujingli.values import among

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


_LINES = {"account_id": "deposit", "loan_id": "loan"}
"""Key of what is claimed → its line of 业绩归属."""


@dataclass(frozen=True)
class Asked:
    """``customers``: those to be handed over, all that the giver holds where nobody names them."""

    giver: str
    taker: str
    customers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Books:
    """What a month knows: ``customers`` (customer_id, customer_name, customer_type, branch_name, group), ``holders`` on the day before, and its tables."""

    customers: pd.DataFrame
    holders: Mapping[str, str]
    accounts: pd.DataFrame
    loans: pd.DataFrame
    attributions: pd.DataFrame
    visits: pd.DataFrame
    written: Collection[int] = ()
    """Parts that are sheets of 业绩归属: a proposal can end their rows."""
    released: Collection[str] = ()
    """Accounts, loans and customers whose claims the handover ends: they go, and what is the customer's, whatever name it bears."""


@dataclass(frozen=True)
class Chosen:
    """``given`` go; the others are told: not the giver's, nobody's customers, and those whose claims (``claims``: rows of 业绩归属) still run.
    ``ends``: claims that are the giver's alone, which end where those go."""

    given: Sequence[str]
    not_held: Sequence[str]
    unknown: Sequence[str]
    claims: pd.DataFrame
    ends: pd.DataFrame


def choose(asked: Asked, books: Books, on: int) -> Chosen:
    """Whom the handover moves on day ``on``."""
    known = set(books.customers["customer_id"])
    wanted = asked.customers
    if wanted is None:
        wanted = tuple(sorted(who for who, holder in books.holders.items() if holder == asked.giver and who in known))
    wanted = tuple(dict.fromkeys(wanted))
    unknown = [who for who in wanted if who not in known]
    theirs = [who for who in wanted if who in known and books.holders.get(who) == asked.giver]
    claims = _running(theirs, asked.giver, books, on)
    blocked = set(claims.loc[~_endable(claims, asked.giver, books, on), "owner"])
    stay = among(claims["owner"], blocked)
    return Chosen(
        [who for who in theirs if who not in blocked],
        [who for who in wanted if who in known and books.holders.get(who) != asked.giver],
        unknown,
        claims[stay],
        claims[~stay],
    )


def _endable(claims: pd.DataFrame, giver: str, books: Books, on: int) -> npt.NDArray[np.bool_]:
    """Claims in a sheet of 业绩归属 that give the giver the whole of something since before the day: of a customer all lines."""
    whole = claims["share"].map(lambda share: not isinstance(share, str) or Decimal(share) == 1).astype(bool)
    every = (claims["line"] == "all") | claims["account_id"].notna() | claims["loan_id"].notna()
    begun = (claims["valid_from"].isna() | (claims["valid_from"] < on)).fillna(False)
    own = (claims["manager_id"] == giver).fillna(False)
    written = claims["part"].isin(list(books.written))
    found: npt.NDArray[np.bool_] = (whole & every & begun & own & written).to_numpy(dtype=bool)
    return found


def ended(books: Books, ends: Sequence[pd.DataFrame], on: int) -> Books:
    """The books with these claims ended on the day before."""
    rows = [index for one in ends for index in one.index]
    mine = books.attributions.index.isin(rows)
    ending = books.attributions.assign(valid_to=books.attributions["valid_to"].mask(mine, on - 1))
    named = {str(item) for one in ends for key in _LINES for item in one[key].dropna()}
    whole = {str(who) for one in ends for who in one.loc[one[[*_LINES]].isna().all(axis=1), "customer_id"]}
    return replace(books, attributions=ending, released=named | whole)


def _running(customers: Sequence[str], giver: str, books: Books, on: int) -> pd.DataFrame:
    """Claims on these customers that still run on the day, and the giver's own on their accounts and loans: ``owner`` is the customer."""
    rows = books.attributions
    rows = rows[(rows["valid_to"].isna() | (rows["valid_to"] >= on)).fillna(False).to_numpy(dtype=bool)]
    owners = dict(zip(books.accounts["account_id"], books.accounts["customer_id"], strict=True))
    owners |= dict(zip(books.loans["loan_id"], books.loans["customer_id"], strict=True))
    item = rows["account_id"].where(rows["account_id"].notna(), rows["loan_id"])
    owner = rows["customer_id"].astype("object").where(item.isna(), item.map(owners))
    whole = item.isna().to_numpy(dtype=bool)
    own = (rows["manager_id"] == giver).fillna(False).to_numpy(dtype=bool)
    return rows.assign(owner=owner)[among(owner, customers) & (whole | own)]


def claim_rows(
    asked: Asked, given: Collection[str], books: Books, on: int, ends: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The rows of 业绩归属, by the keys of its table: each customer whole, what others hold of her as theirs still, and what bears the giver's
    name under claims that have ended: an item with claims of its own does not follow its customer. Before them the claims that end
    (``ends``), as they stand but for their last day."""
    import pandas as pd

    rows = [{"customer_id": who, "line": "all", "manager_id": asked.taker} for who in given]
    for frame, key in ((books.accounts, "account_id"), (books.loans, "loan_id")):
        theirs = _others(frame, key, given, asked.giver, books)
        moving = going(frame, key, given, books, asked.giver, on)
        named = moving["manager_id"].notna().to_numpy(dtype=bool) | among(moving[key], books.released)
        moving = moving[named & among(moving[key], _claims(books, key)[key])]
        holders = [*zip(theirs[key], theirs["manager_id"], strict=True), *((item, asked.taker) for item in moving[key])]
        rows += [{key: item, "line": _LINES[key], "manager_id": holder} for item, holder in sorted(holders)]
    columns = ["customer_id", "account_id", "loan_id", "line", "manager_id"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    frame = frame.where(frame.notna(), None).assign(share="1", valid_from=on, valid_to=None)
    if ends is None or ends.empty:
        return frame
    old = ends.sort_values(["owner", "account_id", "loan_id"], na_position="first").assign(valid_to=on - 1)[
        list(frame.columns)
    ]
    old = old.astype("object")
    return pd.concat([old.where(old.notna(), None), frame], ignore_index=True)


def _claims(books: Books, key: str) -> pd.DataFrame:
    """The rows of 业绩归属 that count for accounts or for loans, whenever they run."""
    rows = books.attributions
    return claimable(rows[rows[key].notna() & rows["line"].isin([_LINES[key], "all"])])


def _others(frame: pd.DataFrame, key: str, given: Collection[str], giver: str, books: Books) -> pd.DataFrame:
    """Accounts or loans of these customers that bear another's name, and that no row of 业绩归属 gives to anybody yet."""
    theirs = frame[among(frame["customer_id"], given)]
    named = theirs["manager_id"].notna() & (theirs["manager_id"] != giver).fillna(False)
    claimed = among(theirs[key], _claims(books, key)[key])
    covered = among(theirs["customer_id"], books.released)
    return theirs[named.to_numpy(dtype=bool) & ~claimed & ~covered].sort_values(key)


def going(frame: pd.DataFrame, key: str, given: Collection[str], books: Books, giver: str, on: int) -> pd.DataFrame:
    """The accounts or loans that go with the customers on day ``on``: the giver's, and those that bear no name, but for what a claim still gives to somebody."""
    theirs = frame[among(frame["customer_id"], given)]
    own = (theirs["manager_id"].isna() | (theirs["manager_id"] == giver)).fillna(True).to_numpy(dtype=bool)
    claims = _claims(books, key)
    covered = among(theirs["customer_id"], books.released) & ~among(theirs[key], claims[key])
    own = own | among(theirs[key], books.released) | covered
    running = claims[(claims["valid_to"].isna() | (claims["valid_to"] >= on)).fillna(False).to_numpy(dtype=bool)]
    return theirs[own & ~among(theirs[key], running[key])]


def handed_list(asked: Asked, given: Collection[str], books: Books, on: int, soon: int) -> pd.DataFrame:
    """移交清单: one row an account and loan that goes, and one for who has neither; by the keys of ``LIST``."""
    import pandas as pd

    own = books.customers[among(books.customers["customer_id"], given)]
    accounts, loans = (
        going(frame, key, given, books, asked.giver, on)
        for frame, key in ((books.accounts, "account_id"), (books.loans, "loan_id"))
    )
    rows = own.merge(things(accounts, loans, on, soon), on="customer_id", how="left")
    duty = dict(zip(loans["loan_id"], loans["responsible_id"], strict=True))
    past = (rows["due_on"] < on).fillna(False).to_numpy(dtype=bool)
    met = _visits(books.visits, given)
    rows = rows.assign(
        giver=asked.giver,
        taker=asked.taker,
        thing=rows["order"].map({0: "存款", 1: "贷款"}),
        due=["是" if word == "是" else "" for word in rows["soon"].tolist()],
        late=(on - rows["due_on"]).where(past).astype("Int64"),
        responsible=rows["entity"].map(duty),
        visited_on=pd.array(rows["customer_id"].map(met["last"]), "Int64"),
        open_visits=pd.array(rows["customer_id"].map(met["open"]).fillna(0), "Int64"),
        filed=None,
    )
    return rows.sort_values(["customer_id", "order", "entity"], kind="stable")[keys(LIST)].reset_index(drop=True)


def of_leavers(
    placed: pd.DataFrame, books: Books, gone: Collection[str], on: int, soon: int
) -> Sequence[PlannedHandover]:
    """The handovers of a plan whose givers are ``gone``, pair by pair, as ``handover`` lists them: the same accounts, loans and sums.

    ``placed``: the moves of ``main.plan_list``.
    """
    due = placed[(placed["move"] == "moved") & among(placed["previous_manager"], gone)]
    if due.empty:
        return []
    books = _about(books, due["customer_id"])
    blocks = []
    for (giver, taker), rows in due.groupby(["previous_manager", "assigned_manager"], sort=True):
        asked = Asked(str(giver), str(taker), tuple(sorted(rows["customer_id"])))
        given = choose(asked, books, on).given
        listed = handed_list(asked, given, books, on, soon)
        pair = pair_row(asked, given, listed)
        late = listed["late"].notna()
        words = [
            "是" if due else ("已逾期" if thing == "贷款" else "已到期") if over else ""
            for due, over, thing in zip(listed["due"] == "是", late, listed["thing"], strict=True)
        ]
        sums = (len(given), int(str(pair["loan_balance"])))
        claimed = len(rows) - len(given)
        blocks.append(PlannedHandover(asked.giver, asked.taker, *sums, listed.assign(soon=words), soon, claimed))
    return blocks


def _about(books: Books, customers: pd.Series) -> Books:
    """What of the books is about these customers: many pairs ask of it. A plan ends no claim."""
    accounts, loans, visits = (
        frame[among(frame["customer_id"], customers)] for frame in (books.accounts, books.loans, books.visits)
    )
    return replace(books, accounts=accounts, loans=loans, visits=visits, written=())


def _visits(visits: pd.DataFrame, given: Collection[str]) -> pd.DataFrame:
    """Customer → the last visit's day, and how many visits have no result yet."""
    own = visits[among(visits["customer_id"], given)]
    found = own.assign(open=own["result"].isna()).groupby("customer_id")
    return found.agg(last=("date", "max"), open=("open", "sum"))


def pair_row(asked: Asked, given: Collection[str], listed: pd.DataFrame) -> dict[str, object]:
    """One line of 首页, by the keys of ``PAIRS``."""
    lent = listed[listed["thing"] == "贷款"]
    bad = lent["worst_class"].isin(terms.NPL_CLASSES)
    return {
        "giver": asked.giver,
        "taker": asked.taker,
        "customers": len(given),
        "deposits": int(listed.loc[listed["thing"] == "存款", "balance"].fillna(0).sum()),
        "loans": len(lent),
        "loan_balance": int(lent["balance"].fillna(0).sum()),
        "npl": int(lent.loc[bad, "balance"].fillna(0).sum()),
        "arrears": int(lent["arrears"].fillna(0).sum()),
        "due": int((listed["due"] == "是").sum()),
        "late": int(listed["late"].notna().sum()),
        "open_visits": int(listed.drop_duplicates("customer_id")["open_visits"].sum()),
    }


LIST = (
    ListColumn("giver", "id", "移交人"),
    ListColumn("taker", "id", "接收人"),
    declared("customer_id", width=15),
    ListColumn("customer_name", private="name", width=11),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
    ListColumn("thing", label="存贷", width=6),
    ListColumn("entity", "id", "账号或借据", width=22),
    ListColumn("balance", "yuan", width=16),
    ListColumn("worst_class", label="五级", codes=terms.FIVE_CLASSES, width=8),
    ListColumn("arrears", "yuan", "欠息", width=12, total=True),
    ListColumn("due_on", "date", terms.label("matures_on"), width=12),
    ListColumn("due", label="将到期", width=8, meaning="到期日在移交日以后、办法 due_soon_days 天以内"),
    ListColumn("late", "count", "已过到期日天数", width=9, meaning="到移交日；贷款是已逾期，存款是已到期未取"),
    ListColumn("responsible", "id", "原责任人", meaning="贷款责任留在责任人，不随移交走"),
    ListColumn("visited_on", "date", "最近走访", width=12),
    ListColumn("open_visits", "count", "未了走访", meaning="走访记录里没有写结果的次数"),
    ListColumn("filed", label="档案是否移交", width=9),
)
PAIRS = (
    ListColumn("giver", "id", "移交人"),
    ListColumn("taker", "id", "接收人"),
    ListColumn("customers", "count", "户数", total=True),
    ListColumn("deposits", "wan", "存款", total=True),
    ListColumn("loans", "count", "借据", total=True),
    ListColumn("loan_balance", "wan", total=True),
    ListColumn("npl", "wan", "其中不良", total=True),
    ListColumn("arrears", "wan", "欠息", total=True),
    ListColumn("due", "count", "将到期", total=True),
    ListColumn("late", "count", "已过到期日", total=True),
    ListColumn("open_visits", "count", "未了走访", total=True),
)
BASES = (
    ListColumn("giver", "id", "移交人"),
    ListColumn("taker", "id", "接收人"),
    declared("customer_id", width=15),
    ListColumn("customer_name", private="name", width=11),
    ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
    ListColumn(
        "average", "yuan", terms.label("average_deposit_year"), width=16, total=True, meaning="随移交走的账户，折算后"
    ),
    ListColumn("present_base", "yuan", "现行基数", width=16, total=True),
    ListColumn(
        "neutral_base",
        "yuan",
        "中性基数",
        width=16,
        total=True,
        meaning="移交日前一天的余额（移交日在期末以后的按期末余额），折算后",
    ),
)
DAYS = (
    ListColumn("giver", "id", "移交人"),
    ListColumn("taker", "id", "接收人"),
    ListColumn("day", "date", "截至", width=12),
    ListColumn("handed", "yuan", "移交户余额", width=16),
    ListColumn("whole", "yuan", "净增合计", width=16, meaning="移交户的年日均 − 基数，到那一天为止"),
    ListColumn(
        "others", "yuan", "以前的人得", width=16, meaning="移交日以前不在移交人名下的那些天：前任、公共和分了份额的人的"
    ),
    ListColumn("giver_growth", "yuan", "移交人得", width=16, meaning="照办法：基数随户走，按持有天数"),
    ListColumn("taker_growth", "yuan", "接收人得", width=16),
    ListColumn(
        "giver_neutral", "yuan", "中性移交人得", width=16, meaning="接收人从接手时的余额算起，以前增减的留给移交人"
    ),
    ListColumn("taker_neutral", "yuan", "中性接收人得", width=16),
)

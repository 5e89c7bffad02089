"""How much of a private value may be seen? Names, phones and id numbers, shown in part (JR/T 0171-2020, Annex A)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BUSINESSES = ("business", "public")
_EPOCH = date(1970, 1, 1)


def mask_name(name: str, customer_type: str | None = "person") -> str:
    """张三 → 张*; 东关农资有限公司 → 东关***: a business keeps two characters."""
    if not name:
        return name
    return name[:2] + "***" if customer_type in _BUSINESSES and len(name) > 3 else name[0] + "*"


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234 (JR/T 0171-2020, Annex A: shown in part)."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    """330102199001011234 → 330102********1234."""
    return number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 10 else "*" * len(number)


def mask_address(address: str) -> str:
    """人民路12号 → 人民***: where somebody lives, as far as the street's first word."""
    return address[:2] + "***" if address else address


def mask_birth_date(day: str | int) -> str:
    """1980-05-17, also as days since 1970 → 1980-**-**: the year alone."""
    return f"{(_EPOCH + timedelta(day)).year if isinstance(day, int) else day[:4]}-**-**"


def mask(value: str, private: str, customer_type: str | None = "person") -> str:
    """A private value as it may stand on a terminal; other values as they are."""
    match private:
        case "name":
            return mask_name(value, customer_type)
        case "phone":
            return mask_phone(value)
        case "id_number":
            return mask_id_number(value)
        case "address":
            return mask_address(value)
        case "birth_date":
            return mask_birth_date(value)
        case _:
            return value


def mask_names(names: pd.Series, customer_types: pd.Series | None) -> pd.Series:
    """``mask_name`` of a whole column; without types everybody is a person."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    said = pa.array(names, pa.large_string(), from_pandas=True)
    nothing, star, stars = (pa.scalar(text, said.type) for text in ("", "*", "***"))
    first = pc.utf8_slice_codeunits(said, 0, 1)
    shown = pc.binary_join_element_wise(first, pc.if_else(pc.equal(first, nothing), nothing, star), nothing)
    if customer_types is not None:
        kinds = pa.array(customer_types, pa.large_string(), from_pandas=True)
        business = pc.and_(pc.is_in(kinds, pa.array(_BUSINESSES, kinds.type)), pc.greater(pc.utf8_length(said), 3))
        kept = pc.binary_join_element_wise(pc.utf8_slice_codeunits(said, 0, 2), stars, nothing)
        shown = pc.if_else(pc.fill_null(business, False), kept, shown)
    return pd.Series(pd.array(shown, dtype="str"), index=names.index)


def mask_sql(value: str, private: str, customer_type: str | None = None) -> str:
    """``mask`` as an expression of SQL over a column; ``customer_type`` is the column that tells whose name it is."""
    count, stars = f"length({value})", f"repeat('*', length({value}))"
    match private:
        case "name":
            business = f"{customer_type} in {_BUSINESSES}" if customer_type else "false"
            return f"case when {value} = '' then '' when {business} and {count} > 3 then left({value}, 2) || '***' else left({value}, 1) || '*' end"
        case "phone":
            return f"case when {count} >= 8 then left({value}, 3) || '****' || right({value}, 4) else {stars} end"
        case "address":
            return f"case when {value} = '' then '' else left({value}, 2) || '***' end"
        case "birth_date":
            return f"strftime(date '1970-01-01' + {value}::integer, '%Y') || '-**-**'"
        case "id_number":
            return f"case when {count} > 10 then left({value}, 6) || repeat('*', {count} - 10) || right({value}, 4) else {stars} end"
        case _:
            return value

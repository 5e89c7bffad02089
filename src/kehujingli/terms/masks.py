"""How much of a private value may be seen? Names, phones and id numbers, shown in part (JR/T 0171-2020, Annex A); numbers in free text too."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BUSINESSES = ("business", "public")
_EPOCH = date(1970, 1, 1)
_DIGIT = "[0-9０-９]"
_NUMBERS = (
    f"({_DIGIT}{{3}}){_DIGIT}{{4,}}({_DIGIT}{{3}}[0-9０-９Xx])",  # eleven digits and more: an id, a phone, a card, an account
    "(1[3-9][0-9])[ -][0-9]{4}[ -]([0-9]{4})",
    "([0-9]{4})(?:[ -][0-9]{4}){2,3}([ -][0-9]{1,4})",
    "(0[0-9]{2,3}[ -])[0-9]{3,4}([0-9]{4})",
)
"""As Python, Arrow and DuckDB read them alike: what is before and what is after the hidden digits. A day (20261031) is no such number."""
_HIDDEN = r"\1****\2"


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


def mask_numbers(text: str) -> str:
    """货款13812341234 → 货款138****1234: ids, phones, cards and accounts in free text; the rest stays."""
    if not any(letter.isdigit() for letter in text):
        return text
    for pattern in _NUMBERS:
        text = re.sub(pattern, _HIDDEN, text)
    return text


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
        case "numbers":
            return mask_numbers(value)
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


def mask_texts(texts: pd.Series) -> pd.Series:
    """``mask_numbers`` of a whole column."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    said = pa.array(texts, pa.large_string(), from_pandas=True)
    for pattern in _NUMBERS:
        said = pc.replace_substring_regex(said, pattern, _HIDDEN)
    return pd.Series(pd.array(said, dtype="str"), index=texts.index)


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
        case "numbers":
            said = value
            for pattern in _NUMBERS:
                said = f"regexp_replace({said}, '{pattern}', '{_HIDDEN}', 'g')"
            return f"case when regexp_matches({value}, '{_DIGIT}{{3}}') then {said} else {value} end"
        case "id_number":
            return f"case when {count} > 10 then left({value}, 6) || repeat('*', {count} - 10) || right({value}, 4) else {stars} end"
        case _:
            return value

"""How much of a private value may be seen? Names, phones and id numbers, shown in part (JR/T 0171-2020, Annex A)."""

from __future__ import annotations


def mask_name(name: str, customer_type: str | None = "person") -> str:
    """张三 → 张*; 东关农资有限公司 → 东关***: a business keeps two characters."""
    if not name:
        return name
    return name[:2] + "***" if customer_type in ("business", "public") and len(name) > 3 else name[0] + "*"


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234 (JR/T 0171-2020, Annex A: shown in part)."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    """330102199001011234 → 330102********1234."""
    return number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 10 else "*" * len(number)


def mask(value: str, private: str, customer_type: str | None = "person") -> str:
    """A private value as it may stand on a terminal; other values as they are."""
    match private:
        case "name":
            return mask_name(value, customer_type)
        case "phone":
            return mask_phone(value)
        case "id_number":
            return mask_id_number(value)
        case _:
            return value

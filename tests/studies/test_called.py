"""Names made plain: the few that are written oddly, among those that are plain already."""

from __future__ import annotations

import pandas as pd
import pytest

from kehujingli.studies.called import plain_names

WRITTEN = {
    "王小明": "王小明",
    "330106199001011234": "330106199001011234",
    "33010619900101123x": "33010619900101123X",
    "张 三": "张三",
    "ＡＢ商行": "AB商行",
    "宏远（临海）有限责任公司": "宏远(临海)有限公司",
    "城东有限责任公司": "城东有限公司",
    "艾力•买买提": "艾力·买买提",
    "\u3000": None,
    "": None,
    "\uf9d1": "\u516d",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_each_name_is_made_plain_alone(name: str) -> None:
    assert plain_names([name]).to_pylist() == [WRITTEN[name]]


def test_names_are_made_plain_in_their_places_whatever_stands_beside_them() -> None:
    frame = pd.Series([*WRITTEN, None], dtype="str")
    assert plain_names(frame).to_pylist() == [*WRITTEN.values(), None]

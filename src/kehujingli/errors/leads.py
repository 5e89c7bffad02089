"""What can be wrong with leads, rosters and those on the other side of postings?"""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

LEADS: Mapping[str, Kind] = {
    "study.leads-roster-twice": kind(
        "warning",
        "《村民名册》有 {count} 行是写过的人：{who}，只算一个。",
        "请删去多写的行；几个村都写了同一个人的，只留在现住的村，改后重跑。",
        brief="《村民名册》有 {count} 行是写过的人",
    ),
    "study.leads-namesake": kind(
        "warning",
        "{count} 个村民与客户同名同村，没有证件号码可对，同名的又不止一个：{who}，是不是同一人是猜的，取的是名册上或客户号靠前的。",
        "请在《村民名册》和客户信息里补上证件号码，改后重跑。",
        brief="{count} 个村民是哪位客户是猜的",
    ),
    "study.leads-village-unknown": kind(
        "warning",
        "《村民名册》里有 {count} 个村不在《村情》里，或那里没有户数：{who}，这些村没有户数覆盖率，其余照算。",
        "请核对村名的写法，或在《村情》里补上这些村，改后重跑。",
        brief="{count} 个村不在《村情》里",
    ),
    "study.leads-village-odd": kind(
        "warning",
        "有 {count} 个村名册上的家庭比《村情》的户数还多：{who}，没有算户数覆盖率。",
        "请核对《村情》的户数和名册的户号，改后重跑。",
        brief="{count} 个村的户数对不上",
    ),
    "study.leads-no-household": kind(
        "note",
        "有 {count} 个村的名册没有户号，户数覆盖率空着。",
        "要看，请在《村民名册》里补上户号，改后重跑。",
    ),
    "study.leads-manager": kind(
        "warning",
        "《线索》有 {count} 行的工号不在《客户经理名册》里：{who}，照样列出，归不到人。",
        "请核对工号，改后重跑。",
        brief="《线索》有 {count} 行的工号不在名册里",
    ),
    "study.leads-customer": kind(
        "warning",
        "《线索》有 {count} 行的客户号不是本行客户：{who}，没有凭它算开户。",
        "请核对客户号，改后重跑。",
        brief="《线索》有 {count} 行的客户号对不上",
    ),
    "study.leads-nobody": kind(
        "warning",
        "《线索》有 {count} 行写着已开户，没有客户号，也认不出是哪个客户：{who}，没有算转化。",
        "请补上客户号，改后重跑。",
        brief="《线索》有 {count} 行已开户没有客户号",
    ),
    "study.leads-days": kind(
        "warning",
        "《线索》有 {count} 行的办结日期早于发现日期：{who}，天数不按它算。",
        "请核对这两个日期，改后重跑。",
        brief="《线索》有 {count} 行的日期前后不对",
    ),
    "study.leads-torn": kind(
        "warning",
        "《线索》有 {count} 条写了两行、结果不一样：{who}，按后写的算。",
        "请只留对的一行，改后重跑。",
        brief="《线索》有 {count} 条结果不一",
    ),
}

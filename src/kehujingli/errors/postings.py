"""What can go wrong with a posting that is read? Directions, days of another time zone, lines that are no postings."""

from __future__ import annotations

from collections.abc import Mapping

from kehujingli.errors.kinds import Kind, kind

POSTINGS: Mapping[str, Kind] = {
    "intake.amount-two": kind(
        "warning",
        "{place}的“{column}”与“{others}”是同一种金额的不同叫法，数值却不同，用的是“{column}”。",
        "请核对该用哪一列，把不用的删去，或改成不同的名称。",
        brief="{files} 张表有两列余额不同",
    ),
    "intake.rate-odd": kind(
        "warning",
        "{place}的“{column}”表头写着{unit}，最大的却是 {value}，不像利率（{bounds}）。这一列没有写单位的数没有采用。",
        "请核对单位：已是小数的，请把表头的{unit}去掉；或在格子里写上单位。",
        brief="利率的单位不对",
    ),
    "intake.rate-unclear": kind(
        "warning",
        "{place}的“{column}”没有写单位，最大的是 {value}，看不出是百分数还是小数（{bounds}）。这一列没有写单位的数没有采用。",
        "请把单位写进表头，例如“利率(%)”。",
        brief="利率看不出单位",
    ),
    "intake.rate-permille": kind(
        "note", "{place}的“{column}”没有写单位，按千分数（‰）读入，年利率乘 12。", "若不是，请把单位写进表头。"
    ),
    "intake.format-shown": kind(
        "note",
        "{place}的“{column}”有 {count} 格的数字格式另有含义（存的是 {stored}，按 {shown} 读入）。",
        "若不是，请改正单元格格式。",
    ),
    "intake.format-unclear": kind(
        "refused",
        "{place}：“{column}”存的是 {value}，按单元格格式显示成 {shown}，与表头的单位（{unit}）对不上。本行退回。",
        "请把单元格格式改成“常规”，或把表头的单位改成存的那个数的单位。",
        brief="{count} 格的格式与表头单位不符",
    ),
    "intake.format-unknown": kind(
        "refused",
        "{place}：“{column}”存的是 {value}，单元格格式 {shown} 看不出把数缩小了多少、是什么单位。本行退回。",
        "请把单元格格式改成“常规”，单位写进表头，例如“余额(万元)”。",
        brief="{count} 格的格式看不懂",
    ),
    "intake.currency-sheet": kind(
        "refused",
        "{place}：表上（列名之外）写着{currency}，“{column}”不是人民币。本行退回，不折算、不合计。",
        "外币请另行统计；其实是人民币的，请改正表上的币种，或加一列“币种”。",
        brief="{count} 行是外币",
    ),
    "intake.unit-rows": kind(
        "note",
        "{place}的“{column}”逐行写着单位（{units}），“{columns}”按各行的单位读入。",
        "若不是，请改掉这一列的表头。",
    ),
    "intake.direction-untold": kind(
        "refused",
        "{place}：“{column}”是“{value}”，没有借贷标志，余额也推不出这一行是收是付。本行退回。",
        "请带上借贷标志重新导出，或在金额上加正负号。",
        brief="{count} 行不知收付",
    ),
    "intake.direction-taken": kind(
        "note",
        "{place}的“{column}”写的都是借贷、收付，当作借贷标志用。",
        "若不是，请改掉这一列的表头，另外带上借贷标志。",
    ),
    "intake.direction-two": kind(
        "warning",
        "{place}的“{columns}”都像借贷标志，内容却不同，没有采用：金额都按存入算，余额和日均会错。",
        "请把这笔交易的那一列改名“借贷标志”。",
        brief="借贷标志不知道是哪一列",
    ),
    "intake.direction-none": kind(
        "warning",
        "{place}没有借贷标志，“{column}”全是正数，又没有能推出收付的余额：都按存入算，支取的也加了上去，余额和日均会错。",
        "请带上借贷标志，或分成借方发生额、贷方发生额两列重新导出；确实都是存入的不用改。",
        brief="{files} 张流水没有借贷标志",
    ),
    "intake.direction-balance": kind(
        "note", "{place}没有借贷标志，按“{column}”逐行的增减定收付。", "系统里有借贷标志的，请一并导出。"
    ),
    "intake.debit-negative": kind(
        "warning",
        "{place}的“{column}”{count} 行支出都带负号，按支出读入。",
        "若是红字冲销，请在摘要写明“红字”或“冲正”。",
        brief="支出带负号",
    ),
    "intake.debit-negative-proven": kind(
        "note", "{place}的“{column}”{count} 行支出都带负号，与余额的减少相符，按支出读入。"
    ),
    "intake.overdraft": kind(
        "note",
        "{place}的“{column}”有 {count} 行“{side}”是借，是透支，按负数读入。",
        "若不是透支，请在原系统核对余额方向。",
    ),
    "intake.balance-row": kind("note", "{place}有 {count} 行只说余额（期初余额之类），不算交易，余额照用。"),
    "intake.date-midnight": kind(
        "note", "{place}的“{column}”都带着 {time}，是零点换了时区：{count} 行按{meant}读入。", "若不是，请只导出日期。"
    ),
    "intake.date-zone": kind("note", "{place}的“{column}”有 {count} 行写着时区（如 Z），按北京时间的那一天读入。"),
    "intake.date-moment": kind(
        "note",
        "{place}的“{column}”存的是世界时的时刻，{count} 行在北京已是第二天，按北京时间的那一天读入。",
        "若存的时候会话时区是 UTC、写的其实是北京的钟点，请转成日期再导，如 CAST({column} AS DATE)。",
    ),
    "intake.date-night": kind(
        "warning",
        "{place}的“{column}”的时间都在 23:50 至 00:10 之间，不全相同：像是零点换了时区或时钟不准。{count} 行 23:50 以后的照写的日期读入。",
        "请核对几笔的日期；差一天的，请只导出日期。",
        brief="时间都在零点前后",
    ),
    "intake.date-day-first": kind(
        "note",
        "{place}的“{column}”有 {count} 行写作“{value}”，按“日-月-年”读入。",
        "若不是，请改成 2026-01-31 这样的日期。",
    ),
    "intake.date-utc": kind(
        "warning",
        "{place}的“{column}”都带着 16:00:00，多半是世界时，北京已是第二天。{count} 行照写的日期读入。",
        "请核对几笔的日期；差一天的，请按北京时间重新导出。",
        brief="日期像是世界时",
    ),
    "intake.no-posting": kind(
        "note", "{place}有 {count} 行不是交易（{words}），没有读入。", "确是交易的，请改正摘要。"
    ),
}

"""What is disputed every month: does each question have one command, and does its answer stand in what comes out?

The questions are those that head offices, auditors and managers ask of a score; the county is the example's.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import run_here

pytestmark = pytest.mark.slow  # on two months of the example county, run once for all such tests

HANDED = "810000000070"
"""A customer whom a leaver's list hands over on 15 October."""
QUESTIONS = (
    ("为什么我是这个分", "explain manager M0008", r"得分 \d+\.\d\d"),
    ("我的客户算到别人名下了", f"owners {HANDED}", r"2026-10-15.*M0001"),
    ("31 日账上有钱，怎么日均这么少", f"balance {HANDED}", r"Σ积数 .* ÷ \d+ 天 = 日均"),
    ("基数用的是哪一个", "explain manager M0003 存款年日均净增", r"基数 [\d,.]+元|基数 [\d,.]+ 元"),
    ("没有任务数怎么算", "findings 2026-10", r"未计分 1 人：没有任务数（存款年日均净增）\n  M0010"),
    ("任务折了两次吗", "rules show", r"全年任务：按进度折任务。"),
    ("折到哪个月多少", "rules show", r"各月累计进度：35\.00%、55\.00%"),
    ("对公户折几户", "rules show", r"一个对公户折多少户：12"),
    ("保证金按多少算", "rules show", r"折算系数 · 保证金：0\.3"),
    ("前任放的不良算谁的", "rules show", r"不良算责任人的。"),
    ("不良是哪一笔", "explain manager M0008 责任不良贷款率", r"借据 L\d+ 余额 .*《2026-10/贷款台账\.xlsx》"),
    ("月中接手的从哪天算", f"owners {HANDED} --from 2026-10-01", r"移交清单第1号"),
    ("没有人的客户涨的算谁", "query select~holder,count(*)~from~contributions~group~by~all", r"公共 +157"),
    ("分数相同名次怎么排", "rank", r"考核组 +名次 +工号"),
    ("谁录的加减分，谁批的", "query select~*~from~加减分", r"合规部 +分管主任"),
    ("比零还少的分怎么算", "explain manager M0003 存款年日均净增", r"保底 0；先补足低于保底的 10\.46 分"),
    ("发的比算的少，少在哪里", "explain manager M0008", r"其中预发 [\d,.]+ 元"),
    ("方案从哪天起作数", "query select~distinct~生效日~from~管户分配", r"2026-11-01"),
    ("休产假的天数扣了吗", "query select~工号,在岗天数~from~客户经理名册~where~在岗天数<31", r"M0002 +14"),
    ("怎么算激活", "explain manager M0003 睡眠户激活", r"0 满 5 的有 0 份"),
    ("大客户为什么给了别人", "query select~distinct~状态,原因~from~管户分配", r"保持 +原管户经理继续管户"),
    ("和谁排在一起", "rules show", r"排名：同岗位"),
    ("任务数是哪一行", "explain manager M0003 贷款户数净增", r"任务数 2026 .*《手工表/任务数\.xlsx》"),
    ("张榜看得到我的绩效吗", "score --public --json --dry-run", r"\A(?!.*\"pay\").*\"score\""),
    ("再多一分要什么", "gap M0008", r"每多 1 分需|再"),
    ("和上月差在哪里", "diff 2026-10 --runs --by manager --json", r'"parts"'),
    ("还欠我多少", "owed", r"年终清算|延期支付"),
    ("这是哪份办法算的", "periods", r"示联发〔2026〕1号"),
    ("得分怎么进位，留几位", "rules show", r"四舍五入：各项先封顶、保底，再留 2 位小数，相加得分；应发留 2 位。"),
    ("月末冲的存款看得出来吗", "soundness", r"月末存款偏离度 \d+\.\d\d%（4%，超过）"),
    ("谁在什么时候算的", "log", r"\d{4}-\d\d-\d\d \d\d:\d\d +\S+ +跑批 +期间 2026-10"),
    ("日志被人动过吗", "verify", r"日志 \d+ 条，链完整"),
    ("逾期 90 天以上还列关注的有几笔", "findings 2026-10", r"loan\.class-too-good  4 处"),
    ("办法自己合规吗", "lint rules/2025-01-01.toml", r"没有发现问题"),
    ("没有到期贷款，算零分吗", "explain manager M0008 到期贷款收回率", r"分母为零，不计此项\n.*empty_ratio = \"skip\""),
    ("别的项分值为什么变大了", "explain manager M0008", r"折算：各项合计 .*满分 85 折成 100"),
    ("实绩是算的还是填的", "query select~distinct~来源~from~计分明细", r"系统"),
)


@pytest.mark.parametrize(("question", "command", "answer"), QUESTIONS, ids=[asked for asked, _, _ in QUESTIONS])
def test_a_disputed_question_has_one_command_and_its_answer(
    two_months: Path, question: str, command: str, answer: str
) -> None:
    typed = [word.replace("~", " ") for word in command.split()]
    said = run_here(*typed, cwd=two_months)
    assert said.code in (0, 1), (question, said.err)  # 1: the answer is there, and something needs a look
    assert re.search(answer, said.out, re.DOTALL if answer.startswith(r"\A") else 0), f"{question}\n{said.out[:3000]}"

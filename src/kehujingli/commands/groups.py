"""Which commands are there, under which heading? Each with the file that declares its options and the line that the help says; none is opened to list them."""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "月度": {
        "run": ("run", "跑批：整月从导出到三本工作簿和月报，写进 periods/YYYY-MM。"),
        "check": ("check", "体检：每张表认作什么，采用、退回多少行，金额合计，问题在哪一格。"),
        "segment": ("month", "分类：经常、流动、休眠 × 大、中、小，写出客户分类.xlsx。"),
        "assign": ("month", "管户：按办法求最优的分配方案，写出管户分配.xlsx；--commit 使方案作数。"),
        "handover": ("handover", "移交：一人的户移给另一人，拟出业绩归属、移交清单和双方逐日净增；批了才计入。"),
        "score": ("month", "考核：实绩、任务算成得分和绩效薪酬，写出考核得分.xlsx。"),
        "findings": ("findings", "请人看的：什么使谁不能计分，什么没有采用，在哪一格，怎么办。"),
        "periods": ("listing", "哪些月份跑过，是否试算稿，用的哪份办法，何时何人。"),
    },
    "查问": {
        "show": ("show", "查：一个客户、客户经理或机构的卡片；有几个就列出来。"),
        "explain": ("explain", "讲清：为什么是这一类，为什么是这个分，一直讲到原表的行。"),
        "find": ("lists", "找：客户、客户经理、机构、账号、借据，凡对得上的都列出来。"),
        "top": ("lists", "排：按一个指标从大到小的前若干名。"),
        "due": ("lists", "到期：期末之后若干天内到期的贷款和定期存款。"),
        "unassigned": ("lists", "未配：方案里没有客户经理的客户，缺什么，贷款户在前。"),
        "diff": ("diff", "比：两个月，或同一月的两次运行，差在客户、数据还是办法。"),
        "gap": ("explain", "差距：再多 1 分要什么，失分最多在哪几项。"),
        "balance": ("history", "余额：日均背后每天的余额、天数、积数，Σ积数 ÷ 天数 = 日均。"),
        "owners": ("history", "归属：从哪天到哪天归谁，份额多少，依据哪份文件。"),
        "query": ("query", "问：用 SQL 查这一期的表；姓名等已遮，不能读写文件。"),
        "tables": ("listing", "能查询哪些表和列，中英文名。"),
        "measures": ("listing", "每个指标的定义、单位和来源。"),
    },
    "办法": {
        "rules": ("schemes", "说办法：用能签字的话说一份办法，或两份办法哪里不同。"),
        "lint": ("schemes", "查办法：对照监管规定和办法自身，哪里不妥、依据什么、在第几行。"),
        "whatif": ("whatif", "试算：换一份办法，户群、负荷、得分和应发怎样变，谁多谁少；什么也不改。"),
        "rank": ("rank", "排名：同组名次、较上月升降、连续末位、等级升降人选、收入差距。"),
    },
    "关账与分发": {
        "review": ("closing", "复核：由另一人对这个月的结果签字；结果一变，复核作废。"),
        "approve": ("closing", "审批：由另一人批准这个月的结果；谁算的不能自己批。"),
        "close": ("closing", "关账：封存一个月的输入和输出；以后再跑只比对，不覆盖。"),
        "verify": ("closing", "验证：已关账的月份是不是关账时的样子，链条断没断。"),
        "reopen": ("closing", "重开：拆开一个月的封条，须写事由，留下痕迹。"),
        "correct": ("closing", "更正：已关账月份的错，记成下一个未关账月份里的一笔加减分。"),
        "statements": ("statements", "对账单：每人一本，分从哪里来、管哪些客户，可填申诉发回。"),
        "visit-plans": ("visit_plans", "走访计划：每人一本以后几周去看谁，可填结果发回，另有日历文件。"),
        "pack": ("pack", "分发：每个机构或客户经理一份资料：本月经营、客户、变动、到期、得分，签收回执。"),
        "receipt": ("receipt", "回执：读回签收的资料登记；不写文件就看谁签收了、谁没有、谁有异议。"),
        "page": ("page", "看板：一页看这个月，从十个数一直点到导出的行；浏览器打开，不用网络。"),
        "payroll": ("payroll", "发薪：薪酬系统要的文件，列和次序按办法，合计和实际兑付相等才写出。"),
        "appeal": ("appeal", "申诉：读回填好的对账单登记，看待答复的，写结果；采纳的记成加减分。"),
        "owed": ("schemes", "欠谁多少：年终清算、延期支付、追索扣回，各在何时应付。"),
    },
    "专题": {
        "studies": ("studies", "专题：有哪些，各问什么，这个工作区还缺哪些表。"),
    },
    "全省与数据仓库": {
        "province": ("province", "全省：各县一县一个作业跑这一期，户数、存贷款、不良、迁徙、考核汇成一本。"),
        "emit-sql": ("emit_sql", "写出 SQL：指标要问流水的几条语句，给本程序连不上的数据仓库。"),
    },
    "工作区": {
        "init": ("init", "建工作区：带注释的办法、放导出的目录、任务数等空表。"),
        "forms": ("forms", "表单：任务数、走访计划、加减分等要人填的表，人和指标已写好，带单位和下拉。"),
        "demo": ("demo", "造一个县的导出，跑一遍月度，说出考核得分在哪里。"),
        "clean": ("clean", "清空缓存：下次从导出重读；导出、办法、各期结果不动。"),
        "log": ("log", "日志：谁在何时跑批、批方案、看全名、清缓存；每条带前一条的指纹。"),
        "completion": ("completion", "补全：打印按 Tab 补命令、选项、月份、指标的脚本。"),
    },
}
"""Heading → command → (file, what it does). Every study is a command under 专题 too."""

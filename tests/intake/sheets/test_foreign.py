"""Is a sheet that only speaks of our customers, accounts or people, and is about something else, never taken for one of ours?

The headers are those of sheets that lie about in any bank; what each should come to was written down before the law was.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kehujingli.intake.read import read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.headers import doubted, parse_header
from kehujingli.intake.sheets.layout import load_folder

OTHERS = {
    "理财销售明细": "序号 客户号 客户名称 产品代码 产品名称 购买金额 购买日期 起息日 到期日 业绩比较基准 风险等级 销售渠道 客户经理 机构号",
    "反洗钱可疑交易": "报告编号 客户号 客户名称 账号 交易日期 交易时间 交易金额 借贷标志 对方账号 对方户名 可疑特征 可疑程度 上报日期 处理意见",
    "大额交易报告": "报告编号 报告机构 客户号 客户名称 账号 交易日期 交易金额 收付标志 对方户名 大额特征代码 报告日期 报告状态",
    "信用卡账单": "卡号 客户号 客户姓名 账单日 还款日 应还金额 最低还款额 信用额度 已还金额 账单币种 发卡机构",
    "信用卡申请": "申请编号 客户姓名 证件号码 手机号 申请卡种 申请日期 审批结果 审批额度 推荐人工号 机构号",
    "固定资产台账": "资产编号 资产名称 资产类别 使用部门 机构号 购置日期 原值 累计折旧 净值 责任人 状态",
    "员工考勤": "工号 姓名 机构号 部门 日期 上班时间 下班时间 迟到分钟 考勤结果 备注",
    "考勤月报": "工号 姓名 机构 应出勤天数 出勤天数 迟到次数 早退次数 事假天数 病假天数 加班天数",
    "电费代扣批量": "批次号 序号 用户编号 用户名称 账号 客户号 扣款金额 扣款日期 扣款结果 失败原因",
    "代发工资": "批次号 单位名称 客户号 姓名 账号 交易金额 交易日期 代发状态 失败原因",
    "票据登记": "票据号码 票据类型 出票人 收款人 承兑行 票面金额 出票日期 到期日期 客户号 登记日期 状态",
    "对账单回执": "账号 户名 客户号 对账日期 余额 对账结果 回执日期 回执编号 机构号",
    "抵押物台账": "抵押物编号 抵押物名称 客户号 客户名称 借据号 贷款余额 评估价值 评估日期 抵押率 权证号码 机构号",
    "存单挂失": "挂失编号 账号 户名 客户号 挂失日期 挂失类型 挂失金额 解挂日期 经办柜员 机构号",
    "客户经理日志": "日期 工号 姓名 机构号 工作内容 明日计划 点评人 点评意见",
    "贷款审批台账": "审批编号 客户号 客户名称 证件号码 申请金额 审批金额 审批日期 审批结论 审批人 客户经理 机构号",
    "呆账核销": "借据号 客户号 客户名称 贷款余额 核销本金 核销利息 核销日期 核销批次 核销依据 机构号",
    "保险代销明细": "日期 客户号 客户名称 保险公司 产品名称 保费 手续费 保单号 保险期限 机构号 营销人",
    "开户审批": "审批编号 客户号 客户名称 账号 账户类型 申请日期 审批日期 审批结果 审批人 开户机构号",
    "贷后检查": "借据号 客户号 客户名称 贷款余额 检查日期 检查方式 检查结论 检查人 客户经理 机构号",
    "逾期催收": "借据号 客户号 客户名称 逾期本金 贷款余额 催收日期 催收方式 催收结果 催收人 下次催收日期",
    "诉讼台账": "案件编号 借据号 客户号 被告名称 贷款余额 起诉日期 受理法院 诉讼金额 诉讼阶段 判决日期",
    "客户投诉": "投诉编号 投诉日期 客户号 客户姓名 联系电话 投诉内容 投诉渠道 处理结果 处理人 机构号",
    "短信签约": "账号 客户号 户名 手机号 签约日期 签约渠道 签约柜员 扣费账号 签约状态",
    "失信黑名单": "客户号 客户名称 证件类型 证件号码 黑名单类型 列入日期 列入原因 来源",
    "司法冻结登记": "账号 客户号 户名 冻结金额 冻结日期 冻结机关 冻结文号 解冻日期 经办人",
    "股金明细": "股金证号 客户号 股东名称 股金类型 股金余额 入股日期 持股比例 机构号",
    "分红明细": "客户号 客户名称 股金账号 分红年度 分红金额 分红日期 账号 机构号",
    "授信审批": "授信编号 客户号 客户名称 授信额度 已用额度 授信起始日 授信到期日 授信状态 机构号",
    "担保物权证出入库": "权证编号 权证名称 客户号 客户名称 借据号 入库日期 出库日期 保管人 机构号",
    "ATM流水对账": "设备号 交易日期 交易时间 卡号 交易金额 对账标志 差错类型 差错金额 处理结果 机构号",
    "差错登记": "差错编号 交易日期 账号 客户号 差错金额 金额 差错原因 差错类型 责任柜员 机构号",
    "POS商户": "商户号 商户名称 客户号 结算账号 联系电话 地址 签约日期 终端号 费率 机构号 客户经理",
    "收单交易汇总": "商户号 商户名称 客户号 交易日期 交易笔数 交易金额 手续费 结算账号",
    "社保卡发放": "批次号 客户号 姓名 证件号码 卡号 发卡日期 领卡日期 领卡人 机构号",
    "客户信用评级": "客户号 客户名称 评级日期 评级结果 评级得分 评级人 有效期至 机构号",
    "客户家庭成员": "客户号 客户名称 成员姓名 与客户关系 成员证件号码 成员电话 成员年龄",
    "客户收入情况": "客户号 年度 日期 收入来源 收入金额 金额 备注 机构号",
    "客户资产情况": "客户号 资产种类 资产名称 数量 金额 日期 备注 机构号",
    "利息收入明细": "借据号 客户号 客户名称 结息日期 应收利息 实收利息 结息金额 贷款余额",
    "还款计划": "借据号 客户号 期次 应还日期 应还本金 应还利息 贷款余额 状态",
    "还款明细": "借据号 客户号 还款日期 还款本金 还款利息 还款方式 贷款余额 还款账号",
    "电子银行签约撤销": "客户号 客户名称 产品名称 撤销日期 撤销原因 撤销柜员 机构号",
    "ETC签约": "客户号 客户名称 证件号码 联系电话 车牌号 OBU编号 签约日期 签约账号 机构号",
    "ETC绑定": "客户号 客户名称 手机号 车牌号 绑定卡号 绑定日期",
    "柜员尾箱": "机构号 机构名称 柜员号 尾箱号 币种 昨日余额 收入 支出 今日余额 日期",
    "机构存款日报": "机构号 机构名称 日期 储蓄存款 对公存款 存款余额 比上日 比上月 比年初",
    "自助设备": "设备编号 设备名称 设备类型 机构号 机构名称 安装地址 启用日期 维护商",
    "培训记录": "工号 姓名 机构号 培训日期 培训内容 培训课时 培训成绩",
    "员工工资": "工号 姓名 机构号 岗位 基本工资 绩效工资 应发合计 实发合计 银行账号",
    "客户拜访预约": "预约编号 预约日期 客户号 客户名称 联系电话 预约事项 预约网点 机构号",
    "久悬户清理": "账号 客户号 户名 余额 久悬日期 转久悬金额 清理方式 清理日期 机构号",
    "网点巡检": "机构号 机构名称 巡检日期 巡检人 巡检内容 存在问题 整改期限 整改结果",
    "反假币": "机构号 机构名称 收缴日期 收缴编号 持有人 券别 张数 金额 经办柜员",
    "账户年检": "账号 户名 客户号 年检年度 年检日期 年检结果 年检人 开户机构号",
    "对公开户尽调": "客户号 客户名称 统一社会信用代码 尽调日期 尽调人 尽调结论 上门核实地址 机构号 客户经理",
    "存量贷款重定价": "借据号 客户号 客户名称 原利率 重定价日期 重定价利率 重定价方式 贷款余额 机构号",
    "核销后收回": "借据号 客户号 客户名称 收回日期 收回本金 收回利息 收回方式 贷款余额 管户经理",
    "展期申请": "申请编号 借据号 客户号 客户名称 贷款余额 展期金额 展期期限 申请日期 审批状态",
    "员工亲属": "工号 姓名 机构号 亲属姓名 亲属关系 亲属证件号码 亲属工作单位",
    "业务差错考核": "工号 姓名 机构号 差错日期 差错笔数 差错类型 扣罚金额",
    "资格证书": "工号 姓名 机构号 证书名称 证书编号 发证日期 有效期至",
    "挂失止付": "账号 户名 客户号 余额 挂失日期 挂失人 挂失方式 挂失柜员 机构号",
    "大额存单预约": "客户号 客户名称 联系电话 预约日期 预约金额 预约期限 预约网点 客户经理",
    "代缴社保": "客户号 客户名称 缴费日期 缴费年度 缴费档次 缴费金额 账号 机构号",
    "国债发售": "客户号 客户名称 国债代码 国债期次 认购日期 认购金额 账号 机构号",
    "POS流水": "商户号 终端号 交易日期 交易时间 卡号 交易金额 手续费 清算日期 清算金额",
    "营销活动名单": "活动编号 活动名称 客户号 客户名称 手机号 参与日期 礼品名称 领取状态 机构号",
    "积分兑换": "客户号 客户名称 积分余额 兑换积分 兑换日期 兑换礼品 机构号",
    "存款证明": "账号 客户号 户名 证明编号 证明金额 证明日期 开具日期 用途 机构号",
    "贷款受托支付": "借据号 客户号 支付日期 支付金额 收款人名称 收款人账号 支付方式 贷款余额",
    "绩效工资发放": "工号 姓名 机构号 月份 绩效工资 发放日期 扣款金额 实发金额",
    "征信查询登记": "客户号 客户名称 证件号码 查询日期 查询原因 查询人 授权书编号 机构号",
    "休眠账户公告": "账号 户名 客户号 公告日期 公告批次 余额 机构号",
    "责任认定": "借据编号 客户号 贷款余额 五级分类 责任人 认定日期 认定机构 责任认定结果",
}
"""Sheets of other things, by what people call them."""
OURS = {
    "客户信息宽": (
        "customers",
        "客户号 客户名称 客户类型 证件类型 证件号码 性别 民族 出生日期 婚姻状况 学历 职业 工作单位 联系电话 家庭住址 年收入 是否农户 信用等级 黑名单标志 机构号 客户经理 开户日期 更新日期",
    ),
    "贷款申请": (
        "applications",
        "申请编号 申请日期 客户号 客户名称 证件号码 联系电话 申请金额 贷款用途 担保方式 客户经理 机构号",
    ),
    "客户信息窄": ("customers", "客户号 客户名称 证件号码 机构号 管户经理"),
    "对公客户": (
        "customers",
        "客户号 客户名称 统一社会信用代码 法定代表人 注册资本 注册日期 营业执照到期日 行业类型 企业规模 联系人 联系电话 机构号 客户经理",
    ),
    "农户信息": (
        "customers",
        "客户号 户主姓名 客户名称 身份证号 家庭人口 劳动力人数 耕地面积 年收入 授信额度 行政村 网格 客户经理",
    ),
    "客户综合": (
        "customers",
        "客户号 客户名称 客户类型 手机号 存款余额 贷款余额 理财余额 存款年日均 最近交易日期 机构号 客户经理",
    ),
    "存款分户": (
        "accounts",
        "机构号 机构名称 账号 户名 客户号 科目号 产品名称 存款种类 开户日期 开户金额 余额 冻结金额 可用余额 利率 到期日 账户状态 揽存人 上次交易日期",
    ),
    "存款窄": ("accounts", "账号 客户号 余额"),
    "存款挂失标志": ("accounts", "账号 客户号 户名 余额 冻结状态 挂失状态 止付状态 冻结金额 开户日期 机构号"),
    "定期": ("accounts", "账号 客户号 户名 存期 起息日 到期日 本金 余额 利率 转存标志 转存次数 机构号"),
    "贷款台账宽": (
        "loans",
        "机构号 客户号 客户名称 证件号码 合同编号 借据编号 贷款品种 担保方式 抵押物名称 抵押物价值 发放日期 到期日期 发放金额 贷款余额 执行利率 还款方式 结息方式 上次还款日期 下次还款日期 五级分类 逾期天数 逾期本金 表内欠息 表外欠息 展期次数 展期日期 检查日期 责任人 管户经理",
    ),
    "贷款窄": ("loans", "借据号 客户号 贷款余额 五级分类"),
    "流水宽": (
        "transactions",
        "交易日期 交易时间 账号 户名 客户号 借贷标志 交易金额 账户余额 摘要 对方账号 对方户名 对方行名 渠道 交易机构 柜员号 授权柜员 流水号 凭证种类 凭证号 冲正标志 批次号",
    ),
    "流水窄": ("transactions", "日期 客户号 金额 摘要"),
    "流水收支": ("transactions", "交易日期 账号 收入 支出 余额 对方户名 用途"),
    "名册": (
        "managers",
        "工号 姓名 机构号 机构名称 岗位 等级 任职日期 性别 出生日期 学历 职称 入行时间 联系电话 管户上限",
    ),
    "机构表": ("branches", "机构号 机构名称 机构类型 上级机构 地址 联系电话 负责人 成立日期 区域"),
    "签约": ("holdings", "客户号 客户名称 产品名称 签约日期 签约渠道 签约机构 签约柜员 营销人"),
    "中收": ("fees", "日期 客户号 客户名称 收费项目 金额 手续费标准 机构号 工号"),
    "走访": ("visits", "日期 客户号 客户名称 工号 走访方式 走访地点 走访结果 照片 下次走访日期"),
    "工资流水": ("transactions", "交易日期 账号 客户号 借贷标志 交易金额 交易类型 摘要 单位名称 余额"),
    "个人客户": (
        "customers",
        "客户号 客户名称 客户类型 证件种类 证件号码 国籍 性别 出生日期 职业 手机号码 通讯地址 邮编 开户机构 开户日期 客户经理 客户等级 风险等级 反洗钱等级 建档日期 建档人",
    ),
    "建档农户": (
        "customers",
        "序号 机构名称 客户号 客户名称 身份证号 联系电话 家庭住址 所属行政村 是否建档 授信金额 用信余额 管户经理 备注",
    ),
    "对公客户的照面信息": (
        "customers",
        "客户编号 客户名称 客户类别 统一社会信用代码 法人姓名 法人证件号码 注册地址 注册资金 成立日期 经营期限 所属行业 企业规模 开户许可证号 机构 客户经理 联系人 联系电话",
    ),
    "个人客户的家庭情况": (
        "customers",
        "客户号 姓名 身份证号 手机号 学历 婚姻状况 工作单位 月收入 房产情况 车辆情况 机构号",
    ),
    "客户的产品标志": (
        "customers",
        "客户号 客户名称 机构号 管户经理 AUM 存款年日均 贷款余额 客户等级 最近登录日期 手机银行标志 网银标志 短信标志",
    ),
    "分户余额": (
        "accounts",
        "数据日期 机构号 客户号 客户名称 账号 子账号 产品代码 产品名称 币种 开户日期 起息日 到期日 存期 利率 余额 上日余额 月日均 年日均 账户状态 揽存人 揽存人姓名",
    ),
    "揽储明细": ("accounts", "账号 户名 客户号 余额 上年末余额 较上年末 年日均 揽储人 揽储人姓名 部门"),
    "储蓄分户": (
        "accounts",
        "网点 客户编号 户名 账号 储种 开户日 到期日 金额 余额 利率 冻结标志 质押标志 通兑标志 状态 备注",
    ),
    "对私账户": (
        "accounts",
        "账号 客户号 客户名称 证件类型 证件号码 余额 可用余额 开户机构 开户日期 最后交易日期 睡眠标志 账户性质 凭证类型 凭证号码",
    ),
    "台账带催收次数": (
        "loans",
        "借据编号 客户号 客户名称 贷款余额 到期日期 五级分类 逾期天数 欠息金额 催收次数 管户经理 机构号",
    ),
    "台账全字段": (
        "loans",
        "机构 客户经理 客户号 客户名称 合同号 借据号 贷款金额 贷款余额 利率 发放日期 到期日期 担保方式 保证人 抵押物 用途 五级分类 首次逾期日期 本金逾期天数 利息逾期天数 是否首贷 是否普惠 是否涉农 行业投向",
    ),
    "台账带还款方式": (
        "loans",
        "借据号 客户号 客户名称 贷款品种 发放金额 贷款余额 还款方式 还款日 还款账号 状态 管户经理",
    ),
    "明细账": (
        "transactions",
        "交易日期 交易时间 交易流水号 账号 客户号 客户名称 借贷标志 交易金额 账户余额 摘要 对方账号 对方户名 对方开户行 交易渠道 交易网点 柜员 币种 授权柜员 复核柜员",
    ),
    "分户明细": (
        "transactions",
        "记账日期 流水号 客户账号 发生额 借贷方向 余额 摘要代码 摘要 凭证号码 交易机构 交易柜员",
    ),
    "卡流水": ("transactions", "交易日 卡号 收入 支出 余额 交易地点 对方名称 附言"),
    "日记账": ("transactions", "日期 账号 摘要 借方发生额 贷方发生额 余额 凭证字号 对方科目"),
    "员工花名册": (
        "managers",
        "工号 姓名 性别 出生年月 学历 机构号 机构名称 岗位 职级 入职日期 合同到期日 手机号 身份证号 考核等级",
    ),
    "名册窄": ("managers", "机构 工号 姓名 岗位 等级 管户上限 授信权限 任职日期 备注"),
    "名册带电话": ("managers", "工号 姓名 机构号 在岗状态 联系电话"),
    "机构照面信息": (
        "branches",
        "机构号 机构名称 机构简称 上级机构 机构级别 负责人 联系电话 地址 邮编 金融许可证号 成立日期 员工数",
    ),
    "网点表": ("branches", "网点号 网点名称 片区 城乡类型 在岗人数 ATM台数 备注"),
    "签约清单": ("holdings", "客户号 客户名称 签约产品 签约日期 签约渠道 签约账号 状态 推荐人 机构号"),
    "签约窄": ("holdings", "客户号 产品 开通日期"),
    "收费明细": ("fees", "入账日期 客户号 客户名称 收费项目 收费金额 优惠金额 机构号 营销人工号 凭证号"),
    "收费汇总": ("fees", "期间 工号 产品名称 笔数 金额"),
    "走访登记": ("visits", "走访日期 客户号 客户名称 走访人 工号 走访方式 走访目的 走访结果 客户需求 陪同人员 照片"),
    "担保人清单": ("guarantees", "借据号 客户号 客户名称 保证人名称 保证人证件号码 保证金额 保证期间 担保方式"),
    "客户产品概况": (
        "customers",
        "机构 客户号 客户名称 证件号 手机 客户经理 是否贷款户 是否网银户 是否手机银行户 存款余额 存款日均 贷款余额 备注",
    ),
    "客户授信概况": (
        "customers",
        "客户号 客户名称 客户类型 机构号 管户经理 年收入 家庭资产 家庭负债 授信金额 授信到期日 用信余额 评级日期 信用等级",
    ),
    "整村建档": (
        "customers",
        "客户号 客户名称 证件号码 联系电话 行政村 村组 户主 与户主关系 家庭人口 是否党员 授信金额 授信日期",
    ),
    "分户带约转": (
        "accounts",
        "机构号 账号 客户号 户名 科目 余额 日均 利率 起息日 到期日 存期 自动转存 约定转存账号 客户经理",
    ),
    "分户带推荐人": ("accounts", "客户号 账号 余额 月日均 年日均 揽存人 推荐人 推荐日期 推荐渠道"),
    "台账带抵押物": (
        "loans",
        "借据号 客户号 客户名称 贷款余额 贷款品种 到期日期 抵押物编号 抵押物名称 抵押物类型 评估价值 抵押率",
    ),
    "不良台账": (
        "loans",
        "机构 客户号 借据号 合同号 余额 欠息 表内欠息 表外欠息 五级分类 十二级分类 分类日期 责任人 诉讼状态 诉讼日期 催收日期",
    ),
    "台账带核销": ("loans", "借据编号 客户号 贷款余额 发放日期 到期日期 利率 五级分类 责任人 核销日期 核销金额"),
    "柜面流水": (
        "transactions",
        "交易日期 账号 客户号 交易金额 借贷标志 摘要 柜员号 授权柜员 复核柜员 机构号 交易码 传票号 批次号",
    ),
    "回单流水": ("transactions", "日期 时间 账号 收入 支出 余额 摘要 对方户名 对方账号 交易网点 打印日期 打印柜员"),
    "花名册": ("managers", "序号 机构名称 机构号 姓名 工号 性别 年龄 学历 参加工作时间 入行时间 现岗位时间 岗位 备注"),
    "网点概况": ("branches", "机构号 机构名称 类型 负责人 负责人电话 成立日期 租赁到期日 营业面积"),
    "签约全字段": ("holdings", "客户号 签约产品 签约日期 解约日期 签约柜员 签约机构 激活日期 激活标志 营销人"),
    "走访签到": ("visits", "日期 工号 客户号 走访方式 走访目的 走访结果 签到时间 签到地点 签退时间"),
    "客户最近走访": (
        "customers",
        "客户编号 客户姓名 身份证号码 移动电话 开户机构 客户经理 建档日期 建档人 最近走访日期 最近走访人",
    ),
    "开户清单": ("accounts", "账号 客户号 开户日期 开户机构 状态 账户性质"),
    "台账带下次还款": ("loans", "借据号 客户号 贷款余额 还款方式 还款周期 下次还款日期 下次还款金额"),
}
"""Sheets that are ours, with columns that we do not know beside: table and header."""


@pytest.mark.parametrize("header", OTHERS.values(), ids=OTHERS)
def test_a_sheet_of_something_else_is_not_taken(header: str) -> None:
    assert Finder().find([header.split()]) is None


@pytest.mark.parametrize(("table", "header"), OURS.values(), ids=OURS)
def test_a_sheet_of_ours_may_have_columns_that_nobody_knows(table: str, header: str) -> None:
    found = Finder().find([header.split()])
    assert found is not None
    assert found.match.table.key == table


def why(header: str) -> tuple[str, str, tuple[str, ...]]:
    told = doubted([parse_header(cell) for cell in header.split()])
    assert told is not None
    match, doubt = told
    return match.table.key, doubt.about, doubt.headers


def test_what_several_columns_speak_of_is_named() -> None:
    header = "借据号 客户号 客户名称 贷款余额 催收日期 催收方式 催收结果 催收人"
    assert why(header) == ("loans", "催收", ("催收日期", "催收方式", "催收结果", "催收人"))


def test_one_column_of_another_thing_says_nothing_and_a_flag_never_does() -> None:
    ledger = "借据号 客户号 贷款余额 五级分类"
    assert Finder().find([f"{ledger} 催收次数".split()]) is not None
    customers = "客户号 客户名称 证件号码 机构号"
    assert Finder().find([f"{customers} 黑名单标志 是否失信".split()]) is not None
    assert Finder().find([f"{customers} 黑名单类型 失信日期".split()]) is None


def test_a_long_master_table_repeats_any_word_and_is_still_ours() -> None:
    own = "客户号 客户名称 客户类型 证件号码 出生日期 联系电话 家庭住址 机构号 客户经理"
    assert Finder().find([f"{own} 爱好一 爱好二 爱好三 爱好说明".split()]) is not None  # four of nine and more
    assert Finder().find([f"客户号 客户名称 {'爱好编号 爱好名称 爱好说明'}".split()]) is None


def test_what_stands_first_is_what_a_row_is() -> None:
    """The same columns: a posting with its permission, and a permission with its posting."""
    posting = "交易日期 交易时间 账号 客户号 借贷标志 交易金额 账户余额 摘要 对方账号 对方户名 渠道 流水号"
    assert Finder().find([f"{posting} 许可序号 许可结论".split()]) is not None
    assert Finder().find([f"许可序号 许可结论 {posting}".split()]) is None


def test_words_that_do_not_say_whose_they_are_prove_no_posting() -> None:
    assert Finder().find([["客户号", "日期", "金额", "备注"]]) is not None  # nothing else it could be of
    assert Finder().find([["客户号", "日期", "金额", "备注", "收入来源", "收入名称"]]) is None
    assert Finder().find([["客户号", "交易日期", "金额", "备注", "收入来源", "收入名称"]]) is not None


def test_the_day_of_an_extract_is_no_day_of_a_posting() -> None:
    """A loader writes 业务日期 behind every row, beside when it loaded it."""
    posting = ["流水号", "账号", "交易金额", "借贷标志", "业务日期"]
    assert Finder().find([posting]) is not None
    assert Finder().find([[*posting, "平台日期", "数据加载时间戳"]]) is None
    dated = Finder().find([["交易日期", *posting, "平台日期", "数据加载时间戳"]])
    assert dated is not None
    assert dated.match.headers[next(iter(dated.match.columns))].raw == "交易日期"


BLACK_LIST = "客户号,客户名称,黑名单类型,黑名单日期\nC1,张三,失信,2026-01-01\nC2,李四,涉诉,2026-02-01\n"


def test_a_doubtful_sheet_is_asked_about_with_the_lines_that_settle_it(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(BLACK_LIST, "utf-8")
    (sheet,) = read_file(path, "county/名单.csv", Finder("名单.csv"))
    (told,) = sheet.findings
    assert (sheet.table, told.code, told.level) == ("", "intake.table-doubtful", "warning")
    assert "《county/名单.csv》有客户信息必须有的列" in told.message
    assert "“黑名单类型”、“黑名单日期”说的是另一件事（黑名单）" in told.message
    assert "2 行未读" in told.message
    assert 'table = "客户信息"，file = "名单.csv"' in told.cure
    assert sheet.sample == {}  # the wizard has nothing to map: every column that must be there is


def test_two_lines_of_a_layout_say_which_table_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(BLACK_LIST, "utf-8")
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "名单.toml").write_text('table = "客户信息"\nfile = "名单.csv"\n', "utf-8")
    layouts = tuple(load_folder(tmp_path / "layouts"))
    (sheet,) = read_file(path, "名单.csv", Finder("名单.csv", layouts=layouts))
    assert (sheet.table, sheet.accepted and sheet.accepted.rows) == ("customers", 2)
    assert [told.code for told in sheet.findings if told.code == "intake.table-said"] == ["intake.table-said"]
    (other,) = read_file(path, "别的.csv", Finder("别的.csv", layouts=layouts))
    assert other.findings[0].code == "intake.table-doubtful"


def test_a_sheet_of_something_else_that_lacks_a_column_is_not_asked_for_it(tmp_path: Path) -> None:
    """检查 of loans without a balance is no 贷款台账 that forgot it."""
    path = tmp_path / "检查.csv"
    path.write_text(
        "检查编号,借据号,客户号,客户名称,检查日期,检查结论,机构号\nJ1,L1,C1,张三,2026-10-01,好,801\n", "utf-8"
    )
    (sheet,) = read_file(path, "检查.csv", Finder("检查.csv"))
    assert sheet.findings[0].code in ("intake.table-unknown", "intake.table-doubtful")


def test_a_sheet_of_something_else_below_one_of_ours_is_not_read_as_it(tmp_path: Path) -> None:
    path = tmp_path / "客户信息.csv"
    own = "客户号,客户名称,客户类型,机构号\nC8,王五,个人,801\nC9,赵六,个人,801\n"
    path.write_text(own + BLACK_LIST, "utf-8")
    (sheet,) = read_file(path, "客户信息.csv")
    assert sheet.accepted is not None
    assert sheet.accepted.table["customer_id"].to_pylist() == ["C8", "C9"]
    assert "intake.second-table" in {told.code for told in sheet.findings}

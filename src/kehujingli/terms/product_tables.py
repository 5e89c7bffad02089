"""Which tables say what the bank sells, and to whom? The catalogue of products, what risk each customer was found able to bear, who has which electronic channel."""

from __future__ import annotations

from kehujingli.terms.canonical import CUSTOMER_ID, DATA_DATE, PRODUCT_LINE_WORDS, STATUS, TERM_WORDS, Table, column

PRODUCT_TABLES: tuple[Table, ...] = (
    Table(
        "catalogue",
        "产品目录",
        (
            column("product", "text", "产品名称|产品|产品简称", example="农户小额贷款"),
            column("product_code", "id", "产品代码|产品编号|产品编码", example="D0101"),
            column("former_names", "text", "曾用名|原产品名称|原名称"),
            column(
                "product_line",
                "code",
                "产品条线|条线|业务条线|业务类别",
                codes=PRODUCT_LINE_WORDS,
                strict=True,
                example="资产",
            ),
            column("family", "text", "产品大类|产品类别|大类", example="授信"),
            column("customer_types", "text", "适用客户类型|适用客户|适用对象", example="个人、个体"),
            column("customer_groups", "text", "适用客群", example="农户"),
            column("ages", "text", "年龄要求|适用年龄|年龄", example="18-65"),
            column("five_classes", "text", "五级分类要求|五级要求", example="正常"),
            column("min_scale", "money", "起点规模|最低业务规模", unit="元", least=0),
            column("min_deposit", "money", "最低存款余额|存款余额起点", unit="元", least=0),
            column("risk_level", "text", "风险等级|产品风险等级", example="R2"),
            column("needs", "text", "前提产品|须先有的产品", example="手机银行"),
            column("excludes", "text", "互斥产品|不能同时有的产品"),
            column("condition", "text", "其他条件|准入条件|办理条件", example="近12个月日均不低于5万元"),
            column("term", "code", "期限档|期限|期限档次", codes=TERM_WORDS, strict=True, example="≤1年"),
            column("rate", "rate", "年利率|利率|执行利率", plausible=(5_000, 360_000), example="5.6"),
            column("yearly", "money", "每户年收益|年收益|年收费", unit="元", least=0, example="120"),
            column("package", "text", "套餐|金融套餐|所属套餐", example="惠农套餐"),
            column("valid_from", "date", "上架日期|生效日期|起售日期", example="2026-01-01"),
            column("valid_to", "date", "下架日期|失效日期|停售日期"),
        ),
        (("product",), ("product_line",)),
        forbids=("customer_id", "account_id", "loan_id", "manager_id", "amount", "balance"),
    ),
    Table(
        "suitability",
        "风险测评",
        (
            CUSTOMER_ID,
            column("risk_grade", "text", "风险承受能力等级|客户风险等级|测评等级|风险等级|测评结果", example="C3"),
            column("assessed_on", "date", "测评日期|评估日期|风险测评日期", event=True, example="2026-03-10"),
            column("valid_to", "date", "有效期至|测评有效期|失效日期|到期日期", example="2027-03-09"),
        ),
        (("customer_id",), ("risk_grade",), ("assessed_on",)),
        forbids=("account_id", "loan_id", "product", "balance", "amount"),
    ),
    Table(
        "ebank",
        "电子渠道",
        (
            CUSTOMER_ID,
            column("channel", "text", "电子渠道|渠道|渠道名称|渠道类型|渠道种类|电子银行渠道", example="手机银行"),
            column("opened_on", "date", "开通日期|开通日|签约日期|注册日期", past=True, example="2025-06-18"),
            column(
                "last_used",
                "date",
                "最近登录/交易日|最近登录日期|最近交易日期|最近使用日期|最近登录日|最近交易日|最后登录日期|最后交易日期|最后使用日期",
                example="2026-10-20",
            ),
            column("closed_on", "date", "注销日期|解约日期|关闭日期|销户日期"),
            STATUS,
            DATA_DATE,
        ),
        (("customer_id",), ("channel",), ("opened_on", "last_used")),
        ("customer_id", "channel", "opened_on"),
        snapshot=True,
        forbids=("loan_id", "product", "balance", "amount", "direction"),
    ),
)

"""A whole content folder in small: one archive list, one decided and one open example of two projects each."""

from pathlib import Path

PLAN = """---
project: {project}
title: 第{project}号项目方案
---

## 技术应用 {{#p-1}}

模型每季度复核一次。 {{#p-2}}

- 数据仅在境内存储。 {{#p-3}}

## 风险点登记 {{#p-4}}

| 编号 | 风险点 | 等级 | 防范措施 | 补偿机制 | 责任人 |
|---|---|---|---|---|---|
| r-1 | 模型失效 | 重大 | 人工复核 |  | 示例甲证券 |
| r-2 | 信息泄露 | 一般 | 加密存储 | 先行赔付 | 示例甲证券 |
"""
NOTICE = """---
slug: {slug}
kind: {kind}
title: 公告的标题
{more}
---

公告的正文。
"""
CONSULTATION = """series = "SL"
title = "第{ordinal}批拟纳入项目公开征求意见"
title_en = "Proposed projects"
summary = "向社会公开征求意见。"
bureaus = ["示例证监局"]
published_day = {opens}
{more}
[round]
opens_day = {opens}
last_day = {last}
"""
PROJECTS = """number,name,lead,joint,technologies,scenarios
1,基于大数据的监测平台,示例甲证券,示例乙科技,大数据;云计算,智能风控
2,基于大语言模型的陪伴服务,示例甲证券,,人工智能,智能投顾
"""
COMMENTS = """ref,day,time,channel,submission,kind,project,paragraph,text,resolution,state,reason
a1,-50,09:30,web,s1,oppose,1,p-2,每季度复核太少。,改为每月复核。,published,
a2,-50,09:30,web,s1,support,2,,支持。,,published,
a3,-49,10:00,letter,,ask,,,何时公布结果？,,published,
a4,-48,10:00,web,,suggest,1,,一段谩骂。,,withheld,abuse
a5,-47,10:00,web,,suggest,1,,收回的话。,,withdrawn,
"""
OBJECTIONS = """# 异议与处理意见。

[[objection]]
ref = "o1"
day = -29
title = "复核间隔过长"
text = "每季度复核一次，不足以及时发现失效。"
projects = [1]
comments = ["a1"]
major = true
risks = { 1 = "r-1" }

[objection.disposition]
day = -28
outcome = "adopted"
reasons = "改为每月复核，并写明补偿。"
"""
ANSWERS = """[[answer]]
ref = "w1"
day = -28
title = "对支持和咨询的答复"
text = "感谢支持，结果将在本页公布。"
comments = ["a2", "a3"]
"""
REVISION = """project = 1
version = 2
day = -27
summary = "根据意见修改。"

[[change]]
paragraph = "p-2"
kind = "reworded"
text = "模型每月复核一次。"
causes = ["o1"]

[[change]]
paragraph = "p-9"
kind = "added"
after = "p-2"
text = "复核结果每半年公布。"
own_initiative = "申报人自行增加。"

[[change]]
risk = "r-1"
kind = "reworded"
compensation = "专项资金先行赔付"
causes = ["o1"]
"""
DECISIONS = """[[judgement]]
project = 1
risk = "r-1"
day = -26
sufficient = true
reason = "经测算足够。"

[[gate]]
project = 1
day = -28
expect = "failed"

[[gate]]
project = 1
day = -20
expect = "passed"

[[admission]]
project = 1
day = -20
outcome = "admitted"
text = "正式纳入。"

[[admission]]
project = 2
day = -20
outcome = "withdrawn"
text = "申报人撤回。"

[[event]]
project = 1
day = -8
kind = "monitoring"
title = "首月运行"
text = "运行平稳。"
risk = "r-1"
fulfils = true
"""
ARCHIVE = """number = "2021-BJ-01"
title = "第一批拟纳入项目"
title_en = "Proposed projects of the first batch"
summary = "历史档案。"
bureaus = ["北京证监局"]
published_on = 2021-11-19
lead_institutions = ["银河证券"]
sources = ["(a) 财联社，2021-11-19"]
"""
ARCHIVE_PROJECTS = """number,name,lead,joint,technologies,scenarios,source
1,数字人民币应用场景创新试点,银河证券,,,,据来源 a
2,,,,,,名称以公布稿为准（来源 a）
"""
CATEGORIES = "name,category,aliases\n"

FILES = {
    "archive/bureaus.csv": "slug,name,name_en\nbeijing,北京证监局,Beijing Securities Bureau\n",
    "archive/institutions.csv": CATEGORIES + "银河证券,证券公司,中国银河;Galaxy\n",
    "archive/beijing-2021/consultation.toml": ARCHIVE,
    "archive/beijing-2021/projects.csv": ARCHIVE_PROJECTS,
    "archive/notices/list.md": NOTICE.format(
        slug="2021-11-19-list",
        kind="consultation",
        more="date: 2021-11-19\nsource: a\nconsultation: 2021-BJ-01\nbureau: 北京证监局",
    ),
    "example/bureaus.csv": "slug,name,name_en\nshili,示例证监局,Example Bureau\n",
    "example/institutions.csv": CATEGORIES + "示例甲证券,证券公司,甲\n示例乙科技,科技企业,\n",
    "example/staff.csv": (
        "login,pseudonym,bureau,roles\n"
        "jingban,示例经办甲,示例证监局,editor\n"
        "fenxi,示例分析乙,示例证监局,analyst\n"
        "fenxi-2,示例分析丙,示例证监局,analyst\n"
        "fabu,示例发布丁,示例证监局,publisher\n"
    ),
    "example/decided/consultation.toml": CONSULTATION.format(
        ordinal="一", opens=-60, last=-31, more="summary_day = -19\n"
    ),
    "example/decided/projects.csv": PROJECTS,
    "example/decided/plans/01.md": PLAN.format(project=1),
    "example/decided/plans/02.md": PLAN.format(project=2),
    "example/decided/comments.csv": COMMENTS,
    "example/decided/objections.toml": OBJECTIONS,
    "example/decided/answers.toml": ANSWERS,
    "example/decided/revisions/01.v2.toml": REVISION,
    "example/decided/decisions.toml": DECISIONS,
    "example/decided/notices/naru.md": NOTICE.format(slug="naru", kind="admission", more="day: -18"),
    "example/open/consultation.toml": CONSULTATION.format(ordinal="二", opens=-2, last=30, more=""),
    "example/open/projects.csv": PROJECTS,
    "example/open/plans/01.md": PLAN.format(project=1),
    "example/open/plans/02.md": PLAN.format(project=2),
}


def write(folder: Path) -> Path:
    """Write every file; returns the folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder

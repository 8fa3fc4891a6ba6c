# ruff: noqa: E501  The word lists are read more easily in few lines.
"""Comments as a consultation gets them, made up: many people's own words, and form letters that people vary.

Independent comments draw their sentences from a grammar with large vocabularies. They speak of the same few matters in
the same bureaucratic turns and quote the same plan, so they share words without being the same. Variants of a letter
get greetings, signatures and sentences of their own, synonyms, sentences moved or dropped, typing errors, other
punctuation, width and script forms, and characters that no eye sees. Everything follows from a seed.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

MATTERS = (
    "模型复核", "算法推荐", "数据出境", "客户画像", "风险提示", "人工坐席", "补偿机制", "退出安排", "投诉渠道", "收费标准",
    "信息披露", "适当性匹配", "老年客户服务", "系统容量", "灾备切换", "密钥管理", "日志留存", "外包管理", "智能客服", "交易指令",
    "身份核验", "授权期限", "联邦学习", "隐私计算", "区块链存证", "云上部署", "压力测试", "应急预案", "第三方审计", "源代码托管",
    "训练样本", "模型偏差", "反洗钱筛查", "异常监测", "清算对账", "估值方法", "舆情采集", "电子签名", "远程开户", "质押登记",
)  # fmt: skip
PEOPLE = (
    "普通投资者", "中小投资者", "老年客户", "个人客户", "持有人", "基层营业部", "开户不久的人", "视力不好的人", "外地客户",
    "长期持有基金的人", "小微企业", "合作银行", "托管人", "一线员工", "听障人士", "在校学生", "退休职工", "农村客户", "被误判的客户",
    "不会用手机的人", "频繁交易的客户", "机构投资者", "监管人员", "独立董事", "本市居民",
)  # fmt: skip
WORRIES = (
    "说不清由谁负责", "没有写明办理期限", "出了差错难以追溯", "容易被当作免责理由", "与现行办法的要求不一致", "看不出怎样收费",
    "会把风险推给客户", "缺少可以核对的指标", "没有独立的复核人", "极端行情下恐怕撑不住", "和去年的承诺对不上", "只写了原则没有步骤",
    "把两种情形混在一起", "没有考虑断网的时候", "对撤回授权只字未提", "留下了很大的解释空间", "让人不敢放心使用", "没有说明数据从哪里来",
    "测试样本明显偏少", "没有公布误判的比例", "恐怕会增加柜台的负担", "同样的问题别家已经出过", "改动以后没有重新评估", "名义上自愿实际上绕不开",
    "对小额损失没有安排", "把时限写得太宽", "依赖单一供应商", "审计意见没有公开", "没有给出停止运行的条件", "前后两处数字不一样",
)  # fmt: skip
WISHES = (
    "改为每月复核一次并公布结果", "写明负责人和联系电话", "在首页用大字提示", "增加线下办理的窗口", "每半年请外部机构测评", "把赔付上限提高到实际损失",
    "允许客户随时关闭推荐", "保留不少于二十年的记录", "先在两家营业部试行", "设置冷静期", "对误判给出申诉办法", "公开训练数据的来源",
    "把应急演练的次数写进方案", "明确切换备用系统的时间", "按季度披露投诉数量", "给出可以复算的公式", "由托管人先行垫付", "删去含糊的兜底条款",
    "把期限缩短到五个工作日", "增加方言和手语服务", "与征信查询分开授权", "在合同里单列一条", "引入两家以上供应商", "对密钥实行双人保管",
    "达到阈值就自动停止", "把旧版本留在网上备查", "每次升级前再征求意见", "给基层员工做培训", "设置单日交易上限", "逐笔告知扣费原因",
    "把样本扩大到十万户", "请消费者组织参加验收", "公布停机的次数和时长", "允许导出个人数据", "将结论用白话再写一遍", "对未成年人一律不推荐",
)  # fmt: skip
GROUNDS = (
    "我在营业部工作了十几年", "家里老人去年就遇到过", "我们单位做过类似的系统", "上个月我打了三次电话都没人答复", "参照同业的做法", "从方案第三部分来看",
    "按照个人信息保护的要求", "从投资者教育的角度", "比较了四家机构的材料之后", "结合前年那次停机", "站在使用者的立场", "就我了解到的情况",
    "看了公示材料两遍", "和几位同事讨论以后", "从技术实现上说", "在乡镇网点这种情况很多", "我曾经做过内部审计", "作为一个写过程序的人",
    "以我自己的账户为例", "回想去年底的行情", "问过做律师的朋友", "对照附件里的表格", "按目前的人手估算", "翻看了近三年的年报",
)  # fmt: skip
FACTS = (
    "夜间根本没有值守", "短信要隔天才到", "页面上找不到入口", "系统提示只有一行小字", "对账差额拖了{n}天才查清", "一次升级影响了{n}个账户",
    "客服换了{n}个人说法都不同", "合同里有{n}处提到却都没有定义", "同类产品的费率差了{n}倍", "推荐的{n}只产品都不合适", "排队的人超过{n}位",
    "退款要填{n}张表", "登录失败{n}次就被锁定", "回访只占客户的{n}%", "培训总共{n}个小时", "备份中心离得只有{n}公里", "授权书长达{n}页",
    "上线{n}个月改了好几版", "样本里六十岁以上的不到{n}%", "日志只保存{n}天", "演练已经{n}年没有做过", "接口一分钟断了{n}回",
)  # fmt: skip
TURNS = (
    "{g}，{m}{w}。", "{m}这一项{w}，{p}会首先受影响。", "建议{h}。", "建议在{m}部分{h}，并{h}。", "我认为{m}{w}，应当{h}。", "{g}，{f}。",
    "希望{h}，否则{p}很难接受。", "关于{m}，{p}最关心的是能不能{h}。", "请问{m}由哪个部门审核？", "能否{h}？", "方案对{m}{w}，对{m}也是如此。",
    "{p}{f}，这说明{m}还不成熟。", "同时，{h}也是必要的。", "如果{f}，{m}就失去了意义。", "{g}，{p}并不了解{m}。", "不反对试点，但{m}{w}。",
    "至于{m}，可以{h}，也可以{h}。", "目前{f}，而方案没有回应。", "总的来看，{m}的写法{w}。", "对{p}来说，{m}比{m}更要紧。",
    "支持在{m}上先走一步，前提是{h}。", "据说{f}，不知是否属实。", "哪怕{h}，{m}仍然{w}。", "倘若{p}遇到{m}的问题，应当{h}。",
    "{m}与{m}之间是什么关系，方案没有交代。", "最近{n}个月里，{f}。", "请把{m}的情况告诉{p}。", "不妨{h}。",
)  # fmt: skip
QUOTED = (
    "本项目以机器学习模型为投资者匹配服务内容，模型每季度复核一次，复核结果由风险管理部留存备查",
    "数据仅在境内存储，保存期限为六十个月，期满后由系统自动清除，清除记录保存五年",
    "出现异常时，人工坐席在五分钟内接管，接管期间暂停自动推荐，并向受影响客户逐一说明",
    "因系统故障造成客户直接损失的，由牵头机构先行赔付，赔付上限为当笔交易金额的百分之二十",
    "试点期间服务对象不超过五万户，单户单日交易金额不超过二十万元，达到上限后停止新增",
    "项目退出时，提前三十个工作日公告，存量客户可以选择转为人工服务或者终止协议",
    "密钥由两名授权人员分段保管，每季度轮换一次，轮换过程全程录像并由审计部门抽查",
    "各参与方仅交换加密后的梯度信息，原始数据不出本地，联合建模结果由独立第三方评测",
)
DOES = (
    "取消", "细化", "补充", "公开", "压缩", "放宽", "统一", "重写", "核对", "暂缓", "分开列出", "定期检查", "单独备案", "逐项解释", "改由总部掌握",
    "交给托管人保存", "限制", "登记", "汇总", "翻译", "拆分", "合并", "标注", "抽查", "预留", "停用", "替换", "延长", "冻结", "减免",
)  # fmt: skip
THINGS = (
    "开户流程", "短信通知", "测评问卷", "操作手册", "收费凭据", "录音文件", "回访名单", "授权范围", "接口清单", "备份周期", "应急电话", "合同附件",
    "模型参数", "推荐理由", "风险等级", "止损条件", "交易费用", "账户余额", "登录密码", "人脸图像", "定位信息", "通讯录", "消费记录", "持仓明细",
    "理赔材料", "投诉记录", "审计底稿", "会议纪要", "演练报告", "停机公告", "版本说明", "供应商名册", "服务器位置", "网络带宽", "机房电源",
    "加密算法", "证书有效期", "对账文件", "清算时间", "退款金额", "违约责任", "仲裁地点", "免责条款", "冷静期", "起购金额", "赎回顺序", "分红方式",
    "客户经理", "值班人员", "外包合同", "保险保单", "准备金比例", "样本来源", "标注规则", "误报数量", "召回比率", "灰度名单", "回退步骤", "监控指标",
)  # fmt: skip
HOW = (
    "以书面形式", "在官网", "于每季度末", "由两人", "先行", "会同消费者组织", "按年龄分组", "在营业时间以外", "不附条件地", "至少提前一周", "按笔",
    "用表格", "对照旧办法", "在升级之前", "经客户同意后", "随产品说明书一起", "通过公证", "只在境内", "委托高校", "于三日内", "在显著位置", "分两步",
)  # fmt: skip
FAULTS = (
    "写得太笼统", "前后矛盾", "没人维护", "迟迟没有更新", "和柜台说的不同", "根本查不到", "超出了必要", "漏掉了例外", "缺少依据", "只对大户有利",
    "常常出错", "耗时太久", "字太小", "需要反复提交", "没有备份", "被层层转手", "不便核实", "早就过时", "全靠人工", "依赖一家公司", "让人误会",
    "算得偏低", "难以理解", "无法撤销", "没有上限", "不留痕迹", "缺一道复核", "含糊其辞", "难以执行", "重复收取",
)  # fmt: skip
SYNONYMS = (
    ("建议", "希望", "请"), ("应当", "应该", "须"), ("公布", "公开", "公示"), ("没有", "并未", "未"), ("说明", "解释", "交代"),
    ("客户", "用户", "顾客"), ("期限", "时限", "期间"), ("增加", "增设", "加上"), ("负责", "担责", "承担责任"), ("目前", "现在", "当前"),
    ("认为", "觉得", "以为"), ("风险", "隐患", "危险"), ("明确", "写明", "写清楚"), ("投资者", "投资人", "股民"), ("设置", "设立", "建立"),
    ("问题", "毛病", "情况"), ("必要", "必需", "重要"), ("方案", "计划", "材料"), ("机构", "单位", "公司"), ("每月", "按月", "逐月"),
)  # fmt: skip
GREETINGS = (
    "您好：",
    "尊敬的领导：",
    "各位专家好！",
    "贵局：",
    "你好，",
    "公示负责同志：",
    "以下是我的意见：",
    "转发同事的意见，我赞成：",
)
SIGNATURES = (
    "谢谢！",
    "此致敬礼",
    "一名投资者",
    "望采纳。",
    "盼复",
    "示例市民甲",
    "以上，请考虑。",
    "十一月二十日",
    "支持的请转发",
)
TRADITIONAL = str.maketrans(
    "们个这来对时会说还没过样实开关电话数据机构风险办应务产业护",
    "們個這來對時會說還沒過樣實開關電話數據機構風險辦應務產業護",
)
UNSEEN = "\u200b\u200c\u2060\ufeff"
# So often a clause is one that many people write alike.
STOCK = 0.3
SENTENCE = re.compile(r"[^。？！]+[。？！]?")


@dataclass(frozen=True)
class Written:
    """A comment, and the letter it is a variant of (None for somebody's own words)."""

    text: str
    letter: int | None


def own_words(pool: random.Random, shortest: int = 60, longest: int = 800) -> str:
    """One person's comment; one in eight quotes the plan, one in forty without quotation marks."""
    wanted = min(longest, max(shortest, int(pool.lognormvariate(5.1, 0.6))))
    text = ""
    if wanted > 100 and pool.random() < 0.125:
        quoted = pool.choice(QUOTED)
        text = f"方案写道：“{quoted}”。" if pool.random() < 0.8 else f"{quoted}。"
    while len(text) < wanted:
        text += _sentence(pool)
    return text


def letters(pool: random.Random, count: int) -> list[str]:
    """Form letters: one in four is short."""
    return [own_words(pool, 60, 90) if place % 4 == 3 else own_words(pool, 150, 700) for place in range(count)]


def variant(pool: random.Random, letter: str) -> str:
    """A letter as one of those who were asked to send it sends it; up to a fifth of it is changed."""
    spent = pool.choices((0.0, 0.05, 0.12, 0.2), weights=(2, 4, 3, 1))[0] * pool.random()
    sentences = SENTENCE.findall(letter)
    if len(sentences) > 4 and pool.random() < 0.3:
        sentences.pop(pool.randrange(len(sentences)))
    if len(sentences) > 2 and pool.random() < 0.25:
        start = pool.randrange(len(sentences) - 1)
        sentences[start], sentences[start + 1] = sentences[start + 1], sentences[start]
    text = _synonyms(pool, "".join(sentences), 0.4 if pool.random() < 0.4 else 0.05)
    text = _mistyped(pool, text, spent)
    if pool.random() < 0.4:
        text = pool.choice(GREETINGS) + text
    if pool.random() < 0.25 and len(text) > 120:
        own = _sentence(pool)
        text = own + text if pool.random() < 0.5 else text + own
    if pool.random() < 0.4:
        text += pool.choice(SIGNATURES)
    return _retyped(pool, text)


def crowd(seed: int, *, own: int, variants: int, of: int) -> list[Written]:
    """So many people's own words and so many variants of `of` letters, in the order in which they come."""
    pool = random.Random(seed)
    templates = letters(pool, of)
    found = [Written(own_words(pool), None) for _ in range(own)]
    found += [Written(variant(pool, templates[place % of]), place % of) for place in range(variants)]
    pool.shuffle(found)
    return found


def many(seed: int, count: int) -> Iterator[Written]:
    """A very large consultation, one after the other: three in ten are variants of 200 letters."""
    pool = random.Random(seed)
    templates = letters(pool, 200)
    for _ in range(count):
        if pool.random() < 0.3:
            # A few letters have most of the senders.
            place = int(200 * pool.random() ** 3)
            yield Written(variant(pool, templates[place]), place)
        else:
            yield Written(own_words(pool), None)


def _sentence(pool: random.Random) -> str:
    chosen = {"g": GROUNDS, "m": MATTERS, "p": PEOPLE}
    turn = re.sub(r"{([gmp])}", lambda slot: pool.choice(chosen[slot[1]]), pool.choice(TURNS))
    turn = re.sub(r"{h}", lambda _: _wish(pool), turn)
    turn = re.sub(r"{[wf]}", lambda slot: _fault(pool, WORRIES if slot[0] == "{w}" else FACTS), turn)
    return turn.replace("{n}", str(pool.randrange(2, 90)))


def _wish(pool: random.Random) -> str:
    if pool.random() < STOCK:
        return pool.choice(WISHES)
    how = pool.choice(HOW) if pool.random() < 0.6 else ""
    thing = pool.choice(THINGS) + (
        pool.choice(("和", "以及", "连同")) + pool.choice(THINGS) if pool.random() < 0.3 else ""
    )
    return f"{how}{pool.choice(DOES)}{thing}" if pool.random() < 0.6 else f"{how}把{thing}{pool.choice(DOES)}"


def _fault(pool: random.Random, stock: tuple[str, ...]) -> str:
    if pool.random() < STOCK:
        return pool.choice(stock)
    faults = pool.sample(FAULTS, 2 if pool.random() < 0.3 else 1)
    return f"{pool.choice(THINGS)}{'又'.join(faults)}"


def _synonyms(pool: random.Random, text: str, share: float) -> str:
    for words in SYNONYMS:
        found = next((word for word in words if word in text), None)
        if found and pool.random() < share:
            text = text.replace(found, pool.choice(words))
    return text


def _mistyped(pool: random.Random, text: str, share: float) -> str:
    typed = list(text)
    for _ in range(int(len(text) * share)):
        place = pool.randrange(len(typed))
        stray = pool.choice("的了是在有和就不人都一上也很到说要去你会着没看好自己这那么他们我")
        act = pool.randrange(3)
        typed[place : place + (act > 0)] = [stray] if act < 2 else []
    return "".join(typed)


def _retyped(pool: random.Random, text: str) -> str:
    if pool.random() < 0.15:
        text = text.translate(TRADITIONAL)
    if pool.random() < 0.15:
        text = text.replace("，", ",").replace("。", ".\n")
    if pool.random() < 0.1:
        text = re.sub(r"[0-9]", lambda digit: chr(ord(digit[0]) + 0xFEE0), text)
    if pool.random() < 0.1:
        place = pool.randrange(len(text) + 1)
        text = text[:place] + pool.choice(UNSEEN) * 3 + text[place:]
    return text

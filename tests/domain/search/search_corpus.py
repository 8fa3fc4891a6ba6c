"""A made corpus of a few hundred documents in which everything occurs that the matching rule speaks of."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gongshi.search import Document

KINDS = ("notice", "project", "institution", "paragraph", "comment")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

CHINESE = str.split(
    "证券 基金 期货 银行 示例 资本市场 金融科技 创新 试点 监管 沙盒 数字人民币 应用 场景 智能 投顾 风控 "
    "运营 交易 营销 区块链 大数据 云计算 人工智能 联邦学习 安全多方计算 云原生 信创 征求意见 公示 方案 "
    "风险 防范 措施 补偿 机制 退出 投资者 保护 适当性 个人信息 数据 出境 模型 算法 解释 备案 评估 专家 "
    "委员会 北京 上海 深圳 广州 南京 的 和 与 及 在 对 应当 不得 一 二 三 〇 人人 時々 堃 㐂 𠮷野家 𪚥"
)
TRADITIONAL = str.split("證券 資本市場 風險補償機制 徵求意見 臺灣 後臺 數據 發行 國際 銀行 學習 區塊鏈")
OTHER = str.split(
    "GPT GPT-4 PT Bloom BloombergGPT API APIs fintech FinTech data database 2026 2026-SL-01 20260101 3.14 10% 5G "
    "A B C++ e-mail don't naïve nai\u0308ve café cafe\u0301 Straße ΣΟΦΟΣ договор 데이터 データ ﾃﾞｰﾀ ＡＩ ＡＰＩ２ "
    "①② ½ x² №5 ㈱ ㎡ 👩\u200d💻 𝐀𝐈 हिन्दी"
)
BETWEEN = ["", "", "", "", "", " ", "，", "。", "、", "（", "）", "《", "》", "“", "”", "\n", "\u3000", " - ", '"', "…"]
BETWEEN += ["\u200b", "\u00ad", "\ufe0f"]
PLACES = str.split("北京 上海 深圳 示例 华北 粤港")
BRANDS = str.split("银河 国泰君安 鹏扬 中诚信 玄鉴 嘉禾 太乙 星Q 赋能AI 〇一")
FORMS = [
    "证券股份有限公司",
    "基金管理有限公司",
    "期货有限公司",
    "银行（中国）有限公司",
    "信息技术有限公司",
    "Technology Co., Ltd.",
]


def make_document(
    id: str = "1",
    *,
    kind: str = "notice",
    title: str = "",
    names: tuple[str, ...] = (),
    body: str = "",
    at: datetime = NOON,
) -> Document:
    return Document(kind=kind, id=id, title=title, names=names, body=body, at=at)


def text(dice: random.Random, words: int) -> str:
    """Words of every sort, run together or with something between them."""
    pieces: list[str] = []
    for _ in range(words):
        source = dice.choices((CHINESE, TRADITIONAL, OTHER), weights=(12, 2, 4))[0]
        pieces += [dice.choice(source), dice.choice(BETWEEN)]
    return "".join(pieces)


def institution(dice: random.Random) -> str:
    return dice.choice(PLACES) + dice.choice(BRANDS) + dice.choice(FORMS)


def document(dice: random.Random, number: int) -> Document:
    names = tuple(institution(dice) for _ in range(dice.randrange(3)))
    return Document(
        kind=dice.choice(KINDS),
        id=f"d-{number}",
        title=dice.choice((institution(dice), text(dice, dice.randrange(1, 8)))),
        names=(*names, f"2026-SL-{number:02}"),
        body=text(dice, dice.randrange(0, 90)),
        at=NOON + timedelta(minutes=dice.randrange(200)),
        consultation="2026-SL-01",
        place={"number": number},
    )


def documents(count: int, seed: int = 1) -> list[Document]:
    dice = random.Random(seed)
    return [document(dice, number) for number in range(count)]


def pieces(corpus: list[Document], count: int, longest: int, seed: int = 2) -> Iterator[str]:
    """Random substrings of bodies, titles and names: whatever piece of a name or a sentence someone may type."""
    dice = random.Random(seed)
    for _ in range(count):
        one = dice.choice(corpus)
        whole = dice.choice((one.body, one.body, one.title, *one.names)) or one.title
        length = dice.randrange(1, longest + 1)
        start = dice.randrange(max(len(whole) - length, 0) + 1)
        yield whole[start : start + length]

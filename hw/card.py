"""Prints the card that lies beside the telephone, one A4 page in both languages: `python -m hw.card > hw/card.html`.

What the lamps say comes from `lamps.toml`. Any browser prints it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

LAMPS = {
    "guard": ("Green", "绿", "#1f9d49"),
    "call": ("Yellow", "黄", "#e0b000"),
    "cut": ("Red", "红", "#d6282f"),
}

WORDS = {
    "on": ("on", "亮"),
    "slow": ("slow", "慢闪"),
    "fast": ("fast", "快闪"),
    "left": ("blinking", "闪烁"),
}
"""What a lamp does when it is not off, in words, so that the card can be read without colours."""

COUNTED = ("3×: it blinks three times, then pauses.", "3×：闪三下，停一停。")

BUTTONS = (
    (
        "BLOCK", "拦截", "short", "短按",
        "While it rings, or up to 2 minutes after: cut the call and block this number.",
        "响铃时，或通话结束后 2 分钟内：挂断并拦截该号码。",
    ),
    (
        "BLOCK", "拦截", "2 seconds", "按住 2 秒",
        "Block its look-alikes too: the pool where one was found, else all numbers of the same segment.",
        "连同相似号码一起拦截：已发现的号码群，否则整个号段。",
    ),
    (
        "PASS", "放行", "short", "短按",
        "A courier is coming: let unknown callers through for 30 minutes. Press again for 30 more.",
        "等快递：30 分钟内放行陌生来电；再按一次加 30 分钟。",
    ),
    ("PASS", "放行", "2 seconds", "按住 2 秒", "End that now.", "立即结束放行。"),
    (
        "Both", "两键", "together", "同时按",
        "Undo the last press, up to 10 minutes after it.",
        "撤销上一次按键（10 分钟内有效）。",
    ),
)  # fmt: skip

EMERGENCY = (
    (
        "This box never blocks emergency numbers, and the calls that you make do not depend on it. "
        "If the telephone is dead, pull the box's power plug: the telephone is then joined to the line again.",
        "本机从不拦截紧急号码，拨出电话也不依赖本机。如果电话没有声音，请拔下本机电源：电话会立即接回线路。",
    ),
    (
        "Still dead? Plug the telephone straight into the wall socket, or call from a mobile.",
        "仍无声音？把电话直接插到墙上的插座，或用手机拨打。",
    ),
)

TEST = (
    ("Pull the box's power plug. All lamps are dark.", "拔下本机电源，所有指示灯熄灭。"),
    ("Lift the handset: you hear the dial tone.", "拿起话筒：能听到拨号音。"),
    (
        "Call your mobile from the telephone, then the other way: it rings, and both sides hear each other.",
        "用电话拨打手机，再用手机拨打电话：能响铃，双方能通话。",
    ),
    (
        "Plug the power in while the handset is lifted: the dial tone does not stop.",
        "话筒拿起时插上电源：拨号音不中断。",
    ),
    ("When the green lamp stays lit, make both calls again.", "绿灯常亮后，再各拨打一次。"),
)
TEST_NOTE = (
    "Do this after building, and every month. Do not call the emergency number to test.",
    "安装后及每月各做一次。请勿为测试而拨打紧急号码。",
)

STYLE = """
@page { size: A4; margin: 9mm 13mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 186mm; color: #16202a;
  font: 8.4pt/1.28 "Noto Sans", "DejaVu Sans", Arial, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif }
h1 { font-size: 18pt; margin: 0 0 2mm } h2 { font-size: 11pt; margin: 2.6mm 0 0.8mm }
.alarm { border: 0.6mm solid #d6282f; border-radius: 2mm; padding: 2mm 3mm }
.alarm h2 { margin: 0 0 1mm; color: #b01820 } p { margin: 0 0 0.8mm }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 0.2mm solid #b9c1c8; padding: 0.45mm 1.6mm 0.45mm 0; text-align: left; vertical-align: middle }
th { font-weight: bold; white-space: nowrap } .does { white-space: nowrap; width: 18mm; font-size: 8pt }
svg { width: 3.4mm; height: 3.4mm; vertical-align: -0.6mm; margin-right: 1mm }
.key { white-space: nowrap; font-weight: bold }
.fill { margin-top: 4mm } .fill span { display: inline-block; min-width: 62mm; border-bottom: 0.2mm solid #16202a }
"""


def both(en: str, zh: str) -> str:
    return f'<span lang="zh">{escape(zh)}</span><br><span lang="en">{escape(en)}</span>'


def does(lamp: str, state: str | int) -> str:
    """A lamp and what it does: an empty circle when it is off."""
    colour = LAMPS[lamp][2]
    circle = f'<circle cx="5" cy="5" r="4" fill="{{}}" stroke="{colour}" stroke-width="1.4"/>'
    words = f"{state}×" if isinstance(state, int) else " ".join(reversed(WORDS.get(state, ())))
    fill = "none" if state == "off" else colour
    return f'<svg viewBox="0 0 10 10">{circle.format(fill)}</svg>{escape(words)}'


def page(lamps: Mapping[str, Mapping[str, str | int]]) -> Iterator[str]:
    """The card as lines of HTML."""
    yield '<!doctype html>\n<html lang="zh">\n<meta charset="utf-8">'
    yield f"<title>Ringfence 铃盾</title>\n<style>{STYLE}</style>"
    yield "<h1>铃盾 Ringfence</h1>"
    yield '<div class="alarm"><h2>紧急电话 Emergency calls</h2>'
    for words in EMERGENCY:
        yield f"<p>{both(*words)}</p>"
    yield "</div>\n<h2>按键 Buttons</h2>\n<table>"
    for name, zh_name, press, zh_press, en, zh in BUTTONS:
        key = f'<td class="key">{zh_name} {name}</td><td class="does">{both(press, zh_press)}</td>'
        yield f"<tr>{key}<td>{both(en, zh)}</td></tr>"
    yield f"</table>\n<h2>指示灯 Lamps</h2>\n<p>{' '.join(reversed(COUNTED))}</p>\n<table>\n<tr>"
    for en, zh, _ in LAMPS.values():
        yield f"<th>{zh} {en}</th>"
    yield "<th>含义</th><th>Meaning</th></tr>"
    for row in lamps.values():
        shown = "".join(f'<td class="does">{does(lamp, row[lamp])}</td>' for lamp in LAMPS)
        yield f"<tr>{shown}<td>{escape(str(row['zh']))}</td><td>{escape(str(row['en']))}</td></tr>"
    yield "</table>\n<h2>紧急通话测试 The emergency test</h2>"
    yield f"<p>{both(*TEST_NOTE)}</p>\n<table>"
    for step, (en, zh) in enumerate(TEST, 1):
        yield f'<tr><td class="key">{step}</td><td>{escape(zh)}</td><td>{escape(en)}</td></tr>'
    yield '</table>\n<p class="fill">网页 Page <span></span> 求助 Whom to ask <span></span></p>\n</html>'


def load() -> dict[str, dict[str, str | int]]:
    return tomllib.loads(files("hw").joinpath("lamps.toml").read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write("\n".join(page(load())) + "\n")

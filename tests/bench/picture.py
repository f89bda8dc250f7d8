#!/usr/bin/env python3
"""picture.py < README.md > examples/speed.svg: the table of speeds as bars, how
many times as fast as naive C each is. Longer is better."""

import re
import sys

UNITS = {"k": 1e3, "M": 1e6, "G": 1e9}
WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 940, 345, 60, 64, 50, 12
SERIES = [("rnnc, clang", "#4f46e5"), ("rnnc, gcc", "#a5b4fc"),
          ("the fastest rival", "#c2410c")]


def number(text):
    """1.43M (0.67x) -> 1430000"""
    digits, unit = re.match(r"([\d.]+)([kMG]?)", text.strip()).groups()
    return float(digits) * UNITS.get(unit, 1)


def rows(text):
    """(workload, [speed of each of the series, where naive C is 1]) each"""
    table = text.partition("<!-- speed:")[2].partition("<!-- /speed")[0]
    for line in table.splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if re.match(r"W\d", cells[0]):
            ours = [float(re.search(r"\(([\d.]+)x\)", c).group(1))
                    for c in (cells[3], cells[2])]
            rival = [number(cells[1]) / number(c) for c in cells[4:5] if c]
            yield cells[0], ours + rival


def text(x, y, words, style=""):
    return '<text x="%d" y="%d"%s>%s</text>' % (x, y, style, words.replace(
        "&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def draw(workloads):
    height = TOP + ROW * len(workloads) + 12
    most = max([1.5] + [s for _, speeds in workloads for s in speeds])
    scale = (WIDTH - LEFT - RIGHT) / most
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" '
           'font-family="sans-serif" font-size="13" fill="#1f2937">'
           % (WIDTH, height),
           "<title>Speed, naive C is 1; longer is better</title>",
           '<rect width="%d" height="%d" rx="8" fill="#fff"/>'
           % (WIDTH, height),
           text(16, 26, "times as fast as naive C with gcc -O3 -ffast-math "
                "-march=native; longer is better", ' font-weight="bold"')]
    for i, (name, color) in enumerate(SERIES):
        out += ['<rect x="%d" y="38" width="11" height="11" fill="%s"/>'
                % (LEFT + 150 * i, color), text(LEFT + 16 + 150 * i, 48, name)]
    for i, (name, speeds) in enumerate(workloads):
        y = TOP + ROW * i
        out.append(text(16, y + 22, name))
        for k, speed in enumerate(speeds):
            bar = y + (BAR + 1) * k
            out += ['<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>'
                    % (LEFT, bar, speed * scale, BAR, SERIES[k][1]),
                    text(int(LEFT + speed * scale) + 5, bar + 10,
                         "%.2f" % speed, ' font-size="10"')]
    x = LEFT + scale
    out += ['<path d="M%.1f %dV%d" stroke="#374151" stroke-dasharray="3 3"/>'
            % (x, TOP - 6, height - 10), "</svg>"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.stdout.write(draw(list(rows(sys.stdin.read()))))

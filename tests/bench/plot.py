"""Curves as SVG: both axes logarithmic, a legend, no library."""

import html
import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 860, 440, 70, 40, 350, 50
COLORS = ["#888888", "#c44e52", "#dd8452", "#4c72b0", "#64b5cd", "#55a868",
          "#8172b3", "#937860", "#da8bc3", "#222222"]


class Axis:
    """Powers of a base around the values; at(value) in pixels."""

    def __init__(self, values, start, end):
        self.low = math.log10(min(values))
        self.high = max(math.log10(max(values)), self.low + .1)
        self.start, self.end = start, end

    def at(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self):
        """Powers of ten, and their doubles and fives where there is room."""
        steps = [1, 2, 5] if self.high - self.low < 2.5 else [1]
        return [s * 10.0 ** k for k in range(math.floor(self.low) - 1,
                                             math.ceil(self.high) + 1)
                for s in steps
                if self.low - 1e-9 <= math.log10(s * 10.0 ** k)
                <= self.high + 1e-9]


def short(value):
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return "%g%s" % (value / limit, unit)
    return "%g" % value


def text(x, y, words, anchor="start", more=""):
    return '<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>' % (
        x, y, anchor, more, html.escape(words))


def line(x1, y1, x2, y2, color):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>' % (
        x1, y1, x2, y2, color)


def axes(curve, x, y):
    parts = []
    for value in x.ticks():
        parts.append(line(x.at(value), y.start, x.at(value), y.end, "#dddddd"))
        parts.append(text(x.at(value), y.start + 18, short(value), "middle"))
    for value in y.ticks():
        parts.append(line(x.start, y.at(value), x.end, y.at(value), "#dddddd"))
        parts.append(text(x.start - 8, y.at(value) + 4, short(value), "end"))
    parts.append(text((x.start + x.end) / 2, HEIGHT - 10, curve["x"], "middle"))
    parts.append(text(x.start - 50, y.end - 10, curve["y"]))
    parts.append(text(x.start + 90, y.end - 10, curve["title"], "start",
                      ' font-weight="bold"'))
    return parts


def series(points, x, y, color):
    at = ["%.1f,%.1f" % (x.at(a), y.at(b)) for a, b in points]
    parts = ['<polyline points="%s" fill="none" stroke="%s" '
             'stroke-width="1.8"/>' % (" ".join(at), color)]
    return parts + ['<circle cx="%s" cy="%s" r="2.5" fill="%s"/>' % (
        *p.split(","), color) for p in at]


def svg(curve):
    points = [p for s in curve["series"].values() for p in s]
    x = Axis([p[0] for p in points], LEFT, WIDTH - RIGHT)
    y = Axis([p[1] for p in points], HEIGHT - BOTTOM, TOP)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
             'font-family="sans-serif" font-size="12">' % (WIDTH, HEIGHT),
             '<rect width="100%" height="100%" fill="white"/>']
    parts += axes(curve, x, y)
    for i, (label, s) in enumerate(curve["series"].items()):
        color, at = COLORS[i % len(COLORS)], TOP + 10 + 18 * i
        parts += series(s, x, y, color)
        parts.append(line(WIDTH - RIGHT + 10, at - 4, WIDTH - RIGHT + 28,
                          at - 4, color))
        parts.append(text(WIDTH - RIGHT + 34, at, label))
    return "\n".join(parts + ["</svg>", ""])

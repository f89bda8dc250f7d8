#!/usr/bin/env python3
"""--report=html and --emit=svg without a browser: the text is well-formed and
always the same, nothing a model says becomes markup, and the pictures show
numbers that numpy computes from the model file. tests/full/html looks at them
in Chromium."""

import html.parser
import json
import math
import os
import re
import sys
import xml.etree.ElementTree

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import (ROOT, RNNC, finish, report, rnnc, run, workspace,
                     write_model)

NOTEBOOK = os.path.join(ROOT, "examples/notebook/model.json")
SVG = "{http://www.w3.org/2000/svg}"
ATTACKS = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
           "</style></svg><b>", "' onload='alert(1)", "&lt;b&gt;&amp;",
           "]]><!--", "${os.exit()}", "% error()", "a\u0001b\n\t\u001b[31m",
           "\u202etxt.exe", "\u2028\u0085\ufffe", "\u4e2d\u6587" * 40]


class Page(html.parser.HTMLParser):
    """Elements with their attributes and texts; wrong nesting is an error."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.errors = [], [], []
        self.feed(text)
        if self.open:
            self.errors.append("left open: %s" % self.open)

    def handle_starttag(self, tag, attributes):
        self.found.append([tag, dict(attributes), ""])
        if tag != "meta":
            self.open.append(len(self.found) - 1)

    def handle_startendtag(self, tag, attributes):
        self.found.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        if not self.open or self.found[self.open.pop()][0] != tag:
            self.errors.append("wrong end of " + tag)

    def handle_data(self, data):
        for i in self.open:
            self.found[i][2] += data

    def all(self, tag, kind=None):
        return [f for f in self.found if f[0] == tag and (
            kind is None or kind in f[1].get("class", "").split())]


def page_of(folder, model, *options):
    path = os.path.join(folder, "report.html")
    status, _, err = rnnc(model, "--report=html", "--report-file", path,
                          "--check", *options)
    text = open(path, encoding="utf-8").read() if status == 0 else ""
    return Page(text), text, err


# ---- The graph ---------------------------------------------------------------

def boxes_of(text):
    """{title: (x, y, width, height)} of the picture, and its links."""
    root = xml.etree.ElementTree.fromstring(text)
    boxes = {}
    for g in root.iter(SVG + "g"):
        rect = g.find(SVG + "rect")
        boxes[g.find(SVG + "title").text] = [
            int(rect.get(k)) for k in ("x", "y", "width", "height")]
    links = [p.get("d") for p in root.iter(SVG + "path")
             if p.get("class") == "g-link"]
    return root, boxes, links


def overlap(a, b):
    return (a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
            and a[1] < b[1] + b[3] and b[1] < a[1] + a[3])


def check_graph():
    _, text, err = rnnc(NOTEBOOK, "--emit=svg", "-o", "-")
    report(text == rnnc(NOTEBOOK, "--emit=svg", "-o", "-")[1] != "",
           "svg: the same bytes again", err)
    _, boxes, links = boxes_of(text)
    report(list(boxes) == ["x: input [10, 3], 0 parameters",
                           "rnn: SimpleRNN [5], 45 parameters",
                           "y: Dense [2], 12 parameters",
                           "y: output [2], 0 parameters"]
           and len(links) == 3, "svg: a box for each layer, a link for each "
           "tensor", "%s %s" % (boxes, links))
    for name in ("keras_1", "torch_4", "tf_keras_3"):
        path = os.path.join(ROOT, "tests/conformance/%s.json" % name)
        _, text, err = rnnc(path, "--emit=svg", "-o", "-")
        root, boxes, _ = boxes_of(text)
        places = list(boxes.values())
        wide, high = int(root.get("width")), int(root.get("height"))
        report(len(places) > 4 and not any(
            overlap(a, b) for i, a in enumerate(places) for b in places[:i])
            and all(x >= 0 and y >= 0 and x + w <= wide and y + h <= high
                    for x, y, w, h in places),
            "svg: boxes of %s lie apart, inside" % name, str(boxes))


def check_bends(folder):
    """A link that skips rows bends around the boxes there."""
    layers = [{"type": "Activation", "name": "a%d" % i, "activation": "tanh"}
              for i in range(4)]
    layers[0]["inputs"] = ["x"]
    layers.append({"type": "Add", "name": "y", "inputs": ["x", "a3"]})
    path = os.path.join(folder, "skip.json")
    write_model(path, {"format": "rnnc", "version": 1, "layers": layers,
                       "inputs": [{"name": "x", "shape": [3]}],
                       "outputs": ["y"]})
    _, text, err = rnnc(path, "--emit=svg", "-o", "-")
    _, boxes, links = boxes_of(text)
    bends = [tuple(map(int, re.match(r"M(\d+) (\d+)L", d).groups()))
             for d in links if "L" in d]
    hit = [b for b in bends for x, y, w, h in boxes.values()
           if x <= b[0] <= x + w and y <= b[1] <= y + h]
    report(len(bends) == 4 and not hit, "svg: links bend around boxes",
           "%s %s %s" % (bends, boxes, err))


# ---- Strings of the model ----------------------------------------------------

def check_attacks(folder):
    layers = [{"type": "Activation", "name": a, "activation": "tanh"}
              for a in ATTACKS]
    layers[0]["inputs"] = ["<x>\"'&"]
    model = {"format": "rnnc", "version": 1, "name": ATTACKS[0],
             "inputs": [{"name": "<x>\"'&", "shape": [2]}], "layers": layers,
             "outputs": [ATTACKS[-1]],
             "samples": [{"inputs": {"<x>\"'&": [0, 0]}, "note": ATTACKS[1],
                          "outputs": {ATTACKS[-1]: [0, 0]}}]}
    path = os.path.join(folder, "attack.json")
    write_model(path, model)
    page, text, err = page_of(folder, path)
    plain, _, _ = page_of(folder, NOTEBOOK)
    tags = {f[0] for f in page.found} - {f[0] for f in plain.found}
    keys = {k for f in page.found for k in f[1]} - {
        k for f in plain.found for k in f[1]}
    report(text and not page.errors and not tags and not keys,
           "no string of a model becomes markup", "%s %s %s %s"
           % (page.errors, tags, keys, err))
    names = [f[2] for f in page.all("b")]
    report(all(a in names for a in ATTACKS[:8]), "but it is shown",
           str(names))
    raw = [c for c in text if ord(c) in (1, 9, 27, 0x7F, 0x85, 0x202E, 0x2028,
                                         0xFFFE)]
    report(not raw, "control characters and bidi overrides are replaced",
           str(raw))
    _, text, err = rnnc(path, "--emit=svg", "-o", "-")
    root, boxes, _ = boxes_of(text)
    kinds = {e.tag[len(SVG):] for e in root.iter()}
    report(kinds <= {"svg", "title", "style", "g", "rect", "path", "text",
                     "tspan"} and len(boxes) == len(ATTACKS) + 2,
           "the same in SVG", "%s %s" % (kinds, err))
    report("<script" not in text and "onload='" not in text,
           "no raw script in SVG")


# ---- Numbers -----------------------------------------------------------------

def notebook():
    with open(NOTEBOOK) as f:
        return json.load(f)


def weights_of(layer):
    return [np.asarray(w, np.float32).astype(float).ravel()
            for w in layer["weights"].values()]


def check_numbers(folder):
    page, text, err = page_of(folder, NOTEBOOK)
    report(text == page_of(folder, NOTEBOOK)[1] != "" and not page.errors,
           "html: well-formed, the same bytes again", str(page.errors) + err)
    tiles = [f[2] for f in page.all("strong")]
    model = notebook()
    values = [np.concatenate(weights_of(l)) for l in model["layers"]]
    params = sum(len(v) for v in values)
    # 5 units stand in tiles of 8: rows of two kernels, and a bias; then Dense.
    size = 4 * (8 * (3 + 5 + 1) + 2 * 5 + 2)
    report(tiles[:3] == ["57", "410", "%d\u00a0B" % size] and params == 57,
           "html: the headline numbers", str(tiles))
    for layer, all_values in zip(model["layers"], values):
        want, _ = np.histogram(all_values, 40)
        start = next(i for i, f in enumerate(page.found)
                     if f[0] == "h3" and f[2].startswith(layer["name"]))
        bars = {}
        for tag, attributes, _ in page.found[start:]:
            if tag == "p":
                break
            if tag == "rect":
                bars[int(attributes["x"]) // 6] = int(attributes["height"])
        got = [bars.get(i, 0) for i in range(40)]
        exact = [int(math.ceil(74 * k / max(want))) for k in want]
        report(all(abs(a - b) <= 1 for a, b in zip(got, exact))
               and sum(want) == len(all_values),
               "html: histogram of " + layer["name"], "%s\n%s" % (got, exact))


def check_errors(folder):
    """The dots against the same network in numpy."""
    model = notebook()
    rnn, dense = [{k: np.asarray(v, np.float32).astype(float)
                   for k, v in l["weights"].items()} for l in model["layers"]]
    misses = []
    for s in model["samples"]:
        h = np.zeros(5)
        for x in np.asarray(s["inputs"]["x"], float):
            h = np.tanh(x @ rnn["kernel"] + h @ rnn["recurrent_kernel"]
                        + rnn["bias"])
        y = h @ dense["kernel"] + dense["bias"]
        misses += list(abs(y - np.asarray(s["outputs"]["y"])))
    page, text, err = page_of(folder, NOTEBOOK)
    dots = [int(f[1]["cy"]) for f in page.all("circle", "e-exact")]
    low = math.floor(math.log10(min(misses)))
    labels = [f[2] for f in page.all("text", "label") if "1e" in f[2]]
    high = int(labels[-1][2:])
    want = [244 - (math.log10(m) - low) * 230 / (high - low) for m in misses]
    report(labels[0] == "1e%d" % low and len(dots) == len(want)
           and all(abs(a - b) < 2 for a, b in zip(dots, want)),
           "html: errors of the samples", "%s %s %s" % (dots, want, labels))
    report("at most %.2g" % max(misses) in text, "html: the largest error")
    path = os.path.join(folder, "no_samples.json")
    write_model(path, {k: v for k, v in model.items() if k != "samples"})
    page, text, _ = page_of(folder, path)
    report("The model brings no samples" in text
           and not page.all("circle", "e-exact")
           and len(page.all("circle", "e-rounded")) == 6,
           "html: without samples there is no claim about them")
    page, text, _ = page_of(folder, NOTEBOOK, "--type=double")
    report(not page.all("circle", "e-rounded"),
           "html: no float32 estimate for double")


def check_memory(folder):
    """What is in memory at a time lies apart, and all of it is as high as the
    RAM that the report states."""
    path = os.path.join(ROOT, "tests/conformance/tf_keras_3.json")
    page, _, err = page_of(folder, path)
    lives = []
    for f in page.all("title"):
        m = re.match(r".*: ([\d\u202f]+)\u00a0B from byte (\d+), calls (\d+) "
                     r"to (\d+)$", f[2])
        if m:
            lives.append([int(g.replace("\u202f", "")) for g in m.groups()])
    clash = [(a, b) for i, a in enumerate(lives) for b in lives[:i]
             if a[2] <= b[3] and b[2] <= a[3]
             and a[1] < b[1] + b[0] and b[1] < a[1] + a[0]]
    _, out, _ = rnnc(path, "--report=json", "--check")
    total = json.loads(out)["ram_total"]
    report(len(lives) > 3 and not clash
           and max(size + at for size, at, _, _ in lives) == total,
           "html: the memory plan has no two values in one place",
           "%s %s %d %s" % (lives, clash, total, err))
    page, text, _ = page_of(folder, NOTEBOOK, "--budget-flash=672",
                            "--budget-ram=1800")
    report("50.0% of a budget of 672" in text and "10.0% of a budget" in text,
           "html: bars against the budgets")


def check_example(folder):
    """What examples/keywords/README.md promises."""
    script = os.path.join(ROOT, "examples/keywords/run.sh")
    status, out, err = run(["sh", script, RNNC, folder])
    report(status == 0 and "keywords: 3 samples, max error" in out,
           "examples/keywords runs", out + err)
    page = open(os.path.join(folder, "report.html"), encoding="utf-8").read()
    report("7\u202f350" in page and
           "of a budget of 32.0\u00a0KB" in page,
           "examples/keywords: its report has the README's numbers")
    told = "no windows of convolutions, for a budget"
    model = os.path.join(ROOT, "examples/keywords/model.json")
    _, free, _ = rnnc(model, "--check", "--report")
    _, page, _ = page_of(folder, model, "--budget-flash=31K")
    report(told in page and told not in free,
           "the report tells what a budget took away", free)


def check_templates(folder):
    """An own template is used, and make learns of it."""
    own = os.path.join(folder, "own", "templates")
    os.makedirs(own)
    with open(os.path.join(own, "report.html.lt"), "w") as f:
        f.write("<p>${model.report.title}</p>\n")
    c, html = os.path.join(folder, "n.c"), os.path.join(folder, "n.html")
    status, _, err = rnnc(NOTEBOOK, "--template-dir", os.path.dirname(own),
                          "--report=html", "--report-file", html, "-MD", "-o",
                          c)
    report(status == 0 and open(html).read() == "<p>notebook</p>\n"
           and "report.html.lt" in open(os.path.join(folder, "n.d")).read(),
           "html: an own template is used, and a dependency", err)


def main():
    with workspace() as folder:
        check_graph()
        check_bends(folder)
        check_attacks(folder)
        check_numbers(folder)
        check_errors(folder)
        check_memory(folder)
        check_templates(folder)
        check_example(folder)
    finish()


main()

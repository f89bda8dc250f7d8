#!/usr/bin/env python3
"""--report=html and --emit=svg in headless Chromium, light and dark, on a phone
and on a desk: the console is silent, nothing is fetched, nothing overflows,
the colors follow the scheme. Screenshots are left in $BUILD/html for people."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", ".."))
from support import ROOT, finish, report, rnnc, workspace, write_model

from browser import Browser

BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
MODELS = {"notebook": "examples/notebook/model.json",
          "keywords": "examples/keywords/model.json",
          "torch_4": "tests/conformance/torch_4.json",
          "keras_1": "tests/conformance/keras_1.json"}
WIDTHS = {"phone": 390, "desk": 1280}

# Elements that are wider than their place, but for those meant to scroll.
OVERFLOWING = """
[...document.querySelectorAll("body, body *")].filter(e =>
    !e.closest("svg") && getComputedStyle(e).overflowX !== "auto" &&
    getComputedStyle(e).display !== "inline" &&
    e.scrollWidth > e.clientWidth + 1)
.map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40))
.concat(document.documentElement.scrollWidth >
        document.documentElement.clientWidth ? ["the page"] : [])
"""

# Texts in pictures that leave their picture, or boxes their name.
CLIPPED = """
[...document.querySelectorAll(".g-box")].filter(g => {
    const box = g.querySelector("rect").getBoundingClientRect();
    return [...g.querySelectorAll("text")].some(t => {
        const r = t.getBoundingClientRect();
        return r.left < box.left || r.right > box.right;
    });
}).map(g => g.textContent)
.concat([...document.querySelectorAll("svg .label")].filter(t => {
    const r = t.getBoundingClientRect();
    const s = t.closest("svg").getBoundingClientRect();
    return r.left < s.left || r.right > s.right || r.bottom > s.bottom;
}).map(t => t.textContent))
"""

BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def nasty(folder):
    """As many and as long names as there may be, and a wide graph."""
    layers = []
    for i in range(40):
        layers.append({"type": "Dense", "name": "w" * 200 + str(i),
                       "inputs": ["<x>"], "units": 2,
                       "weights": {"kernel": [[1e-3, -70000.5]] * 3,
                                   "bias": [0, 1]}})
    layers.append({"type": "Concatenate", "name": "\u4e2d\u6587" * 20,
                   "inputs": [l["name"] for l in layers]})
    path = os.path.join(folder, "nasty.json")
    write_model(path, {"format": "rnnc", "version": 1, "name": "n" * 255,
                       "inputs": [{"name": "<x>", "shape": [3]}],
                       "layers": layers, "outputs": [layers[-1]["name"]]})
    return path


def look(browser, path, name):
    for width in WIDTHS:
        shades = []
        for dark in (False, True):
            title = "%s, %s, %s" % (name, width, "dark" if dark else "light")
            said = browser.open(path, WIDTHS[width], dark)
            report(not said, title + ": nothing is said or fetched", str(said)[:500])
            wide = browser.evaluate(OVERFLOWING)
            report(not wide, title + ": nothing overflows", str(wide)[:500])
            clipped = browser.evaluate(CLIPPED)
            report(not clipped, title + ": no text is cut off", str(clipped)[:500])
            shades.append(browser.evaluate(BACKGROUND))
            shot = os.path.join(BUILD, "html", "%s_%s_%s.png" % (
                name, width, "dark" if dark else "light"))
            report(browser.screenshot(shot) > 5000, title + ": a screenshot")
        report(shades[0] != shades[1], "%s, %s: dark is not light" % (
            name, width), str(shades))


def look_at_svg(browser, path, name):
    """A file of its own, which has to be well-formed XML."""
    said = browser.open(path, WIDTHS["desk"], False)
    boxes = browser.evaluate("document.querySelectorAll('.g-box').length")
    report(not said and boxes > 2, name + ": the SVG alone", str(said)[:500])


def main():
    os.makedirs(os.path.join(BUILD, "html"), exist_ok=True)
    browser = Browser()
    with workspace() as folder:
        models = {n: os.path.join(ROOT, m) for n, m in MODELS.items()}
        models["nasty"] = nasty(folder)
        for name, model in models.items():
            page = os.path.join(folder, name + ".html")
            picture = os.path.join(folder, name + ".svg")
            status, _, err = rnnc(model, "--check", "--report=html",
                                  "--report-file", page)
            report(status == 0, name + ": a report", err)
            status, _, err = rnnc(model, "--emit=svg", "-o", picture)
            report(status == 0, name + ": a picture", err)
            look(browser, page, name)
            look_at_svg(browser, picture, name)
    browser.close()
    finish()


if shutil.which("chromium") or shutil.which("chromium-browser"):
    main()
else:
    report(False, "Chromium is there (make deps-full)")
    finish()

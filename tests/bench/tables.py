"""Results as text: a line while it runs, tables at the end."""

NATIVE, NO_VECTORS = "-O2 -march=native", ", no vectors"


def number(ns):
    """Three or four digits: 85.3, 1234, 71.2k, 1.09M."""
    for limit, divisor, unit in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if ns >= limit:
            value = ns / divisor
            return ("%.2f%s" if value < 10 else "%.1f%s") % (value, unit)
    return "%.1f" % ns if ns < 1000 else "%.0f" % ns


def progress(results, call):
    rows = [r for r in results if r["call"] == call]
    return "%s %s: %s" % (rows[0]["workload"], call, ", ".join(
        "%s %s" % (r["label"], number(r["ns"])) for r in rows))


def table(head, rows):
    """Markdown, in columns that a terminal shows as such."""
    widths = [max(3, *(len(r[i]) for r in [head] + rows))
              for i in range(len(head))]
    lines = []
    for row in [head] + rows:
        cells = [row[0].ljust(widths[0])]
        cells += [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    rule = ["-" * w + ":" for w in widths[1:]]
    lines.insert(1, "|-" + "-" * widths[0] + "-|-" + "|-".join(rule) + "|")
    return "\n".join(lines)


def distinct(results, key):
    return list(dict.fromkeys(r[key] for r in results))


def best_rival(rows):
    """The fastest row of another's code, or None."""
    rivals = [r for r in rows if r["group"] == "rival"]
    return min(rivals, key=lambda r: r["ns"], default=None)


def cell(row, goal):
    if not row:
        return ""
    text = "%s (%.2fx)" % (number(row["ns"]), row["ratio"])
    missed = goal and row["group"] == "rnnc" and row["ratio"] < goal
    return text + (" <" if missed else "")


def grid(results, column, goals=None, head=str):
    """A line for each program, a column for each value of `column`: ns and
    the ratio to the first line; then the best rival, and how many times as
    fast rnnc is, by compiler."""
    columns = distinct(results, column)
    at = {(r["label"], r[column]): r for r in results}
    rows = []
    for label in distinct(results, "label"):
        rows.append([label] + [
            cell(at.get((label, c)), goals and NATIVE in label
                 and "--weights" not in label and NO_VECTORS not in label
                 and goals.get(c))
            for c in columns])
    if goals:
        rows.append(["must, ratio"] + [
            "%.2fx" % goals[c] if c in goals else "" for c in columns])
    best = {c: best_rival([r for r in results if r[column] == c])
            for c in columns}
    if any(best.values()):
        for label in distinct(results, "label"):
            if label.startswith("rnnc") and label.endswith(NATIVE):
                rows.append(["best rival / " + label] + [
                    "%.2fx" % (best[c]["ns"] / at[label, c]["ns"])
                    if best[c] and (label, c) in at else "" for c in columns])
    return table([""] + [head(c) for c in columns], rows)


def batch_goal(rows, goals):
    """What the goal for batches says, with what came out."""
    best = min((r["ns"] for r in rows if r["label"].startswith("onnxruntime")),
               default=None)
    goal = goals.BATCH.get(rows[0]["workload"])
    if not best or not goal:
        return ""
    words = []
    for label in distinct(rows, "label"):
        if label.startswith("rnnc") and label.endswith(NATIVE):
            ns = min(r["ns"] for r in rows if r["label"] == label
                     and int(r["call"].split()[1]) in goals.BATCH_SIZES)
            words.append("%s %.2fx" % (label, best / ns)
                         + (" <" if best / ns < goal else ""))
    return "onnxruntime at its best n: %s; must %gx\n\n" % (
        ", ".join(words), goal)


def pruned_goal(rows, goals):
    """How many times as fast as the same network before it was pruned."""
    at = {r["label"]: r["ns"] for r in rows}
    words = []
    for label in at:
        if label + " not pruned" in at:
            ratio = at[label + " not pruned"] / at[label]
            words.append("%s %.2fx" % (label, ratio)
                         + (" <" if ratio < goals.PRUNED else ""))
    return "%s, %s, against none: %s; must %gx\n\n" % (
        rows[0]["workload"], rows[0]["title"], ", ".join(words),
        goals.PRUNED) if words else ""


def scalar_goal(rows, goals):
    """How many times as fast as naive loops where neither has vectors."""
    rows = [r for r in rows if r["label"].endswith(NO_VECTORS)]
    words = []
    for r in rows[1:]:
        ratio = rows[0]["ns"] / r["ns"]
        words.append("%s %.2fx" % (" ".join(r["label"].split()[:2]), ratio)
                     + (" <" if ratio < goals.SCALAR else ""))
    return "%s, without vectors: %s; must %gx\n\n" % (
        rows[0]["workload"], ", ".join(words), goals.SCALAR) if words else ""


def sizes(results):
    """Of programs that are code of their own."""
    results = [r for r in results if r["text"]]
    names = distinct(results, "workload")
    at = {(r["label"], r["workload"]): r for r in results}
    rows = []
    for label in distinct(results, "label"):
        rows.append([label] + [
            "%.1fk %.0e" % (at[label, n]["text"] / 1000, at[label, n]["error"])
            if (label, n) in at else "" for n in names])
    return table([""] + names, rows)


def sections(results):
    """{title: (rows, column)}: the main call of each workload in one table,
    batches in one for each workload, what is left by its name."""
    main, batches, others = [], {}, {}
    for name in distinct(results, "workload"):
        rows = [r for r in results if r["workload"] == name]
        for r in rows:
            if r["call"] == rows[0]["call"]:
                main.append(r)
            elif r["call"].startswith("batch"):
                batches.setdefault(name, []).append(r)
            else:
                others.setdefault(r["call"], []).append(r)
    return main, others, batches


def markdown(results, goals):
    main, others, batches = sections(results)
    text = ("ns per call of predict, of step in W2, W3 and NAM (ratio to the first "
            "line; <: misses the goal)\n\n%s\n\n"
            % grid(main, "workload", goals.RATIO))
    for name in distinct(main, "workload"):
        rows = [r for r in main if r["workload"] == name]
        text += pruned_goal(rows, goals) + scalar_goal(rows, goals)
    for call, rows in others.items():
        text += "ns per %s\n\n%s\n\n" % (call, grid(rows, "workload"))
    for name, rows in batches.items():
        text += "%s, %s: ns per sample of predict_batch\n\n%s\n\n" % (
            name, rows[0]["title"], grid(rows, "call"))
        text += batch_goal(rows, goals)
    return text + "Bytes of code, largest error\n\n%s\n" % sizes(main)

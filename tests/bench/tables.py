"""Results as text: a line while it runs, tables at the end."""


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


def main_call(rows):
    """What the goals speak of comes first: step of W2 and W3, else predict."""
    return rows[0]["call"]


def cell(row, goal):
    text = "%s (%.2fx)" % (number(row["ns"]), row["ratio"])
    if goal and row["label"].startswith("rnnc") and row["ratio"] < goal:
        text += " <"
    return text


def one_call(results, title, goal):
    """A line for each program, a column for each workload."""
    names = distinct(results, "workload")
    at = {(r["label"], r["workload"]): r for r in results}
    rows = []
    for label in distinct(results, "label"):
        native = "-O2 -march=native" in label
        rows.append([label] + [
            cell(at[label, n], goal.get(n) if native else None)
            if (label, n) in at else "" for n in names])
    if goal:
        rows.append(["must, ratio"] + ["%.2fx" % goal[n] if n in goal else ""
                                       for n in names])
    return "%s\n\n%s\n" % (title, table([""] + names, rows))


def sizes(results):
    first = {(r["label"], r["workload"]): r for r in reversed(results)}
    names = distinct(results, "workload")
    rows = []
    for label in distinct(results, "label"):
        rows.append([label] + ["%.1fk / %.0e" % (
            first[label, n]["text"] / 1000, first[label, n]["error"])
            for n in names])
    return "Bytes of code / largest error\n\n%s\n" % table([""] + names, rows)


def markdown(results, goals):
    groups = {}
    for name in distinct(results, "workload"):
        rows = [r for r in results if r["workload"] == name]
        for r in rows:
            main = r["call"] == main_call(rows)
            groups.setdefault("" if main else r["call"], []).append(r)
    text = ""
    for call, rows in groups.items():
        title = "ns per %s (ratio to the first line; <: misses the goal)" % (
            call or "call of predict, of step in W2 and W3")
        text += one_call(rows, title, {} if call else goals.RATIO) + "\n"
    return text + sizes(groups.get("", results))

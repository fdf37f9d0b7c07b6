"""Records in, Markdown tables out."""
import datetime
import os
import statistics

import edits
from tools import TOOLS


def heading(versions, missing):
    told = ", ".join(f"{TOOLS[name].title} {version}" for name, version in versions.items() if version)
    lines = [f"Measured on {datetime.date.today()} with {os.cpu_count()} cores: {told}."]
    lines += [f"Not measured: {TOOLS[name].title} ({why})." for name, why in missing.items()]
    return "\n".join(lines) + "\n"


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * (len(columns) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def ratio(runs, others, key):
    """Median of the ratios of runs in the same round, with their extent."""
    other = {run["round"]: run[key] for run in others}
    found = [run[key] / other[run["round"]] for run in runs if run["round"] in other]
    if not found:
        return "–"
    return f"{number(statistics.median(found))} ({number(min(found))}–{number(max(found))})"


def short(results):
    """The table to quote: medians of ratios to Fingerpost in the same round. `results` maps a number of articles to
    tools and their runs."""
    good = {n: {name: [run for run in runs if run["code"] == 0] for name, runs in tools.items()}
            for n, tools in results.items()}

    def cells(name, n):
        runs, ours = good[n][name], good[n].get("fingerpost", [])
        if not runs or not ours:
            return ["gave up" if results[n][name][-1]["gave_up"] else "–"] * 3
        peak = max(run["peak_mb"] for run in runs) / max(run["peak_mb"] for run in ours)
        return [ratio(runs, ours, key).split(" ")[0] for key in ("wall", "cpu")] + [number(peak)]
    columns = [f"{n:,} articles: {what}" for n in results for what in ("time", "CPU", "memory")]
    names = next(iter(results.values()))
    return table(["÷ Fingerpost", *columns], [[TOOLS[name].title, *(cell for n in results for cell in cells(name, n))]
                                              for name in names])


def builds(n, results):
    """`results` maps a tool to its runs; a run carries its round and the floor's run right before it."""
    columns = [f"{n:,} articles", "wall, s", "CPU, s", "peak, MB", "output, MB", "files", "index, MB",
               "wall ÷ Fingerpost", "CPU ÷ Fingerpost", "wall ÷ floor", "CPU ÷ floor", "runs"]
    ours = [run for run in results.get("fingerpost", []) if run["code"] == 0]
    rows, notes = [], []
    for name, runs in results.items():
        good = [run for run in runs if run["code"] == 0]
        if not good:
            last = runs[-1]
            why = f"gave up after {last['wall']:.0f} s" if last["gave_up"] else f"failed with {last['code']}"
            rows.append((float("inf"), [TOOLS[name].title, why, *["–"] * (len(columns) - 2)]))
            continue
        if lacking := good[-1]["lacking"]:
            notes.append(f"{TOOLS[name].title} is incomplete: no {', no '.join(lacking)}.")
        floor = [run["floor"] | {"round": run["round"]} for run in good]
        rows.append((median(good, "wall"), [
            TOOLS[name].title, number(median(good, "wall")), number(median(good, "cpu")),
            number(max(run["peak_mb"] for run in good)), number(good[-1]["mb"]), f"{good[-1]['files']:,}",
            number(good[-1]["index_mb"]),
            ratio(good, ours, "wall"), ratio(good, ours, "cpu"), ratio(good, floor, "wall"), ratio(good, floor, "cpu"),
            str(len(good))]))
    below = "".join(f"\n{note}\n" for note in notes)
    return table(columns, [row for _, row in sorted(rows, key=lambda row: row[0])]) + below


def served(n, records):
    columns = [f"{n:,} articles", "ready, s", "body, ms", "body ÷ Fingerpost", "body saved by renaming, ms",
               "title, ms", "title on its section's page, ms", "CPU per body edit, ms",
               "CPU per title edit, ms", "memory, MB", "note"]
    ours = [edits.summary(record, "body", "page") for record in records if record["tool"] == "fingerpost"]
    rows = []
    for record in records:
        body = edits.summary(record, "body", "page")

        def extent(kind, key):
            found = edits.summary(record, kind, key)
            if not found:
                return "–"
            middle, least, most = (1000 * seconds for seconds in found[:3])
            return f"{middle:,.0f} ({least:,.0f}–{most:,.0f}; {found[3]})"

        def cost(kind):
            found = edits.summary(record, kind, "cpu")
            return f"{1000 * found[0]:,.0f}" if found else "–"
        ready = record.get("ready")
        rows.append((ready or float("inf"), [
            TOOLS[record["tool"]].title, number(ready) if ready else "–", extent("body", "page"),
            number(body[0] / ours[0][0]) if body and ours and ours[0] else "–", extent("body, renamed", "page"),
            extent("title", "page"), extent("title", "listing"), cost("body"), cost("title"),
            number(record["mb"]) if "mb" in record else "–", record["note"]]))
    return table(columns, [row for _, row in sorted(rows, key=lambda row: row[0])])


def growth(results):
    """`results` maps a number of articles to Fingerpost's runs."""
    rows = []
    for n, runs in results.items():
        good = [run for run in runs if run["code"] == 0]
        if not good:
            rows.append([f"{n:,}", "gave up" if runs[-1]["gave_up"] else "failed", *["–"] * 5])
            continue
        floor = [run["floor"] | {"round": run["round"]} for run in good]
        wall, cpu = median(good, "wall"), median(good, "cpu")
        rows.append([f"{n:,}", number(wall), number(1000 * wall / n), number(1000 * cpu / n),
                     number(max(run["peak_mb"] for run in good)), ratio(good, floor, "wall"), str(len(good))])
    return table(["articles", "wall, s", "wall per article, ms", "CPU per article, ms", "peak, MB", "wall ÷ floor",
                  "runs"], rows)

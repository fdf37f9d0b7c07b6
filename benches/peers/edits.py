"""From a saved file to the served page: a server is started, an article edited, and its address asked until the new
text is there. A body is saved in both ways that editors use: over the file, and beside it with a rename. A title is
looked for on the article's page and on its section's.
"""
import http.client
import os
import signal
import socket
import statistics
import subprocess
import time

from tools import LOGS, read, write

KINDS = ("body", "body, renamed", "title")


def measure(name, tool, folder, content, facts, reps, budget):
    """One record for a server; `edits` maps each kind to its repetitions, as far as the budget reached."""
    source = os.path.join(folder, content, facts["path"] + ".md")
    original = read(source)
    page = "/" + tool.page.format(facts["path"]).removesuffix("index.html")
    listing = f"/{facts['section']}/" if tool.lists_titles else None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    record = {"tool": name, "edits": {kind: [] for kind in KINDS}, "note": ""}
    os.makedirs(LOGS, exist_ok=True)
    with open(os.path.join(LOGS, f"serve-{name}.txt"), "wb") as log:
        start = time.perf_counter()
        server = subprocess.Popen(tool.serve(str(port)), cwd=folder, stdout=log, stderr=log,
                                  stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        record["ready"] = wait(port, page, facts["title"], start, budget, server)
        if record["ready"] is None:
            over = server.poll() is not None
            record["note"] = f"the server ended with {server.returncode}" if over else f"not ready after {budget:.0f} s"
            return record
        settle(server.pid)
        for kind in KINDS:
            begun = time.perf_counter()
            for at in range(reps):
                edit = one(server, port, source, original, kind, page, listing, facts["title"], budget / 5)
                record["edits"][kind].append(edit)
                if edit["page"] is None:
                    record["note"] = f"{kind}: the change never came"
                    break
                if kind == "title" and listing and edit["listing"] is None:
                    record["note"], listing = "the section's page keeps the old title", None
                if time.perf_counter() - begun > budget / len(KINDS):
                    break
        record["mb"] = memory(server.pid)
    finally:
        write(source, original)
        stop(server)
    return record


def one(server, port, source, original, kind, page, listing, title, budget):
    mark = f"mark{time.time_ns()}"
    if kind == "title":
        text = original.replace(title, f"{title} {mark}", 1)
    else:
        text = f"{original}\nA new sentence with {mark} in it.\n"
    before = cpu(server.pid)
    if kind == "body, renamed":
        beside = os.path.join(os.path.dirname(source), f".{os.path.basename(source)}.new")
        write(beside, text)
        start = time.perf_counter()
        os.replace(beside, source)
    else:
        start = time.perf_counter()
        write(source, text)
    edit = {"page": wait(port, page, mark, start, budget, server)}
    if kind == "title" and listing:
        edit["listing"] = wait(port, listing, mark, start, budget, server)
    settle(server.pid)
    return edit | {"cpu": cpu(server.pid) - before}


def wait(port, address, text, start, budget, server):
    """Seconds since `start` until the address answers with the text. The pause grows with the time that has passed,
    so that asking costs the server little and the result is right to two in a hundred."""
    while (passed := time.perf_counter() - start) < budget and server.poll() is None:
        if text in get(port, address):
            return time.perf_counter() - start
        time.sleep(max(0.001, passed / 50))
    return None


def get(port, address):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.read().decode("utf-8", "replace") if answer.status == 200 else ""
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def settle(pid):
    """Until the server has done no work worth speaking of for half a second, or a minute is over."""
    end, last = time.perf_counter() + 60, cpu(pid)
    time.sleep(1)
    while time.perf_counter() < end and (now := cpu(pid)) - last > 0.02:
        last = now
        time.sleep(0.5)


def tree(pid):
    """The fields of /proc/PID/stat, from the third on, of a process and all below it."""
    seen = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            seen[int(entry)] = read(f"/proc/{entry}/stat").rsplit(")", 1)[1].split()
        except OSError:
            pass
    below, found = [pid], []
    while below:
        at = below.pop()
        found += [seen[at]] if at in seen else []
        below += [child for child, fields in seen.items() if int(fields[1]) == at]
    return found


def cpu(pid):
    """Seconds of user and system time, of children that have ended too."""
    return sum(int(field) for fields in tree(pid) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    return sum(int(fields[21]) for fields in tree(pid)) * os.sysconf("SC_PAGE_SIZE") / 1e6


def stop(server):
    for kill in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, kill)
            server.wait(5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            pass


def summary(record, kind, key):
    """Median and extent of one kind of edit, or nothing if it was never seen."""
    found = [edit[key] for edit in record["edits"][kind] if edit.get(key) is not None]
    return (statistics.median(found), min(found), max(found), len(found)) if found else None

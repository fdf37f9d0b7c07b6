"""Builds one or two sites in turn, three times each, and prints CPU seconds and peak memory; of two, the difference."""

import os
import statistics
import sys

program, work, *roots = sys.argv[1:]
seen = [[] for _ in roots]
RUNS = 3
for run in range(RUNS):
    for at, root in enumerate(roots):
        # Each run builds from nothing; the last one's output is looked at afterwards.
        output = f"{work}/{at}" if run == RUNS - 1 else f"{work}/{at}-{run}"
        pid = os.fork()
        if pid == 0:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            os.execv(program, [program, "build", "--root", root, "--output", output, "--force"])
        _, status, used = os.wait4(pid, 0)
        if status:
            sys.exit(f"{root} could not be built: {status}")
        seen[at].append((used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
for name, runs in zip(["with", "without"], seen):
    print(f"build {name} an index: {statistics.median(c for c, _ in runs):.2f} CPU s, {max(m for _, m in runs):.0f} MiB")
if len(seen) == 2:
    pairs = list(zip(*seen))
    print(f"the index: {statistics.median(a[0] - b[0] for a, b in pairs):.2f} CPU s, "
          f"{statistics.median(a[0] / b[0] for a, b in pairs):.2f} times the build without")

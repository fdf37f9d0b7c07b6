"""One process and what it cost; one full build from nothing; one site to build."""
import glob
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from tools import LOGS, ROOT, WORK, place, read

sys.path.insert(0, os.path.join(ROOT, "benches"))


def run(command, folder, log, budget):
    """Runs a command to its end, or kills it after `budget` seconds. Peak memory is that of its largest process."""
    os.makedirs(LOGS, exist_ok=True)
    with open(os.path.join(LOGS, log), "wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                                   start_new_session=True)
        late = threading.Timer(budget, os.killpg, (process.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        late.cancel()
        late.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024,
            "code": process.returncode, "gave_up": wall >= budget, "load": os.getloadavg()[0]}


def build(name, tool, folder, budget):
    """A full build. What an earlier one left is moved aside, not deleted: ext4 passes over inodes freed in the last
    minutes one by one, which makes new files many times dearer and would be charged to whoever builds next."""
    if tool.clean:
        for old in (path for pattern in tool.old for path in glob.glob(os.path.join(folder, pattern))):
            os.makedirs(os.path.join(WORK, "old"), exist_ok=True)
            os.rename(old, os.path.join(tempfile.mkdtemp(dir=os.path.join(WORK, "old")), "output"))
    elif not os.path.exists(os.path.join(folder, tool.old[0])):
        run(tool.build, folder, f"build-{name}.txt", budget)
    os.sync()
    return run(tool.build, folder, f"build-{name}.txt", budget)


def size(folder):
    files = [os.path.join(root, file) for root, _, files in os.walk(folder) for file in files]
    return {"files": len(files), "pages": sum(file.endswith(".html") for file in files),
            "mb": sum(map(os.path.getsize, files)) / 1e6}


def empty_old():
    shutil.rmtree(os.path.join(WORK, "old"), ignore_errors=True)


def sites(n, seed, flavours):
    """The sites of each flavour, made where they are missing: `{flavour: folder}` and facts about one article."""
    base = os.path.join(WORK, "sites", f"{n}-{seed}-{digest()}")
    folders = {flavour: os.path.join(base, flavour) for flavour in flavours}
    missing = {flavour: folder for flavour, folder in folders.items() if not os.path.exists(folder)}
    if missing:
        print(f"writing {n} articles for {', '.join(missing)}", file=sys.stderr)
        # In a process of its own, since a child's peak memory starts at its parent's.
        maker = multiprocessing.get_context("spawn").Process(target=make, args=(n, seed, base, missing))
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit("the corpus could not be written")
    if "eleventy" in missing:
        os.symlink(place("eleventy", "node_modules"), os.path.join(folders["eleventy"], "node_modules"))
    return folders, json.loads(read(os.path.join(base, "facts.json")))


def make(n, seed, base, folders):
    """A site that is there is whole: it is written under another name first."""
    import corpus
    for folder in folders.values():
        shutil.rmtree(folder + ".part", ignore_errors=True)
    corpus.generate(n, {flavour: folder + ".part" for flavour, folder in folders.items()}, seed)
    with open(os.path.join(base, "facts.json"), "w", encoding="utf-8") as file:
        json.dump(corpus.sample(corpus.Corpus(n, seed)), file)
    for folder in folders.values():
        os.rename(folder + ".part", folder)


def digest():
    """Of everything that a site is made from, so that a changed theme is never measured under an old site's name."""
    found = hashlib.sha256()
    for path in sorted(glob.glob(os.path.join(ROOT, "benches", "*.py"))
                       + glob.glob(os.path.join(ROOT, "benches", "themes", "**"), recursive=True)):
        if os.path.isfile(path):
            found.update(read(path).encode())
    return found.hexdigest()[:8]

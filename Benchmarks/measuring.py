"""Functions that all benchmarks use."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Demo"))
from podinfo import PodInfo  # noqa: E402, F401

PREFIX = "/ingress/bench-00000"


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.0005)
    sys.exit("benchmark: gave up waiting")


def answers(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def report(what, unit, ours, theirs=None, against=None):
    line = f"{what:44} {statistics.median(ours):9.2f} {unit} (median of {len(ours)})"
    if theirs:
        ratio = statistics.median(ours) / statistics.median(theirs)
        line += f"; {against} {statistics.median(theirs):.2f} {unit}; ratio {ratio:.2f}"
    print(line, flush=True)


def timed(command):
    """Milliseconds from exec to exit."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def inits():
    """The installed inits: for each name, the command line before the job."""
    known = {"tini": ["-s", "--"], "dumb-init": ["--"], "catatonit": ["--"]}
    return {name: [name, *options] for name, options in known.items() if shutil.which(name)}


def memory(pid):
    """The sizes of a process in kB, by the names in /proc/<pid>/smaps_rollup."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}


def cpu_seconds(pid):
    """The CPU time that a process itself has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def child(pid, word):
    """The child of a process whose first argument is the word; None if there is none."""
    for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            if Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")[1:2] == [word.encode()]:
                return int(number)
        except OSError:
            continue
    return None

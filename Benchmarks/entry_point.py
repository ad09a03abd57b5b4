"""Compares `crater-run up` with other inits, and measures its memory and output speed with an app."""

import os
import subprocess
import threading
from pathlib import Path

from measuring import PREFIX, child, cpu_seconds, free_port, inits, memory, report, timed, wait_for

ORPHANS = 10_000
# An app that uses nothing itself, for figures that are crater-run's alone.
SLEEPER = "app bench --prefix {prefix} --port {port} -- sleep 1000"


def up(binary, *words):
    """The command `crater-run up WORDS`, which does not complain about a missing annotations file."""
    return [binary, "up", "--annotations", "/dev/null", "--log-level", "error", *words]


def startup(binary, runs):
    """The time from exec to exit with /bin/true as the job, for each init in turns."""
    commands = {"ours": up(binary, "--"), **inits(), "nothing around it": []}
    times = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(timed([*command, "/bin/true"]))
    ours = times.pop("ours")
    for name, theirs in times.items():
        report("start and end of up around /bin/true", "ms", ours, theirs, name)


def orphans(binary, folder, runs):
    """The time from when 10,000 orphans end at once until the last one is reaped, for each init in turns."""
    program = Path(folder) / "orphans"
    subprocess.run(["cc", "-O2", "-o", program, Path(__file__).resolve().parent / "orphans.c"], check=True)
    # The other inits reap only as PID 1.
    commands = {"ours": up(binary, "--")} | {name: words for name, words in inits().items() if name == "tini"}
    times = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            done = subprocess.run([*command, program, str(ORPHANS)], check=True, capture_output=True, text=True)
            times[name].append(float(done.stdout))
    ours = times.pop("ours")
    report(f"{ORPHANS} orphans end, to the last reaped", "ms", ours, times.get("tini"), "tini")


def idle(binary):
    """Memory of both crater-run processes, init and supervisor, beside a job and an app."""
    line = SLEEPER.format(prefix=PREFIX, port=free_port())
    process = subprocess.Popen(up(binary, "--app", line, "--", "sleep", "1000"))
    wait_for(lambda: child(process.pid, "supervisor"))
    supervisor = child(process.pid, "supervisor")
    wait_for(lambda: Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text())
    for role, pid in (("init", process.pid), ("supervisor", supervisor)):
        sizes = memory(pid)
        written, own = sizes["Private_Dirty"], sizes["Private_Clean"] + sizes["Private_Dirty"]
        print(f"{f'private memory of the {role}':44} {own} kB, of which {written} kB written; {sizes['Rss']} kB resident")
    process.terminate()
    process.wait(timeout=20)


def throughput(binary, megabytes):
    """How fast the supervisor passes an app's output on to a fast reader."""
    words = f"yes '{'x' * 99}' | head -c {megabytes}M; echo; echo the end; sleep 1000"
    line = f'app bench --prefix {PREFIX} --port {free_port()} -- sh -c "{words}"'
    process = subprocess.Popen(up(binary, "--app", line), stdout=subprocess.PIPE)
    finished = threading.Event()

    def drain():
        while piece := os.read(process.stdout.fileno(), 1 << 20):
            if piece.endswith(b"the end\n"):
                finished.set()

    reader = threading.Thread(target=drain)
    reader.start()
    if finished.wait(120):
        used = cpu_seconds(process.pid)
        print(f"{'output of an app, 100 bytes a line':44} {megabytes * 1.048576 / used:9.0f} MB a CPU second of crater-run "
              f"({megabytes} MiB)")
    else:
        print("output of an app: the last line did not come through")
    process.terminate()
    process.wait(timeout=20)
    reader.join()

"""Measures crater-run as a whole process and the programs that it is compared with, and prints both figures and their ratio.

    python3 Benchmarks/benchmark.py --binary .build/release/crater-run --tensorboard .build/venv-tensorboard/bin

The benchmark checks no limits: the figures are for people.
"""

import argparse
import os
import platform
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import entry_point
import probes
from measuring import PREFIX, PodInfo, answers, free_port, memory, report, timed, wait_for

# Stands in for an app. It serves nothing, and writes down when SIGTERM came, by the same clock as the benchmark.
SIGNALLED = """#!/usr/bin/env python3
import signal, time, os, sys
def stop(*_):
    with open(os.environ["BENCH_SIGNALLED"], "w") as file: file.write(str(time.monotonic()))
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
open(os.environ["BENCH_STARTED"], "w").close()
while True: signal.pause()
"""


def startup(binary, runs):
    """The time from exec to exit with /bin/true as the app: what crater-run or tini adds to a start."""
    own = [binary, "tensorboard", "--prefix", "/", "--port", str(free_port()), "--executable", "/bin/true"]
    own += ["--log-level", "error"]
    bare = [timed(["/bin/true"]) for _ in range(runs)]
    if shutil.which("tini"):
        tini = [timed(["tini", "-s", "--", "/bin/true"]) for _ in range(runs)]
        report("start and end around /bin/true", "ms", [timed(own) for _ in range(runs)], tini, "tini")
    report("start and end around /bin/true", "ms", [timed(own) for _ in range(runs)], bare, "nothing around it")


def time_to_ready(binary, tensorboard, runs):
    """The time from exec until TensorBoard by hand answers 200, and until crater-run says that it is ready, in turns."""
    def by_hand(port):
        return [f"{tensorboard}/tensorboard", "--port", str(port), "--logdir", ".", "--bind_all", f"--path_prefix={PREFIX}"]

    def ours(port):
        return [binary, "tensorboard", "--logdir", ".", "--prefix", PREFIX, "--port", str(port)]

    times = {by_hand: [], ours: []}
    environment = dict(os.environ, PATH=f"{tensorboard}:{os.environ['PATH']}")
    for _ in range(runs):
        for command, results in times.items():
            port = free_port()
            begin = time.perf_counter()
            process = subprocess.Popen(command(port), stderr=subprocess.PIPE, text=True, env=environment)
            if command is ours:
                wait_line = next(line for line in process.stderr if " ready after " in line)
                assert wait_line
            else:
                wait_for(lambda: answers(f"http://127.0.0.1:{port}{PREFIX}/data/environment"))
            results.append((time.perf_counter() - begin) * 1000)
            process.terminate()
            process.communicate(timeout=20)
    report("TensorBoard ready", "ms", times[ours], times[by_hand], "by hand")


def idle(binary, tensorboard, seconds):
    """Memory and context switches of crater-run beside one TensorBoard that is ready."""
    command = [binary, "tensorboard", "--logdir", ".", "--prefix", PREFIX, "--port", str(free_port())]
    environment = dict(os.environ, PATH=f"{tensorboard}:{os.environ['PATH']}")
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    next(line for line in process.stderr if " ready after " in line)

    def switches():
        total = 0
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            status = (task / "status").read_text()
            total += sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)
        return total

    before = switches()
    time.sleep(seconds)
    after = switches()
    sizes = memory(process.pid)
    process.terminate()
    process.communicate(timeout=20)
    # File-backed pages are the binary itself. Two processes of the same binary share them.
    resident = sizes["Rss"] - sizes["Anonymous"]
    print(f"{'memory, idle: own / of the binary':44} {sizes['Anonymous']} kB / {resident} kB")
    print(f"{'context switches while idle':44} {after - before} in {seconds} s")


def rule_change(binary, runs, is_up):
    """The time from the beginning of the kubelet's write to the annotations file until the old app receives SIGTERM."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        app = folder / "app"
        app.write_text(SIGNALLED)
        app.chmod(0o755)
        for number in range(runs):
            podinfo, port = PodInfo(folder / f"podinfo{number}"), free_port()
            podinfo.set_rule("tensorboard", port, "/ingress/bench-11111/")
            podinfo.write()
            started, signalled = folder / f"started{number}", folder / f"signalled{number}"
            environment = dict(os.environ, BENCH_STARTED=str(started), BENCH_SIGNALLED=str(signalled))
            line = ["tensorboard", "--executable", str(app)]
            if is_up:
                line = ["up", "--app", shlex.join(line), "--annotations", podinfo.annotations_path, "--", "sleep", "1000"]
            else:
                line += ["--annotations", podinfo.annotations_path]
            command = [binary, *line]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
            wait_for(started.exists)
            podinfo.set_rule("tensorboard", port, "/ingress/bench-22222/")
            changed = time.monotonic()
            podinfo.write()
            wait_for(lambda: signalled.exists() and signalled.read_text())
            times.append(max(0.0, float(signalled.read_text()) - changed) * 1000)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
    report("kubelet begins to write, to SIGTERM" + (", under up" if is_up else ""), "ms", times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: str(Path(path).resolve()), required=True)
    parser.add_argument("--tensorboard", type=lambda path: str(Path(path).resolve()), required=True)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--idle", type=int, default=60, help="seconds to count context switches")
    parser.add_argument("--flood", type=int, default=60, help="seconds of 1,000 probes a second")
    options = parser.parse_args()
    print(f"on {platform.platform()}, {platform.machine()}, {os.cpu_count()} cores; {os.path.getsize(options.binary)} bytes")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # A file that the linker has just written is in the page cache page by page. A start maps such a file more slowly (by a
        # tenth, as measured) than a file that was copied, unpacked or read from a disk, as an image's files are.
        options.binary = shutil.copy(options.binary, Path(folder, "crater-run"))
        startup(options.binary, options.runs)
        time_to_ready(options.binary, options.tensorboard, max(3, options.runs // 10))
        rule_change(options.binary, max(5, options.runs // 5), is_up=False)
        rule_change(options.binary, max(5, options.runs // 5), is_up=True)
        entry_point.startup(options.binary, options.runs)
        entry_point.orphans(options.binary, folder, max(3, options.runs // 20))
        entry_point.idle(options.binary)
        entry_point.throughput(options.binary, megabytes=512)
        idle(options.binary, options.tensorboard, options.idle)
        probes.measure(options.binary, folder, seconds=options.flood)


if __name__ == "__main__":
    main()

"""Measures the front door against nginx, Caddy and no proxy at all, in one run and in turns, and prints the figures and their ratios.

    python3 Benchmarks/door.py --binary .build/release/crater-run --tensorboard .build/venv-tensorboard/bin --caddy .build/venv-caddy/bin

The apps are the same for all: nginx with a page of 1 KB, TensorBoard, and load.c, which also makes the load. The proxies forward
paths as they are; nginx and Caddy are set up to pass on at once what they get. The benchmark checks no limits: the figures are for
people.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import PodInfo, answers, child, free_port, memory, wait_for

GIGABYTE = 1 << 30
SOCKETS = 1000
FRAMES = 5000
APPS = ("web", "raw", "tensorboard")

WEB = """
worker_processes 1; daemon off; pid {folder}/web.pid; error_log {folder}/web.log;
events {{ worker_connections 4096; }}
http {{
    access_log off; keepalive_requests 100000000;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    server {{ listen 127.0.0.1:PORT; location / {{ default_type text/plain; return 200 "{page}"; }} }}
}}
"""
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
    access_log off; keepalive_requests 100000000; tcp_nodelay on;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
    {upstreams}
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 20g; proxy_buffering off; proxy_request_buffering off; proxy_http_version 1.1;
        proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade; proxy_set_header X-Forwarded-For $remote_addr;
        {locations}
    }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
    log {{
        level ERROR
    }}
}}
http://127.0.0.1:{port} {{
    {routes}
}}
"""


def prefix(app):
    return f"/ingress/bench-{app}"


class Stage:
    """The apps, and everything that one can reach them by: a name, and the port of each app there."""

    def __init__(self, options, folder):
        self.folder, self.options, self.processes = folder, options, []
        self.load = str(folder / "load")
        subprocess.run(["cc", "-O2", "-o", self.load, Path(__file__).resolve().parent / "load.c"], check=True)
        self.nginx_program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or sys.exit("door.py: nginx is not installed")
        self.ours, ports = self.start_ours()
        wait_for(lambda: all(answers(f"http://127.0.0.1:{port}{self.page(app)}") for app, port in ports.items()))
        self.apps = {app: int((folder / f"{app}.port").read_text()) for app in APPS}
        self.ports = {"direct": self.apps, "nginx": self.start_nginx(), "Caddy": self.start_caddy(), "ours": ports}
        for name in ("nginx", "Caddy"):
            wait_for(lambda: all(answers(f"http://127.0.0.1:{port}{self.page(app)}") for app, port in self.ports[name].items()))

    @staticmethod
    def page(app):
        return prefix(app) + ("/data/environment" if app == "tensorboard" else "/")

    def start(self, *command):
        # A group of its own, which gets no Ctrl-C before stop() ends it.
        log = open(self.folder / f"{Path(command[0]).name}.out", "ab")
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def script(self, app, command):
        """A program that writes down the port that it is given, and becomes the app at this port."""
        path = self.folder / f"start-{app}"
        path.write_text(f"""#!/bin/sh
set -eu
previous=
for word in "$@"; do
    case $word in --port=*) port=${{word#--port=}} ;; esac
    if [ "$previous" = --port ]; then port=$word; fi
    previous=$word
done
echo "$port" > {self.folder}/{app}.port
{command}
""")
        path.chmod(0o755)
        return path

    def start_ours(self):
        (self.folder / "web.conf").write_text(WEB.format(folder=self.folder, page="x" * 1024))
        web = self.script("web", f"sed s/PORT/$port/ {self.folder}/web.conf > {self.folder}/web.$port\n"
                                 f"exec {self.nginx_program} -c {self.folder}/web.$port")
        raw = self.script("raw", f"exec {self.load} serve $port")
        board = self.script("tensorboard", f'exec {self.options.tensorboard}/tensorboard "$@"')
        podinfo, ports = PodInfo(self.folder / "podinfo"), {app: free_port() for app in APPS}
        for app, port in ports.items():
            podinfo.set_rule(app, port, prefix(app) + "/")
        podinfo.write()
        lines = [f"app web -- {web} --port {{port}}", f"app raw -- {raw} --port {{port}}",
                 f"tensorboard --logdir {self.folder} --executable {board}"]
        command = [self.options.binary, "up", "--door", "--health-port", "off", "--annotations", podinfo.annotations_path]
        os.environ["CRATER_RUN_DIR"] = str(self.folder / "run")
        return self.start(*command, *(word for line in lines for word in ("--app", line))), ports

    def start_nginx(self):
        port = free_port()
        upstreams = "\n".join(f"upstream {app} {{ server 127.0.0.1:{at}; keepalive 64; keepalive_requests 100000000; }}"
                              for app, at in self.apps.items())
        locations = "\n".join(f"location {prefix(app)}/ {{ proxy_pass http://{app}; }}" for app in APPS)
        path = self.folder / "nginx.conf"
        path.write_text(NGINX.format(folder=self.folder, port=port, upstreams=upstreams, locations=locations))
        self.nginx = self.start(self.nginx_program, "-c", str(path))
        return dict.fromkeys(APPS, port)

    def start_caddy(self):
        port = free_port()
        routes = "\n".join(f"    reverse_proxy {prefix(app)}/* 127.0.0.1:{at} {{\n        flush_interval -1\n    }}"
                           for app, at in self.apps.items())
        path = self.folder / "Caddyfile"
        path.write_text(CADDY.format(port=port, routes=routes))
        self.caddy = self.start(f"{self.options.caddy}/caddy", "run", "--config", str(path), "--adapter", "caddyfile")
        return dict.fromkeys(APPS, port)

    def pids(self, name):
        """The processes of a proxy."""
        if name == "ours":
            return [child(self.ours.pid, "door")]
        process = {"nginx": self.nginx, "Caddy": self.caddy}[name]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [process.pid, *map(int, children)]

    def ask(self, *words):
        done = subprocess.run([self.load, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"door.py: load {words}: {done.stderr}")
        return [float(word) for word in done.stdout.split()]

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)


class Figures:
    """What was measured, by row and by what was measured."""

    def __init__(self):
        self.rows = {}

    def add(self, row, name, value):
        self.rows.setdefault(row, {}).setdefault(name, []).append(value)

    def print(self, names):
        print(f"{'':44}" + "".join(f"{name:>11}" for name in names) + f"{'to nginx':>11}{'to direct':>11}")
        for row, values in self.rows.items():
            medians = {name: statistics.median(values[name]) for name in values}
            cells = "".join(f"{medians[name]:11.2f}" if name in medians else f"{'':11}" for name in names)
            ratios = "".join(f"{medians['ours'] / medians[name]:11.2f}" if name in medians else f"{'':11}" for name in ("nginx", "direct"))
            print(f"{row:44}{cells}{ratios}")


def measure(stage, figures, name, seconds):
    """One round of everything but memory."""
    ports = stage.ports[name]

    def load(what, app, path, *words):
        return stage.ask(what, ports[app], prefix(app) + path, *words)

    for connections in (1, 32):
        rate, middle, late = load("requests", "web", "/", connections, seconds)
        suffix = f"1 KB, {connections} connection{'s' if connections > 1 else ''}"
        figures.add(f"{suffix}: requests/s", name, rate)
        figures.add(f"{suffix}: p50, µs", name, middle)
        figures.add(f"{suffix}: p99, µs", name, late)
    rate, middle, late = load("requests", "tensorboard", "/data/environment", 1, seconds)
    figures.add("TensorBoard, 1 connection: requests/s", name, rate)
    figures.add("TensorBoard, 1 connection: p50, µs", name, middle)
    size, took = load("download", "raw", "/large")
    figures.add("1 GB down: GB/s", name, size / took / 1e9)
    size, took = load("upload", "raw", "/swallow", GIGABYTE)
    figures.add("1 GB up: GB/s", name, size / took / 1e9)
    middle, late = load("echo", "raw", "/socket", FRAMES)
    figures.add("websocket, 64 B there and back: p50, µs", name, middle)
    figures.add("websocket, 64 B there and back: p99, µs", name, late)


def sizes(pids, field):
    """The sum of a field of /proc/<pid>/status in MB."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1000


def measure_memory(stage, figures, name):
    pids = stage.pids(name)
    figures.add("memory after the load: peak RSS, MB", name, sizes(pids, "VmHWM"))
    figures.add("memory after the load: PSS, MB", name, sum(memory(pid)["Pss"] for pid in pids) / 1000)
    command = [stage.load, "hold", str(stage.ports[name]["raw"]), f"{prefix('raw')}/socket", str(SOCKETS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        if holder.stdout.readline() != b"open\n":
            sys.exit(f"door.py: {name} does not hold {SOCKETS} websockets")
        figures.add(f"memory with {SOCKETS} idle websockets: RSS, MB", name, sizes(pids, "VmRSS"))
        holder.stdin.close()


def version(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()[0].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--binary", "--tensorboard", "--caddy"):
        parser.add_argument(option, type=lambda path: str(Path(path).resolve()), required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each load of requests")
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        stage = Stage(options, Path(folder))
        try:
            print(f"on {platform.platform()}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
                  f"{version(stage.nginx_program, '-v')}; Caddy {version(options.caddy + '/caddy', 'version')}; "
                  f"{version(options.binary, '--version')}, {os.path.getsize(options.binary)} bytes")
            print(f"medians of {options.rounds} rounds in turns; requests for {options.seconds:g} s each; everything on this machine",
                  flush=True)
            figures = Figures()
            for number in range(options.rounds):
                names = list(stage.ports)
                # Each begins as often as the others.
                for name in names[number % len(names):] + names[:number % len(names)]:
                    measure(stage, figures, name, options.seconds)
            for name in ("nginx", "Caddy", "ours"):
                measure_memory(stage, figures, name)
            figures.print(list(stage.ports))
        finally:
            stage.stop()


if __name__ == "__main__":
    main()

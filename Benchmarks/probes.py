"""How fast a supervisor answers probes, and how a flood of probes affects the supervisor and the job beside it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

from measuring import PREFIX, free_port, memory, report, timed, wait_for

# The job: writes down the longest time in which it could not run.
HEART = """
import sys, time
longest, last = 0.0, time.monotonic()
while True:
    time.sleep(0.005)
    now = time.monotonic()
    longest, last = max(longest, now - last), now
    with open(sys.argv[1], "w") as file: file.write(f"{longest:.4f}")
"""


class Supervisor:
    """`crater-run up` with the job, and with an app that is ready: Python's own file server."""

    def __init__(self, binary, folder):
        self.folder = os.path.join(folder, "probes")
        site = os.path.join(self.folder, PREFIX.strip("/"))
        os.makedirs(site, exist_ok=True)
        self.port = free_port()
        self.environment = dict(os.environ, CRATER_RUN_DIR=os.path.join(self.folder, "run"))
        line = f"app files --prefix {PREFIX} --port {free_port()} -- {sys.executable} -m http.server {{port}} --directory {self.folder}"
        self.heart = os.path.join(self.folder, "heart")
        job = [sys.executable, "-c", HEART, self.heart]
        command = [binary, "up", "--health-port", str(self.port), "--annotations", f"{self.folder}/none"]
        # There is no annotations file: the app's line names port and prefix itself.
        self.process = subprocess.Popen(
            [*command, "--app", line, "--", *job], env=self.environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        wait_for(lambda: self.status("/readyz/files") == 200)

    def status(self, path):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    @property
    def pid(self):
        with open(os.path.join(self.folder, "run", "control.json")) as file:
            return json.load(file)["pid"]

    def longest_pause(self):
        with open(self.heart) as file:
            return float(file.read() or 0) * 1000

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


async def ask(port, path, failures, latencies):
    begin = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        if b" 200 OK" not in answer[:20]:
            failures.append(answer[:80])
    except OSError as error:
        failures.append(repr(error))
    latencies.append((time.perf_counter() - begin) * 1000)


async def slow_client(port):
    """Sends a header one byte per second, and begins anew when its connection is closed."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for byte in b"GET /readyz HTTP/1.1\r\nHost: " + b"x" * 600:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(1)
        except OSError:
            await asyncio.sleep(0.1)


async def flood(port, rate, seconds, slow):
    loris = [asyncio.create_task(slow_client(port)) for _ in range(slow)]
    failures, latencies, requests = [], [], []
    begin = time.perf_counter()
    for number in range(rate * seconds):
        delay = begin + number / rate - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        requests.append(asyncio.create_task(ask(port, "/readyz/files", failures, latencies)))
        if len(requests) > 2000:
            requests = [request for request in requests if not request.done()]
    await asyncio.gather(*requests)
    took = time.perf_counter() - begin
    for task in loris:
        task.cancel()
    return failures, latencies, took


def measure(binary, folder, probes=200, rate=1000, seconds=60, slow=50):
    supervisor = Supervisor(binary, folder)
    try:
        command = [binary, "probe", "ready", "files"]
        os.environ["CRATER_RUN_DIR"] = supervisor.environment["CRATER_RUN_DIR"]
        bare = [timed(["/bin/true"]) for _ in range(probes)]
        report("crater-run probe ready", "ms", [timed(command) for _ in range(probes)], bare, "/bin/true")
        before, pause = memory(supervisor.pid), supervisor.longest_pause()
        print(f"{'memory with the server, idle: anonymous':44} {before['Anonymous']} kB (private dirty {before.get('Private_Dirty', 0)} kB)")
        failures, latencies, took = asyncio.run(flood(supervisor.port, rate, seconds, slow))
        after = memory(supervisor.pid)
        latencies.sort()
        rank = lambda share: latencies[min(len(latencies) - 1, int(len(latencies) * share))]
        what = f"/readyz, {len(latencies) / took:.0f} a second, {slow} slow clients"
        print(f"{what:44} p50 {rank(0.5):.2f} ms, p99 {rank(0.99):.2f} ms, {len(failures)} of {len(latencies)} failed")
        for failure in failures[:3]:
            print(f"    {failure}")
        print(f"{'memory after that: anonymous':44} {after['Anonymous']} kB")
        print(f"{'longest pause of the job: before / in it':44} {pause:.1f} / {supervisor.longest_pause():.1f} ms")
    finally:
        supervisor.stop()

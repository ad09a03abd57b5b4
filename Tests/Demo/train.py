"""A small training, as a job: it writes event files for TensorBoard, draws a plot in Visdom, and sometimes prints a line.

It asks crater-run where Visdom is, and goes on without Visdom. For the demo it also writes a heartbeat, which shows pauses,
and ends when a file tells it to.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import threading
import time

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from visdom import Visdom

from curve import RUNS, TAG, loss

STEP = 0.05
STEPS_A_PLOT = 10
STEPS_A_LINE = 200


def visdom_place():
    """The port and the prefix at which Visdom listens now. Raises ConnectionError if it does not run."""
    asked = subprocess.run(["crater-run", "status", "--output", "json"], capture_output=True, text=True, check=False)
    apps = [app for status in json.loads(asked.stdout or '{"supervisors": []}')["supervisors"] for app in status["apps"]]
    for app in apps:
        if app["name"] == "visdom" and (place := app.get("backend") or app.get("servedAt")):
            return place["port"], place["prefix"]
    raise ConnectionError


class Plot(threading.Thread):
    """Draws the loss in Visdom, in a thread of its own: the training does not wait for plots."""

    def __init__(self):
        super().__init__(daemon=True)
        self._visdom = None
        self._new = threading.Event()
        self._steps = 0
        logging.getLogger("visdom").setLevel(logging.ERROR)

    def draw(self, steps):
        """Draws this many steps as soon as the thread is free."""
        self._steps = steps
        self._new.set()

    def run(self):
        while True:
            self._new.wait()
            self._new.clear()
            try:
                self._send(range(0, self._steps, STEPS_A_PLOT))
            except ConnectionError:  # Visdom is not there yet, or is being restarted at another prefix
                self._visdom = None

    def _send(self, steps):
        self._visdom = self._visdom or self._connect()
        drawn = self._visdom.line([loss("train", step) for step in steps], list(steps), win=TAG, opts={"title": TAG})
        if drawn != TAG:  # an error page: Visdom is at another prefix now
            raise ConnectionError

    def _connect(self):
        port, prefix = visdom_place()
        return Visdom(port=port, base_url=prefix or "/", use_incoming_socket=False, raise_exceptions=True)


def beat(path):
    """Writes the time again and again. A gap between two times shows that this process was paused."""
    with open(path, "w", encoding="ascii") as file:
        while True:
            file.write(f"{time.monotonic()} {os.getpid()}\n")
            file.flush()
            time.sleep(STEP)


def write(writers, step):
    """Writes one more point for TensorBoard in each run."""
    for run, writer in writers.items():
        summary = Summary(value=[Summary.Value(tag=TAG, simple_value=loss(run, step))])
        writer.add_event(Event(step=step, wall_time=time.time(), summary=summary))
        writer.flush()


def main():
    """Trains until it is told to end; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logdir", required=True)
    parser.add_argument("--heartbeat", required=True, help="file to write the time to")
    parser.add_argument("--end", required=True, help="when this file is there, end with the exit code that it holds")
    options = parser.parse_args()
    threading.Thread(target=beat, args=(options.heartbeat,), daemon=True).start()
    plot = Plot()
    plot.start()
    writers = {run: EventFileWriter(os.path.join(options.logdir, run)) for run in RUNS}
    step = 0
    while not os.path.exists(options.end):
        write(writers, step)
        if step % STEPS_A_LINE == 0:
            print(f"step {step}: loss {loss('train', step):.3f}", flush=True)
        step += 1
        if step % STEPS_A_PLOT == 0:
            plot.draw(step)
        time.sleep(STEP)
    with open(options.end, encoding="ascii") as file:
        return int(file.read())


if __name__ == "__main__":
    sys.exit(main())

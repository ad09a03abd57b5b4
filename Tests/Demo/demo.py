"""Serves a real web app with crater-run at the path of its ingress rule, as in a job's container.

Shows it until Ctrl-C, or with --check goes through what a user relies on and ends by itself.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time

from checking import Checks, Failure, NotYet, complain, get
from launcher import Launcher, free_port, is_listening
from podinfo import MANUAL_RULES, PodInfo
from tensorboard_app import TensorBoard

DEADLINE = 120
STOP_WITHIN = 10
CHANGED_PREFIX = "/ingress/liuxw24-a1b2c/"


class Demo:
    """One app, its pod's annotations and the crater-run between them."""

    def __init__(self, app, binary, directory, port):
        self.app = app
        self.port = port
        self.prefix = next(prefix for name, _, prefix in MANUAL_RULES if name == app.rule)
        self.podinfo = PodInfo(os.path.join(directory, "podinfo"))
        self.podinfo.set_rule(app.rule, port, self.prefix)
        self.podinfo.write()
        self.launcher = Launcher(binary, app.bin_directory, os.path.join(directory, "run"))
        self.log = os.path.join(directory, "crater-run.log")
        app.prepare()

    def start(self, output=None):
        """Starts crater-run on the app."""
        arguments = [*self.app.arguments(), "--annotations", self.podinfo.annotations_path]
        self.launcher.start(arguments, output)

    def page(self, prefix):
        """Is the app's page there? Remembers the processes behind it."""
        self.app.check_page(get(self.port, prefix))
        self.launcher.look()
        return f"http://localhost:{self.port}{prefix}"

    # By hand

    def show(self):
        """Serves until a signal; returns the exit code."""
        stopping = []

        def forward(number, _frame):
            stopping.append(number)
            self.launcher.signal(number)

        self.start()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, forward)
        announced = False
        while self.launcher.exit_status is None:
            if announced or stopping:
                self.launcher.wait()
                continue
            try:
                url = self.page(self.prefix)
                print(f"\nOpen {url}   (Ctrl-C ends it)\n", flush=True)
                announced = True
            except NotYet:
                time.sleep(0.1)
        left = self.launcher.left_behind()
        if left:
            complain(f"crater-run left processes behind: {left}")
            return 1
        status = self.launcher.exit_status
        return 0 if stopping and status in (0, 128 + stopping[0]) else status

    # make demo CHECK=1

    def check(self):
        """Goes through what a user relies on; raises Failure at the first thing that does not hold."""
        checks = Checks(DEADLINE, self._still_runs)
        with open(self.log, "wb") as output:
            self.start(output)
        app, launcher = self.app, self.launcher
        old, new = self.prefix, CHANGED_PREFIX

        checks.check("the page is served under the rule's prefix", lambda: self.page(old))
        checks.check("nothing is served at /", lambda: self._not_found("/"), wait=False)
        checks.check("the page's data is what was written", lambda: app.check_content(self._get, old))
        checks.check("crater-run rules tells the prefix", lambda: self._told(old), wait=False)

        self.podinfo.set_rule(app.rule, self.port, new)
        self.podinfo.write()
        checks.check("the page follows a change of the rule", lambda: self.page(new))
        checks.check("the old prefix is gone", lambda: self._not_found(old), wait=False)
        checks.check("the page's data is still there", lambda: app.check_content(self._get, new))
        checks.check("crater-run rules tells the new prefix", lambda: self._told(new), wait=False)

        launcher.look()
        launcher.signal(signal.SIGTERM)
        checks.check("SIGTERM ends crater-run with the app's exit code", self._ended, wait=False)
        checks.check("no process is left, and nobody listens", self._nothing_left, wait=False)
        print(f"demo of {app.name}: {checks.summary()}")

    def _get(self, path):
        return get(self.port, path)

    def _still_runs(self, what):
        status = self.launcher.exit_status
        if status is not None:
            raise Failure(f"{what}: crater-run has ended with {status}")

    def _not_found(self, path):
        answer = get(self.port, path)
        if answer.status != 404:
            raise NotYet(f"{path} answers {answer.status}, not 404")
        return f"{path} is 404"

    def _told(self, prefix):
        told = self.launcher.ask(
            ["rules", self.app.rule, "--annotations", self.podinfo.annotations_path, "--field", "prefix"])
        # With or without the slash at its end it is the same place.
        if told.rstrip("/") != prefix.rstrip("/"):
            raise NotYet(f"it says {told!r}, not {prefix!r}")
        return told

    def _ended(self):
        status = self.launcher.wait(STOP_WITHIN)
        if status is None:
            raise NotYet(f"it still runs after {STOP_WITHIN} s")
        if status != 0:
            raise NotYet(f"it ended with {status}, not 0")
        return f"{status}"

    def _nothing_left(self):
        left = self.launcher.left_behind()
        if left:
            raise NotYet(f"still there: {left}")
        if is_listening(self.port):
            raise NotYet(f"somebody listens on port {self.port}")


def print_log(path, lines=25):
    """What crater-run and the app printed: how it began and how it ended."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            printed = file.readlines()
    except OSError:
        return
    if len(printed) > 2 * lines:
        printed[lines:-lines] = [f"… {len(printed) - 2 * lines} lines …\n"]
    complain("crater-run and the app printed:")
    sys.stderr.writelines(printed or ["(nothing)\n"])


def end(number, _frame):
    """A signal during the checks unwinds the stack, so that nothing is left behind."""
    raise SystemExit(128 + number)


def main():
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the crater-run to show")
    parser.add_argument("--tensorboard", required=True, help="bin directory of a virtual environment that has it")
    parser.add_argument("--check", action="store_true", help="check it and end, instead of serving until Ctrl-C")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)

    directory = tempfile.mkdtemp(prefix="crater-run-demo-")
    demo = None
    try:
        app = TensorBoard(os.path.abspath(options.tensorboard), directory)
        port = app.port
        if options.check:
            port = free_port()  # so that it can run beside anything
        elif is_listening(port):
            port = free_port()
            print(f"Port {app.port} is taken on this machine: the rule says {port} instead.", flush=True)
        demo = Demo(app, os.path.abspath(options.binary), directory, port)
        if not options.check:
            return demo.show()
        demo.check()
        return 0
    except (Failure, NotYet, OSError) as error:
        complain(f"FAILED: {error}")
        if demo is not None:
            print_log(demo.log)
        return 1
    finally:
        # Whatever interrupts us now would leave processes behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if demo is not None:
            demo.launcher.kill_everything()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

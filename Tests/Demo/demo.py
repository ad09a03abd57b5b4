"""Serves TensorBoard, JupyterLab and Visdom beside a small training, as in a job's container: started by entrypoint.sh, on
the home page of one ingress rule.

Runs until Ctrl-C. With --check it checks what users rely on, and ends by itself.
"""

import argparse
import os
import select
import shutil
import signal
import sys
import tempfile

from checking import Failure, NotYet, complain
from container import Container
from scenario import Scenario


class Show:
    """Runs the container for a person: shows its output, and changes its rule on request."""

    def __init__(self, container):
        self.container = container
        self._stopping = False
        self._shown = 0

    def run(self):
        """Serves until a signal; returns the exit code."""
        launcher = self.container.launcher
        self.container.start()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        announced, reads_lines = False, True
        while launcher.exit_status is None:
            self._show_log()
            if not announced and not self._stopping:
                announced = self._announce()
            # Waits for a typed line, but not long.
            if select.select([sys.stdin] if reads_lines else [], [], [], 0.1)[0]:
                line = sys.stdin.readline()
                reads_lines = line != ""
                if line.strip():
                    self._change(line.strip())
        self._show_log()
        if left := launcher.left_behind():
            complain(f"crater-run left processes behind: {left}")
            return 1
        status = launcher.exit_status
        return 0 if self._stopping and status == 128 + signal.SIGTERM else status

    def _stop(self, _number, _frame):
        """Ends the container as the kubelet does, by SIGTERM."""
        self._stopping = True
        self.container.launcher.signal(signal.SIGTERM)

    def _show_log(self):
        log = self.container.log()
        print(log[self._shown:], end="", flush=True)
        self._shown = len(log)

    def _announce(self):
        """Prints the link once all apps answer. Returns whether it did."""
        home = self.container.home
        try:
            for site in self.container.sites.values():
                site.check_page()
            link = f"{home.url}#key={home.key}"
        except NotYet:
            return False
        print(f"\nOpen\n    {link}")
        print("Type a path to change the rule's prefix: /ingress/liuxw24-a1b2c/")
        print("Ctrl-C ends it, as the kubelet would.")
        print(*self.container.notes(), "", sep="\n", flush=True)
        return True

    def _change(self, prefix):
        if not (prefix.startswith("/") and prefix.endswith("/")):
            complain("type the new prefix of the rule, with a slash at both ends")
            return
        self.container.change_rule(prefix)


def print_log(log, lines=40):
    """Prints the first and the last lines of the container's output."""
    printed = log.splitlines(keepends=True)
    if len(printed) > 2 * lines:
        printed[lines:-lines] = [f"… {len(printed) - 2 * lines} lines …\n"]
    complain("the container printed:")
    sys.stderr.writelines(printed or ["(nothing)\n"])


def end(number, _frame):
    """Handles a signal during the checks: unwinds the stack, so that no process is left behind."""
    raise SystemExit(128 + number)


def main():
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the crater-run to show")
    for app in ("tensorboard", "jupyter", "visdom"):
        parser.add_argument(f"--{app}", required=True, help="bin directory of a virtual environment that has it")
    parser.add_argument("--check", action="store_true", help="check it and end, instead of serving until Ctrl-C")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)

    directory = tempfile.mkdtemp(prefix="crater-run-demo-")
    container = None
    try:
        bin_directories = [os.path.abspath(path) for path in (options.tensorboard, options.jupyter, options.visdom)]
        container = Container(os.path.abspath(options.binary), bin_directories, directory, anywhere=options.check)
        if not options.check:
            return Show(container).run()
        Scenario(container).run()
        return 0
    except (Failure, NotYet, OSError) as error:
        complain(f"FAILED: {error}")
        if container is not None:
            print_log(container.log())
        return 1
    finally:
        # A signal that ended the demo now would leave processes behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if container is not None:
            container.launcher.kill_everything()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""Starts crater-run in the demo, as a container's entry point."""

import os
import signal
import socket
import subprocess
import uuid

from checking import NotYet
from processes import Family

# In the environment of every process that a run starts, so that processes left by this run can be found.
MARK = "CRATER_DEMO_RUN"
# The caller's own settings of crater-run and Jupyter must not affect the demo.
NOT_OURS = ("CRATER_RUN_", "JUPYTER_")


class Launcher:
    """Imitates one container: its environment, its entry point and its processes.

    The container has a session of its own, so that it gets a Ctrl-C once, from the demo, and not from the terminal too.
    """

    def __init__(self, entrypoint, binary, bin_directories, directory, annotations):
        self._entrypoint = entrypoint
        self._binary = binary
        self._process = None
        mark = str(uuid.uuid4())
        self.family = Family(f"{MARK}={mark}")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(NOT_OURS)}
        path = [os.path.dirname(binary), *bin_directories, environment.get("PATH", os.defpath)]
        environment |= {
            MARK: mark,
            "PATH": os.pathsep.join(path),
            # The demo must not read the caller's settings of Jupyter, nor change the caller's plots.
            "HOME": directory,
            "CRATER_RUN_BINARY": binary,
            "CRATER_RUN_ANNOTATIONS": annotations,
            "CRATER_RUN_DIR": os.path.join(directory, "run"),
            # Without this, Visdom's client would use a proxy for this machine, too.
            "no_proxy": "127.0.0.1,localhost",
        }
        self._environment = environment

    def start(self, arguments, output):
        """Starts `entrypoint.sh ARGUMENTS`; its output goes to the file."""
        self._process = subprocess.Popen(
            [self._entrypoint, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def ask(self, arguments):
        """Runs `crater-run ARGUMENTS`, waits for its end and returns its output."""
        try:
            done = subprocess.run([self._binary, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=10, check=False)
        except subprocess.TimeoutExpired as error:
            raise NotYet(f"crater-run {arguments[0]} did not end within 10 s") from error
        if done.returncode != 0:
            raise NotYet(f"crater-run {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    @property
    def exit_status(self):
        """The exit status as a shell shows it; None while the container runs."""
        status = self._process.poll()
        return 128 - status if status is not None and status < 0 else status

    def signal(self, number):
        """Signals only the entry point, which has to stop what it started."""
        self._process.send_signal(number)

    def wait(self, seconds=None):
        """Waits for the end and returns the exit status; None if the container still runs."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return self.exit_status

    def supervisor(self):
        """The process id of the supervisor. Raises NotYet while there is none."""
        pid = self.family.supervisor(self._process.pid)
        if pid is None:
            raise NotYet("there is no supervisor of the apps")
        return pid

    def app(self, name):
        """The process id of an app. Raises NotYet while the app does not run."""
        pid = self.family.app(name, self.supervisor())
        if pid is None:
            raise NotYet(f"{name} does not run")
        return pid

    def left_behind(self):
        """The processes that this run started and did not end: command lines by process id."""
        return {pid: " ".join(words) for pid, words in self.family.commands().items()}

    def kill_everything(self):
        """Stops the container, and kills all processes that are left."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGTERM)
            if self.wait(10) is None:
                self._process.kill()
                self._process.wait()
        for pid in self.left_behind():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def is_listening(port):
    """Does a process accept connections to the port on this machine?"""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(5)
                if client.connect_ex((address, port)) == 0:
                    return True
        except OSError:  # no such address family here
            continue
    return False


def free_ports(count):
    """Ports that no process uses now."""
    servers = [socket.socket() for _ in range(count)]
    try:
        for server in servers:
            server.bind(("0.0.0.0", 0))
        return [server.getsockname()[1] for server in servers]
    finally:
        for server in servers:
            server.close()

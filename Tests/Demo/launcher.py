"""crater-run as a process of the demo, and whatever it may leave behind."""

import os
import signal
import socket
import subprocess
import uuid

from checking import NotYet

# In the environment of everything that a run starts, so that what is left of this run can be told from all else.
MARK = "CRATER_DEMO_RUN"
INSTANCE = b"CRATER_RUN_INSTANCE="


class Launcher:
    """One crater-run, in a session of its own: a Ctrl-C reaches it once, from us, and not from the terminal too."""

    def __init__(self, binary, bin_directory, run_directory):
        self._binary = binary
        self._mark = f"{MARK}={uuid.uuid4()}".encode()
        self._instances = set()
        self._process = None
        # Settings of the caller's own crater-run are not this one's.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CRATER_RUN_")}
        name, value = self._mark.decode().split("=")
        environment[name] = value
        environment["PATH"] = bin_directory + os.pathsep + environment.get("PATH", os.defpath)
        # Its control socket stays apart from that of a crater-run that already serves this machine.
        environment["CRATER_RUN_DIR"] = run_directory
        self._environment = environment

    def start(self, arguments, output=None):
        """Starts `crater-run ARGUMENTS`; its output goes to the file, else where ours goes."""
        self._process = subprocess.Popen(
            [self._binary, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT if output else None, start_new_session=True)

    def ask(self, arguments):
        """Runs `crater-run ARGUMENTS` to its end and returns what it printed."""
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
        """The exit status as a shell has it, or None while it runs."""
        status = self._process.poll()
        return 128 - status if status is not None and status < 0 else status

    def signal(self, number):
        """Signals crater-run alone: stopping what it started is its business."""
        self._process.send_signal(number)

    def wait(self, seconds=None):
        """Waits for the end and returns the exit status, None if it did not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return self.exit_status

    def look(self):
        """Remembers which app instances run now, to recognise them later even without our own mark."""
        for environ in self._family().values():
            for entry in environ:
                if entry.startswith(INSTANCE):
                    self._instances.add(entry.split(b"/")[0] + b"/")

    def left_behind(self):
        """Command lines of what this run started and did not end, by process id."""
        left = {}
        for pid in self._family():
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    left[pid] = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
            except OSError:
                continue
        return left

    def kill_everything(self):
        """For a demo that fails: asks crater-run to end, and ends what is left by force."""
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

    def _family(self):
        """The environments of all living processes that bear our mark or that of one of our app instances."""
        family = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    environ = file.read().split(b"\0")
            except OSError:
                continue
            of_ours = any(
                item == self._mark or any(item.startswith(instance) for instance in self._instances)
                for item in environ)
            if of_ours:
                family[int(entry)] = environ
        return family


def is_listening(port):
    """Does anybody accept connections to the port on this machine?"""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(5)
                if client.connect_ex((address, port)) == 0:
                    return True
        except OSError:  # no such address family here
            continue
    return False


def free_port():
    """A port that nobody has now."""
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        return server.getsockname()[1]

"""Finds the processes of one run in /proc."""

import os

# crater-run sets this variable to NONCE/APP in the environment of everything that an app starts.
INSTANCE = b"CRATER_RUN_INSTANCE="


class Family:
    """All processes that have the mark of the run, or of one of its app instances, in their environment."""

    def __init__(self, mark):
        self._mark = mark.encode()
        self._instances = set()

    def look(self):
        """Remembers which app instances run now, to find their processes later even without the run's mark."""
        for environ in self._environments().values():
            for entry in environ:
                if entry.startswith(INSTANCE):
                    self._instances.add(entry.split(b"/")[0] + b"/")

    def commands(self):
        """Command lines by process id."""
        return {pid: words for pid in self._environments() if (words := command(pid))}

    def supervisor(self, parent):
        """The process id of the supervisor, the process beside the job that looks after the apps; None if there is none now."""
        return next((pid for pid, words in self.commands().items()
                     if words[1:2] == ["supervisor"] and parent_of(pid) == parent), None)

    def app(self, name, supervisor):
        """The id of an app's first process; None if the app has no process now."""
        ending = b"/" + name.encode()
        return next((pid for pid, environ in self._environments().items() if parent_of(pid) == supervisor
                     and any(item.startswith(INSTANCE) and item.endswith(ending) for item in environ)), None)

    def _environments(self):
        family = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    environ = file.read().split(b"\0")
            except OSError:
                continue
            if any(item == self._mark or any(item.startswith(instance) for instance in self._instances)
                   for item in environ):
                family[int(entry)] = environ
        return family


def command(pid):
    """The words of a process's command line; empty if the process has ended."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []


def parent_of(pid):
    """The parent's process id; None if the process has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return None

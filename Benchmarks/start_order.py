#!/usr/bin/env python3
"""Usage: start_order.py --binary FILE --map FILE --order FILE

Writes the names of the functions that run while crater-run starts a job, and while it answers an exec probe. The linker
puts their sections beside each other (see `build` in the Makefile). Else they are spread over 13 MB, and each is a page fault
at the start and a mapping to take down at the end: that was half a millisecond of a start.

The binary may be stripped. The map is the linker's (LLD's -Map, with --no-demangle) of the same link. Needs valgrind. Names
that no longer exist do no harm, and new ones are only slower: the list need not follow each change.
"""

import argparse
import bisect
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# A larger section is left where it lies: most of its code does not run at the start.
LARGEST_SECTION = 16 * 1024

HEADER = """\
# Functions that run at a start, for the linker: they come first in the code, beside each other.
# Written by `make start-order`; a function that no longer exists is ignored.
"""


def code_sections(map_file):
    """The sections of code: (address, size, name of a function in the section), by address."""
    sections = []
    for line in map_file.read_text(errors="replace").splitlines():
        # The address twice, the size, the alignment; set in by its level, a section of the program or of an object or a symbol.
        found = re.match(r" *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +[0-9]+ ( *)(\S.*)", line)
        if not found:
            continue
        level = len(found[3]) // 8
        if level < 2:
            section = (int(found[1], 16), int(found[2], 16)) if level == 1 and ":(.text" in found[4] else None
        elif section and section[1]:
            sections.append((*section, found[4]))
            section = None
    return sorted(sections)


def executed_addresses(command, environment, scratch):
    """The addresses of the instructions that the command executes."""
    profile = Path(scratch, "profile")
    valgrind = ["valgrind", "--tool=callgrind", "--dump-instr=yes", f"--callgrind-out-file={profile}"]
    result = subprocess.run([*valgrind, *command], env=environment, capture_output=True, text=True)
    if not profile.exists():
        sys.exit(f"start_order: cannot profile {command}: {result.stderr}")
    addresses = set()
    address = 0
    # Each line of costs begins with an address, or with its distance from the last one.
    for line in profile.read_text().splitlines():
        found = re.match(r"(0x[0-9a-f]+|[+-]\d+|\*) ", line)
        if found and found[1] != "*":
            address = int(found[1], 16) if found[1].startswith("0x") else address + int(found[1])
        if found:
            addresses.add(address)
    return addresses


def main():
    parser = argparse.ArgumentParser(description="Write the order of the functions that a start executes.")
    for option in ("--binary", "--map", "--order"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args()
    sections = code_sections(options.map)
    starts = [section[0] for section in sections]
    binary = options.binary.resolve()

    addresses = set()
    with tempfile.TemporaryDirectory() as scratch:
        environment = {"PATH": os.environ["PATH"], "CRATER_RUN_DIR": str(Path(scratch, "run"))}
        addresses |= executed_addresses([binary, "up", "--", "true"], environment, scratch)
        with subprocess.Popen([binary, "up", "--", "sh", "-c", "echo; read line"], env=environment, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as launcher:
            launcher.stdout.readline()
            addresses |= executed_addresses([binary, "probe", "live"], environment, scratch)
            launcher.communicate("\n")

    names = set()
    for address in addresses:
        index = bisect.bisect_right(starts, address) - 1
        if index >= 0 and address < starts[index] + sections[index][1] and sections[index][1] <= LARGEST_SECTION:
            names.add(sections[index][2])
    if len(names) < 100:
        sys.exit(f"start_order: cannot write the order: only {len(names)} functions were found; does the map fit the binary?")
    options.order.write_text(HEADER + "".join(f"{name}\n" for name in sorted(names)))
    print(f"{options.order}: {len(names)} functions in {len(sections)} sections")


main()

"""Gives an installed Visdom the files that its page needs beside its own: add_browser_files.py FOLDER

They come from FOLDER, laid out as Visdom's `static` folder, if it has a folder `js`; else Visdom fetches them as it would at
its start. Ends with an error unless all are there that the page asks for."""

import functools
import logging
import pathlib
import re
import shutil
import socket
import sys

import requests
import visdom
from visdom.server import build

REMEDY = "name a folder that has them: make images VISDOM_BROWSER_FILES=…"


class Verdict(logging.Handler):
    """Visdom logs a file that it cannot fetch, and goes on. One that is not where it was may be none that the page asks for,
    which is looked at later; a host that cannot be reached would be tried for each file."""

    def emit(self, record):
        message = record.getMessage()
        if not re.match(r"Error \d+ while downloading ", message):
            sys.exit(f"cannot fetch Visdom's browser files: {message}; {REMEDY}")
        print(f"warning: {message}", file=sys.stderr)


def fetch():
    logging.getLogger().addHandler(Verdict(logging.ERROR))
    socket.setdefaulttimeout(60)
    # It asks for a part of the files by another way, which knows no such default.
    requests.Session.request = functools.partialmethod(requests.Session.request, timeout=60)
    try:
        build.download_scripts()
    except requests.RequestException as error:
        sys.exit(f"cannot fetch Visdom's browser files: {error}; {REMEDY}")


def is_right(file):
    """Whether it is there and no page that says why it is not."""
    return file.is_file() and not file.read_bytes().lstrip()[:1] in (b"", b"<")


folder = pathlib.Path(sys.argv[1])
static = pathlib.Path(visdom.__file__).parent / "static"
if (folder / "js").is_dir():
    shutil.copytree(folder, static, dirs_exist_ok=True)
else:
    fetch()
page = (static / "index.html").read_text()
wanted = re.findall(r"""static_url\(['"]([^'"]+)['"]\)""", page)
# The one outside is made below.
missing = [name for name in wanted if not name.startswith("../") and not is_right(static / name)]
if not wanted or missing:
    sys.exit(f"Visdom's page lacks {', '.join(missing) or 'what it is known for'}; {REMEDY}")
# The user's: where there is none, each look at the page is an error in the log.
(static.parent / "user").mkdir(exist_ok=True)
(static.parent / "user" / "style.css").touch()
# So that nothing is fetched at a start, also not by Visdom's own command.
(static / "version.built").write_text(visdom.__version__)
print(f"Visdom's page has all {len(wanted)} files that it asks for")

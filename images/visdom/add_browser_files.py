"""Adds to an installed Visdom the browser files that it does not ship: add_browser_files.py FOLDER

If FOLDER has a folder `js`, the files are copied from FOLDER, which is laid out as Visdom's `static` folder. Otherwise Visdom
downloads them, as at its start. Ends with an error if a file is missing that the page asks for."""

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
    """Visdom logs a file that it cannot download, and goes on. If the host answered with an HTTP error, the page may not need
    the file: this is checked later. If the host cannot be reached, it would be tried again for each file, so the build ends."""

    def emit(self, record):
        message = record.getMessage()
        if not re.match(r"Error \d+ while downloading ", message):
            sys.exit(f"cannot fetch Visdom's browser files: {message}; {REMEDY}")
        print(f"warning: {message}", file=sys.stderr)


def fetch():
    logging.getLogger().addHandler(Verdict(logging.ERROR))
    socket.setdefaulttimeout(60)
    # Visdom downloads some of the files by requests, which does not use this default.
    requests.Session.request = functools.partialmethod(requests.Session.request, timeout=60)
    try:
        build.download_scripts()
    except requests.RequestException as error:
        sys.exit(f"cannot fetch Visdom's browser files: {error}; {REMEDY}")


def is_right(file):
    """Whether the file exists and is not an HTML error page."""
    return file.is_file() and not file.read_bytes().lstrip()[:1] in (b"", b"<")


folder = pathlib.Path(sys.argv[1])
static = pathlib.Path(visdom.__file__).parent / "static"
if (folder / "js").is_dir():
    shutil.copytree(folder, static, dirs_exist_ok=True)
else:
    fetch()
page = (static / "index.html").read_text()
wanted = re.findall(r"""static_url\(['"]([^'"]+)['"]\)""", page)
# The file outside of the static folder is created below.
missing = [name for name in wanted if not name.startswith("../") and not is_right(static / name)]
if not wanted or missing:
    sys.exit(f"Visdom's page lacks {', '.join(missing) or 'what it is known for'}; {REMEDY}")
# The user's style sheet: without it, each request of the page logs an error.
(static.parent / "user").mkdir(exist_ok=True)
(static.parent / "user" / "style.css").touch()
# This file keeps Visdom from downloading at its start, even if it is started by its own command.
(static / "version.built").write_text(visdom.__version__)
print(f"Visdom's page has all {len(wanted)} files that it asks for")

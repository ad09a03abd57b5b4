"""Gives an installed Visdom the files that its page needs beside its own: add_browser_files.py FOLDER

They come from FOLDER, laid out as Visdom's `static` folder, if it has a folder `js`; else Visdom fetches them as it would at
its start. Ends with an error unless all are there that the page asks for."""

import logging
import pathlib
import re
import shutil
import socket
import sys

import visdom
from requests import RequestException
from visdom.server import build

REMEDY = "name a folder that has them: make images VISDOM_BROWSER_FILES=…"


class Refusal(logging.Handler):
    """Visdom logs a file that it cannot fetch, and goes on."""

    def emit(self, record):
        sys.exit(f"cannot fetch Visdom's browser files: {record.getMessage()}; {REMEDY}")


def fetch():
    logging.getLogger().addHandler(Refusal(logging.ERROR))
    socket.setdefaulttimeout(60)
    try:
        build.download_scripts()
    except RequestException as error:
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

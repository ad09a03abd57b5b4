"""The Jupyter part of the demo: how Jupyter is started, how its token is found, and what the token must open."""

import os
import re
import subprocess

from checking import NotYet, check_html

# The platform searches the container's log with this pattern, and takes the first match.
TOKEN = re.compile(r"\?token=([a-zA-Z0-9]+)")
CELL = "print(6 * 7)"


class Jupyter:
    """JupyterLab as an app of the demo."""

    name = "jupyter"

    def __init__(self, bin_directory, directory):
        self.bin_directory = bin_directory
        self._notebooks = os.path.join(directory, "notebooks")
        os.mkdir(self._notebooks)

    def line(self):
        """The arguments of crater-run for this app."""
        return [self.name, "--notebook-dir", self._notebooks]

    def check_page(self, page):
        """Raises NotYet unless the prefix answers with a page of Jupyter (without a token, this is the login page)."""
        check_html(page, "Jupyter")

    def token(self, log):
        """The token, found as the platform finds it. Raises NotYet if there is none."""
        found = TOKEN.search(log)
        if not found:
            raise NotYet("no token is in the log")
        return found.group(1)

    def check_content(self, site):
        """Raises NotYet unless the API refuses requests without the token and accepts them with it, and a cell runs."""
        token = self.token(site.home.log())
        closed, opened = site.get("api/status"), site.get(f"api/status?token={token}")
        if (closed.status, opened.status) != (403, 200):
            raise NotYet(f"api/status answers {closed.status} without the token, {opened.status} with it, not 403 and 200")
        printed = self._run_cell(site, token)
        if printed != "42":
            raise NotYet(f"the cell {CELL} printed {printed!r}")
        return f"403 without the token, 200 with it; {CELL} in a kernel printed {printed}"

    def _run_cell(self, site, token):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run_cell.py")
        python = os.path.join(self.bin_directory, "python")
        command = [python, script, f"127.0.0.1:{site.home.port}", site.prefix, site.home.key, token, CELL]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise NotYet(f"the cell did not run: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

"""A browser that does what it is told: browse.py APP CHROMIUM HOST KEY FAILURES

Starts Chromium, and obeys the lines of stdin: {"do": NAME, "with": {…}} calls that method of the app's visit, or of the
street's, where APP is "street". Each is answered by a line: what the method gave; or {"error": TEXT}, and a picture of the
page is in the file FAILURES. An error is the last line, but on a street and at a door.

HOST is this machine, and no other name is to be found. KEY is the hash of the only public key that is trusted beside the
usual ones.
"""

import json
import sys
from contextlib import suppress

from playwright.sync_api import Error, sync_playwright

from door_visit import DoorVisit
from home_visit import HomeVisit
from jupyter_visits import ClassicVisit, JupyterLabVisit, NotebookVisit
from preset_visits import PRESET_VISITS
from street import Street
from tensorboard_visit import TensorBoardVisit
from visdom_visit import VisdomVisit
from waves_visit import WavesEditVisit, WavesVisit

VISITS = {"jupyterlab": JupyterLabVisit, "notebook": NotebookVisit, "classic": ClassicVisit,
          "tensorboard": TensorBoardVisit, "visdom": VisdomVisit, "waves": WavesVisit,
          "waves-edit": WavesEditVisit} | PRESET_VISITS | {f"door-{name}": DoorVisit for name in ("page", "login", "tenant", "caddy")} | {
              f"door-home{name}": HomeVisit for name in ("", "-axe", "-apps")}


def obey(visit, line):
    command = json.loads(line)
    return getattr(visit, command["do"])(**command["with"])


def main():
    app, chromium, host, key, failures = sys.argv[1:]
    flags = [
        f"--host-resolver-rules=MAP {host} 127.0.0.1, MAP * ~NOTFOUND",
        f"--ignore-certificate-errors-spki-list={key}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        visit = Street(browser, VISITS) if app == "street" else VISITS[app](browser)
        for line in sys.stdin:
            try:
                answer = obey(visit, line)
            except Exception as error:  # whatever it is: the test that asked is to say it
                answer = {"error": f"{type(error).__name__}: {error}"}
                if visit.page:
                    # There is no picture of a page that has not come.
                    with suppress(Error):
                        visit.page.screenshot(path=failures)
            print(json.dumps(answer), flush=True)
            if "error" in answer and app != "street" and not app.startswith("door-"):
                break
        browser.close()


main()

"""The home page of the demo: its key, and what it must show."""

import re

from checking import NotYet, check_html, get

LINK = re.compile(r"home: open \S*#key=(\S+)")


class Home:
    """The home page, by the only ingress rule of the demo."""

    port = 8899
    prefix = "/ingress/liuxw24-379e0/"

    def __init__(self, port, log):
        self.port = port
        self.log = log

    @property
    def url(self):
        """The URL for a browser on this machine, without the key."""
        return f"http://localhost:{self.port}{self.prefix}"

    @property
    def key(self):
        """The key of the login. Raises NotYet if it is not in the log."""
        found = LINK.findall(self.log())
        if not found:
            raise NotYet("the link is not in the log")
        return found[-1]

    @property
    def headers(self):
        """What a program sends in place of a session."""
        return {"Authorization": f"Bearer {self.key}"}

    def get(self, path="", data=None):
        """Sends a request to a path below the page, with the key."""
        return get(self.port, self.prefix + path, self.headers, data)

    def check_status(self, path, status, headers=None):
        """Raises NotYet unless a path of this host answers with the status."""
        answer = get(self.port, path, headers)
        if answer.status != status:
            raise NotYet(f"{path} answers {answer.status}, not {status}")

    def check_state(self, app, state):
        """Raises NotYet unless the tile of the app says the state."""
        page = self.get()
        check_html(page, "Log out")
        tile = page.text.partition(f'<li id="app-{app}"')[2].partition("</li>")[0]
        said = re.search(r'<p class="state[^>]*>([^<]*)<', tile)
        if not said or said.group(1) != state:
            raise NotYet(f"the tile of {app} says {said.group(1) if said else 'nothing'!r}, not {state!r}")

    def press(self, verb, app):
        """Presses a button, as a program does."""
        answer = get(self.port, f"{self.prefix}.crater-run/app", self.headers, f"app={app}&do={verb}")
        if answer.status != 204:
            raise NotYet(f"the button {verb} of {app} answers {answer.status}")

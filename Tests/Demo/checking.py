"""Sends requests without a proxy, waits for conditions, and prints one line for each check."""

import dataclasses
import sys
import time
import urllib.error
import urllib.request


class Failure(Exception):
    """A check failed; the text tells the reader why."""


class NotYet(Exception):
    """A condition is not met yet; the text says what is missing."""


@dataclasses.dataclass
class Answer:
    """An HTTP response, whatever its status."""

    status: int
    content_type: str
    text: str


# Requests to this machine must not go through a proxy from the environment.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(port, path, headers=None, data=None):
    """Sends a GET to this machine, or a POST if there is data. Raises NotYet if nobody answers."""
    body = None if data is None else data.encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers or {})
    try:
        with OPENER.open(request, timeout=5) as response:
            return _answer(response)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error)
    except OSError as error:
        raise NotYet(f"no answer from port {port}: {error}") from error


def _answer(response):
    text = response.read().decode(errors="replace")
    return Answer(response.status, response.headers.get("Content-Type", ""), text)


def check_html(page, word):
    """Raises NotYet unless the answer is an HTML page that contains the word."""
    if page.status != 200:
        raise NotYet(f"the page answers {page.status}")
    if "text/html" not in page.content_type:
        raise NotYet(f"the page is {page.content_type}, not html")
    if word not in page.text:
        raise NotYet(f"the page has no {word} in it")


class Checks:
    """Runs checks one after the other, and prints a line for each. All checks together have one deadline."""

    def __init__(self, deadline, still_possible):
        self._start = time.monotonic()
        self._seconds = deadline
        self._still_possible = still_possible
        self.times = {}

    def remaining(self):
        """Seconds until the deadline."""
        return self._start + self._seconds - time.monotonic()

    def check(self, what, condition, wait=True):
        """Raises Failure unless the condition is met now, or (with wait) before the deadline. Prints its result."""
        start = time.monotonic()
        while True:
            try:
                detail = condition()
                break
            except NotYet as reason:
                if not wait:
                    raise Failure(f"{what}: {reason}") from reason
                self._still_possible(what)
                if self.remaining() <= 0:
                    raise Failure(f"{what}: not within {self._seconds} s: {reason}") from reason
            time.sleep(0.02)
        elapsed = time.monotonic() - start
        self.times[what] = elapsed
        print(f"ok {elapsed:6.2f} s  {what}" + (f": {detail}" if detail else ""), flush=True)

    def summary(self):
        """The closing line."""
        total = time.monotonic() - self._start
        return f"{len(self.times)} checks passed in {total:.1f} s"


def complain(message):
    """Prints an error message to stderr."""
    print(f"demo: {message}", file=sys.stderr, flush=True)

"""Requests without a proxy, waiting for conditions, and one line for each check."""

import dataclasses
import sys
import time
import urllib.error
import urllib.request


class Failure(Exception):
    """A check that did not hold; the text is for the reader."""


class NotYet(Exception):
    """A condition that may still come to hold; the text says what is missing."""


@dataclasses.dataclass
class Answer:
    """What came back, whatever its status."""

    status: int
    content_type: str
    text: str


# A proxy from the environment must not come between this machine and itself.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(port, path, headers=None, data=None):
    """GETs from this machine, or POSTs the data. Raises NotYet when nobody answers."""
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
    """Raises NotYet unless the answer is a page that has the word in it."""
    if page.status != 200:
        raise NotYet(f"the page answers {page.status}")
    if "text/html" not in page.content_type:
        raise NotYet(f"the page is {page.content_type}, not html")
    if word not in page.text:
        raise NotYet(f"the page has no {word} in it")


class Checks:
    """Runs checks one after the other and tells of each; all of them have one deadline together."""

    def __init__(self, deadline, still_possible):
        self._start = time.monotonic()
        self._seconds = deadline
        self._still_possible = still_possible
        self.times = {}

    def remaining(self):
        """Seconds until the deadline."""
        return self._start + self._seconds - time.monotonic()

    def check(self, what, condition, wait=True):
        """Does the condition hold, now or (with wait) before the deadline? Its result is added to the line."""
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
    """Says what went wrong, where errors go."""
    print(f"demo: {message}", file=sys.stderr, flush=True)

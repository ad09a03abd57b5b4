"""A visit of a web app in a browser, by somebody who was never there before, with everything that was asked for."""

import inspect
import time

TIMEOUT = 60_000  # ms: far longer than anything takes, also on a machine that is busy


class Traffic:
    """What the tabs of a visit ask for, and what becomes of it."""

    def __init__(self, context):
        self._requests = {}
        self._sockets = []
        self._messages = []
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._messages.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", self._connected))

    def _asked(self, request):
        return self._requests.setdefault(request, {"method": request.method, "url": request.url})

    def _answered(self, response):
        self._asked(response.request)["status"] = response.status

    def _failed(self, request):
        self._asked(request)["failure"] = request.failure

    def _said(self, message):
        if message.type == "error":
            self._messages.append(f"{message.text} ({message.location.get('url', '')})")

    def _connected(self, socket):
        entry = {"url": socket.url, "received": 0}
        self._sockets.append(entry)

        def received(_):
            entry["received"] += 1

        socket.on("framereceived", received)
        socket.on("socketerror", lambda error: entry.update(error=str(error)))

    def report(self):
        return {"requests": list(self._requests.values()), "sockets": self._sockets, "messages": self._messages}


class Visit:
    """The base of the visits of each app; the methods that do not begin with _ are what the test can ask for."""

    SIZE = {"width": 1440, "height": 900}
    SETTLES = True  # whether the page ends asking once it is there

    def __init__(self, browser):
        self._browser = browser
        self._context = None
        self._traffic = None
        self.page = None

    def open(self, url):
        """Enters a URL in a new window without any cookies, and waits until the app is there."""
        self.leave()
        self._context = self._browser.new_context(viewport=self.SIZE, permissions=["clipboard-read", "clipboard-write"])
        self._context.set_default_timeout(TIMEOUT)
        self._traffic = Traffic(self._context)
        self.page = self._context.new_page()
        response = self.page.goto(url)
        opened = {"status": response.status, "protocol": self.page.evaluate(
            "performance.getEntriesByType('navigation')[0].nextHopProtocol")}
        if response.status == 200:
            self._wait_until_there()
            if self.SETTLES:
                # What is loaded late may fail, too.
                self.page.wait_for_load_state("networkidle")
        return opened | {"url": self.page.url, "title": self.page.title()}

    def pass_by(self, url):
        """Opens another app's page in a window of its own, and closes it. Its cookies stay."""
        page = self._context.new_page()
        response = page.goto(url)
        page.close()
        return {"status": response.status}

    def traffic(self):
        """Everything since the window was opened."""
        # Events come in while something is asked.
        self.page.evaluate("0")
        cookies = [cookie["path"] for cookie in self._context.cookies()]
        return self._traffic.report() | {"cookies": cookies}

    def screenshot(self, path):
        """A picture of the tab that is in front."""
        self.page.evaluate("document.fonts.ready.then(() => 0)")
        self.page.screenshot(path=path)
        return {}

    def leave(self):
        """Closes the window."""
        if self._context:
            self._context.close()
        self._context = self.page = None
        return {}

    def _wait(self, condition):
        """Waits for what no element of the page tells of."""
        deadline = time.monotonic() + TIMEOUT / 1000
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(inspect.getsource(condition).strip())
            self.page.wait_for_timeout(50)

    def _wait_until_there(self):
        raise NotImplementedError

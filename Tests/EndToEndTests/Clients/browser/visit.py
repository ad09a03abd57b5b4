"""A visit of a web app in a browser, by somebody who was never there before, with everything that was asked for."""

import inspect
import time

TIMEOUT = 60_000  # ms: far longer than anything takes, also on a machine that is busy

# How many columns of a canvas have a pixel with a colour that is no grey: how far a curve goes from left to right.
COLOURED_COLUMNS = """
canvas => {
    const {width, height} = canvas;
    if (!width || !height) return 0;
    const copy = new OffscreenCanvas(width, height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, width, height);
    let count = 0;
    for (let x = 0; x < width; x++)
        for (let y = 0; y < height; y++) {
            const [red, green, blue, alpha] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
            if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) { count++; break; }
        }
    return count;
}
"""


class Traffic:
    """What the tabs of a window ask for, and what becomes of it."""

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
        asking = request.headers.get("referer", "")
        return self._requests.setdefault(request, {"method": request.method, "url": request.url, "page": asking})

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


class Window:
    """A browser's window that has no cookies at first, and its tabs."""

    SIZE = {"width": 1440, "height": 900}

    def __init__(self, browser, scripts=True):
        self.context = browser.new_context(
            viewport=self.SIZE, permissions=["clipboard-read", "clipboard-write"], java_script_enabled=scripts)
        self.context.set_default_timeout(TIMEOUT)
        self._traffic = Traffic(self.context)

    def traffic(self):
        """Everything since the window was opened."""
        # Events come in while something is asked.
        for page in self.context.pages:
            page.evaluate("0")
        cookies = [{"name": cookie["name"], "path": cookie["path"]} for cookie in self.context.cookies()]
        return self._traffic.report() | {"cookies": cookies}

    def close(self):
        self.context.close()


def view_of(page):
    """The frame of a tab in which the platform shows an app, or else the tab's own."""
    return page.frame(name="app") or page.main_frame


class Visit:
    """The base of the visits of each app; the methods that do not begin with _ are what the test can ask for."""

    SETTLES = True  # whether the page ends asking once it is there

    def __init__(self, browser, window=None):
        self._browser = browser
        self._window = window
        self._uses = 0
        self.page = None

    def open(self, url):
        """Enters a URL in a new window without any cookies, and waits until the app is there."""
        self.leave()
        self._window = Window(self._browser)
        self.enter(url)
        return self.arrive()

    @property
    def view(self):
        """Where the app is: the frame that the platform shows apps in, or else the tab itself."""
        return view_of(self.page)

    def enter(self, url, key=None):
        """Enters a URL in a new tab, and does not wait for what comes; but logs in with the key, if there is one."""
        self.page = self._window.context.new_page()
        self._prepare()
        self.page.goto(url, wait_until="commit")
        if key:
            # It is known by its name a moment after it is there.
            self._wait(lambda: self.page.frame(name="app") is not None)
            self.view.get_by_label("The key of this app").fill(key)
            self.view.get_by_role("button", name="Log in").click()
            self._wait(lambda: not self.view.get_by_role("button", name="Log in").is_visible())
        return {}

    def arrive(self):
        """Waits until the app is there."""
        self.view.wait_for_load_state()
        navigation = "performance.getEntriesByType('navigation')[0]"
        opened = self.view.evaluate(f"({{status: {navigation}.responseStatus, protocol: {navigation}.nextHopProtocol}})")
        if opened["status"] == 200:
            self._wait_until_there()
            if self.SETTLES:
                # What is loaded late may fail, too.
                self.view.wait_for_load_state("networkidle")
        return opened | {"url": self.view.url, "title": self.view.title()}

    def use(self):
        """Does what a person would do at the page, each time something that was not there before."""
        self._uses += 1
        self._use()
        return {}

    def traffic(self):
        """Everything since the window was opened."""
        return self._window.traffic()

    def screenshot(self, path):
        """A picture of the tab that is in front."""
        self.view.evaluate("document.fonts.ready.then(() => 0)")
        self.page.screenshot(path=path)
        return {}

    def leave(self):
        """Closes the window."""
        if self._window:
            self._window.close()
        self._window = self.page = None
        return {}

    def _reload(self):
        """Loads the app's page again, and waits until it is another."""
        self.view.evaluate("() => { window.isFormer = true; location.reload(); }")
        self.view.wait_for_function("() => !window.isFormer && document.readyState === 'complete'")

    def _wait(self, condition):
        """Waits for what no element of the page tells of."""
        deadline = time.monotonic() + TIMEOUT / 1000
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(inspect.getsource(condition).strip())
            self.page.wait_for_timeout(50)

    def _wait_for_curve(self, canvas):
        """Waits until a curve is drawn over most of a canvas's width."""
        canvas.wait_for()
        self.view.wait_for_function(
            f"canvas => ({COLOURED_COLUMNS})(canvas) > canvas.width / 2", arg=canvas.element_handle())

    def _prepare(self):
        """Does what has to be done before the first page is loaded."""

    def _wait_until_there(self):
        raise NotImplementedError

    def _use(self):
        raise NotImplementedError

"""Several apps of several jobs, in tabs of one window: somebody who has all of them open."""

from visit import Window


class Street:
    """The methods are those of the visits; `tab` says whose, `app` which kind of visit this is."""

    def __init__(self, browser, visits):
        self._kinds = visits
        self._browser = browser
        self._window = Window(browser)
        self._visits = {}
        self._last = None

    @property
    def page(self):
        """The one that was looked at last."""
        return self._last.page if self._last else None

    def enter(self, tab, app, url, key=None):
        self._visits[tab] = self._kinds[app](self._browser, self._window)
        return self._at(tab).enter(url, key)

    def arrive(self, tab):
        return self._at(tab).arrive()

    def use(self, tab):
        self._at(tab).page.bring_to_front()
        return self._at(tab).use()

    def screenshot(self, tab, path):
        return self._at(tab).screenshot(path)

    def traffic(self):
        return self._window.traffic()

    def _at(self, tab):
        self._last = self._visits[tab]
        return self._last

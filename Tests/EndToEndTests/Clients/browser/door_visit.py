"""People at a browser, who have several pages open: each person has a window with its own cookies, and tabs in it."""

from playwright.sync_api import Error

from tensorboard_visit import TensorBoardVisit
from visit import Window


class DoorVisit:
    """A tab is named PERSON.PAGE; PERSON.PAGE/app is the frame `app` in it. What scripts give are texts."""

    def __init__(self, browser):
        self._browser = browser
        self._windows = {}
        self._tabs = {}
        self._last = None

    @property
    def page(self):
        """The one that was looked at last."""
        return self._last

    def open(self, tab, url):
        """Enters a URL in a tab, a new one if there is none of this name, and gives what the server answered: status 0 if
        only the fragment is another one, so that nobody was asked."""
        if tab not in self._tabs:
            self._tabs[tab] = self._window(tab).context.new_page()
        self._last = self._tabs[tab]
        return self._opened(self._last.goto(url))

    def reload(self, tab):
        return self._opened(self._page(tab).reload())

    def shows(self, tab, text):
        """Waits until the text is to be seen."""
        self._at(tab).get_by_text(text).first.wait_for()
        return {}

    def moves(self, tab, url):
        """Waits until the tab's address is this, and gives the state of its document."""
        self._page(tab).wait_for_url(url)
        return {}

    def text(self, tab):
        """All that is to be read, and the address."""
        place = self._at(tab)
        return {"text": place.locator("body").inner_text(), "url": place.url}

    def log_in(self, tab, key):
        """Types a key into the form, and sends the form."""
        place = self._at(tab)
        place.get_by_label("The key of").fill(key)
        with self._page(tab).expect_navigation():
            place.get_by_role("button", name="Log in").click()
        return {}

    def press(self, tab, button):
        with self._page(tab).expect_navigation():
            self._at(tab).get_by_role("button", name=button).click()
        return {}

    def run(self, tab, script, argument=""):
        """Runs a function in the page, as a script of the page would, and gives its text, or the name of its error."""
        try:
            return {"value": self._at(tab).evaluate(
                f"async argument => {{ try {{ return String(await ({script})(argument)); }} "
                "catch (error) { return `${error.name}: ${error.message}`; } }", argument)}
        except Error as error:
            return {"value": f"lost: {error}"}

    def satisfies(self, tab, script, argument=""):
        """Waits until a function in the page gives true."""
        self._at(tab).wait_for_function(f"argument => ({script})(argument)", arg=argument)
        return {}

    def charts(self, tab, rows, ink):
        """The charts of TensorBoard, as its own visit gives them."""
        visit = TensorBoardVisit(self._browser)
        visit.page = self._page(tab)
        return visit.charts(rows, ink)

    def cookies(self, person, url):
        """What a page of this person sends to a URL, with all attributes."""
        return {"cookies": self._windows[person].context.cookies(url)}

    def leave(self, person):
        """Closes the window with all its tabs."""
        self._windows.pop(person).close()
        self._tabs = {tab: page for tab, page in self._tabs.items() if not tab.startswith(f"{person}.")}
        self._last = None
        return {}

    def screenshot(self, path, tab=None):
        page = self._page(tab) if tab else self._last
        if page:
            page.screenshot(path=path)
        return {}

    def _opened(self, response):
        page = self._last
        return {"status": response.status if response else 0, "url": page.url, "text": page.locator("body").inner_text()}

    def _window(self, tab):
        person = tab.split(".")[0]
        if person not in self._windows:
            self._windows[person] = Window(self._browser)
        return self._windows[person]

    def _page(self, tab):
        self._last = self._tabs[tab.split("/")[0]]
        return self._last

    def _at(self, tab):
        page = self._page(tab)
        name = tab.partition("/")[2]
        if not name:
            return page
        frame = page.frame(name=name)
        if not frame:
            raise LookupError(f"no frame {name} in {tab}")
        return frame

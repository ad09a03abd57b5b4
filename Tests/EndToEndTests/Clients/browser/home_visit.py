"""People at home pages: what they do with the buttons, the keyboard, or without JavaScript."""

from door_visit import DoorVisit
from jupyter_visits import JupyterLabVisit
from tensorboard_visit import TensorBoardVisit
from visdom_visit import VisdomVisit
from visit import Window

APPS = {"TensorBoard": TensorBoardVisit, "Jupyter": JupyterLabVisit, "Visdom": VisdomVisit}


class HomeVisit(DoorVisit):
    """A person whose name begins with "plain" has a browser without JavaScript."""

    def __init__(self, browser):
        super().__init__(browser)
        self._visits = {}

    def click(self, tab, button):
        """Clicks a button of a page that stays."""
        self._page(tab).get_by_role("button", name=button, exact=True).click()
        return {}

    def follow(self, tab, link):
        """Clicks a link, and gives the state of the page that comes."""
        page = self._page(tab)
        with page.expect_navigation() as coming:
            page.get_by_role("link", name=link, exact=True).click()
        return self._opened(coming.value)

    def keys(self, tab, keys):
        """Presses these keys, and gives what has the focus then."""
        for key in keys.split():
            self._page(tab).keyboard.press(key)
        return self.focused(tab)

    def focused(self, tab):
        """The text of the element that has the focus, and the id of the tile around it."""
        value = self._page(tab).evaluate(
            "() => `${document.activeElement.closest('li')?.id}: ${document.activeElement.textContent}`")
        return {"value": value}

    def axe(self, tab, width, scheme):
        """What axe finds wrong in a page of this width, light or dark; one line for each element."""
        from axe_playwright_python.sync_playwright import Axe  # an environment of before has none

        page = self._page(tab)
        page.set_viewport_size({"width": int(width), "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response
        if not found["passes"]:
            raise LookupError("axe has looked at nothing")
        return {"violations": [
            f"{rule['id']}: {node['html'][:200]}: {node.get('failureSummary', '')}"
            for rule in found["violations"] for node in rule["nodes"]]}

    def enter_app(self, tab, home, app):
        """Opens a home page in a tab, goes to an app by the app's tile, and waits until the app is there."""
        self.open(tab, home)
        page = self._page(tab)
        with page.expect_navigation(wait_until="commit"):
            page.get_by_role("link", name=f"Open {app}", exact=True).click()
        visit = self._visits[tab] = APPS[app](self._browser, self._window(tab))
        visit.page = page
        return visit.arrive()

    def use_app(self, tab):
        """Does what a person would do at the app, each time something else."""
        self._page(tab).bring_to_front()
        self._visits[tab].page = self._page(tab)
        return self._visits[tab].use()

    def workers(self, person):
        """The scopes of all service workers of this person's browser."""
        page = self._windows[person].context.pages[0]
        scopes = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map(one => one.scope)")
        return {"scopes": scopes}

    def traffic(self, person):
        return self._windows[person].traffic()

    def _window(self, tab):
        person = tab.split(".")[0]
        if person not in self._windows:
            self._windows[person] = Window(self._browser, scripts=not person.startswith("plain"))
        return self._windows[person]

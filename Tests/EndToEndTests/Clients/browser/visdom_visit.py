"""Visdom in a browser."""

from visit import Visit


class VisdomVisit(Visit):
    def _wait_until_there(self):
        # It says so once its websocket has connected.
        self.view.get_by_role("button", name="online").wait_for()

    def plot(self, title):
        """Waits for a plot with this title in the page as it is, and gives its line's points as they are drawn."""
        pane = self.view.locator(".window").filter(has_text=title)
        line = pane.locator(".scatterlayer path.js-line")
        line.wait_for()
        return {"points": line.get_attribute("d").count("L") + 1}

    def reconnect(self):
        """Waits until the page has lost its server, and then clicks at it until the page is connected, as people do: Visdom's
        page does not try by itself."""
        offline = self.view.get_by_role("button", name="offline")
        online = self.view.get_by_role("button", name="online")
        offline.wait_for()

        def is_connected():
            if offline.is_visible():
                offline.click()
            return online.is_visible()

        self._wait(is_connected)
        return {}

    def _use(self):
        """Hangs up, and connects again."""
        self.view.get_by_role("button", name="online").click()
        self.view.get_by_role("button", name="offline").click()
        self.view.get_by_role("button", name="online").wait_for()

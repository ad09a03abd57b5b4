"""Visdom in a browser."""

from visit import Visit


class VisdomVisit(Visit):
    def _wait_until_there(self):
        # It says so once its websocket has connected.
        self.page.get_by_role("button", name="online").wait_for()

    def plot(self, title):
        """Waits for a plot with this title in the page as it is, and gives its line's points as they are drawn."""
        pane = self.page.locator(".window").filter(has_text=title)
        line = pane.locator(".scatterlayer path.js-line")
        line.wait_for()
        return {"points": line.get_attribute("d").count("L") + 1}

    def _use(self):
        """Hangs up, and connects again."""
        self.page.get_by_role("button", name="online").click()
        self.page.get_by_role("button", name="offline").click()
        self.page.get_by_role("button", name="online").wait_for()

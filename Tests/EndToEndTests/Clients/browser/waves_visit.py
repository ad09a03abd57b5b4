"""The app in waves.py in a browser."""

from visit import Visit


class WavesVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_text("The curve has 3 waves.").wait_for()

    def add_waves(self, count):
        """Moves the slider, and gives the text that follows and how often the curve crosses its middle."""
        slider = self.view.get_by_role("slider")
        slider.focus()
        for _ in range(int(count)):
            self.page.keyboard.press("ArrowRight")
        self.view.get_by_text(f"The curve has {3 + int(count)} waves.").wait_for()
        points = self.view.locator("svg polyline").get_attribute("points").split()
        heights = [float(point.split(",")[1]) - 50 for point in points]
        signs = [height > 0 for height in heights if height]
        crossings = sum(a != b for a, b in zip(signs, signs[1:]))
        return {"value": slider.get_attribute("aria-valuenow"), "crossings": crossings}

    def _use(self):
        self.view.get_by_role("slider").focus()
        self.page.keyboard.press("ArrowRight")
        self.view.get_by_text(f"The curve has {3 + self._uses} waves.").wait_for()


class WavesEditVisit(WavesVisit):
    """The same app while somebody works on it."""

    def _wait_until_there(self):
        self.view.locator(".cm-content").get_by_text("polyline").wait_for()
        # Nothing has been run yet. What is asked for before the kernel has answered is lost.
        run = self.view.get_by_test_id("run-button").last
        run.click()
        super()._wait_until_there()

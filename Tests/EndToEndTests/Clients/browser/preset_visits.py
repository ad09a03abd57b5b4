"""The apps in Clients/apps, and viewers with the data of fill_apps.py, in a browser."""

import re

from visit import Visit


class CountVisit(Visit):
    """A page with a button `count`, and a text that tells how often it was clicked."""

    def _wait_until_there(self):
        self.view.get_by_role("button", name="count").wait_for()
        self._wait_until_drawn()

    def _use(self):
        self.view.get_by_role("button", name="count").click()
        self.view.get_by_text(f"count is {self._uses}").first.wait_for()

    def _wait_until_drawn(self):
        """Waits for what the page has beside the button."""


class BokehVisit(CountVisit):
    def _wait_until_drawn(self):
        # The first canvas of several has the curve.
        self._wait_for_curve(self.view.locator("canvas").first)


class DashVisit(CountVisit):
    def _wait_until_drawn(self):
        self.view.locator(".scatterlayer path.js-line").wait_for()


class StreamlitVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_text("count is 3").wait_for()

    def _use(self):
        self.view.get_by_role("slider").focus()
        self.page.keyboard.press("ArrowRight")
        self.view.get_by_text(f"count is {3 + self._uses}").wait_for()
        self.view.get_by_test_id("stVegaLiteChart").locator(".mark-line path").first.wait_for()


class GradioVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_role("button", name="tell").wait_for()

    def _use(self):
        count = 3 + self._uses
        self.view.get_by_label("count").fill(str(count))
        self.view.get_by_role("button", name="tell").click()
        answer = self.view.get_by_label("answer")
        self._wait(lambda: answer.input_value() == f"count is {count}")
        # The answer is grey until the app has said that nothing follows.
        self.view.locator(".generating, .translucent").first.wait_for(state="detached")


class MLflowVisit(Visit):
    SETTLES = False  # the browser does not tell of the end of what a worker asks for

    def _wait_until_there(self):
        self.view.get_by_text("Experiments").first.wait_for()

    def _use(self):
        if self._uses == 1:
            # The newest shows traces of language models first.
            self.view.get_by_text("Model training").first.click()
            self.view.get_by_role("link", name="waves").first.click()
        else:
            self._reload()
        self.view.get_by_role("link", name="first-wave").wait_for()


class VisualDLVisit(Visit):
    SETTLES = False  # it asks for new data again and again

    def _wait_until_there(self):
        # Before it has read the files, it opens the page of models.
        self.view.get_by_text("scalars").first.click()
        self.view.get_by_text("train").first.wait_for()

    def _use(self):
        if self._uses > 1:
            self._reload()
        self._wait_for_curve(self.view.locator("canvas").first)


class AimVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_text("waves").first.wait_for()

    def _use(self):
        if self._uses > 1:
            self._reload()
            # Below a prefix with escapes, Aim shows its first page then.
        self.view.get_by_role("link", name=re.compile("runs", re.IGNORECASE)).first.click()
        # The last loss, in the run's row. The table fades in while the bar above it fades out.
        self.view.locator(".Table__container").get_by_text("0.05", exact=True).first.wait_for()
        self.view.get_by_text("Processing").first.wait_for(state="detached")
        # What it asks each new browser, once a host.
        skip = self.view.get_by_text("Skip", exact=True)
        if skip.is_visible():
            skip.click()
            skip.wait_for(state="detached")


class DatasetteVisit(Visit):
    def _wait_until_there(self):
        self.view.get_by_role("link", name="losses").wait_for()
        self._tables = self.view.url

    def _use(self):
        if self._uses > 1:
            self._send_form()
            self.view.goto(self._tables)
        # The form waits for the next use: what it was given must hold, whatever is visited in between.
        self._form = self._window.context.new_page()
        self._form.goto(f"{self._tables}-/messages")
        self.page.bring_to_front()
        self.view.get_by_role("link", name="losses").click()
        self.view.get_by_role("link", name="loss", exact=True).click()
        self.view.get_by_text("20 rows sorted by loss").wait_for()

    def _send_form(self):
        message = f"message {self._uses}"
        self._form.locator("input[name=message]").fill(message)
        self._form.get_by_role("button", name="Add message").click()
        self._form.get_by_text(message).wait_for()
        self._form.close()


class NetronVisit(Visit):
    def _prepare(self):
        # 180 days after its release, it shows nothing but that there is a newer one.
        self.page.add_init_script(
            "Date = class extends Date { constructor(...parts) { super(...(parts.length ? parts : [2020, 0])); } };")
        # It takes eval away from its page, and the browser's driver needs it.
        self.page.add_init_script(
            "{ const own = window.eval; Object.defineProperty(window, 'eval', { get: () => own, set: () => {} }); }")

    def _wait_until_there(self):
        # Where it cannot learn the country of whoever looks, it asks whether it may use cookies.
        self.view.get_by_role("button", name="Accept").click()
        self._wait_until_drawn()

    def _use(self):
        if self._uses > 1:
            self._reload()
            self._wait_until_there()
        # What it knows of a layer.
        self.view.locator("#canvas").get_by_text("Dense").first.click()
        self.view.get_by_text("first_wave").last.wait_for()

    def _wait_until_drawn(self):
        # The name of a layer is in the picture for those who point at it only.
        self.view.locator("#canvas").get_by_text("Dense").last.wait_for()


class HiPlotVisit(Visit):
    def _wait_until_there(self):
        self.view.locator("textarea").first.wait_for()

    def _use(self):
        if self._uses > 1:
            # The address has what is to be shown.
            self._reload()
        else:
            self.view.locator("textarea").first.fill("runs.csv")
            self.page.keyboard.press("Enter")
        self.view.get_by_text("of 20 entries").wait_for()
        self._wait_for_curve(self.view.locator("canvas").first)


class DaskVisit(Visit):
    def _wait_until_there(self):
        self._status = self.view.url
        self.view.get_by_text("Data Transfer").wait_for()

    def _use(self):
        self.view.get_by_role("link", name="Info", exact=True).click()
        self.view.get_by_text("Scheduler tcp://").wait_for()
        self.view.goto(self._status)
        self._wait_until_there()


PRESET_VISITS = {
    "netron": NetronVisit, "hiplot": HiPlotVisit, "dask": DaskVisit,
    "streamlit": StreamlitVisit, "gradio": GradioVisit, "mlflow": MLflowVisit, "voila": CountVisit, "bokeh": BokehVisit,
    "panel": CountVisit, "visualdl": VisualDLVisit, "aim": AimVisit, "dash": DashVisit, "datasette": DatasetteVisit,
}

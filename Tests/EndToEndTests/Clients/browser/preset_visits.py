"""The apps in Clients/apps, and viewers with the data of fill_apps.py, in a browser."""

import re

from visit import Visit


class PresetVisit(Visit):
    """A page with a button `count` and the text `count is 0`."""

    def _wait_until_there(self):
        self.page.get_by_role("button", name="count").wait_for()

    def use(self):
        """Does what a person would do at the page, and gives what it shows then."""
        self.page.get_by_role("button", name="count").click()
        return self._shown("count is 1")

    def _shown(self, text):
        self.page.get_by_text(text).first.wait_for()
        return {"shown": text}


class StreamlitVisit(PresetVisit):
    def _wait_until_there(self):
        self.page.get_by_text("count is 3").wait_for()

    def use(self):
        self.page.get_by_role("slider").focus()
        self.page.keyboard.press("ArrowRight")
        shown = self._shown("count is 4")
        self.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first.wait_for()
        return shown


class GradioVisit(PresetVisit):
    def _wait_until_there(self):
        self.page.get_by_role("button", name="tell").wait_for()

    def use(self):
        self.page.get_by_role("button", name="tell").click()
        answer = self.page.get_by_label("answer")
        self._wait(lambda: answer.input_value() == "count is 3")
        return {"shown": answer.input_value()}


class MLflowVisit(PresetVisit):
    SETTLES = False  # the browser does not tell of the end of what a worker asks for

    def _wait_until_there(self):
        self.page.get_by_text("Experiments").first.wait_for()

    def use(self):
        # The newest shows traces of language models first.
        self.page.get_by_text("Model training").first.click()
        self.page.get_by_role("link", name="waves").first.click()
        return self._shown("first-wave")


class VisualDLVisit(PresetVisit):
    SETTLES = False  # it asks for new data again and again

    def _wait_until_there(self):
        # Before it has read the files, it opens the page of models.
        self.page.get_by_text("scalars").first.click()
        self.page.get_by_text("train").first.wait_for()

    def use(self):
        self.page.locator("canvas").first.wait_for()
        return self._shown("loss")


class AimVisit(PresetVisit):
    def _wait_until_there(self):
        self.page.get_by_text("waves").first.wait_for()

    def use(self):
        self.page.get_by_role("link", name=re.compile("runs", re.IGNORECASE)).first.click()
        return self._shown("waves")


class DatasetteVisit(PresetVisit):
    def _wait_until_there(self):
        self.page.get_by_role("link", name="losses").wait_for()

    def use(self):
        self.page.get_by_role("link", name="losses").click()
        self.page.get_by_role("link", name="loss", exact=True).click()
        return self._shown("20 rows sorted by loss")


PRESET_VISITS = {
    "streamlit": StreamlitVisit, "gradio": GradioVisit, "mlflow": MLflowVisit, "voila": PresetVisit, "bokeh": PresetVisit,
    "panel": PresetVisit, "visualdl": VisualDLVisit, "aim": AimVisit, "dash": PresetVisit, "datasette": DatasetteVisit,
}

"""Jupyter in a browser: JupyterLab and Notebook 7."""

from visit import Visit


class JupyterVisit(Visit):
    """What both have in common: the notebook and the terminal are the same in them."""

    def run_cell(self, code, expecting):
        """Has a new notebook run this in its first cell, and gives what appears below it."""
        self._open_notebook()
        # What is run before there is a kernel is run by nobody.
        self.page.locator(".jp-Toolbar-kernelName").filter(has_text="Python 3").wait_for()
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        self.page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
        self.page.keyboard.type(code)
        self.page.keyboard.press("Shift+Enter")
        output = self.page.locator(".jp-OutputArea-output").first
        output.filter(has_text=expecting).wait_for()
        return {"printed": output.inner_text()}

    def type_in_terminal(self, command, expecting):
        """Types a command in a new terminal, and gives the lines that stand there then."""
        self._open_terminal()
        self.page.locator(".jp-Terminal .xterm-screen").wait_for()
        self._wait(lambda: self._screen().endswith(("$", "#")))  # the shell's prompt
        self.page.locator(".jp-Terminal .xterm-screen").click()
        self.page.keyboard.type(command)
        self.page.keyboard.press("Enter")
        self._wait(lambda: expecting in self._screen())
        self.page.locator(".jp-Terminal .xterm-screen").click()  # so that nothing is marked any more
        return {"lines": self._copy().splitlines()}

    def _screen(self):
        """What stands in the terminal, marked with the mouse and copied: it is drawn, and in no element of the page."""
        box = self.page.locator(".jp-Terminal .xterm-screen").bounding_box()
        self.page.mouse.move(box["x"] + 1, box["y"] + 1)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] - 1)
        self.page.mouse.up()
        self.page.keyboard.press("Control+c")
        return self._copy()

    def _copy(self):
        return self.page.evaluate("navigator.clipboard.readText()").strip()


class JupyterLabVisit(JupyterVisit):
    def _wait_until_there(self):
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")
        self.page.locator("#jp-main-dock-panel .lm-TabBar-tab").first.wait_for()

    def decline_news(self):
        """The question that JupyterLab asks each new user."""
        self.page.get_by_role("button", name="No", exact=True).click()
        self.page.locator(".Toastify__toast").wait_for(state="detached")
        return {}

    def _open_notebook(self):
        self.page.locator(".jp-LauncherCard[data-category=Notebook]").first.click()

    def _open_terminal(self):
        self.page.locator(".lm-TabBar-addButton:visible").click()
        self.page.locator(".jp-LauncherCard").filter(has_text="Terminal").click()


class NotebookVisit(JupyterVisit):
    def _wait_until_there(self):
        self.page.locator(".jp-DirListing-content").wait_for()

    def _open(self, name):
        """Each opens in a tab of its own."""
        with self._context.expect_page() as opened:
            self._tree.get_by_role("menuitem", name="New", exact=True).click()
            self._tree.get_by_role("menuitem", name=name).click()
        self.page = opened.value

    def open(self, url):
        answer = super().open(url)
        self._tree = self.page
        return answer

    def _open_notebook(self):
        self._open("Python 3")

    def _open_terminal(self):
        self._open("Terminal")

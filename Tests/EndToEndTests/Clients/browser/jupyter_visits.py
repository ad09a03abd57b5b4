"""Jupyter in a browser: JupyterLab, Notebook 7 and the classic Notebook."""

from visit import Visit, view_of


class JupyterVisit(Visit):
    """What JupyterLab and Notebook 7 have in common: the notebook and the terminal are the same in them."""

    def _use(self):
        # Both are begun by a POST, and go on by a websocket.
        if self._uses % 2:
            self.run_cell("print('KERNEL', 6 * 7)", "KERNEL 42")
        else:
            self.type_in_terminal("echo TERMINAL $((6 * 7))", "TERMINAL 42")

    def run_cell(self, code, expecting):
        """Has a new notebook run this in its first cell, and gives what appears below it."""
        self.begin_cell(code)
        return self.printed(expecting)

    def begin_cell(self, code):
        """Has a new notebook run this in its first cell, and does not wait for what appears."""
        self._open_notebook()
        # What is run before there is a kernel is run by nobody.
        self.view.locator(".jp-Toolbar-kernelName:visible").filter(has_text="Python 3").wait_for()
        self.view.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]:visible").wait_for()
        self.view.locator(".jp-Notebook:visible .jp-CodeCell .cm-content").first.click()
        self.page.keyboard.type(code)
        self.page.keyboard.press("Shift+Enter")
        return {}

    def printed(self, expecting):
        """Waits until this appears below the first cell, and gives all that is there."""
        output = self.view.locator(".jp-OutputArea-output:visible").first
        output.filter(has_text=expecting).wait_for()
        return {"printed": output.inner_text()}

    def type_in_terminal(self, command, expecting):
        """Types a command in a new terminal, and gives the lines that stand there then."""
        self._open_terminal()
        self.view.locator(".jp-Terminal .xterm-screen").wait_for()
        self._wait(lambda: self._screen().endswith(("$", "#")))  # the shell's prompt
        self.view.locator(".jp-Terminal .xterm-screen").click()
        self.page.keyboard.type(command)
        self.page.keyboard.press("Enter")
        self._wait(lambda: expecting in self._screen())
        self.view.locator(".jp-Terminal .xterm-screen").click()  # so that nothing is marked any more
        return {"lines": self._copy().splitlines()}

    def _screen(self):
        """What stands in the terminal, marked with the mouse and copied: it is drawn, and in no element of the page."""
        box = self.view.locator(".jp-Terminal .xterm-screen").bounding_box()
        self.page.mouse.move(box["x"] + 1, box["y"] + 1)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] - 1)
        self.page.mouse.up()
        self.page.keyboard.press("Control+c")
        return self._copy()

    def _copy(self):
        return self.view.evaluate("navigator.clipboard.readText()").strip()


class JupyterLabVisit(JupyterVisit):
    def _wait_until_there(self):
        self.view.locator("#jupyterlab-splash").wait_for(state="detached")
        self.view.locator("#jp-main-dock-panel .lm-TabBar-tab").first.wait_for()

    def _use(self):
        if self._uses == 1:
            self.decline_news()
        super()._use()

    def decline_news(self):
        """The question that JupyterLab asks each new user."""
        no = self.view.get_by_role("button", name="No", exact=True)
        no.click()
        no.wait_for(state="detached")
        return {}

    def go_on(self, code, expecting):
        """Has another notebook run this, in the page as it is, whatever the page asks about the server that it has lost."""
        dialog = self.page.locator(".jp-Dialog")
        self.page.add_locator_handler(dialog, lambda shown: shown.locator(".jp-Dialog-footer button").last.click())
        self.view.locator(".lm-TabBar-addButton:visible").first.click()
        printed = self.run_cell(code, expecting)
        self.page.remove_locator_handler(dialog)
        return printed

    def _open_notebook(self):
        self.view.locator(".jp-LauncherCard[data-category=Notebook]:visible").first.click()

    def _open_terminal(self):
        self.view.locator(".lm-TabBar-addButton:visible").click()
        self.view.locator(".jp-LauncherCard").filter(has_text="Terminal").click()


class NotebookVisit(JupyterVisit):
    def _wait_until_there(self):
        self.view.locator(".jp-DirListing-content").wait_for()

    def _open(self, name):
        """Each opens in a tab of its own."""
        with self._window.context.expect_page() as opened:
            view_of(self._tree).get_by_role("menuitem", name="New", exact=True).click()
            view_of(self._tree).get_by_role("menuitem", name=name).click()
        self.page = opened.value

    def enter(self, url, key=None):
        answer = super().enter(url, key)
        self._tree = self.page
        return answer

    def _open_notebook(self):
        self._open("Python 3")

    def _open_terminal(self):
        self._open("Terminal")


class ClassicVisit(Visit):
    def _wait_until_there(self):
        self.view.locator("#notebook_list .list_item").first.wait_for()
        self._tree = self.page

    def _use(self):
        """Runs a cell of a new notebook, which opens in a tab of its own."""
        self.page = self._tree
        self.view.locator("#new-buttons .dropdown-toggle").click()
        with self._window.context.expect_page() as opened:
            self.view.locator("#kernel-python3 a").click()
        self.page = opened.value
        self.view.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
        self.view.locator(".code_cell .CodeMirror").first.click()
        self.page.keyboard.type("print('KERNEL', 6 * 7)")
        self.page.keyboard.press("Shift+Enter")
        self.view.locator(".output_subarea").filter(has_text="KERNEL 42").first.wait_for()

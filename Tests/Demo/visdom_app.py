"""The Visdom part of the demo: how Visdom is started, and which plot it must have."""

import json
import math
import os

from checking import NotYet, check_html
from curve import TAG, loss


class Visdom:
    """Visdom as an app of the demo."""

    name = "visdom"

    def __init__(self, bin_directory, directory):
        self.bin_directory = bin_directory
        self._plots = os.path.join(directory, "plots")

    def line(self):
        """The arguments of crater-run for this app."""
        return [self.name, "--env-path", self._plots]

    def check_page(self, page):
        """Raises NotYet unless the prefix answers with Visdom's page."""
        check_html(page, "visdom")

    def check_content(self, site):
        """Raises NotYet unless Visdom has the job's plot. Returns what was compared."""
        answer = site.get("win_data", data=json.dumps({"eid": "main", "win": TAG}))
        if answer.status != 200:
            raise NotYet(f"win_data answers {answer.status}: {answer.text[:200]}")
        window = json.loads(answer.text) if answer.text else None
        if not window:
            raise NotYet(f"there is no plot of {TAG}")
        drawn = window["content"]["data"][0]
        for step, value in zip(map(int, drawn["x"]), drawn["y"], strict=True):
            if not math.isclose(value, loss("train", step), rel_tol=1e-6):
                raise NotYet(f"the plot of {TAG} is {value} at step {step}, not {loss('train', step)}")
        return f"{len(drawn['x'])} points of {TAG}"

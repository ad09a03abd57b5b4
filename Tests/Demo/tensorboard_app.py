"""The TensorBoard part of the demo: how TensorBoard is started, and what its pages must answer."""

import json
import math
import os
import urllib.parse

from checking import NotYet, check_html
from curve import RUNS, TAG, loss


class TensorBoard:
    """TensorBoard as an app of the demo. The other apps have the same members."""

    name = "tensorboard"

    def __init__(self, bin_directory, directory):
        self.bin_directory = bin_directory
        self.logdir = os.path.join(directory, "logs")

    def line(self):
        """The arguments of crater-run for this app."""
        return [self.name, "--logdir", self.logdir]

    def check_page(self, page):
        """Raises NotYet unless the prefix answers with TensorBoard's page."""
        check_html(page, "TensorBoard")

    def check_content(self, site):
        """Raises NotYet unless TensorBoard's data API returns what the job has written. Returns what was compared."""
        for run in RUNS:
            query = urllib.parse.urlencode({"tag": TAG, "run": run})
            answer = site.get(f"data/plugin/scalars/scalars?{query}")
            if answer.status != 200:
                raise NotYet(f"{TAG} of {run} answers {answer.status}: {answer.text[:200]}")
            rows = json.loads(answer.text)
            if not rows:
                raise NotYet(f"{TAG} of {run} has no steps")
            for _, step, value in rows:
                # An event file holds 32-bit numbers.
                if not math.isclose(value, loss(run, step), rel_tol=1e-6, abs_tol=1e-7):
                    raise NotYet(f"{TAG} of {run} is {value} at step {step}, not {loss(run, step)}")
        return f"{len(rows)} steps of {TAG} in {' and '.join(RUNS)}"

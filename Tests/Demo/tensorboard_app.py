"""The TensorBoard part of the demo: what it shows, how it is started, what its page must answer."""

import json
import math
import os
import random
import subprocess
import time
import urllib.parse

from checking import NotYet

STEPS = 200
RUNS = {"train": 0.0, "validation": 0.08}  # and how much worse than the training data each does


def training_curve():
    """Rows (run, tag, step, wall time, value) of a small training that went well, one step a second, ending now."""
    noise = random.Random(6006)
    start = time.time() - STEPS
    rows = []
    for run, worse in RUNS.items():
        for step in range(STEPS):
            progress = 1 - math.exp(-step / 40)
            loss = 2.3 - 2.2 * progress + worse + noise.gauss(0, 0.03)
            accuracy = 0.1 + 0.88 * progress - worse + noise.gauss(0, 0.005)
            rows.append((run, "loss", step, start + step, loss))
            rows.append((run, "accuracy", step, start + step, accuracy))
    return rows


class TensorBoard:
    """An app of the demo. Another one has the same members."""

    name = "tensorboard"
    rule = "tensorboard"
    port = 6006

    def __init__(self, bin_directory, directory):
        self.bin_directory = bin_directory
        self.logdir = os.path.join(directory, "logs")
        self._rows = training_curve()

    def prepare(self):
        """Writes what the page shows."""
        python = os.path.join(self.bin_directory, "python")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "write_events.py")
        subprocess.run([python, script, self.logdir], input=json.dumps(self._rows), text=True, check=True)

    def arguments(self):
        """What follows `crater-run`."""
        return [self.name, "--logdir", self.logdir]

    def check_page(self, page):
        """Raises NotYet unless the answer to the prefix is TensorBoard's page."""
        if page.status != 200:
            raise NotYet(f"the page answers {page.status}")
        if "text/html" not in page.content_type:
            raise NotYet(f"the page is {page.content_type}, not html")
        if "TensorBoard" not in page.text:
            raise NotYet("the page is not TensorBoard's")

    def check_content(self, get, prefix):
        """Raises NotYet unless TensorBoard's own data API gives back what was written. Says what it compared."""
        for run, tag in (("train", "loss"), ("validation", "accuracy")):
            query = urllib.parse.urlencode({"tag": tag, "run": run})
            answer = get(f"{prefix}data/plugin/scalars/scalars?{query}")
            if answer.status != 200:
                raise NotYet(f"{tag} of {run} answers {answer.status}: {answer.text[:200]}")
            got = {step: value for _, step, value in json.loads(answer.text)}
            written = {row[2]: row[4] for row in self._rows if row[:2] == (run, tag)}
            if got.keys() != written.keys():
                raise NotYet(f"{tag} of {run} has {len(got)} of {len(written)} steps")
            for step, value in written.items():
                # An event file holds 32-bit numbers.
                if not math.isclose(got[step], value, rel_tol=1e-6, abs_tol=1e-7):
                    raise NotYet(f"{tag} of {run} is {got[step]} at step {step}, not {value}")
        return f"{len(written)} steps of loss and of accuracy"

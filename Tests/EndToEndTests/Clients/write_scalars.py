"""Writes event files as a training does, two runs with two curves each: write_scalars.py LOGDIR

The last values are known: the loss of `train` ends at 0.25, that of `validation` at 0.5.
"""

import os
import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

STEPS = 100
START = 1_700_000_000.0  # when it was trained; a second a step

for run, last in (("train", 0.25), ("validation", 0.5)):
    writer = EventFileWriter(os.path.join(sys.argv[1], run))
    for step in range(STEPS + 1):
        ahead = 1 - step / STEPS
        curves = {"epoch/loss": last + 2 * ahead**3, "epoch/accuracy": (1 - last) * (1 - ahead**4)}
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in curves.items()]
        writer.add_event(Event(step=step, wall_time=START + step, summary=Summary(value=values)))
    writer.close()

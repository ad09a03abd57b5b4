"""Writes TensorBoard event files with TensorBoard's own writer; runs in the Python that has TensorBoard.

Usage: write_events.py LOGDIR, with rows [run, tag, step, wall time, value] as a JSON array on standard input.
"""

import json
import os
import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

writers = {}
for run, tag, step, wall_time, value in json.load(sys.stdin):
    if run not in writers:
        writers[run] = EventFileWriter(os.path.join(sys.argv[1], run))
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    writers[run].add_event(Event(step=step, wall_time=wall_time, summary=summary))
for writer in writers.values():
    writer.close()

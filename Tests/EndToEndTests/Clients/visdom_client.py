"""Sends a plot to a running Visdom: visdom_client.py PORT BASE_URL [TITLE]"""

import sys

import numpy
import visdom

port, base, title = [*sys.argv[1:], "loss"][:3]
client = visdom.Visdom(server="http://127.0.0.1", port=int(port), base_url=base, use_incoming_socket=False)
if not client.check_connection(timeout_seconds=30):
    sys.exit("no connection")
print(client.line(numpy.exp(-numpy.arange(50) / 10), win=f"{title}-curve", opts={"title": title}))

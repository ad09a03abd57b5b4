"""Runs a cell in a new kernel through the websocket, as a notebook's page does. Needs the Python that has Jupyter.

Usage: run_cell.py HOST:PORT PREFIX/ KEY TOKEN CODE. KEY: of the front door. Prints what the cell printed.
"""

import json
import sys
import urllib.request
import uuid

import websocket

address, prefix, key, token, code = sys.argv[1:]
authorization = {"Authorization": f"Bearer {key}"}
request = urllib.request.Request(
    f"http://{address}{prefix}api/kernels?token={token}", b"{}", authorization, method="POST")
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as response:
    kernel = json.load(response)["id"]
channel = websocket.create_connection(
    f"ws://{address}{prefix}api/kernels/{kernel}/channels?token={token}", header=authorization, timeout=20, http_no_proxy=["*"])
channel.send(json.dumps({
    "header": {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex,
               "version": "5.3"},
    "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
    "content": {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False},
}))
while True:
    message = json.loads(channel.recv())
    if message["msg_type"] == "error":
        sys.exit("\n".join(message["content"]["traceback"]))
    if message["msg_type"] == "stream":
        print(message["content"]["text"], end="")
        break

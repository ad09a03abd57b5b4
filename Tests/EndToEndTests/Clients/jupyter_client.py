"""Works in a running Jupyter as a browser does: jupyter_client.py BASE_URL TOKEN kernel|notebook|terminal CODE

Prints what the code printed, and leaves the kernel or terminal open. The kernel of a notebook runs in the notebook's
directory, and other kernels where Jupyter was started."""

import asyncio
import json
import sys
import urllib.request
import uuid

from tornado.websocket import websocket_connect


def post(path, body):
    request = urllib.request.Request(
        base + path, json.dumps(body).encode(), {"Authorization": "token " + token, "Content-Type": "application/json"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


async def run_cell(code):
    if place == "notebook":
        notebook = {"path": "new.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        kernel = post("api/sessions", notebook)["kernel"]["id"]
    else:
        kernel = post("api/kernels", {})["id"]
    session = uuid.uuid4().hex
    address = f"{base.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?session_id={session}&token={token}"
    socket = await websocket_connect(address)
    message = uuid.uuid4().hex
    header = {"msg_id": message, "msg_type": "execute_request", "username": "", "session": session, "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await socket.write_message(json.dumps(request))
    while True:
        answer = json.loads(await socket.read_message())
        if answer.get("parent_header", {}).get("msg_id") != message:
            continue
        if answer["msg_type"] == "stream":
            print(answer["content"]["text"], end="")
        elif answer["msg_type"] == "error":
            sys.exit(answer["content"]["evalue"])
        elif answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return


async def run_command(command):
    terminal = post("api/terminals", {})["name"]
    socket = await websocket_connect(f"{base.replace('http', 'ws', 1)}terminals/websocket/{terminal}?token={token}")
    await socket.write_message(json.dumps(["stdin", command + "; echo do''ne\r"]))
    text = ""
    while "done" not in text:
        kind, *words = json.loads(await socket.read_message())
        if kind == "stdout":
            text += words[0]
    print(text)


base, token, place, code = sys.argv[1:]
asyncio.run(asyncio.wait_for(run_command(code) if place == "terminal" else run_cell(code), 100))

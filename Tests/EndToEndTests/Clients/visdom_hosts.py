"""Runs a script where Visdom finds its browser files at their hosts: visdom_hosts.py REFUSED SCRIPT WORD…

Stands in for these hosts below Visdom's own download: each file has its address for its content, but for the one whose
address ends in REFUSED, which is 404."""

import runpy
import sys
import urllib.error
import urllib.request

import requests

refused = sys.argv[1]


class Answer:
    def __init__(self, address):
        self.content = f"/* {address} */".encode()

    def read(self):
        return self.content


class Opener:
    def open(self, request):
        if request.full_url.endswith(refused):
            raise urllib.error.HTTPError(request.full_url, 404, "Not Found", None, None)
        return Answer(request.full_url)


urllib.request.build_opener = lambda *handlers: Opener()
requests.get = Answer
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")

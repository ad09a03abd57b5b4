"""Imitates a job's container: a Pod's annotations, and entrypoint.sh with the training and the three apps."""

import glob
import os
import shlex

from checking import NotYet
from home import Home
from jupyter_app import Jupyter
from launcher import Launcher, free_ports, is_listening
from podinfo import PodInfo
from tensorboard_app import TensorBoard
from visdom_app import Visdom

HERE = os.path.dirname(os.path.abspath(__file__))
ENTRYPOINT = os.path.join(os.path.dirname(os.path.dirname(HERE)), "entrypoint.sh")


class Site:
    """An app and its place below the home page."""

    def __init__(self, app, home):
        self.app = app
        self.home = home

    @property
    def prefix(self):
        """The path at which the app is served."""
        return f"{self.home.prefix}{self.app.name}/"

    def get(self, path, data=None):
        """Sends a request to a path below the prefix, with the key of the home page."""
        return self.home.get(f"{self.app.name}/{path}", data)

    def check_page(self):
        """Raises NotYet unless the app's page is served."""
        self.app.check_page(self.get(""))
        return self.prefix

    def check_content(self):
        """Raises NotYet unless the app does what it is for."""
        return self.app.check_content(self)


class Container:
    """The container: its annotations, its apps and its job."""

    def __init__(self, binary, bin_directories, directory, anywhere):
        """bin_directories: those of TensorBoard, Jupyter and Visdom. anywhere: use a free port, not the usual one."""
        self._log_path = os.path.join(directory, "log")
        self.heartbeat = os.path.join(directory, "heartbeat")
        self.end = os.path.join(directory, "end")
        self.podinfo = PodInfo(os.path.join(directory, "podinfo"))
        port = free_ports(1)[0] if anywhere or is_listening(Home.port) else Home.port
        self.home = Home(port, self.log)
        self.sites = {}
        for kind, bin_directory in zip((TensorBoard, Jupyter, Visdom), bin_directories, strict=True):
            app = kind(bin_directory, directory)
            self.sites[app.name] = Site(app, self.home)
        self.change_rule(self.home.prefix)
        self.launcher = Launcher(ENTRYPOINT, binary, bin_directories, directory, self.podinfo.annotations_path)
        tensorboard = self.sites["tensorboard"].app
        # The training needs the packages of TensorBoard and Visdom. A real image has both in one environment.
        packages = glob.glob(os.path.join(os.path.dirname(tensorboard.bin_directory), "lib", "python3*", "site-packages"))
        self.job = [
            "env", f"PYTHONPATH={os.pathsep.join(packages)}", "PYTHONDONTWRITEBYTECODE=1",
            os.path.join(self.sites["visdom"].app.bin_directory, "python"), os.path.join(HERE, "train.py"),
            "--logdir", tensorboard.logdir, "--heartbeat", self.heartbeat, "--end", self.end,
        ]

    def arguments(self):
        """The arguments of entrypoint.sh."""
        apps = (shlex.join(site.app.line()) for site in self.sites.values())
        return ["--home", "home"] + [word for line in apps for word in ("--app", line)] + ["--", *self.job]

    def start(self):
        """Starts the container."""
        with open(self._log_path, "wb") as output:
            self.launcher.start(self.arguments(), output)

    def log(self):
        """Everything that the container has printed."""
        try:
            with open(self._log_path, encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def change_rule(self, prefix):
        """Changes the prefix of the rule, as the platform and the kubelet do it."""
        self.home.prefix = prefix
        self.podinfo.set_rule("home", self.home.port, prefix)
        self.podinfo.write()

    def notes(self):
        """Explains what may surprise a reader of the output."""
        if "visdom's page will be empty" in self.log():
            return ["Visdom's browser files are missing: Visdom downloads them itself, and the demo does not allow this. So its "
                    "page is empty, and the log has a warning and Visdom's ERROR lines. Its server has the plots all the same."]
        return []

    def beats(self):
        """The times of the job's heartbeats, each with the job's process id."""
        try:
            with open(self.heartbeat, encoding="ascii") as file:
                lines = file.read().split("\n")[:-1]
        except FileNotFoundError:
            lines = []
        if not lines:
            raise NotYet("the job has not begun")
        return [(float(time), int(pid)) for time, pid in map(str.split, lines)]

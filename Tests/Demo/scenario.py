"""The checks of `make demo CHECK=1`: what users rely on, with all apps and the job running."""

import os
import signal

from checking import Checks, Failure, NotYet
from launcher import is_listening

DEADLINE = 120
STOP_WITHIN = 15
CHANGED_PREFIX = "/ingress/liuxw24-a1b2c/"
CODE = 3
# In seconds. The job writes a heartbeat every 50 ms; a busy machine may delay a heartbeat, but not for this long.
LONGEST_GAP = 1.0


class Scenario:
    """Checks one container from its start to its end."""

    def __init__(self, container):
        self.container = container
        self.launcher = container.launcher
        self.sites = container.sites.values()
        self.checks = Checks(DEADLINE, self._still_runs)

    def run(self):
        """Raises Failure at the first check that fails."""
        self.container.start()
        self._check_serving()
        self._check_buttons()
        self._check_rule_change()
        self._check_killed_supervisor()
        self._check_end()
        for note in self.container.notes():
            print(f"note: {note}")
        print(f"demo: {self.checks.summary()}")

    # Parts

    def _check_serving(self):
        check = self.checks.check
        check("the job runs", self._job)
        home = self.container.home
        check("the home page asks for its key", lambda: home.check_status(home.prefix, 401))
        check("nothing is served at /", lambda: home.check_status("/", 404), wait=False)
        for site in self.sites:
            check(f"{site.app.name} is served below the home page", site.check_page)
        for site in self.sites:
            check(f"its tile says that {site.app.name} runs", lambda site=site: home.check_state(site.app.name, "Running"))
        for site in self.sites:
            check(f"{site.app.name} does what it is for", site.check_content)
        check("crater-run rules tells the prefix", self._told, wait=False)

    def _check_buttons(self):
        check, home = self.checks.check, self.container.home
        before, job = self._pids(), self._job()
        check("a button stops TensorBoard", lambda: home.press("stop", "tensorboard"), wait=False)
        check("its tile says so", lambda: home.check_state("tensorboard", "Stopped"))
        check("the other apps did not notice", lambda: self._same(before, but="tensorboard"), wait=False)
        check("another button starts it", lambda: home.press("start", "tensorboard"), wait=False)
        check("it serves again", self.container.sites["tensorboard"].check_content)
        check("the job did not notice", lambda: self._same_job(job), wait=False)

    def _check_rule_change(self):
        check, home, job = self.checks.check, self.container.home, self._job()
        old, key = home.prefix, home.key
        self.container.change_rule(CHANGED_PREFIX)
        check("the home page follows a change of its rule", lambda: home.check_status(home.prefix, 200, home.headers))
        check("the old prefix is gone", lambda: home.check_status(old, 404), wait=False)
        for site in self.sites:
            check(f"{site.app.name} does what it is for", site.check_content)
        check("the key is the same", lambda: self._is_key(key), wait=False)
        check("the job did not notice", lambda: self._same_job(job), wait=False)
        check("crater-run rules tells the new prefix", self._told, wait=False)

    def _check_killed_supervisor(self):
        check, jupyter = self.checks.check, self.container.sites["jupyter"]
        before, job, token = self._pids(), self._job(), jupyter.app.token(self.container.log())
        killed = self.launcher.supervisor()
        os.kill(killed, signal.SIGKILL)
        check("the supervisor, killed, is there again", lambda: self._supervisor_but(killed))
        for site in self.sites:
            check(f"{site.app.name} is another process, and serves", lambda site=site: self._served_anew(site, before))
        for site in self.sites:
            check(f"{site.app.name} does what it is for", site.check_content)
        check("Jupyter's token is the same", lambda: self._opened_by(token), wait=False)
        check("the job did not notice", lambda: self._same_job(job), wait=False)

    def _check_end(self):
        check = self.checks.check
        self.launcher.family.look()
        with open(self.container.end + ".new", "w", encoding="ascii") as file:
            file.write(str(CODE))
        os.rename(self.container.end + ".new", self.container.end)
        check("the job's exit code is the container's", self._ended, wait=False)
        check("no process is left, and nobody listens", self._nothing_left, wait=False)

    # Conditions

    def _still_runs(self, what):
        status = self.launcher.exit_status
        if status is not None:
            raise Failure(f"{what}: the container has ended with {status}")

    def _job(self):
        return self.container.beats()[-1][1]

    def _same_job(self, pid):
        """Raises NotYet unless the job is the same process, and was never delayed for long."""
        beats = self.container.beats()
        if beats[-1][1] != pid or not os.path.exists(f"/proc/{pid}"):
            raise NotYet(f"it was process {pid}, and is {beats[-1][1]}")
        gap = max(later - earlier for (earlier, _), (later, _) in zip(beats, beats[1:]))
        if gap > LONGEST_GAP:
            raise NotYet(f"its heart stood still for {gap:.2f} s")
        return f"{len(beats)} beats of process {pid}, {gap:.2f} s between two at most"

    def _pids(self):
        return {site.app.name: self.launcher.app(site.app.name) for site in self.sites}

    def _same(self, before, but):
        for name, pid in before.items():
            if name != but and (now := self.launcher.app(name)) != pid:
                raise NotYet(f"{name} was process {pid}, and is {now}")

    def _supervisor_but(self, killed):
        pid = self.launcher.supervisor()
        if pid == killed:
            raise NotYet(f"it is still process {pid}")
        return f"process {pid} after {killed}"

    def _served_anew(self, site, before):
        pid = self.launcher.app(site.app.name)
        if pid == before[site.app.name]:
            raise NotYet(f"it is still process {pid}")
        return site.check_page()

    def _opened_by(self, token):
        answer = self.container.sites["jupyter"].get(f"api/status?token={token}")
        if answer.status != 200:
            raise NotYet(f"api/status answers {answer.status}")

    def _told(self):
        told, prefix = self.launcher.ask(["rules", "home", "--field", "prefix"]), self.container.home.prefix
        # The slash at the end makes no difference.
        if told.rstrip("/") != prefix.rstrip("/"):
            raise NotYet(f"it says {told!r}, not {prefix!r}")

    def _is_key(self, key):
        if self.container.home.key != key:
            raise NotYet("the log has another one")

    def _ended(self):
        status = self.launcher.wait(STOP_WITHIN)
        if status is None:
            raise NotYet(f"it still runs after {STOP_WITHIN} s")
        if status != CODE:
            raise NotYet(f"it ended with {status}, not {CODE}")
        return f"{status}"

    def _nothing_left(self):
        left = self.launcher.left_behind()
        if left:
            raise NotYet(f"still there: {left}")
        port = self.container.home.port
        if is_listening(port):
            raise NotYet(f"somebody listens on port {port}")

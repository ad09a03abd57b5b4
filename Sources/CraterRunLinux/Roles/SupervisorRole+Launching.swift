internal import CraterRunCore
internal import Glibc

// A launch has three steps. A worker prepares it, and may have to wait for the host. Then the process is forked. Then
// its report tells that the program was executed. None of the steps holds up the reactor or another app.

extension SupervisorRole {
    /// Begins a launch. Its success or failure is delivered as an event.
    func prepare(_ app: ServedApp, for rule: IngressRule) {
        abandonLaunch(of: app)
        let call = WaitingCall()
        let number = takeLaunchNumber()
        app.launch = ServedApp.Launch(
            number: number, step: .preparing(call),
            stalledAt: MonotonicClock.now().advanced(by: ServedApp.stallPatience))
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit {
            let result = call.watch { () -> Result<AppLauncher.Prepared, LaunchFailure> in
                do throws(LaunchFailure) {
                    // The door asks for the key before the app runs, too.
                    if let key = try launcher.loginKey() { findings.post(.login(app: launcher.name, key)) }
                    return .success(try launcher.prepare(for: rule))
                } catch { return .failure(error) }
            }
            findings.post(.prepared(app: launcher.name, number: number, result))
        }
    }

    /// Reads the key of the app's login, and delivers it as an event.
    func readLogin(of app: ServedApp) {
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit {
            if let key = try? launcher.loginKey() { findings.post(.login(app: launcher.name, key)) }
        }
    }

    /// Handles the end of a launch's preparation: forks the process, unless the preparation failed or was abandoned.
    func prepared(_ name: String, number: UInt64, _ result: Result<AppLauncher.Prepared, LaunchFailure>) {
        guard let app = apps[name], app.launch?.number == number else { return }
        do throws(LaunchFailure) {
            let prepared = try result.get()
            let begun = try app.launcher.begin(prepared, with: &reactor.children)
            app.launch?.step = .executing(prepared.plan, begun)
            app.launch?.stalledAt = MonotonicClock.now().advanced(by: ServedApp.stallPatience)
            do throws(SystemCallError) {
                try reactor.poll.add(begun.spawning.report, .input) { [weak self, weak app] _ in
                    if let app { self?.readReport(of: app) }
                }
            } catch {
                abandonLaunch(of: app)
                throw .temporary("\(error)")
            }
        } catch {
            app.launch = nil
            deliver(.app(name, .launchFailed(error)))
        }
    }

    /// Reads the report of a forked process: the process has executed the program, or has failed. Does nothing if
    /// neither is known yet.
    func readReport(of app: ServedApp) {
        guard let (plan, begun) = app.executing, let outcome = ChildProcesses.outcome(of: begun.spawning.report) else {
            return
        }
        let name = app.launcher.name
        endReport(begun)
        app.launch = nil
        switch outcome {
        case .success:
            let backend = plan.place.backend
            app.started(begun.spawning.pid, at: backend)
            memory.readCounters(at: MonotonicClock.now())
            started(app, plan, begun)
            let listener = backend.isBehindDoor ? backend.listener : nil
            deliver(.app(name, .launched(pid: begun.spawning.pid, behindDoorAt: listener)))
        case .failure(let error):
            close(begun.output)
            close(begun.error)
            deliver(.app(name, .launchFailed(LaunchFailure(error))))
        }
    }

    private func started(_ app: ServedApp, _ plan: LaunchPlan, _ begun: AppLauncher.Begun) {
        let name = app.launcher.name
        lastErrors = []
        forwarder.forget(name)
        let subject = LogSubject(app: name, pid: begun.spawning.pid)
        app.notes.take(plan.warnings).forEach { log(LogEntry(.warning, $0, of: subject)) }
        log(LogEntry(.debug, "running \(ShellQuoting.quote(plan.arguments))", of: subject))
        forwarder.forward(begun.output, of: name, to: .output, tag: app.outputTag)
        forwarder.forward(begun.error, of: name, to: .error, tag: app.outputTag)
    }

    /// Abandons the running launch, and kills its process. A worker that still prepares the launch goes on; its result
    /// is ignored.
    func abandonLaunch(of app: ServedApp) {
        if let (_, begun) = app.executing {
            let pid = begun.spawning.pid
            // The process has not been reaped, since its report is read before that. By now it may have executed the
            // program and have children.
            if case .success = ChildProcesses.outcome(of: begun.spawning.report) {
                app.processes.started(pid)
                app.processes.send(.kill, to: .tree)
            }
            kill(pid, SIGKILL)
            kill(-pid, SIGKILL)
            endReport(begun)
            close(begun.output)
            close(begun.error)
        }
        app.launch = nil
    }

    private func endReport(_ begun: AppLauncher.Begun) {
        reactor.poll.remove(begun.spawning.report)
        close(begun.spawning.report)
    }
}

// MARK: - Files that the app has written

extension SupervisorRole {
    /// Runs a question on the app's worker, which may read files that the app has written, and logs the entries of the
    /// answer.
    func ask(_ app: ServedApp, _ question: @escaping @Sendable (AppLauncher) -> [LogEntry]) {
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit { findings.post(.entries(question(launcher))) }
    }

    /// Reads on the app's worker what the app has written to its runtime directory.
    func readBack(_ app: ServedApp, _ name: String, at place: ServingPlace) {
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit {
            let result = launcher.readBack(for: place)
            findings.post(.entries(result.entries))
            if let link = result.link { findings.post(.entrance(app: name, link: link)) }
        }
    }

    /// Finds out on the app's worker whether the app is at work. A worker that waits for a file system gives no answer.
    func findActivity(of app: ServedApp, _ name: String, at place: ServingPlace, number: UInt64) {
        guard let leader = app.processes.leader else { return }
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit {
            findings.post(.activity(app: name, number: number, launcher.activity(at: place, leader: leader)))
        }
    }
}

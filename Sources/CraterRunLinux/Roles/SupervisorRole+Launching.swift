internal import CraterRunCore
internal import Glibc

// Launches: prepared by a worker, which may have to wait for the host; then forked; then known to run once the program was
// executed. Nothing of that holds up the reactor, or another app.

extension SupervisorRole {
    /// Begins a launch. What comes of it is an event.
    func prepare(_ app: ServedApp, for place: ServingPlace) {
        abandonLaunch(of: app)
        let call = WaitingCall()
        let number = takeLaunchNumber()
        app.launch = ServedApp.Launch(
            number: number, place: place, step: .preparing(call),
            stalledAt: MonotonicClock.now().advanced(by: ServedApp.stallPatience))
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit {
            let result = call.watch { () -> Result<AppLauncher.Prepared, LaunchFailure> in
                do throws(LaunchFailure) { return .success(try launcher.prepare(for: place)) } catch {
                    return .failure(error)
                }
            }
            findings.post(.prepared(app: launcher.name, number: number, result))
        }
    }

    /// A worker has ended a launch's preparations.
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

    /// The forked process says whether it has executed the program, or has ended.
    func readReport(of app: ServedApp) {
        guard let (plan, begun) = app.executing, let outcome = ChildProcesses.outcome(of: begun.spawning.report) else {
            return
        }
        let name = app.launcher.name
        endReport(begun)
        app.launch = nil
        switch outcome {
        case .success:
            app.processes.started(begun.spawning.pid)
            memory.readCounters(at: MonotonicClock.now())
            started(app, plan, begun)
            deliver(.app(name, .launched(pid: begun.spawning.pid)))
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
        plan.warnings.forEach { log(LogEntry(.warning, $0, of: subject)) }
        log(LogEntry(.debug, "running \(ShellQuoting.quote(plan.arguments))", of: subject))
        forwarder.forward(begun.output, of: name, to: .output, tag: app.outputTag)
        forwarder.forward(begun.error, of: name, to: .error, tag: app.outputTag)
    }

    /// Forgets the launch under way. A worker that still prepares it is left alone; its result meets nobody.
    func abandonLaunch(of app: ServedApp) {
        if let (_, begun) = app.executing {
            let pid = begun.spawning.pid
            // Not reaped yet: its report is read before that. It may run already, and have children.
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

// MARK: - What the app has written

extension SupervisorRole {
    /// Has something read that the app can write, and logs what comes of it.
    func ask(_ app: ServedApp, _ question: @escaping @Sendable (AppLauncher) -> [LogEntry]) {
        let (launcher, findings) = (app.launcher, findings)
        app.worker.submit { findings.post(.entries(question(launcher))) }
    }
}

import CraterRunCore
import CraterRunLinux

/// What `crater-run up` does: the entry point of a container.
struct EntryPoint {
    /// The options of `up`.
    let given: GivenWords
    let words: CommandLineWords
    let inherited: InheritedSignals

    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` if flags are wrong, or if the host refuses what crater-run needs.
    func run() throws -> Int32 {
        var settings = Settings(given)
        let up = UpSettings(&settings)
        if given.has(Setting.check.declaration) {
            // Nothing is supervised, so Ctrl-C may simply end the process.
            inherited.restore()
            return try UpCheck(up: up, job: words.job).run(settings: settings)
        }
        try settings.check(forgivesEnvironment: true)
        let nonce = ThisProcess.nonce()
        guard let job = words.job else {
            let lines = AppLines(under: up)
            try lines.check()
            return try UpSupervision(up, lines, nonce: nonce, forgiven: settings.environmentProblems)
                .run(storage: RunStorage(nonce: nonce), inherited: inherited)
        }
        let command = JobCommand(words: job)
        do throws(SystemCallError) {
            let role = InitRole(
                on: try Reactor(inherited: inherited),
                options: up.initOptions,
                job: command,
                supervisor: UpSupervisorCommand.command(
                    for: words.own, nonce: nonce, jobStartedAt: MonotonicClock.now()),
                nonce: nonce,
                notes: settings.environmentProblems.map(LogEntry.forgiven),
                logStyle: up.logStyle
            )
            return role.run()
        } catch {
            Console.complain("error: cannot look after the job: \(error); running it alone, without any app")
            let failure = LaunchFailure(command.execute(inherited))
            throw CommandFailure("cannot start the job: \(failure.reason)", code: failure.exitCode ?? 126)
        }
    }
}

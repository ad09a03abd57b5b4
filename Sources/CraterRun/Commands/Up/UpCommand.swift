import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// `crater-run up`: the entry point of a container.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a job, and serve every app that has an ingress rule beside it: the entry point of a container.",
        usage: "crater-run up [--app <line>] ... [<options>] [-- <job> ...]",
        discussion: """
            The job runs as if crater-run were not there: its signals, terminal, output and exit code are its own. The apps \
            are looked after by a second process; whatever happens to them or to it, the job does not notice. Without a \
            command there are only the apps.

            A rule named tensorboard, jupyter, visdom and so on opens that app as soon as it is there, if the app is \
            installed and nobody else listens at the rule's port.

            EXAMPLES
              crater-run up -- python train.py
              crater-run up --app 'tensorboard --logdir ./logs' -- python train.py
              crater-run up --app tensorboard --app jupyter -- python train.py
              crater-run up --linger 30m -- python train.py
              crater-run up --check --app tensorboard -- python train.py

            \(ExitCodes.table)
            """
    )

    @OptionGroup
    var flags: UpFlags

    @Flag(
        help: "Say what is wrong with the options, the app lines, the annotations file and the job, and start nothing.")
    var check = false

    /// - Parameter words: our own words, without the job's.
    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` for flags that are wrong, or a host that refuses to let us begin.
    func run(words: CommandLineWords, inherited: InheritedSignals) throws -> Int32 {
        var settings = Settings()
        let up = UpSettings(flags, settings: &settings)
        if check {
            // Nothing is supervised: Ctrl-C ends it as it ends anything.
            inherited.restore()
            return try UpCheck(flags: flags, up: up, job: words.job).run(settings: settings)
        }
        try settings.check(forgivesEnvironment: true)
        let nonce = ThisProcess.nonce()
        guard let job = words.job else {
            let lines = AppLines(flags, under: up)
            try lines.check()
            return try orFailure { () throws(SystemCallError) in
                let reactor = try Reactor(inherited: inherited)
                return try flags.supervise(
                    lines, up, on: reactor, nonce: nonce, storage: RunStorage(nonce: nonce),
                    forgiven: settings.environmentProblems)
            }
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

/// What the body returns; what the host refuses becomes a message.
private func orFailure(_ body: () throws(SystemCallError) -> Int32) throws(CommandFailure) -> Int32 {
    do throws(SystemCallError) { return try body() } catch {
        throw CommandFailure("cannot begin to supervise: \(error)", code: CommandFailure.Code.other)
    }
}

/// `crater-run supervisor`: the process beside the job that looks after the apps. Started by `up` alone.
struct UpSupervisorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "supervisor", shouldDisplay: false)

    @OptionGroup
    var flags: UpFlags

    /// In hexadecimal. The same for a supervisor that follows one that was killed.
    @Option(help: .hidden)
    var nonce: String

    /// On the monotonic clock, in nanoseconds.
    @Option(help: .hidden)
    var jobStarted: Int64

    /// One before this may have left processes behind.
    @Flag(help: .hidden)
    var followsAnother = false

    /// How many in a row before this one have hung.
    @Option(help: .hidden)
    var afterHangs = 0

    /// The descriptors that the init role has for all supervisors of the run.
    @Option(help: .hidden)
    var memory: Int32?

    @Option(help: .hidden)
    var owner: Int32?

    /// How it is started.
    ///
    /// - Parameter words: those of `up`, with `up` at their beginning.
    static func command(for words: [String], nonce: UInt64, jobStartedAt: Instant) -> SupervisorCommand {
        let own = ["--nonce", String(nonce, radix: 16), "--job-started", String(jobStartedAt.nanoseconds)]
        return SupervisorCommand(
            arguments: ["crater-run", "supervisor"] + own + words.dropFirst(),
            restartArguments: ["--follows-another"],
            hangsOption: "--after-hangs"
        )
    }

    func run(inherited: InheritedSignals) throws -> Int32 {
        ThisProcess.name("crater-run")
        var settings = Settings()
        let up = UpSettings(flags, settings: &settings)
        let nonce = UInt64(nonce, radix: 16) ?? ThisProcess.nonce()
        let legacy = memory.flatMap { memory in
            owner.flatMap { RunLegacy.Descriptors(memory: memory, owner: $0) }
        }
        let storage = RunStorage(nonce: nonce, legacy: legacy)
        return try orFailure { () throws(SystemCallError) in
            try flags.supervise(
                AppLines(flags, under: up),
                up,
                on: Reactor(inherited: inherited),
                nonce: nonce,
                storage: storage,
                said: settings.environmentProblems,
                jobStartedAt: Instant(nanoseconds: jobStarted),
                followsAnother: followsAnother,
                leftOut: afterHangs > 1 ? storage.appsAtLastHang : []
            )
        }
    }
}

extension UpFlags {
    /// Looks after the apps until it is told to end.
    ///
    /// - Parameters:
    ///   - lines: what is to be served.
    ///   - forgiven: what is wrong with environment variables.
    ///   - said: the same, where the init role has said it.
    ///   - jobStartedAt: nil without a job.
    ///   - leftOut: apps that are not started before a user asks for them.
    /// - Returns: the exit code.
    fileprivate func supervise(
        _ lines: AppLines,
        _ up: UpSettings,
        on reactor: Reactor,
        nonce: UInt64,
        storage: RunStorage,
        forgiven: [String] = [],
        said: [String] = [],
        jobStartedAt: Instant? = nil,
        followsAnother: Bool = false,
        leftOut: Set<String> = []
    ) throws(SystemCallError) -> Int32 {
        var options = SupervisorOptions()
        options.apps = lines.apps
        options.automatic = lines.automatic
        options.publicHost = up.publicHost
        options.jobStartedAt = jobStartedAt
        options.autoDelay = up.autoDelay
        options.followsAnother = followsAnother
        options.leftOut = leftOut
        options.stopSignal = up.initOptions.stopSignal
        options.isProcessOne = ThisProcess.isProcessOne
        if followsAnother { options.apps += up.keptHandOvers(in: storage, besides: options.apps) }
        // A terminal may have handed over what a line was to ask for.
        options.unusable = lines.unusable.filter { app in !options.apps.contains { $0.name == app.name } }
        let problems = forgiven + lines.problems.filter { !said.contains($0) && !forgiven.contains($0) }
        let isRestarted = jobStartedAt != nil || ThisProcess.isProcessOne
        let answering = try Answering(up.health, in: .up, isRestarted: isRestarted, nonce: nonce, storage: storage) {
            up.definition(of: $0)
        }
        defer { answering.end() }
        let role = try SupervisorRole(
            on: reactor,
            supervisor: Supervisor(options: options, seed: nonce),
            rules: .annotations(path: source.annotationsPath),
            nonce: nonce,
            storage: storage,
            initPipe: jobStartedAt == nil ? nil : 0,
            exchange: answering.exchange,
            notes: problems.map(LogEntry.forgiven) + answering.notes,
            logStyle: up.logStyle
        )
        return role.run()
    }

    /// Every app that needs nothing but its name, as its command has it without options.
    static func automaticApps(under up: UpSettings, forgiven: inout [String]) -> [AppDefinition] {
        var definitions: [AppDefinition] = []
        for name in CraterRun.appNames {
            // One that needs more than its name, as a custom app does, is none of them.
            if let definition = try? AppLine(text: name).definition(under: up, forgiven: &forgiven) {
                definitions.append(definition)
            }
        }
        return definitions
    }
}

extension LogEntry {
    /// Something that is wrong, and done without: the job and the apps must not suffer from it.
    static func forgiven(_ problem: String) -> LogEntry {
        LogEntry(.error, "\(problem); going on without it")
    }
}

import CraterRunCore
import CraterRunLinux

/// Looks after the apps of `up`: beside a job in a process of its own, without a job in the only process.
struct UpSupervision {
    private let up: UpSettings
    private let lines: AppLines
    private let nonce: UInt64
    /// The problems with environment variables and app lines that are left out.
    private let problems: [String]
    /// Nil without a job.
    private var jobStartedAt: MonotonicInstant?
    private var jobEnd: JobEnd?
    private var followsAnother = false
    private var hangsBefore = 0
    private var legacy: RunLegacy.Descriptors?
    /// Where an earlier supervisor has parked its sockets, and this one parks its own; nil without a job.
    private var parking: SocketParking?

    /// - Parameters:
    ///   - lines: the apps to serve.
    ///   - forgiven: the problems with environment variables that are left out.
    init(_ up: UpSettings, _ lines: AppLines, nonce: UInt64, forgiven: [String]) {
        self.up = up
        self.lines = lines
        self.nonce = nonce
        problems = forgiven + lines.problems.filter { !forgiven.contains($0) }
    }

    /// For the supervisor beside a job.
    ///
    /// - Parameter settings: the settings that the init role passed to `crater-run supervisor`.
    init(besideJob settings: Settings) {
        var settings = settings
        up = UpSettings(&settings)
        let said = settings.environmentProblems
        lines = AppLines(under: up)
        nonce = settings.read(.nonce) ?? ThisProcess.nonce()
        jobStartedAt = settings.read(.jobStarted).map { MonotonicInstant(nanoseconds: $0) }
        jobEnd = settings.read(.jobEnded)
        followsAnother = settings.read(.followsAnother) ?? false
        hangsBefore = settings.read(.afterHangs) ?? 0
        if let memory = settings.read(.memory), let owner = settings.read(.owner) {
            legacy = RunLegacy.Descriptors(memory: memory, owner: owner)
        }
        parking = settings.read(.parking).flatMap { SocketParking(inherited: $0) }
        // The init role has already reported the problems with the environment.
        problems = lines.problems.filter { !said.contains($0) }
    }

    /// Whether the words contain, in the right form, everything that the init role passes to a supervisor.
    static func isComplete(_ given: GivenWords) -> Bool {
        var settings = Settings(given, variables: { _ in nil })
        guard settings.read(.nonce) != nil, settings.read(.jobStarted) != nil else { return false }
        _ = (
            settings.read(.jobEnded), settings.read(.afterHangs), settings.read(.memory), settings.read(.owner),
            settings.read(.parking)
        )
        return settings.problems.isEmpty
    }

    /// Looks after the apps in the process that the init role has started.
    func runBesideJob(inherited: InheritedSignals) throws(CommandFailure) -> Int32 {
        return try run(storage: RunStorage(nonce: nonce, legacy: legacy), inherited: inherited)
    }

    /// Looks after the apps until a signal or the init role's end tells it to end.
    ///
    /// - Returns: the exit code.
    func run(storage: RunStorage, inherited: InheritedSignals) throws(CommandFailure) -> Int32 {
        ThisProcess.takeUsualName()
        do throws(SystemCallError) {
            let reactor = try Reactor(inherited: inherited)
            let isRestarted = jobStartedAt != nil || ThisProcess.isProcessOne
            let up = up
            let sockets = DoorSockets(parking: parking)
            var options = options(storage: storage)
            options.openPorts = sockets.ports
            let server = try SupervisorServer(
                up.health, in: .up, isRestarted: isRestarted, nonce: nonce, storage: storage
            ) { up.definition(of: $0) }
            defer { server.end() }
            let role = try SupervisorRole(
                on: reactor,
                supervisor: Supervisor(options: options, seed: nonce),
                rules: .annotations(path: up.source.path),
                nonce: nonce,
                storage: storage,
                sockets: sockets,
                initPipe: jobStartedAt == nil ? nil : 0,
                exchange: server.exchange,
                notes: problems.map(LogEntry.forgiven) + server.notes,
                logStyle: up.logStyle
            )
            return role.run()
        } catch {
            throw CommandFailure("cannot begin to supervise: \(error)", code: CommandFailure.Code.other)
        }
    }

    /// The job's command as it is typed, shortened to what fits into some lines. It is part of our parent's command line.
    private var jobCommand: String {
        let job = CommandLineWords(ThisProcess.parentArguments()).job ?? []
        let text = ShellQuoting.quote(job.prefix(40).map { String(decoding: $0.prefix(400), as: UTF8.self) })
        return text.count > 400 ? "\(text.prefix(399))…" : text
    }

    private func options(storage: RunStorage) -> SupervisorOptions {
        var options = SupervisorOptions()
        options.apps = lines.apps
        options.automatic = lines.automatic
        options.publicHost = up.publicHost
        options.home = up.home
        options.home?.offers = lines.offers
        options.home?.host = ThisProcess.hostName
        options.jobStartedAt = jobStartedAt
        options.jobEnd = jobEnd
        if jobStartedAt != nil { options.jobCommand = jobCommand }
        options.clock = .now
        options.autoDelay = up.autoDelay
        options.followsAnother = followsAnother
        options.leftOut = hangsBefore > 1 ? storage.appsAtLastHang : []
        options.stopSignal = up.initOptions.stopSignal
        options.isProcessOne = ThisProcess.isProcessOne
        if followsAnother { options.apps += up.keptHandOvers(in: storage, besides: options.apps) }
        // A terminal may have handed over an app with the name of an unusable line: the handed-over app wins.
        options.unusable = lines.unusable.filter { app in !options.apps.contains { $0.name == app.name } }
        return options
    }
}

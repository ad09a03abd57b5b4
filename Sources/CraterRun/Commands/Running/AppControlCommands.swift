import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// `crater-run start`, `stop` and `restart`: asks the crater-run that serves an app.
protocol AppControlCommand: ParsableCommand {
    var app: String { get }
    var noWait: Bool { get }
    static var verb: AppControl { get }
}

/// What can be asked of a running app.
enum AppControl: String {
    case start
    case stop
    case restart

    /// Whether an app in this state, in which it was not when it was asked, is where it was to be.
    func isDone(_ app: StatusDocument.App, before: StatusDocument.App?) -> Bool {
        let state = AppState(rawValue: app.state)
        // Its launch is under way, and may fail.
        let isBeingLaunched = state == .starting && app.pid == nil
        switch self {
        case .stop: return state == .stopped || state == .failed || state == .waiting
        case .start: return state != .stopped && state != .stopping && !isBeingLaunched
        case .restart: return state != .stopping && !isBeingLaunched && (app.pid == nil || app.pid != before?.pid)
        }
    }
}

extension AppControlCommand {
    static func describe(_ abstract: String, _ discussion: String) -> CommandConfiguration {
        CommandConfiguration(
            commandName: verb.rawValue,
            abstract: abstract,
            discussion: """
                \(discussion)

                EXAMPLES
                  crater-run \(verb.rawValue) tensorboard
                  crater-run \(verb.rawValue) tensorboard --no-wait

                EXIT CODES
                  1       it is refused, or does not come about
                  64      wrong usage
                  69      no crater-run serves apps in this container
                """
        )
    }

    func run() throws {
        let verb = Self.verb.rawValue
        let supervisors = Supervisors.look()
        // Of two that have it, the one where it runs; and never a stranger's before one of ours.
        let trusted = supervisors.answering.filter { $0.isTrusted && $0.app(app) != nil }
        let having = trusted.isEmpty ? supervisors.answering.filter { $0.app(app) != nil } : trusted
        let running = having.first { $0.app(app)?.pid != nil }
        guard let supervisor = running ?? having.first ?? supervisors.answering.first
        else { throw CommandFailure.unavailable("\(verb) \(app)", supervisors.absence) }
        let before = supervisor.app(app)
        let name = before?.name ?? app
        do throws(ControlClient.Failure) {
            let answer = try supervisor.client.ask(
                "/v1/apps/\(PercentEncoding.encode(name))/\(verb)", method: "POST", within: .seconds(5))
            let document = try? JSONDecoder().decode(ControlDocument.self, from: Data(answer.body.utf8))
            let message = document?.message ?? answer.body.split(separator: "\n").first.map(String.init) ?? ""
            guard answer.status == 202 else {
                throw ControlClient.Failure(reason: message)
            }
            if noWait { return try Console.report(message) }
        } catch {
            throw CommandFailure("cannot \(verb) \(app): \(error.reason)", code: CommandFailure.Code.other)
        }
        try waitUntilDone(supervisor, name, before: before)
    }

    private func waitUntilDone(
        _ supervisor: AnsweringSupervisor, _ name: String, before: StatusDocument.App?
    ) throws(CommandFailure) {
        let end = MonotonicClock.now().advanced(by: .seconds(60))
        while MonotonicClock.now() < end {
            guard let now = supervisor.again() else {
                // A crater-run that served this app alone ends with it.
                if Self.verb == .stop, !supervisor.address.isServed {
                    return try Console.line("\(name): its crater-run has ended")
                }
                throw CommandFailure(
                    "cannot \(Self.verb.rawValue) \(name): its crater-run has ended, or does not answer any more",
                    code: CommandFailure.Code.other)
            }
            guard let state = now.app(name) else { return try Console.line("\(name): gone") }
            if Self.verb.isDone(state, before: before) {
                if state.state == AppState.failed.rawValue, Self.verb != .stop {
                    throw CommandFailure(
                        "cannot \(Self.verb.rawValue) \(name): \(state.reason ?? "it has failed")",
                        code: CommandFailure.Code.other)
                }
                try Console.line("\(name): \(state.state)\(state.pid.map { " (pid \($0))" } ?? "")")
                return
            }
            Pause.wait(.milliseconds(50))
        }
        throw CommandFailure(
            "cannot wait any longer for \(name): it has not come about in a minute; see crater-run status",
            code: CommandFailure.Code.other)
    }
}

extension AnsweringSupervisor {
    /// An app by its name, or by that of its rule.
    func app(_ name: String) -> StatusDocument.App? {
        status.apps.first { $0.name == name } ?? status.apps.first { $0.rule?.name == name }
    }

    /// How it stands now; nil where it does not answer any more.
    func again() -> AnsweringSupervisor? {
        guard let answer = try? client.ask("/v1/status", within: .seconds(3)),
            let status = try? JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8)),
            status.instance == self.status.instance
        else { return nil }
        return AnsweringSupervisor(address: address, status: status, user: user)
    }
}

extension Console {
    /// A line whose loss is an answer that is lost, not the thing itself.
    static func report(_ text: String) throws(ControlClient.Failure) {
        do throws(CommandFailure) { try line(text) } catch { throw ControlClient.Failure(reason: error.message) }
    }
}

struct StartCommand: AppControlCommand {
    static let verb = AppControl.start
    static let configuration: CommandConfiguration = describe(
        "Start an app that was stopped or has failed.", "An app that runs already is left as it is.")

    @Argument(help: "The app's name, as crater-run status has it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until it has been started.")
    var noWait = false
}

struct StopCommand: AppControlCommand {
    static let verb = AppControl.stop
    static let configuration: CommandConfiguration = describe(
        "Stop an app, until it is started again.",
        "The job and the other apps go on. A crater-run that serves this app alone ends with it.")

    @Argument(help: "The app's name, as crater-run status has it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until it has ended.")
    var noWait = false
}

struct RestartCommand: AppControlCommand {
    static let verb = AppControl.restart
    static let configuration: CommandConfiguration = describe(
        "Stop an app and start it again.",
        "Its restarts so far are forgiven. Jupyter's kernels end; its token stays the same.")

    @Argument(help: "The app's name, as crater-run status has it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until it has been started again.")
    var noWait = false
}

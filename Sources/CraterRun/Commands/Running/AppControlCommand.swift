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
                  1       crater-run refuses, or it is not done after a minute
                  64      wrong usage
                  69      no crater-run serves apps in this container
                """
        )
    }

    func run() throws {
        let verb = Self.verb.rawValue
        let supervisors = Supervisors.find()
        // If several supervisors have an app of this name, one is chosen in which the app runs. A supervisor that is
        // not trusted is chosen only if no trusted one has the app.
        let trusted = supervisors.answering.filter { $0.isTrusted && $0.app(app) != nil }
        let having = trusted.isEmpty ? supervisors.answering.filter { $0.app(app) != nil } : trusted
        let running = having.first { $0.app(app)?.pid != nil }
        guard let supervisor = running ?? having.first ?? supervisors.answering.first
        else { throw CommandFailure.unavailable("\(verb) \(app)", supervisors.absence) }
        let before = supervisor.app(app)
        let name = before?.name ?? app
        do throws(Refusal) {
            let answer = try supervisor.client.post(
                "/v1/apps/\(PercentEncoding.encode(name))/\(verb)", within: .seconds(5))
            let document = try? JSONDecoder().decode(ControlDocument.self, from: Data(answer.body.utf8))
            let message = document?.message ?? answer.body.split(separator: "\n").first.map(String.init) ?? ""
            guard answer.status == 202 else {
                throw Refusal(message)
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
                // An app that backs off has failed again already.
                let failure = state.state == AppState.backingOff.rawValue ? state.reason : nil
                let detail = state.pid.map { " (pid \($0))" } ?? failure.map { ": \(PrintableText.escape($0.utf8))" }
                try Console.line("\(name): \(state.state)\(detail ?? "")")
                return
            }
            Pause.wait(.milliseconds(50))
        }
        throw CommandFailure(
            "cannot wait any longer for \(name): the \(Self.verb.rawValue) is not done after a minute; "
                + "see crater-run status",
            code: CommandFailure.Code.other)
    }
}

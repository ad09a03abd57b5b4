import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// `crater-run probe`: what an exec probe runs.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Answer an exec probe of Kubernetes: 0 if it is so, 1 if it is not, and one line that says why.",
        usage: "crater-run probe <live|ready|startup> [<app>] [<options>]",
        discussion: """
            It asks the crater-run that serves apps in this container, over its control socket, or else over its TCP port. \
            live: it turns. ready: it is ready as --ready-when has it, or this app is. startup: the ingress rules were read once.

            An answer counts if crater-run runs as root or as the probe's own user: any other user could give a false one. \
            Where a start script goes from root down to a user before crater-run, and the probe runs as root, --user says which.

            EXAMPLES
              crater-run probe ready
              crater-run probe ready tensorboard
              crater-run probe ready --verbose

              readinessProbe: {exec: {command: [crater-run, probe, ready]}}

            EXIT CODES
              0       it is so
              1       it is not, or nobody answers
              64      wrong usage
            """
    )

    enum Question: String, CaseIterable, ExpressibleByArgument {
        case live
        case ready
        case startup
    }

    @Argument(help: "live, ready or startup.")
    var question: Question

    @Argument(help: "For ready: this app alone.", completion: Completions.runningApps)
    var app: String?

    @Flag(help: "Print a line for each thing that was looked at.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "How long to wait for the answer. Default: 900ms, since a probe has one second unless timeoutSeconds says "
                + "otherwise. [CRATER_RUN_PROBE_TIMEOUT]",
            valueName: "time"
        )
    )
    var timeout: String?

    @Option(
        help: ArgumentHelp(
            "The TCP port to ask where there is no control socket. Default: 9550. [CRATER_RUN_HEALTH_PORT]",
            valueName: "number|off"
        )
    )
    var healthPort: String?

    @Option(
        help: ArgumentHelp(
            "The number of the user that crater-run runs as, if that is neither root nor the probe's own. "
                + "[CRATER_RUN_PROBE_USER]",
            valueName: "number"
        )
    )
    var user: String?

    func validate() throws {
        if app != nil, question != .ready { throw ValidationError("Only 'ready' can be asked of one app.") }
        if app?.contains("/") ?? false || app?.isEmpty ?? false { throw ValidationError("An app's name has no slash.") }
    }

    func run() throws {
        var settings = Settings()
        let limit =
            settings.read(
                "--timeout", timeout, variable: "CRATER_RUN_PROBE_TIMEOUT", expected: "a duration such as 500ms or 5s",
                { DurationText.parse($0).flatMap { $0 > .zero ? $0 : nil } }
            ) ?? .milliseconds(900)
        let port =
            settings.read(
                "--health-port", healthPort, variable: "CRATER_RUN_HEALTH_PORT",
                expected: "a number from 1 to 65535, or off", { HealthPort($0) }
            ) ?? .usual
        let user = settings.read(
            "--user", user, variable: "CRATER_RUN_PROBE_USER", expected: "a user's number, such as 1000", { UInt32($0) }
        )
        try settings.check()
        let answer = try ask(ServingUsers.ownAndRoot.and(user), within: limit, port: port.number)
        let lines = answer.body.split(separator: "\n").map(String.init)
        try Console.page(Page(verbose ? lines : [lines.first ?? ""]))
        if answer.status != 200 { throw ExitCode(1) }
    }

    private var path: String {
        let path =
            switch question {
            case .live: "/livez"
            case .ready: app.map { "/readyz/\(PercentEncoding.encode($0))" } ?? "/readyz"
            case .startup: "/startupz"
            }
        return verbose ? "\(path)?verbose" : path
    }

    /// The answer of the entry point, or of whoever else answers and counts.
    private func ask(
        _ users: ServingUsers, within limit: Duration, port: UInt16?
    ) throws(CommandFailure) -> ControlClient.Answer {
        let end = MonotonicClock.now().advanced(by: limit)
        var reasons: [String] = []
        var stated: StateFile?
        // An app that one supervisor does not have may be another's.
        var unknown: ControlClient.Answer?
        let entryPoint = SupervisorIdentity.Kind.up.rawValue
        var found = ControlAddress.usual()
        if !found.contains(where: { $0.stated?.kind == entryPoint }) { found += ControlAddress.ofOtherUsers() }
        // What stands beside a stranger's socket is as false as that.
        let strangers = found.filter { !users.include($0.owner) }
        found.removeAll { !users.include($0.owner) }
        reasons += strangers.map { "\($0.socket): \(ProbeCommand.refusal(of: $0.owner))" }
        let first = found.filter { $0.stated?.kind == entryPoint }
        for address in first + found.filter({ !first.contains($0) }) {
            stated = stated ?? address.stated
            do throws(ControlClient.Failure) {
                let answer = try ask(.socket(address.socket), users, until: end)
                try address.check(answer)
                if answer.status != 404 { return answer }
                unknown = unknown ?? answer
            } catch {
                reasons.append("\(address.socket): \(error.reason)")
            }
        }
        if let unknown { return unknown }
        // A supervisor that kept us waiting till now does not answer there either.
        if let port = stated?.port ?? port, MonotonicClock.now().advanced(by: .milliseconds(10)) < end {
            do throws(ControlClient.Failure) {
                let answer = try ask(.port(port), users, until: end)
                // Without a network of its own a pod shares the node's ports with others.
                guard let instance = answer.instance, stated.map({ $0.instance == instance }) ?? true else {
                    throw ControlClient.Failure(reason: "somebody else answers there")
                }
                return answer
            } catch {
                reasons.append("port \(port): \(error.reason)")
            }
        }
        let tried = reasons.isEmpty ? "there is no control socket" : reasons.joined(separator: "; ")
        throw CommandFailure("cannot reach the crater-run of this container: \(tried)", code: CommandFailure.Code.other)
    }

    private func ask(
        _ target: ControlClient.Target, _ users: ServingUsers, until end: CraterRunCore.Instant
    ) throws(ControlClient.Failure) -> ControlClient.Answer {
        let left = MonotonicClock.now().duration(to: end)
        return try ControlClient(target, of: users).ask(path, within: max(left, .milliseconds(1)))
    }

    private static func refusal(of user: UInt32) -> String {
        "\(ControlClient.strangers(user)) (--user \(user) lets it)"
    }
}

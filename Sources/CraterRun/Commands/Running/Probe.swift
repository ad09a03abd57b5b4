import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// What `crater-run probe` does: asks one of the kubelet's questions.
struct Probe: Equatable {
    enum Question: String, CaseIterable {
        case live
        case ready
        case startup
    }

    private let question: Question
    private let app: String?
    private let given: GivenWords

    /// - Parameter given: the question and, for `ready`, an app's name, beside the options; nil where that is not so.
    init?(_ given: GivenWords) {
        guard let question = given.operands.first.flatMap(Question.init(rawValue:)), given.operands.count <= 2 else {
            return nil
        }
        self.question = question
        app = given.operands.dropFirst().first
        self.given = given
        guard let app else { return }
        guard question == .ready, !app.isEmpty, !app.utf8.contains(UInt8(ascii: "/")) else { return nil }
    }

    private var isVerbose: Bool { given.has(Setting.verbose.declaration) }

    /// - Returns: the exit code.
    func run() throws(CommandFailure) -> Int32 {
        var settings = Settings(given)
        let limit = settings.read(.probeTimeout) ?? .milliseconds(900)
        let port = settings.read(.probePort) ?? .usual
        let user = settings.read(.probeUser)
        try settings.check()
        let answer = try answer(of: ServingUsers.ownAndRoot.and(user), within: limit, port: port.number)
        let lines = answer.body.split(separator: "\n").map(String.init)
        try Console.page(Page(isVerbose ? lines : [lines.first ?? ""]))
        return answer.status == 200 ? 0 : 1
    }

    private var path: String {
        let path =
            switch question {
            case .live: "/livez"
            case .ready: app.map { "/readyz/\(PercentEncoding.encode($0))" } ?? "/readyz"
            case .startup: "/startupz"
            }
        return isVerbose ? "\(path)?verbose" : path
    }

    /// The answer of the entry point, or of whoever else answers and counts.
    private func answer(
        of users: ServingUsers, within limit: Duration, port: UInt16?
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
        reasons += strangers.map { "\($0.socket): \(Probe.refusal(of: $0.owner))" }
        let first = found.filter { $0.stated?.kind == entryPoint }
        for address in first + found.filter({ !first.contains($0) }) {
            stated = stated ?? address.stated
            do throws(Refusal) {
                let answer = try answer(of: users, at: .unix(path: address.socket), until: end)
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
            do throws(Refusal) {
                let answer = try answer(of: users, at: .loopback(port: port), until: end)
                // Without a network of its own a pod shares the node's ports with others.
                guard let instance = answer.instance, stated.map({ $0.instance == instance }) ?? true else {
                    throw Refusal("somebody else answers there")
                }
                return answer
            } catch {
                reasons.append("port \(port): \(error.reason)")
            }
        }
        let tried = reasons.isEmpty ? "there is no control socket" : reasons.joined(separator: "; ")
        throw CommandFailure("cannot reach the crater-run of this container: \(tried)", code: CommandFailure.Code.other)
    }

    private func answer(
        of users: ServingUsers, at address: SocketAddress, until end: CraterRunCore.MonotonicInstant
    ) throws(Refusal) -> ControlClient.Answer {
        let left = MonotonicClock.now().duration(to: end)
        return try ControlClient(at: address, of: users).get(path, within: max(left, .milliseconds(1)))
    }

    private static func refusal(of user: UInt32) -> String {
        "\(ControlClient.strangers(user)) (--user \(user) lets it)"
    }
}

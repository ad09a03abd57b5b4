internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The front door of a supervisor: the process that accepts at its listening sockets.
final class DoorChild {
    /// The name of the door's output in the log. No app has it, since no rule's name has a space.
    static let name = "front door"
    /// The number at which the door has its end of the link.
    private static let linkNumber: Int32 = 3

    /// A door's process that was forked, and may not have executed its program yet.
    private struct Process {
        let pid: Int32
        let link: DoorLink
        /// Nil once the program was executed.
        var report: Int32?
    }

    private let reactor: Reactor
    private let sockets: DoorSockets
    private let output: OutputForwarder
    /// Knows the processes that do not answer.
    private let reader: InstanceReader
    private let deliver: (DoorEvent) -> Void
    private var process: Process?

    init(
        on reactor: Reactor, sockets: DoorSockets, output: OutputForwarder, reader: InstanceReader,
        deliver: @escaping (DoorEvent) -> Void
    ) {
        self.reactor = reactor
        self.sockets = sockets
        self.output = output
        self.reader = reader
        self.deliver = deliver
    }

    func perform(_ action: DoorAction) {
        switch action {
        case .listen(let port): listen(at: port)
        case .close(let port): sockets[port] = nil
        case .start: start()
        case .kill:
            if let process { kill(process.pid, SIGKILL) }
            forget()
        case .observe: if let process { deliver(.observed(ProcessTable.standing(of: process.pid))) }
        case .send(.listen(let ports)): handOver(ports)
        case .send(let message): process?.link.send(message)
        }
    }

    /// - Returns: whether the process was the door's.
    func ended(_ pid: Int32, _ status: ExitStatus) -> Bool {
        guard let process, process.pid == pid else { return false }
        // The end may be known before the reason why the program was not executed.
        if process.report != nil {
            readReport()
            guard self.process?.pid == pid else { return true }
        }
        forget()
        deliver(.ended(status))
        return true
    }

    // MARK: - Ports

    private func listen(at port: UInt16) {
        do throws(SystemCallError) {
            if sockets[port] == nil { sockets[port] = try ListeningSocket(port: port) }
            deliver(.listening(port))
        } catch {
            let failure =
                error.number == EADDRINUSE
                ? PortProbe.failure(at: port, reader: reader)
                : LaunchFailure.temporary("cannot listen at port \(port): \(error.reason)")
            deliver(.listenFailed(port, failure))
        }
    }

    private func handOver(_ ports: [UInt16]) {
        // A message carries only so many descriptors.
        var rest = ports.filter { sockets[$0] != nil }[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(DescriptorSocket.mostDescriptors))
            rest = rest.dropFirst(some.count)
            process?.link.send(DoorMessage.listen(ports: some), sockets: some.compactMap { sockets[$0] })
        }
    }

    // MARK: - The process

    private func start() {
        forget()
        do throws(SystemCallError) {
            let (ours, theirs) = try DoorChild.socketPair()
            defer { close(theirs) }
            // It closes its descriptor, also if this function throws.
            let link = try DoorLink(ours, on: reactor.poll) { [weak self] in self?.follow($0) }
            let input = try Pipe()
            let words = try Pipe()
            let request = SpawnRequest(
                arguments: ["crater-run", "door", "--link", "\(DoorChild.linkNumber)"],
                // The door needs nothing of our environment, which may have secrets. After a trap, Swift's runtime must
                // not write a report for seconds: another door is to serve at once.
                environment: [Array("SWIFT_BACKTRACE=enable=no".utf8)],
                standardDescriptors: (input.readEnd, words.writeEnd, words.writeEnd),
                passed: [(theirs, DoorChild.linkNumber)],
                program: ThisProcess.executable,
                // Another door serves within a second, so a door is the first to go when memory runs out.
                outOfMemoryScore: 1000)
            let spawning = try withExtendedLifetime(input) { () throws(SystemCallError) in
                try reactor.children.begin(request)
            }
            output.forward(words.takeReadEnd(), of: DoorChild.name, to: .error, tag: "[\(DoorChild.name)] ")
            process = Process(pid: spawning.pid, link: link, report: spawning.report)
            try reactor.poll.add(spawning.report, .input) { [weak self] _ in self?.readReport() }
        } catch {
            if let process { kill(process.pid, SIGKILL) }
            forget()
            deliver(.startFailed("\(error)"))
        }
    }

    /// Reads whether the program was executed. Does nothing if that is not known yet.
    private func readReport() {
        guard let process, let report = process.report, let outcome = ChildProcesses.outcome(of: report) else { return }
        self.process?.report = nil
        reactor.poll.remove(report)
        close(report)
        switch outcome {
        case .success: deliver(.started(pid: process.pid))
        case .failure(let error):
            forget()
            deliver(.startFailed("\(error)"))
        }
    }

    private func follow(_ event: DoorLink.Event) {
        switch event {
        case .said(let reply): deliver(.said(reply))
        case .failed(let why): deliver(.linkFailed(why))
        }
    }

    /// Ends all dealings with the process. The end of the link ends the process too, if it still runs.
    private func forget() {
        if let report = process?.report {
            reactor.poll.remove(report)
            close(report)
        }
        process = nil
    }

    private static func socketPair() throws(SystemCallError) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try systemCall("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
        do throws(SystemCallError) { try systemCall("fcntl") { clinux_set_nonblocking(ends[0]) } } catch {
            ends.forEach { close($0) }
            throw error
        }
        return (ends[0], ends[1])
    }
}

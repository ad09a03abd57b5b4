internal import CLinux
package import CraterRunCore
internal import Glibc
internal import Synchronization

/// The place where a supervisor answers clients: a control socket in a run directory, and a state file beside the
/// socket that says which supervisor answers there.
package final class ControlPlace: Sendable {
    /// The result of a search for a place.
    package struct Search: Sendable {
        /// Nil if no directory can be used.
        package let place: ControlPlace?
        /// Lines for the log: about the places that should have been usable, and were passed over.
        package let notes: [LogEntry]
    }

    /// The longest path of a unix socket, without the NUL (unix(7)). Clients such as curl connect by the path.
    private static let longestPath = 107

    private let directory: HeldDirectory
    /// The names of the socket and of the state file, and the socket's first name: the socket has that until it is
    /// ready, so that no client finds it earlier.
    private let names: (socket: String, state: String, newSocket: String)
    private struct Progress {
        /// Held until the socket is in its place: two supervisors that start at once must not take the same name.
        var lock: DirectoryLock?
        /// Our socket, once it is in its place.
        var own: FileStatus?
    }
    private let progress: Mutex<Progress>

    private init(in directory: HeldDirectory, base: String, instance: String, lock: DirectoryLock?) {
        self.directory = directory
        names = ("\(base).sock", "\(base).json", ".\(instance).sock")
        progress = Mutex(Progress(lock: lock))
    }

    /// The socket's path.
    package var socket: String { directory.path(of: names.socket) }

    /// The best place that can be used. Another supervisor that is alive keeps its place; the socket that a dead
    /// supervisor has left is replaced.
    ///
    /// Waits for the file systems of the places, however long they take.
    ///
    /// - Parameter instance: tells our socket from that of another supervisor in the same directory; the nonce of our
    ///   run.
    package static func find(
        instance: String,
        environment: [[UInt8]] = ProcessEnvironment.entries()
    ) -> Search {
        var refusals: [(PlaceRefusal, isNamed: Bool)] = []
        for place in RunDirectory.usual(HostProbe(environment: environment)) {
            do throws(PlaceRefusal) {
                let found = try open(try place.make(), instance: instance)
                return Search(place: found, notes: notes(on: refusals, instead: found.directory.path))
            } catch { refusals.append((error, place.isNamed)) }
        }
        let reasons = refusals.map(\.0.description).joined(separator: "; ")
        let message =
            "no directory for the control socket is to be had: status and the like do not work, and probes need the TCP port "
            + "(CRATER_RUN_DIR names another directory): \(reasons)"
        return Search(place: nil, notes: [LogEntry(.warning, message)])
    }

    /// Lines for the log. A refusal that is usual, such as of a /run that cannot be written to, is not mentioned.
    private static func notes(on refusals: [(PlaceRefusal, isNamed: Bool)], instead path: String) -> [LogEntry] {
        refusals.filter { $0.isNamed || $0.0.kind != .unusable }.map { refusal, isNamed in
            // An emptyDir at /tmp is nobody's mistake.
            let level: LogLevel = isNamed || refusal.kind == .occupied ? .warning : .info
            let name = isNamed ? "CRATER_RUN_DIR cannot be used: " : ""
            return LogEntry(level, "\(name)\(refusal); \(PrintableText.escape(path.utf8)) is used instead")
        }
    }

    private static func open(_ directory: HeldDirectory, instance: String) throws(PlaceRefusal) -> ControlPlace {
        let lock = DirectoryLock(of: directory)
        let base = directory.isServed("control.sock") ? "control-\(instance)" : "control"
        let place = ControlPlace(in: directory, base: base, instance: instance, lock: lock)
        guard place.socket.utf8.count <= longestPath else {
            throw PlaceRefusal(kind: .unusable, path: directory.path, reason: "is too long a path for a socket")
        }
        directory.remove(place.names.newSocket)
        if lock != nil {
            removeAbandoned(in: directory)
            PrivateDirectory.removeAbandoned(in: directory, except: instance)
        }
        return place
    }

    /// Removes the sockets that other supervisors than the first have left when they were killed. The first
    /// supervisor's socket stays: the next supervisor replaces it.
    private static func removeAbandoned(in directory: HeldDirectory) {
        for name in sockets(in: directory) where name.hasPrefix("control-") && !directory.isServed(name) {
            remove(socket: name, in: directory)
        }
    }

    private static func sockets(in directory: HeldDirectory) -> [String] {
        (directory.names() ?? []).filter { $0.hasPrefix("control") && $0.hasSuffix(".sock") }
    }

    private static func state(of socket: String) -> String { "\(socket.dropLast(".sock".count)).json" }

    private static func remove(socket: String, in directory: HeldDirectory) {
        directory.remove(socket)
        directory.remove(state(of: socket))
    }

    /// Removes what the supervisors of our own run have left because they were killed, or are about to be: nobody follows
    /// them. A socket at which nobody answers any more is removed whosever it was.
    ///
    /// Waits for the file systems of the places, however long they take.
    package static func removeAll(
        of instance: String, environment: [[UInt8]] = ProcessEnvironment.entries()
    ) {
        for place in RunDirectory.usual(HostProbe(environment: environment)) {
            guard case .held(let directory) = try? place.find(), let lock = DirectoryLock(of: directory) else {
                continue
            }
            for name in sockets(in: directory) {
                let state = try? directory.readRegular(state(of: name), limit: 4096)
                let isOurs = state.map { String(decoding: $0, as: UTF8.self).contains("\"\(instance)\"") } ?? false
                if isOurs || !directory.isServed(name) { remove(socket: name, in: directory) }
            }
            withExtendedLifetime(lock) {}
        }
    }

    /// A socket that is bound to its first name. The caller owns the descriptor, and listens at it.
    package func bind() throws(SystemCallError) -> Int32 {
        let descriptor = try SocketAddress.open(AF_UNIX)
        do throws(SystemCallError) {
            try directory.bind(descriptor, to: names.newSocket)
            return descriptor
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Puts the socket into its place, with a state file beside it. The caller listens at the socket already. Every
    /// user may connect: the user decides which requests are granted.
    ///
    /// - Returns: why there is no state file, for example because the disk is full. Clients that find only one
    ///   supervisor do not need the file.
    package func open(state bytes: [UInt8]) throws(SystemCallError) -> SystemCallError? {
        defer { progress.withLock { $0.lock = nil } }
        do throws(SystemCallError) {
            try directory.setMode(of: names.newSocket, to: 0o666)
            let problem = write(state: bytes)
            try directory.rename(names.newSocket, to: names.socket)
            let own = try? directory.status(of: names.socket)
            progress.withLock { $0.own = own }
            return problem
        } catch {
            directory.remove(names.newSocket)
            throw error
        }
    }

    private func write(state bytes: [UInt8]) -> SystemCallError? {
        do throws(SystemCallError) {
            try directory.write(bytes, to: names.state, mode: 0o644)
            return nil
        } catch {
            // An old file would name another supervisor.
            directory.remove(names.state)
            return error
        }
    }

    /// Removes the socket and the state file, unless another supervisor has replaced them.
    package func close() {
        guard let own = progress.withLock({ $0.own }), let there = try? directory.status(of: names.socket),
            there.isSame(as: own)
        else { return }
        directory.remove(names.socket)
        directory.remove(names.state)
    }
}

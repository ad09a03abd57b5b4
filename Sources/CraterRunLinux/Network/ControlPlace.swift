internal import CLinux
package import CraterRunCore
internal import Glibc
internal import Synchronization

/// Where a supervisor can be asked: a socket in a run directory, and a state file beside it that says whose it is.
package final class ControlPlace: Sendable {
    /// What came of a look for one.
    package struct Search: Sendable {
        /// Nil where there is none.
        package let place: ControlPlace?
        /// What the log says of it: which places were passed over that should not have been.
        package let notes: [LogEntry]
    }

    /// sockaddr_un's path, with its end (unix(7)): clients such as curl connect by it.
    private static let longestPath = 107

    private let directory: HeldDirectory
    /// The socket's name and the state file's, and what the socket is called before it takes its place, so that nobody finds one
    /// that is not ready.
    private let names: (socket: String, state: String, newSocket: String)
    private struct Progress {
        /// Held until the socket is in its place: two supervisors that begin at once must not take the same one.
        var lock: DirectoryLock?
        /// The socket that is ours, once it is in its place.
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

    /// The best place that can be had. Another supervisor that is alive keeps its own; what a dead one has left is replaced.
    ///
    /// May take as long as the file systems of the places do.
    ///
    /// - Parameter instance: tells our socket from that of another supervisor in the same directory; the nonce of our run.
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

    /// What is usual is not said, such as a /run that cannot be written to.
    private static func notes(on refusals: [(PlaceRefusal, isNamed: Bool)], instead path: String) -> [LogEntry] {
        refusals.filter { $0.isNamed || $0.0.kind != .unusable }.map { refusal, isNamed in
            // An emptyDir at /tmp is no fault of anybody's.
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

    /// What second supervisors have left that were killed; the first one's is replaced by whoever comes next.
    private static func removeAbandoned(in directory: HeldDirectory) {
        for name in directory.names() ?? [] where name.hasPrefix("control-") && name.hasSuffix(".sock") {
            guard !directory.isServed(name) else { continue }
            directory.remove(name)
            directory.remove("\(name.dropLast(5)).json")
        }
    }

    /// A socket that is bound there and not yet in its place, to be listened at: the caller's.
    package func bind() throws(SystemCallError) -> Int32 {
        let descriptor = try SocketAddress.openUnix()
        do throws(SystemCallError) {
            try directory.bind(descriptor, to: names.newSocket)
            return descriptor
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Puts the socket, once somebody listens at it, into its place, with a state file beside it. Anybody may connect: who may do
    /// what is decided by who asks.
    ///
    /// - Returns: why there is no state file, as on a full disk: nobody needs it who finds one supervisor alone.
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
            // What says that another one is here.
            directory.remove(names.state)
            return error
        }
    }

    /// Removes what ``open(state:)`` made, if it is still there.
    package func close() {
        guard let own = progress.withLock({ $0.own }), let there = try? directory.status(of: names.socket),
            there.isSame(as: own)
        else { return }
        directory.remove(names.socket)
        directory.remove(names.state)
    }
}

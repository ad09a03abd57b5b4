internal import CLinux
internal import Glibc

/// Where a supervisor can be asked: a socket in a run directory, and a state file beside it that says whose it is.
package struct ControlPlace: Sendable {
    /// sockaddr_un's path, with its end (unix(7)).
    private static let longestPath = 107

    /// The socket's path.
    package let socket: String
    /// Where it is bound before it takes its place, so that nobody finds one that is not ready.
    package let newSocket: String
    private let state: String

    /// The best place that can be had. Another supervisor that is alive keeps its own; what a dead one has left is replaced.
    ///
    /// - Parameter instance: tells our socket from that of another supervisor in the same directory.
    /// - Returns: nil where there is no directory for it, or its path is too long for a socket.
    package static func find(
        instance: String,
        environment: [[UInt8]] = ProcessEnvironment.entries()
    ) -> ControlPlace? {
        for directory in RunDirectory.usual(HostProbe(environment: environment)) where directory.isUsable {
            guard (try? directory.make()) != nil else { continue }
            let usual = "\(directory.path)/control"
            let base = UnixSocket.isServed("\(usual).sock") ? "\(usual)-\(instance)" : usual
            let place = ControlPlace(
                socket: "\(base).sock", newSocket: "\(directory.path)/.\(getpid()).sock", state: "\(base).json")
            if place.socket.utf8.count <= longestPath, place.newSocket.utf8.count <= longestPath {
                unlink(place.newSocket)
                return place
            }
        }
        return nil
    }

    /// Puts the socket, once it is bound, into its place, with a state file beside it. Anybody may connect: who may do what is
    /// decided by who asks.
    package func open(state bytes: [UInt8]) throws(SystemCallError) {
        do throws(SystemCallError) {
            try systemCall("chmod", on: newSocket) { chmod(newSocket, 0o666) }
            try PrivateFile.write(bytes, to: state)
            try systemCall("chmod", on: state) { chmod(state, 0o644) }
            try systemCall("rename", on: socket) { rename(newSocket, socket) }
        } catch {
            unlink(newSocket)
            throw error
        }
    }

    /// Removes what ``open(state:)`` made.
    package func close() {
        unlink(socket)
        unlink(state)
    }
}

/// A supervisor that may be asked, as a client finds it.
package struct ControlAddress: Equatable, Sendable {
    package let socket: String
    /// What the state file beside it holds; nil if there is none that can be read.
    package let state: [UInt8]?

    /// Whether somebody listens; else a supervisor that was killed has left it.
    package var isServed: Bool { UnixSocket.isServed(socket) }

    /// Every supervisor that can be found in this container, the best first: where it usually is, and there the one that came
    /// first.
    package static func all(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        directories(HostProbe(environment: environment)).flatMap { directory in
            let names = (Directory.names(in: directory) ?? []).filter { name in
                name == "control.sock" || name.hasPrefix("control-") && name.hasSuffix(".sock")
            }
            // `control.sock` is the shortest.
            return names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.map { name in
                let socket = "\(directory)/\(name)"
                let state = try? SmallFile.readRegular("\(socket.dropLast(5)).json", limit: 4096)
                return ControlAddress(socket: socket, state: state)
            }
        }
    }

    /// Where supervisors may be: the usual places, and every user's in /tmp if it is root who asks; to anybody else another
    /// user's directory there may be a trap.
    private static func directories(_ environment: HostProbe) -> [String] {
        let named = environment.value("CRATER_RUN_DIR").map { [$0] } ?? []
        let prefix = "crater-run-"
        let temporary = (Directory.names(in: "/tmp") ?? []).filter { $0.hasPrefix(prefix) }.sorted()
        let others = (["/run/crater-run"] + temporary.map { "/tmp/\($0)" }).filter { path in
            var status = stat()
            guard !named.contains(path), lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                status.st_mode & 0o022 == 0
            else { return false }
            let isItsOwners = !path.hasPrefix("/tmp/") || path == "/tmp/\(prefix)\(status.st_uid)"
            return isItsOwners && (status.st_uid == 0 || status.st_uid == geteuid() || geteuid() == 0)
        }
        return named + others
    }
}

/// Questions about unix sockets.
enum UnixSocket {
    /// Whether somebody listens at this path. Never waits: one whose queue is full is busy, and there.
    static func isServed(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor != -1 else { return false }
        defer { close(descriptor) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 || errno == EAGAIN
    }
}

/// Who is at the other end of a unix socket, as the kernel wrote it down when the connection was made (unix(7), SO_PEERCRED):
/// struct ucred.
package struct PeerCredentials: Equatable, Sendable {
    /// The option's number at the level SOL_SOCKET, the same on x86-64 and arm64.
    package static let optionNumber: Int32 = 17

    /// 0 where it is in another pid namespace.
    package var pid: Int32 = 0
    package var user: UInt32 = .max
    package var group: UInt32 = .max

    package init() {}

    /// Whether it may change what we do: our own user may, and root.
    package var mayChange: Bool { user == 0 || user == geteuid() }
}

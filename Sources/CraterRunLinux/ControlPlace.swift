internal import CLinux
internal import Glibc

/// Where a supervisor can be asked: a socket in a run directory, and a state file beside it that says whose it is.
package final class ControlPlace {
    /// sockaddr_un's path, with its end (unix(7)).
    private static let longestPath = 107

    /// The socket's path.
    package let socket: String
    /// Where it is bound before it takes its place, so that nobody finds one that is not ready.
    package let newSocket: String
    private let state: String
    /// Held until the socket is in its place: two supervisors that begin at once must not take the same one.
    private var lock: DirectoryLock?
    /// The socket that is ours, once it is in its place.
    private var own: FileIdentity?

    private init(socket: String, newSocket: String, state: String, lock: DirectoryLock?) {
        self.socket = socket
        self.newSocket = newSocket
        self.state = state
        self.lock = lock
    }

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
            let path = directory.path
            let lock = DirectoryLock(of: path)
            let usual = "\(path)/control"
            let base = UnixSocket.isServed("\(usual).sock") ? "\(usual)-\(instance)" : usual
            let place = ControlPlace(
                socket: "\(base).sock", newSocket: "\(path)/.\(instance).sock", state: "\(base).json", lock: lock)
            if place.socket.utf8.count <= longestPath, place.newSocket.utf8.count <= longestPath {
                unlink(place.newSocket)
                if lock != nil { removeAbandoned(in: path) }
                return place
            }
        }
        return nil
    }

    /// What second supervisors have left that were killed; the first one's is replaced by whoever comes next.
    private static func removeAbandoned(in directory: String) {
        for name in Directory.names(in: directory) ?? [] where name.hasPrefix("control-") && name.hasSuffix(".sock") {
            let socket = "\(directory)/\(name)"
            guard !UnixSocket.isServed(socket) else { continue }
            unlink(socket)
            unlink("\(socket.dropLast(5)).json")
        }
    }

    /// Puts the socket, once it is bound, into its place, with a state file beside it. Anybody may connect: who may do what is
    /// decided by who asks.
    ///
    /// - Returns: why there is no state file, as on a full disk: nobody needs it who finds one supervisor alone.
    package func open(state bytes: [UInt8]) throws(SystemCallError) -> SystemCallError? {
        defer { lock = nil }
        do throws(SystemCallError) {
            try systemCall("chmod", on: newSocket) { chmod(newSocket, 0o666) }
            let problem = write(state: bytes)
            try systemCall("rename", on: socket) { rename(newSocket, socket) }
            own = FileIdentity(of: socket)
            return problem
        } catch {
            unlink(newSocket)
            throw error
        }
    }

    private func write(state bytes: [UInt8]) -> SystemCallError? {
        do throws(SystemCallError) {
            try PrivateFile.write(bytes, to: state)
            try systemCall("chmod", on: state) { chmod(state, 0o644) }
            return nil
        } catch {
            // What a full disk has left of it, and what says that another one is here.
            unlink("\(state).new")
            unlink(state)
            return error
        }
    }

    /// Removes what ``open(state:)`` made, if it is still there.
    package func close() {
        guard let own, FileIdentity(of: socket) == own else { return }
        unlink(socket)
        unlink(state)
    }
}

/// Keeps others out of a directory who take the same lock (flock(2)), as long as it lives.
private final class DirectoryLock {
    private let descriptor: Int32

    /// Nil where it cannot be had in half a second: whoever has it is stuck, and nobody is to wait for that.
    init?(of path: String) {
        descriptor = clinux_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor != -1 else { return nil }
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            Pause.wait(.milliseconds(10))
        }
        Glibc.close(descriptor)
        return nil
    }

    deinit { Glibc.close(descriptor) }
}

/// Which file it is, whatever its name.
private struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64

    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// A supervisor that may be asked, as a client finds it.
package struct ControlAddress: Equatable, Sendable {
    package let socket: String
    /// Whose the supervisor is: who made the socket.
    package let owner: UInt32
    /// What the state file beside it holds; nil if there is none that can be read.
    package let state: [UInt8]?

    /// Whether somebody listens; else a supervisor that was killed has left it.
    package var isServed: Bool { UnixSocket.isServed(socket) }

    /// Every supervisor that can be found in this container, by directory, and there the one that came first before others.
    package static func all(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        usual(environment: environment) + ofOtherUsers(environment: environment)
    }

    /// Those in the places where everybody looks: what the user named, /run/crater-run, our own and root's in /tmp.
    package static func usual(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        let named = HostProbe(environment: environment).value("CRATER_RUN_DIR").map { [$0] } ?? []
        let own = ["/run/crater-run", temporary + String(geteuid())] + (geteuid() == 0 ? [] : [temporary + "0"])
        return (named + own.filter { !named.contains($0) && isSafe($0) }).flatMap { addresses(in: $0) }
    }

    /// Those in the directories of all other users, if it is root who asks: to anybody else another user's may be a trap.
    package static func ofOtherUsers(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        guard geteuid() == 0 else { return [] }
        let named = HostProbe(environment: environment).value("CRATER_RUN_DIR")
        return (Directory.names(in: "/tmp") ?? []).map { "/tmp/\($0)" }
            .filter { $0.hasPrefix(temporary) && $0 != temporary + "0" && $0 != named && isSafe($0) }.sorted()
            .flatMap { addresses(in: $0) }
    }

    /// Where a user's own directory is; the user's number follows.
    private static let temporary = "/tmp/crater-run-"

    private static func addresses(in directory: String) -> [ControlAddress] {
        let names = (Directory.names(in: directory) ?? []).filter { name in
            name == "control.sock" || name.hasPrefix("control-") && name.hasSuffix(".sock")
        }
        // `control.sock` is the shortest.
        return names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.compactMap { name in
            let socket = "\(directory)/\(name)"
            var status = stat()
            guard lstat(socket, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
            let state = try? SmallFile.readRegular("\(socket.dropLast(5)).json", limit: 4096)
            return ControlAddress(socket: socket, owner: status.st_uid, state: state)
        }
    }

    /// Whether a directory is what its name says, and nobody else can write there.
    private static func isSafe(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_mode & 0o022 == 0 else {
            return false
        }
        if path.hasPrefix(temporary), path != temporary + String(status.st_uid) { return false }
        return status.st_uid == 0 || status.st_uid == geteuid() || geteuid() == 0
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

import CLinux
import CraterRunLinux
import Glibc
import Testing

/// How a process ended.
enum Ending: Equatable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let number): "signal \(number)"
        }
    }
}

/// A process that a test starts: in a session of its own, with nothing inherited but what is said here.
final class SpawnedProcess {
    /// What one of its descriptors is.
    enum Stream {
        /// /dev/null.
        case null
        case closed
        /// A copy of this descriptor.
        case descriptor(Int32)
        /// The terminal at this path; it controls the process if that leads a session.
        case terminal(String)
    }

    let pid: Int32
    /// A pidfd: readable when the process has ended.
    private let handle: Int32
    private var ending: Ending?

    /// - Parameters:
    ///   - words: the command; the first is looked for on the environment's PATH.
    ///   - environment: entries `NAME=value`, as bytes.
    ///   - streams: what descriptors 0, 1, 2 and so on are; no other one is inherited.
    ///   - blocked: the signals that are blocked.
    init(
        _ words: [String],
        environment: [[UInt8]],
        streams: [Stream] = [.null, .null, .null],
        blocked: Set<Int32> = [],
        leavesSession: Bool = true
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, stream) in streams.enumerated() {
            switch stream {
            case .null: posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
            case .closed: posix_spawn_file_actions_addclose(&actions, Int32(target))
            case .terminal(let path): posix_spawn_file_actions_addopen(&actions, Int32(target), path, O_RDWR, 0)
            case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
            }
        }
        clinux_spawn_close_from(&actions, Int32(streams.count))

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        for number in blocked { clinux_sigset_add(&mask, number) }
        posix_spawnattr_setsigmask(&attributes, &mask)
        var defaults = sigset_t()
        for number: Int32 in 1...64 { clinux_sigset_add(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // A group of its own in either case; in a session of its own it is an orphaned one, which no Ctrl-Z stops.
        let own = leavesSession ? clinux_spawn_setsid() : Int16(POSIX_SPAWN_SETPGROUP)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | own
        posix_spawnattr_setflags(&attributes, flags)

        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let entries: [UnsafeMutablePointer<CChar>?] = environment.map { SpawnedProcess.copy($0) } + [nil]
        defer { for pointer in arguments + entries { free(pointer) } }
        let file = SpawnedProcess.find(words[0], environment: environment)
        var pid: Int32 = 0
        let number = posix_spawn(&pid, file, &actions, &attributes, arguments, entries)
        guard number == 0 else { throw Failure("cannot start \(file): \(systemErrorText(number))") }
        self.pid = pid
        handle = clinux_pidfd_open(pid)
        guard handle != -1 else { throw Failure("cannot watch \(file): \(systemErrorText(errno))") }
    }

    deinit {
        if ending == nil {
            kill(pid, SIGKILL)
            reap(options: 0)
        }
        close(handle)
    }

    /// Whether it has ended; reaps it then.
    var hasEnded: Bool {
        if ending == nil { reap(options: WNOHANG) }
        return ending != nil
    }

    /// Signals the process alone, as long as it has not been reaped.
    func send(_ signal: Int32) {
        if ending == nil { kill(pid, signal) }
    }

    func waitForEnd(within limit: Duration = Deadline.bound) throws -> Ending {
        let deadline = Deadline(limit)
        while !hasEnded {
            guard !deadline.hasPassed else { throw Failure("process \(pid) has not ended") }
            var entry = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 100)
        }
        guard let ending else { throw Failure("the status of process \(pid) is lost") }
        return ending
    }

    private func reap(options: Int32) {
        var change = clinux_child_change()
        guard clinux_waitid(Int32(P_PID.rawValue), pid, options, &change) == 0, change.pid == pid else { return }
        ending = change.code == CLD_EXITED ? .exited(change.status) : .signaled(change.status)
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
        (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { strdup($0) } }
        }
    }

    private static func find(_ name: String, environment: [[UInt8]]) -> String {
        if name.contains("/") { return name }
        let path = environment.first { $0.starts(with: Array("PATH=".utf8)) }.map {
            String(decoding: $0, as: UTF8.self)
        }
        let folders = (path ?? "").dropFirst("PATH=".count).split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 } ?? name
    }
}

/// What went wrong in a test's own machinery, or what did not come about.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Bounds a test: every wait in it is bounded already, but tests wait for their turn, too, and that counts.
enum TestTime {
    static let limit = TimeLimitTrait.Duration.minutes(10)
}

/// Bounds a wait, so that a test that fails ends.
struct Deadline {
    /// Far longer than anything takes, also on a machine that is busy.
    static let bound = Duration.seconds(40)

    private let end: ContinuousClock.Instant

    init(_ limit: Duration = bound) {
        end = ContinuousClock.now + limit
    }

    var hasPassed: Bool { ContinuousClock.now >= end }
}

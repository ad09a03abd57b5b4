internal import CLinux
internal import CraterRunCore
internal import Glibc

/// What a child is started with. Working directory, limits, credentials: as ours.
struct SpawnRequest {
    /// The words of the command; the first is the file to execute.
    let arguments: [String]
    /// Entries `NAME=value`, as bytes.
    let environment: [[UInt8]]
    /// The descriptors that become 0, 1 and 2. No other is inherited.
    let standardDescriptors: (input: Int32, output: Int32, error: Int32)
}

/// Starts children and learns of their ends. Everything that becomes our child is reaped: as PID 1 and as a subreaper
/// there are more than we started.
struct ChildProcesses {
    private let inherited: InheritedSignals
    /// The children we started and have not reaped.
    private(set) var started: Set<Int32> = []

    init(inherited: InheritedSignals) {
        self.inherited = inherited
    }

    /// Starts a child in a session and process group of its own, with the signal mask and dispositions that we were given.
    ///
    /// - Throws: ``SystemCallError`` with the number that execve(2), fork(2) or setsid(2) failed with.
    mutating func spawn(_ request: SpawnRequest) throws(SystemCallError) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = inherited.blocked
        posix_spawnattr_setsigmask(&attributes, &mask)
        // glibc's child leaves 32 and 33 ignored unless they are named here, and sigaddset(3) would not name them.
        var defaults = sigset_t()
        for signal: Int32 in 1...64 where !inherited.ignored.contains(signal) { clinux_sigset_add(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | clinux_spawn_setsid()
        posix_spawnattr_setflags(&attributes, flags)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let (input, output, error) = request.standardDescriptors
        for (source, target): (Int32, Int32) in [(input, 0), (output, 1), (error, 2)] {
            posix_spawn_file_actions_adddup2(&actions, source, target)
        }
        _ = clinux_spawn_close_from(&actions, 3)

        var arguments = CStringList(request.arguments.map { Array($0.utf8) })
        var environment = CStringList(request.environment)
        guard let file = arguments.pointers.first ?? nil else {
            throw SystemCallError(call: "posix_spawn", number: ENOENT)
        }
        var pid: Int32 = 0
        // posix_spawn can set a signal to its default but not to ignored, so this one is ignored for the moment.
        let ignoresChildSignal = inherited.ignored.contains(SIGCHLD)
        if ignoresChildSignal { _ = clinux_set_ignored(SIGCHLD, 1) }
        let number = posix_spawn(&pid, file, &actions, &attributes, &arguments.pointers, &environment.pointers)
        if ignoresChildSignal { _ = clinux_set_ignored(SIGCHLD, 0) }
        guard number == 0 else {
            throw SystemCallError(call: "posix_spawn", subject: String(cString: file), number: number)
        }
        started.insert(pid)
        return pid
    }

    /// A child that has ended, without reaping it: its pid cannot be reused before ``reap(_:)``. Nil if there is none.
    func peek() -> (pid: Int32, status: ExitStatus)? {
        var change = clinux_child_change()
        let peeked = try? systemCall("waitid") {
            clinux_waitid(Int32(P_ALL.rawValue), 0, Int32(WNOHANG) | Int32(WNOWAIT), &change)
        }
        guard peeked != nil, change.pid > 0 else { return nil }
        if change.code == CLD_EXITED { return (change.pid, .exited(code: change.status)) }
        return (change.pid, .signaled(Signal(number: change.status)))
    }

    /// Whether we have any child, running or ended.
    var isEmpty: Bool {
        var change = clinux_child_change()
        return clinux_waitid(Int32(P_ALL.rawValue), 0, Int32(WNOHANG) | Int32(WNOWAIT), &change) == -1
            && errno == ECHILD
    }

    /// Reaps a child that has ended.
    mutating func reap(_ pid: Int32) {
        var change = clinux_child_change()
        _ = try? systemCall("waitid") { clinux_waitid(Int32(P_PID.rawValue), pid, Int32(WNOHANG), &change) }
        started.remove(pid)
    }

    /// The children we started that the kernel has reaped behind our back, in the moment that SIGCHLD was ignored.
    mutating func takeVanished() -> [Int32] {
        guard inherited.ignored.contains(SIGCHLD) else { return [] }
        let vanished = started.filter { pid in
            // Not kill(2): it finds a process that is about to disappear, and nobody would ask again.
            var change = clinux_child_change()
            return clinux_waitid(Int32(P_PID.rawValue), pid, Int32(WNOHANG) | Int32(WNOWAIT), &change) == -1
                && errno == ECHILD
        }
        started.subtract(vanished)
        return Array(vanished)
    }
}

/// A NULL-terminated list of C strings, as execve(2) takes it.
private struct CStringList: ~Copyable {
    var pointers: [UnsafeMutablePointer<CChar>?]

    /// Anything after a NUL in one of the strings is lost, as C has it.
    init(_ strings: [[UInt8]]) {
        pointers = strings.map { string in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count + 1)
            for (offset, byte) in string.enumerated() { (copy + offset).initialize(to: CChar(bitPattern: byte)) }
            (copy + string.count).initialize(to: 0)
            return copy
        }
        pointers.append(nil)
    }

    deinit {
        for pointer in pointers { pointer?.deallocate() }
    }
}

internal import CLinux
internal import CraterRunCore
internal import Glibc

/// What a child is started with. Working directory, limits, credentials: as ours.
struct SpawnRequest {
    /// Where the child stands among sessions and process groups.
    enum Place {
        /// It leads a session, and so a group, of its own: no terminal reaches it.
        case session
        /// It leads a group of its own in our session; the foreground one, from the first instant, of the terminal at this
        /// descriptor.
        case group(terminal: Int32?)
    }

    /// The file to execute.
    enum Program {
        case path(String)
        /// The first word, looked for on PATH as execvp(3) does; without its turning to a shell for what is no program.
        case firstWord
    }

    /// The words of the command, as bytes.
    let arguments: [[UInt8]]
    let program: Program
    /// Entries `NAME=value`, as bytes; nil: byte for byte ours.
    let environment: [[UInt8]]?
    /// The descriptors that become 0, 1 and 2, and no other is inherited; nil: every one that we inherited ourselves.
    let standardDescriptors: (input: Int32, output: Int32, error: Int32)?
    let place: Place
    /// Where it is started; nil: where we are.
    let directory: String?

    /// A command that has nothing of ours but the three descriptors; the first word is the file to execute.
    init(
        arguments: [String],
        environment: [[UInt8]]?,
        standardDescriptors: (input: Int32, output: Int32, error: Int32),
        program: String? = nil,
        directory: String? = nil
    ) {
        self.arguments = arguments.map { Array($0.utf8) }
        self.program = .path(program ?? arguments.first ?? "")
        self.environment = environment
        self.standardDescriptors = standardDescriptors
        self.directory = directory
        place = .session
    }

    /// A command that has everything that we have.
    init(command: [[UInt8]], terminal: Int32?) {
        arguments = command
        program = .firstWord
        environment = nil
        standardDescriptors = nil
        directory = nil
        place = .group(terminal: terminal)
    }
}

/// A child that has not ended changed its state.
enum StateChange: Equatable {
    case stopped(Signal)
    case continued
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

    /// Starts a child with the signal mask and dispositions that we were given.
    ///
    /// - Throws: ``SystemCallError`` with the number that execve(2), fork(2), setsid(2) or tcsetpgrp(3) failed with.
    mutating func spawn(_ request: SpawnRequest) throws(SystemCallError) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setAttributes(&attributes, place: request.place)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let (input, output, error) = request.standardDescriptors {
            for (source, target): (Int32, Int32) in [(input, 0), (output, 1), (error, 2)] {
                posix_spawn_file_actions_adddup2(&actions, source, target)
            }
            _ = clinux_spawn_close_from(&actions, 3)
        }
        if let directory = request.directory { _ = clinux_spawn_change_directory(&actions, directory) }
        if case .group(terminal: let terminal?) = request.place { _ = clinux_spawn_take_terminal(&actions, terminal) }

        var arguments = CStringList(request.arguments)
        guard let word = arguments.pointers.first ?? nil else {
            throw SystemCallError(call: "posix_spawn", number: ENOENT)
        }
        var pid: Int32 = 0
        // posix_spawn can set a signal to its default but not to ignored, so this one is ignored for the moment.
        let ignoresChildSignal = inherited.ignored.contains(SIGCHLD)
        if ignoresChildSignal { _ = clinux_set_ignored(SIGCHLD, 1) }
        let number = withEnvironment(request.environment) { environment in
            switch request.program {
            case .path(let path): posix_spawn(&pid, path, &actions, &attributes, &arguments.pointers, environment)
            case .firstWord: posix_spawnp(&pid, word, &actions, &attributes, &arguments.pointers, environment)
            }
        }
        if ignoresChildSignal { _ = clinux_set_ignored(SIGCHLD, 0) }
        guard number == 0 else {
            let subject = if case .path(let path) = request.program { path } else { String(cString: word) }
            throw SystemCallError(call: "posix_spawn", subject: subject, number: number)
        }
        started.insert(pid)
        return pid
    }

    private func setAttributes(_ attributes: inout posix_spawnattr_t, place: SpawnRequest.Place) {
        var mask = inherited.blocked
        posix_spawnattr_setsigmask(&attributes, &mask)
        // glibc's child leaves 32 and 33 ignored unless they are named here, and sigaddset(3) would not name them.
        var defaults = sigset_t()
        for signal: Int32 in 1...64 where !inherited.ignored.contains(signal) { clinux_sigset_add(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let own =
            switch place {
            case .session: clinux_spawn_setsid()
            case .group: Int16(POSIX_SPAWN_SETPGROUP)
            }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | own)
    }

    private func withEnvironment<Result>(
        _ entries: [[UInt8]]?,
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        guard let entries else { return body(clinux_environment()) }
        let list = CStringList(entries)
        return list.pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    /// What has happened to a child of ours since the last look, its end aside; nil if nothing has.
    func stateChange(of pid: Int32) -> StateChange? {
        var change = clinux_child_change()
        let looked = try? systemCall("waitid") { clinux_stop_or_continuation(pid, &change) }
        guard looked != nil, change.pid == pid else { return nil }
        return change.code == CLD_CONTINUED ? .continued : .stopped(Signal(number: change.status))
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

extension LaunchFailure {
    /// What ``ChildProcesses/spawn(_:)`` failed with.
    package init(_ error: SystemCallError) {
        let reason = "cannot execute \(error.subject): \(error.reason) (the file, or the interpreter that it names)"
        switch error.number {
        case ENOENT where !error.subject.contains("/"):
            self = .notFound("there is no \(error.subject) on PATH, or the interpreter that it names is not there")
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: self = .notFound(reason)
        case EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY, EINTR, EIO, ENOSPC: self = .temporary("\(error)")
        default: self = .notExecutable(reason)
        }
    }
}

/// A NULL-terminated list of C strings, as execve(2) takes it.
struct CStringList: ~Copyable {
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

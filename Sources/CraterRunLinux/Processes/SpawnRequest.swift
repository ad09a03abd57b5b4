internal import CLinux
internal import CraterRunCore
internal import Glibc

/// What a child is started with. The child inherits our limits and credentials.
struct SpawnRequest {
    /// The child's session and process group.
    enum Place {
        /// The child leads a session of its own, and so a process group: no terminal reaches it.
        case session
        /// The child leads a process group of its own in our session, which is the foreground group of the terminal at
        /// this descriptor from the first instant.
        case group(terminal: Int32?)
    }

    /// The file to execute. If execve(2) does not know its format, /bin/sh runs it, unless it is binary.
    enum Program {
        case path(String)
        /// The first word, searched for on PATH as execvp(3) does.
        case firstWord
    }

    /// The words of the command, as bytes.
    let arguments: [[UInt8]]
    let program: Program
    /// Entries `NAME=value`, as bytes; nil for our own environment, byte for byte.
    let environment: [[UInt8]]?
    /// The descriptors that become 0, 1 and 2; the child then inherits no others. Nil: the child inherits all
    /// descriptors that we inherited.
    let standardDescriptors: (input: Int32, output: Int32, error: Int32)?
    /// More descriptors of ours for the child, at numbers from 3 on.
    let passed: [(source: Int32, target: Int32)]
    let place: Place
    /// The directory to start the child in; nil for our own.
    let directory: String?
    /// The child's oom_score_adj (proc(5)); nil for our own. It is set before the child's program begins, and inherited
    /// by all processes that the child starts. Raising the value needs no privilege; if it fails all the same (a
    /// read-only /proc), the child is started without it.
    let outOfMemoryScore: Int?

    /// A command that inherits nothing but these descriptors; the first word is the file to execute.
    init(
        arguments: [String],
        environment: [[UInt8]]?,
        standardDescriptors: (input: Int32, output: Int32, error: Int32),
        passed: [(source: Int32, target: Int32)] = [],
        program: String? = nil,
        directory: String? = nil,
        outOfMemoryScore: Int? = nil
    ) {
        self.arguments = arguments.map { Array($0.utf8) }
        self.program = .path(program ?? arguments.first ?? "")
        self.environment = environment
        self.standardDescriptors = standardDescriptors
        self.passed = passed
        self.directory = directory
        self.outOfMemoryScore = outOfMemoryScore
        place = .session
    }

    /// A command that inherits everything that we have.
    init(command: [[UInt8]], terminal: Int32?) {
        arguments = command
        program = .firstWord
        environment = nil
        standardDescriptors = nil
        passed = []
        directory = nil
        outOfMemoryScore = nil
        place = .group(terminal: terminal)
    }
}

extension SpawnRequest {
    /// Forks a child for this request.
    ///
    /// - Throws: ``SystemCallError`` with the reason why there is no child.
    func fork(_ inherited: InheritedSignals) throws(SystemCallError) -> Spawning {
        guard let word = arguments.first else { throw SystemCallError(call: "execve", number: ENOENT) }
        let image =
            switch program {
            case .path(let path): ProgramImage(path: path, arguments: arguments, environment: environment)
            case .firstWord: ProgramImage(word: word, arguments: arguments, environment: environment)
            }
        let report = try Pipe()
        let pid = try image.withProgram { program throws(SystemCallError) in
            try fork(program, inherited, reporting: report.writeEnd)
        }
        return Spawning(pid: pid, report: report.takeReadEnd())
    }

    private func fork(
        _ program: clinux_program, _ inherited: InheritedSignals, reporting report: Int32
    ) throws(SystemCallError) -> Int32 {
        let standard = standardDescriptors.map { [$0.input, $0.output, $0.error] } ?? []
        var descriptors =
            zip(standard, Int32(0)...).map { clinux_descriptor(source: $0, target: $1) }
            + passed.map { clinux_descriptor(source: $0.source, target: $0.target) }
        let directory = directory.map { CString(Array($0.utf8)) }
        let score = outOfMemoryScore.map { CString(Array("\($0)".utf8)) }
        return try withExtendedLifetime((directory, score)) { () throws(SystemCallError) in
            try descriptors.withUnsafeMutableBufferPointer { descriptors throws(SystemCallError) in
                var child = clinux_child()
                child.program = program
                child.descriptors = descriptors.baseAddress
                child.descriptor_count = descriptors.count
                child.closes_others = standardDescriptors == nil ? 0 : 1
                child.terminal = -1
                switch place {
                case .session: child.leads_session = 1
                case .group(let terminal): child.terminal = terminal ?? -1
                }
                child.directory = UnsafePointer(directory?.start)
                child.out_of_memory_score = UnsafePointer(score?.start)
                child.ignored = inherited.ignored
                child.mask = inherited.blocked
                child.report = report
                return try systemCall("fork") { clinux_fork(&child) }
            }
        }
    }
}

extension SystemCallError {
    /// The error in a ``Spawning/report``.
    init(report bytes: some Collection<UInt8>) {
        var report = clinux_report()
        let size = MemoryLayout<clinux_report>.size
        withUnsafeMutableBytes(of: &report) { $0.copyBytes(from: bytes.prefix(size)) }
        let call =
            switch clinux_step(rawValue: UInt32(bitPattern: report.step)) {
            case CLINUX_SETSID: "setsid"
            case CLINUX_SETPGID: "setpgid"
            case CLINUX_TCSETPGRP: "tcsetpgrp"
            case CLINUX_DUP: "dup2"
            case CLINUX_CHDIR: "chdir"
            default: "execve"
            }
        self.init(call: call, subject: String(decoding: bytes.dropFirst(size), as: UTF8.self), number: report.number)
    }
}

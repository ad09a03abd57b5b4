import CraterRunCore
import CraterRunLinux
import Foundation
import Testing

/// One crater-run with all that it needs around it: a podinfo volume, fake apps on PATH, a directory to work in. Its
/// output is captured, and nothing of it outlives the test.
final class Launcher {
    /// The apps in Fakes, by file name.
    enum Fake: String {
        /// Serves, records, and misbehaves as told (a Python script).
        case tensorboard
        /// Runs what FAKE_SCRIPT says.
        case script
        /// Records its signal mask, dispositions and environment as given, and ends (compiled).
        case state = "state.c"
        /// Prints the signals that it gets (a Python script).
        case signals
        /// Serves below no prefix, with a login, a websocket and a service worker (a Python script).
        case codeServer = "code-server"
        /// Makes orphans, and waits until they have been reaped (compiled).
        case orphans = "orphans.c"
        /// Serves without needing anything but a kernel (compiled, static).
        case standalone = "standalone.c"
        /// Serves pages to browsers (a Python script).
        case pages
        /// Compares what a door passes with what was sent (a Python script).
        case raw
        /// Executes a command in a sandbox that refuses system calls (compiled).
        case refuse = "refuse.c"
    }

    let mode: Mode
    /// A directory of its own, without symbolic links in its path.
    let root: String
    let port = Port.free()
    /// Where it answers probes.
    let healthPort = Port.free()
    let prefix = "/ingress/liuxw24-379e0/"
    let podInfo: PodInfo
    /// Variables beside PATH, HOME and the marker.
    var environment: [String: String] = [:]
    /// Further entries, as bytes.
    var rawEnvironment: [[UInt8]] = []
    /// Put between `unshare` and crater-run: a command that executes its arguments.
    var wrapper: [String] = []
    /// Whether the wrapper gives it mounts of its own, so that a command has to enter them.
    var hasItsOwnMounts = false
    /// What descriptors from 0 on are, instead of /dev/null and the pipes that are captured.
    var streams: [Int: SpawnedProcess.Stream] = [:]
    var blocked: Set<Int32> = []
    /// Whether it is in a session of its own.
    var leavesSession = true
    /// Whether what it writes to stdout is read.
    var readsOutput = true
    private(set) var output: LineStream
    private(set) var errors: LineStream

    private let mark: String
    private var process: SpawnedProcess?
    /// crater-run itself; `process` may be the `unshare` in front of it.
    private(set) var pid: Int32 = 0

    fileprivate init(_ mode: Mode, fake: Fake) throws {
        self.mode = mode
        mark = "CRATER_E2E_RUN=\(UUID().uuidString)"
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(temporary)/crater-e2e.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("mkdtemp: \(systemErrorText(errno))") }
        let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        root = URL(fileURLWithPath: made).resolvingSymlinksInPath().path
        podInfo = PodInfo(directory: "\(root)/podinfo")
        output = try LineStream()
        errors = try LineStream()
        for name in ["bin", "work", "record", "home"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        try install(fake)
        try FileManager.default.createSymbolicLink(atPath: "\(bin)/python3", withDestinationPath: Shell.python)
        podInfo.setRule("lars", port: 4210, prefix: "/ingress/liuxw24-eb05b/")
        podInfo.setRule("tensorboard", port: port, prefix: prefix)
        podInfo.setRule("notebook", port: 8888, prefix: "/ingress/liuxw24-cce14/")
    }

    /// The directory of the fake apps, first on PATH.
    var bin: String { "\(root)/bin" }
    /// The directory that crater-run works in.
    var work: String { "\(root)/work" }
    /// Where the fake app records.
    var record: String { "\(root)/record" }

    /// Puts a fake app on PATH as `name`.
    func install(_ fake: Fake, as name: String = "tensorboard") throws {
        let place = "\(bin)/\(name)"
        try? FileManager.default.removeItem(atPath: place)
        let source = Launcher.fakes + fake.rawValue
        if source.hasSuffix(".c") {
            try Shell.run("gcc -static -O1 -Wall -Wextra -Werror -o $2 $1", source, place)
        } else {
            try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: source)
        }
    }

    /// Starts `crater-run tensorboard --annotations …` with these words.
    func start(_ words: String...) throws {
        try podInfo.write()
        try startCommand(["tensorboard", "--annotations", podInfo.path] + words)
    }

    /// Starts `crater-run` with exactly these words.
    func startCommand(_ words: [String]) throws { try startProgram([TestBinary.path] + words) }

    /// Starts what stands in front of crater-run, and executes it.
    func startProgram(_ words: [String]) throws {
        output = try LineStream()
        errors = try LineStream()
        var all: [SpawnedProcess.Stream] = [.null, output.target, errors.target]
        for (number, stream) in streams.sorted(by: { $0.key < $1.key }) {
            if number < all.count { all[number] = stream } else { all.append(stream) }
        }
        // posix_spawn's own change of directory is not in Swift's Glibc module.
        let command = ["env", "--chdir", work] + mode.wrapper + wrapper + words
        let process = try SpawnedProcess(
            command, environment: entries, streams: all, blocked: blocked, leavesSession: leavesSession)
        output.closeWriteEnd()
        errors.closeWriteEnd()
        self.process = process
        pid = process.pid
        if mode == .processOne {
            pid = try wait(for: "crater-run to be executed") {
                let children = try? SmallFile.read("/proc/\(process.pid)/task/\(process.pid)/children")
                let child = children.flatMap { Int32(String(decoding: $0, as: UTF8.self).trimmingSpaces) }
                guard let child else { return process.hasEnded ? process.pid : nil }
                return child
            }
        }
    }

    /// The environment that crater-run is started with.
    var entries: [[UInt8]] {
        var variables = environment
        variables["PATH"] =
            variables["PATH"] ?? "\(bin):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
        variables["HOME"] = variables["HOME"] ?? "\(root)/home"
        // Neither what other crater-runs of this machine have, nor what they look for.
        variables["CRATER_RUN_DIR"] = variables["CRATER_RUN_DIR"] ?? "\(root)/run"
        variables["CRATER_RUN_HEALTH_PORT"] = variables["CRATER_RUN_HEALTH_PORT"] ?? "\(healthPort)"
        variables["FAKE_RECORD"] = record
        return [Array(mark.utf8)] + variables.map { Array("\($0.key)=\($0.value)".utf8) } + rawEnvironment
    }

    /// Some of the caller's own variables.
    static func callersEnvironment(_ names: Set<String>) -> [[UInt8]] {
        ProcessInfo.processInfo.environment.filter { names.contains($0.key) }.map {
            Array("\($0.key)=\($0.value)".utf8)
        }
    }

    static let fakes = Bundle.module.resourcePath.map { "\($0)/Fakes/" } ?? ""
}

// MARK: - Waiting

extension Launcher {
    /// Waits until `condition` gives something, and takes in output meanwhile. The only place that waits: for output and
    /// for crater-run's end it is woken, everything else it looks at every few milliseconds.
    func wait<Value>(
        for what: String, within limit: Duration = Deadline.bound, _ condition: () throws -> Value?
    ) throws -> Value {
        let deadline = Deadline(limit)
        while true {
            if readsOutput { output.drain() }
            errors.drain()
            if let value = try condition() { return value }
            guard !deadline.hasPassed else { throw Failure("waited in vain for \(what)\n\(log)") }
            var entries = [errors.readEnd, readsOutput ? output.readEnd : -1].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&entries, nfds_t(entries.count), 5)
        }
    }

    /// Waits until it is so.
    func wait(until what: String, _ condition: () throws -> Bool) throws {
        try wait(for: what) { try condition() ? () : nil }
    }

    /// The next line of crater-run's own with all of these texts.
    @discardableResult
    func line(_ texts: String...) throws -> String {
        try wait(for: "a line with \(texts)") {
            if let line = errors.takeLine(containing: texts) { return line }
            if hasEnded, errors.readEnd == -1 { throw Failure("ended without a line with \(texts)\n\(log)") }
            return nil
        }
    }

    /// The next line of stdout with all of these texts.
    @discardableResult
    func outputLine(_ texts: String...) throws -> String {
        try wait(for: "output with \(texts)") { output.takeLine(containing: texts) }
    }

    /// The line that says that the app is ready.
    func waitUntilReady() throws { try line("tensorboard: ready") }

    /// crater-run's end, with everything that it wrote.
    func end(within limit: Duration = Deadline.bound) throws -> Ending {
        guard let process else { throw Failure("was not started") }
        try wait(for: "the end of crater-run", within: limit) { process.hasEnded ? () : nil }
        if readsOutput { output.drain() }
        errors.drain()
        return try process.waitForEnd()
    }

    var hasEnded: Bool { process?.hasEnded ?? true }

    /// What was captured, for messages.
    var log: String {
        "--- stderr:\n\(errors.text.suffix(6000))\n--- stdout:\n\(output.text.suffix(2000))\n---"
    }

    /// Signals crater-run itself.
    func send(_ signal: Int32) {
        // Not reaped while `process` is there, so the pid is still its.
        if !hasEnded, pid > 0 { kill(pid, signal) }
    }

    /// SIGTERM, and the end that follows.
    func stop() throws -> Ending {
        send(SIGTERM)
        return try end()
    }
}

// MARK: - Processes

extension Launcher {
    /// Everything of this run that lives, crater-run and its wrapper included.
    func living() -> [ProcessRow] {
        HostProcesses.rows().filter { row in
            !row.isZombie && HostProcesses.belongs(row.identity.pid, mark: mark, directory: root)
        }
    }

    /// The processes that are left, by name; none, if all is well.
    func leftovers() -> [String] {
        living().filter { $0.identity.pid != process?.pid || !hasEnded }.map { "\($0.name) (pid \($0.identity.pid))" }
    }

    /// The pid that a process of crater-run's pid namespace has here.
    func hostPID(of pid: Int32) -> Int32? {
        guard mode == .processOne else { return pid }
        return living().map(\.identity.pid).first { candidate in
            let all = HostProcesses.field("NSpid", of: candidate) ?? []
            return all.count > 1 && all.last == String(pid)
        }
    }

    fileprivate func cleanUp() {
        process?.send(SIGKILL)
        let deadline = Deadline(.seconds(10))
        while !deadline.hasPassed {
            let rows = living().filter { $0.identity.pid != process?.pid || !hasEnded }
            if rows.isEmpty { break }
            for row in rows { kill(row.identity.pid, SIGKILL) }
            _ = poll(nil, 0, 5)
        }
        _ = try? process?.waitForEnd()
        try? FileManager.default.removeItem(atPath: root)
    }
}

/// Runs the body with a launcher, and cleans up after it whatever happens.
func withLauncher(
    _ mode: Mode = .subreaper,
    fake: Launcher.Fake = .tensorboard,
    _ body: (Launcher) throws -> Void
) throws {
    let launcher = try Launcher(mode, fake: fake)
    defer { launcher.cleanUp() }
    try body(launcher)
}

/// The binary under test.
enum TestBinary {
    /// The release binary that `make test` names; else the one that was built beside the tests.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_BINARY"], !path.isEmpty { return path }
        let tests = SmallFile.link("/proc/self/exe") ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("crater-run").path
    }()
}

extension String {
    fileprivate var trimmingSpaces: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc

/// A command beside a crater-run that serves apps: what an exec probe, `kubectl exec` or a terminal starts.
final class Client {
    let process: SpawnedProcess
    let output: LineStream
    let errors: LineStream
    /// Whether another process starts it and waits for it.
    private let isWrapped: Bool

    fileprivate init(
        _ words: [String], environment: [[UInt8]], streams: [SpawnedProcess.Stream]?, isWrapped: Bool
    ) throws {
        output = try LineStream()
        errors = try LineStream()
        self.isWrapped = isWrapped
        process = try SpawnedProcess(
            words, environment: environment, streams: streams ?? [.null, output.target, errors.target])
        output.closeWriteEnd()
        errors.closeWriteEnd()
    }

    /// Its pid here; nil until it has one.
    var pid: Int32? {
        guard isWrapped else { return process.pid }
        return HostProcesses.rows().first { $0.parent == process.pid }?.identity.pid
    }

    func send(_ signal: Int32) {
        if !process.hasEnded, let pid { kill(pid, signal) }
    }
}

/// What a command said, and how it ended.
struct Said: CustomStringConvertible {
    let ending: Ending
    let output: String
    let errors: String

    var description: String { "\(ending)\n--- stdout:\n\(output)\n--- stderr:\n\(errors)" }
    /// What was said anywhere, line by line.
    var lines: [String] { (output + errors).split(separator: "\n").map(String.init) }
}

extension Launcher {
    /// A user that nobody knows.
    static let stranger = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]

    /// Where a stranger may execute crater-run, once ``letStrangersIn()`` has put it there.
    var strangersBinary: String { "\(bin)/crater-run" }

    /// Strangers may read, work, record and execute there, and nobody can rename what another has there.
    func letStrangersIn() throws {
        try podInfo.write()
        try Shell.run("cp $1 $2; chmod -R a+rwX $3; chmod +t $3", TestBinary.path, strangersBinary, root)
    }

    /// Gives crater-run a /run, a /tmp and a /dev/shm of its own, empty but for this test's directory, so that it finds what it finds
    /// without being told, and nothing of this machine's.
    ///
    /// - Parameter script: further shell commands there.
    func useOwnMounts(then script: String = ":", as user: [String] = []) {
        hasItsOwnMounts = true
        // The fake apps are links to where the tests were built, which may be below /tmp too.
        let fakes = "'\(Launcher.fakes)'"
        let all = """
            mount -t tmpfs -o mode=755 none /run; mkdir /run/kept /run/fakes
            mount --bind "$0" /run/kept; mount --bind \(fakes) /run/fakes
            mount -t tmpfs -o mode=1777 none /tmp; mkdir -p "$0" \(fakes)
            mount --bind /run/kept "$0"; mount --bind /run/fakes \(fakes)
            mount -t tmpfs -o mode=1777 none /dev/shm
            umount /run/kept /run/fakes; rmdir /run/kept /run/fakes; cd "$0/work"; \(script); exec "$@"
            """
        wrapper = (mode == .processOne ? [] : ["unshare", "--mount"]) + ["sh", "-euc", all, root] + user
    }

    /// Starts a command where crater-run is: in its namespaces.
    ///
    /// - Parameters:
    ///   - wrapper: what stands before it, such as ``stranger``.
    ///   - changes: variables that are other ones; nil: that are not set.
    func beside(
        _ command: [String],
        wrapper: [String] = [],
        in directory: String? = nil,
        _ changes: [String: String?] = [:],
        streams: [SpawnedProcess.Stream]? = nil
    ) throws -> Client {
        let isElsewhere = mode == .processOne || hasItsOwnMounts
        let enter = isElsewhere ? ["nsenter", "--target", "\(pid)", "--pid", "--mount", "--"] : []
        let removed = changes.filter { $0.value == nil }.map { "--unset=\($0.key)" }
        let set = changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
        let words = enter + ["env", "--chdir", directory ?? work] + removed + set + wrapper + command
        return try Client(words, environment: entries, streams: streams, isWrapped: isElsewhere)
    }

    /// Runs a command there, and waits for its end.
    func run(
        _ command: [String], wrapper: [String] = [], in directory: String? = nil, _ changes: [String: String?] = [:]
    ) throws -> Said {
        let client = try beside(command, wrapper: wrapper, in: directory, changes)
        return try end(of: client)
    }

    /// Runs `crater-run` there.
    func ask(_ words: String..., changes: [String: String?] = [:]) throws -> Said {
        // What is under test may be hidden there.
        try run([hasItsOwnMounts ? strangersBinary : TestBinary.path] + words, changes)
    }

    /// The same as a user that nobody knows.
    func askAsStranger(_ words: String..., changes: [String: String?] = [:]) throws -> Said {
        try run([strangersBinary] + words, wrapper: Launcher.stranger, changes)
    }

    func end(of client: Client) throws -> Said {
        try wait(until: "the end of a command") {
            client.output.drain()
            client.errors.drain()
            return client.process.hasEnded
        }
        client.output.drain()
        client.errors.drain()
        return Said(
            ending: try client.process.waitForEnd(), output: client.output.text, errors: client.errors.text)
    }

    /// The next line that a command writes to stderr with this text.
    func line(_ text: String, of client: Client) throws {
        _ = try wait(for: "a command's line with \(text)") {
            client.errors.drain()
            return client.errors.takeLine(containing: [text])
        }
    }
}

/// What `crater-run status --output json` shows, as a program would read it.
struct ShownStatus: Decodable {
    struct Place: Decodable, Equatable {
        let name: String
        let port: Int
        let prefix: String
        let url: String
    }

    struct App: Decodable, Equatable {
        struct Exit: Decodable, Equatable { let code: Int }
        struct Backend: Decodable, Equatable {
            let port: UInt16?
            let socket: String?
            let prefix: String
        }

        let name: String
        let state: String
        let reason: String?
        let pid: Int32?
        let restarts: Int
        let rule: Place?
        let servedAt: Place?
        let lastExit: Exit?
        let backend: Backend?
    }

    struct Rule: Decodable, Equatable {
        let name: String
        let app: String?
        let external: Bool
        let pending: Bool
    }

    struct Supervisor: Decodable, Equatable {
        let instance: String
        let kind: String
        let pid: Int32
        let ready: Bool
        let stopping: Bool
        let apps: [App]
        let rules: [Rule]
        let door: Door?

        struct Door: Decodable, Equatable {
            let pid: Int32?
            let restarts: Int
            let serving: Bool
            let ports: [UInt16]
        }

        subscript(name: String) -> App? { apps.first { $0.name == name } }
    }

    let supervisors: [Supervisor]
}

extension Launcher {
    /// The directory of the sockets, unless a test chooses another.
    var runDirectory: String { "\(root)/run" }
    var socket: String { "\(runDirectory)/control.sock" }

    /// The sockets and state files that there are.
    var controlFiles: [String] {
        (Directory.names(in: runDirectory) ?? []).filter { $0.hasSuffix(".sock") || $0.hasSuffix(".json") }.sorted()
    }

    func shownStatus() throws -> ShownStatus {
        let said = try ask("status", "--output", "json")
        guard said.ending == .exited(0) else { throw Failure("\(said)") }
        let shown = try JSONDecoder().decode(ShownStatus.self, from: Data(said.output.utf8))
        // Another crater-run of this machine is found, too.
        let own = controlFiles.filter { $0.hasSuffix(".json") }.compactMap { name in
            (try? SmallFile.read("\(runDirectory)/\(name)")).map { String(decoding: $0, as: UTF8.self) }
        }.joined()
        return ShownStatus(supervisors: shown.supervisors.filter { own == "" || own.contains($0.instance) })
    }

    /// The one supervisor that there is.
    func shownSupervisor() throws -> ShownStatus.Supervisor {
        let all = try shownStatus().supervisors
        guard let first = all.first, all.count == 1 else { throw Failure("\(all.count) supervisors") }
        return first
    }

    /// Waits until `status` shows an app in this state.
    @discardableResult
    func waitUntilShown(_ app: String, _ state: String) throws -> ShownStatus.App {
        try wait(for: "\(app) to be \(state)") {
            try? shownStatus().supervisors.compactMap { $0[app] }.first { $0.state == state }
        }
    }
}

/// The answer to a request that curl made.
struct Fetched {
    let status: Int
    let body: String
}

enum Curl {
    /// On CI it must not be missing.
    static let isThere = ["/usr/bin", "/bin", "/usr/local/bin"].contains { (directory: String) in
        access("\(directory)/curl", X_OK) == 0
    }
}

extension Launcher {
    func curl(
        _ path: String, method: String = "GET", socket: String? = nil, wrapper: [String] = []
    ) throws -> Fetched {
        let words = [
            "curl", "--silent", "--show-error", "--max-time", "30", "--request", method, "--write-out",
            "\n%{http_code}",
            "--unix-socket", socket ?? self.socket, "http://localhost\(path)",
        ]
        let said = try run(words, wrapper: wrapper)
        guard said.ending == .exited(0), let end = said.output.lastIndex(of: "\n"),
            let status = Int(said.output[said.output.index(after: end)...])
        else { throw Failure("\(said)") }
        return Fetched(status: status, body: String(said.output[..<end]))
    }
}

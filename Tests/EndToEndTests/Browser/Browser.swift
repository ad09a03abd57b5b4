import CraterRunLinux
import Foundation
import Glibc

/// Chromium at an app's page, told what to do by Clients/browser.
final class Browser {
    private let process: SpawnedProcess
    private let launcher: Launcher
    private let ingress: Ingress
    private let app: String
    /// Our end of its stdin: a socket, since a write to a pipe that nobody reads from is a SIGPIPE.
    private var commands: Int32
    private let failurePath: String
    private let output: LineStream
    private let errors: LineStream

    /// Longer than it waits for anything itself.
    private static let limit = Duration.seconds(150)

    init(_ app: String, at ingress: Ingress, for launcher: Launcher) throws {
        (self.app, self.ingress, self.launcher) = (app, ingress, launcher)
        output = try LineStream()
        errors = try LineStream()
        for folder in ["screenshots", "failures"] {
            try FileManager.default.createDirectory(
                atPath: "\(BrowserTools.artifacts)/\(folder)", withIntermediateDirectories: true)
        }
        failurePath = "\(BrowserTools.artifacts)/failures/\(app).png"
        try? FileManager.default.removeItem(atPath: failurePath)
        // It keeps to itself what it writes, also where it is killed.
        let words = [
            "env", "--chdir", launcher.root, "TMPDIR=\(launcher.root)", try BrowserTools.path(BrowserTools.python),
            "-B",
            "\(Browser.scripts)browse.py", app, try BrowserTools.path(BrowserTools.chromium), Ingress.host, ingress.key,
            failurePath,
        ]
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure("socketpair: \(systemErrorText(errno))") }
        commands = ends[0]
        defer { Glibc.close(ends[1]) }
        process = try SpawnedProcess(
            words, environment: launcher.entries, streams: [.descriptor(ends[1]), output.target, errors.target])
        output.closeWriteEnd()
        errors.closeWriteEnd()
    }

    static let scripts = Bundle.module.resourcePath.map { "\($0)/Clients/browser/" } ?? ""

    private struct Command: Encodable {
        let `do`: String
        let with: [String: String]
    }

    private struct Problem: Decodable { let error: String }

    /// Calls a method of the app's visit, and gives what it answers.
    @discardableResult
    func tell<Answer: Decodable>(_ name: String, _ words: [String: String] = [:], as: Answer.Type = Nothing.self) throws
        -> Answer
    {
        let command = try JSONEncoder().encode(Command(do: name, with: words))
        let line = [UInt8](command) + [UInt8(ascii: "\n")]
        guard send(commands, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
            throw failure("it has ended before \(name) \(words)")
        }
        let deadline = Deadline(Browser.limit)
        while true {
            output.drain()
            errors.drain()
            if let line = output.takeLine(containing: []) {
                if let problem = try? JSONDecoder().decode(Problem.self, from: Data(line.utf8)) {
                    throw failure("\(name) \(words): \(problem.error)")
                }
                return try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
            }
            guard !deadline.hasPassed, !process.hasEnded else { throw failure("no answer to \(name) \(words)") }
            var entry = pollfd(fd: output.readEnd, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 100)
        }
    }

    private func failure(_ text: String) -> Failure {
        errors.drain()
        // The log of many apps tells little of one.
        return Failure("\(app) in the browser: \(text)\n\(log.suffix(2000))\n\(app == "street" ? "" : launcher.log)")
    }

    /// What it and Chromium said.
    var log: String { errors.text }

    /// Keeps a picture of the page for whoever looks for the reason of a failure; none, if it is its own.
    ///
    /// - Parameter tab: which of several pages.
    func keepFailure(of tab: String? = nil) {
        guard let tab else { return _ = try? tell("screenshot", ["path": failurePath]) }
        _ = try? tell("screenshot", ["tab": tab, "path": "\(BrowserTools.artifacts)/failures/\(tab).png"])
    }

    struct Nothing: Decodable {}

    struct Opened: Decodable {
        let status: Int
        /// Of the connection: h2 for HTTP/2.
        let `protocol`: String
        /// Where redirects led to.
        let url: String
        let title: String
    }

    /// Opens a path of the ingress in a new window.
    func open(_ path: String) throws -> Opened {
        try tell("open", ["url": url(path)], as: Opened.self)
    }

    func url(_ path: String) -> String { ingress.url(path) }

    /// Keeps a picture of the page among the artifacts.
    ///
    /// - Parameter tab: which of several pages.
    func screenshot(_ name: String, of tab: String? = nil) throws {
        let place = ["path": "\(BrowserTools.artifacts)/screenshots/\(name).png"]
        try tell("screenshot", tab.map { place.merging(["tab": $0]) { $1 } } ?? place)
    }

    func traffic() throws -> Traffic { try tell("traffic", as: Traffic.self) }

    /// Closes it; it ends by itself then.
    func close() throws {
        hangUp()
        guard try process.waitForEnd() == .exited(0) else { throw failure("it did not end well") }
    }

    deinit { hangUp() }

    private func hangUp() {
        if commands != -1 { Glibc.close(commands) }
        commands = -1
    }
}

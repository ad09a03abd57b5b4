import CraterRunLinux
import Foundation

/// An ingress in front of the apps: nginx, set up as ingress-nginx sets it up for the Ingress objects of the platform.
/// It forwards paths as they are, by rules that change while it runs.
final class Ingress {
    static let host = "crater.test"
    let port = Port.free()
    /// The hash of the public key, in base64, by which a browser knows the certificate.
    let key: String

    private let directory: String
    private var reloads = 0
    private let process: SpawnedProcess

    /// Returns when it answers. It works in a directory of the launcher's, and does not outlive it.
    init(for launcher: Launcher) throws {
        directory = "\(launcher.root)/ingress"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Shell.run(Ingress.makeCertificate, try BrowserTools.path(BrowserTools.openssl), directory, Ingress.host)
        key = try Ingress.read("\(directory)/key.hash").trimmingCharacters(in: .whitespacesAndNewlines)
        try Ingress.configuration(port: port).write(
            toFile: "\(directory)/nginx.conf", atomically: true, encoding: .utf8)
        try "".write(toFile: "\(directory)/rules.conf", atomically: true, encoding: .utf8)
        let nginx = try BrowserTools.path(BrowserTools.nginx)
        process = try SpawnedProcess(
            ["env", "--chdir", directory, nginx, "-p", directory, "-c", "nginx.conf", "-e", "error.log"],
            environment: launcher.entries)
        try launcher.wait(until: "nginx to answer") {
            guard !process.hasEnded else { throw Failure("nginx has ended\n\(log)") }
            return status("/") == 404
        }
    }

    deinit { end() }

    /// Ends nginx and its workers.
    func end() {
        process.send(SIGTERM)
        _ = try? process.waitForEnd()
    }

    func url(_ path: String) -> String { "https://\(Ingress.host):\(port)\(path)" }

    /// Has these prefixes lead to these ports, and no others; returns when it is so.
    ///
    /// - Parameter own: further locations of nginx's own.
    func route(
        _ rules: [(prefix: String, port: UInt16)], and own: String = "", for launcher: Launcher
    ) throws {
        let text = rules.map { Ingress.locations($0.prefix, $0.port) }.joined(separator: "\n") + "\n\(own)\n"
        // Each reload has a path of its own: it is answered by workers that have read this and nothing older.
        reloads += 1
        let mark = "location = /reloads/\(reloads) { return 204; }\n"
        try (text + mark).write(toFile: "\(directory)/rules.conf", atomically: true, encoding: .utf8)
        process.send(SIGHUP)
        try launcher.wait(until: "nginx to have read its rules") { status("/reloads/\(reloads)") == 204 }
    }

    /// What curl is answered through the ingress.
    struct Answer {
        let status: Int
        /// The header's lines, without the first, names in lower case.
        let header: [String]
        let body: String

        subscript(name: String) -> String? {
            header.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    /// Sends a request with curl, which follows no redirect.
    func curl(_ path: String, _ words: [String] = []) throws -> Answer {
        let file = "\(directory)/body"
        try? FileManager.default.removeItem(atPath: file)
        let fixed = [
            "--silent", "--show-error", "--max-time", "60", "--cacert", "\(directory)/certificate.pem", "--noproxy",
            "*",
            "--resolve", "\(Ingress.host):\(port):127.0.0.1", "--output", file, "--dump-header", "-",
        ]
        let text = try MachineTool.curl.run(fixed + words + [url(path)])
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        // After an intermediate answer such as 100 comes the one that counts.
        guard let first = lines.lastIndex(where: { $0.hasPrefix("HTTP/") }),
            let status = lines[first].split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Failure("curl \(path): \(text)") }
        // Where an answer has no body, there is no file.
        let body = (try? Ingress.read(file)) ?? ""
        return Answer(status: status, header: Array(lines[(first + 1)...]), body: body)
    }

    /// The status of a GET; nil where nobody answers.
    func status(_ path: String) -> Int? { try? curl(path).status }

    private struct Entry: Decodable {
        let path: String
        let agent: String
    }

    /// The paths that browsers asked for so far, with their queries.
    func browsersPaths() throws -> [String] {
        try Ingress.read("\(directory)/access.log").split(separator: "\n")
            .map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .filter { $0.agent.hasPrefix("Mozilla/") }.map(\.path)
    }

    /// What went wrong in it, for messages.
    var log: String { (try? Ingress.read("\(directory)/error.log")) ?? "" }

    private static func read(_ path: String) throws -> String {
        String(decoding: try SmallFile.read(path, limit: 16 << 20), as: UTF8.self)
    }
}

import CraterRunLinux
import Foundation

/// An ingress in front of the apps: nginx, set up as ingress-nginx sets it up for the Ingress objects of the platform; or
/// Caddy. It forwards paths as they are, by rules that change while it runs.
final class Ingress {
    enum Proxy: String { case nginx, caddy }

    static let host = "crater.test"
    let port = Port.free()
    /// The hash of the public key, in base64, by which a browser knows the certificate.
    let key: String

    private let proxy: Proxy
    private let directory: String
    private var reloads = 0
    private var process: SpawnedProcess

    /// Returns when it answers. It works in a directory of the launcher's, and does not outlive it.
    init(_ proxy: Proxy = .nginx, for launcher: Launcher) throws {
        self.proxy = proxy
        directory = "\(launcher.root)/ingress"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Shell.run(Ingress.makeCertificate, try BrowserTools.path(BrowserTools.openssl), directory, Ingress.host)
        key = try Ingress.read("\(directory)/key.hash").trimmingCharacters(in: .whitespacesAndNewlines)
        try Ingress.write([], and: "", by: proxy, port: port, reload: 0, in: directory)
        process = try Ingress.start(proxy, in: directory, for: launcher)
        try waitUntilRead(launcher)
    }

    private static func start(_ proxy: Proxy, in directory: String, for launcher: Launcher) throws -> SpawnedProcess {
        let words =
            switch proxy {
            case .nginx:
                [try BrowserTools.path(BrowserTools.nginx), "-p", directory, "-c", "nginx.conf", "-e", "error.log"]
            case .caddy:
                [try BrowserTools.path(BrowserTools.caddy), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
            }
        return try SpawnedProcess(["env", "--chdir", directory] + words, environment: launcher.entries)
    }

    private static func write(
        _ rules: [(prefix: String, port: UInt16)], and own: String, by proxy: Proxy, port: UInt16, reload: Int,
        in directory: String
    ) throws {
        var files: [String: String] = [:]
        switch proxy {
        case .nginx:
            let text = rules.map { locations($0.prefix, $0.port) }.joined(separator: "\n") + "\n\(own)\n"
            files["rules.conf"] = text + "location = /reloads/\(reload) { return 204; }\n"
            files["nginx.conf"] = configuration(port: port)
        case .caddy:
            files["Caddyfile"] = caddyfile(
                port: port, rules: rules, and: "\(own)\nhandle /reloads/\(reload) {\nrespond 204\n}")
        }
        for (name, text) in files {
            try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    /// Each reload has a path of its own: it is answered by workers that have read this and nothing older.
    private func waitUntilRead(_ launcher: Launcher) throws {
        try launcher.wait(until: "\(proxy) to have read its rules") {
            guard !process.hasEnded else { throw Failure("\(proxy) has ended\n\(log)") }
            return status("/reloads/\(reloads)") == 204
        }
    }

    deinit { end() }

    /// Ends the proxy and its workers.
    func end() {
        process.send(SIGTERM)
        _ = try? process.waitForEnd()
    }

    func url(_ path: String) -> String { "https://\(Ingress.host):\(port)\(path)" }

    /// Has these prefixes lead to these ports, and no others; returns when it is so.
    ///
    /// - Parameter own: further places of the proxy's own.
    func route(
        _ rules: [(prefix: String, port: UInt16)], and own: String = "", for launcher: Launcher
    ) throws {
        reloads += 1
        try Ingress.write(rules, and: own, by: proxy, port: port, reload: reloads, in: directory)
        switch proxy {
        case .nginx: process.send(SIGHUP)
        case .caddy:
            // Caddy could be told by an address of its own, which others would have to be kept out of.
            end()
            process = try Ingress.start(proxy, in: directory, for: launcher)
        }
        try waitUntilRead(launcher)
    }

    /// The path of the platform's page that shows an app in a frame.
    static func framed(_ name: String) -> String { "/platform/\(name)" }

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

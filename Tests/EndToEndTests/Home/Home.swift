import Foundation
import Testing

/// The home page of a job, as a program asks it.
struct Home {
    let launcher: Launcher
    private(set) var port = Port.free()
    private(set) var prefix = "/ingress/liuxw24-h0me/"
    private(set) var key = ""

    /// - Parameter lines: those of the apps that are named.
    /// - Parameter options: of `up`. The page waits for no job unless they say otherwise.
    static func start(
        _ launcher: Launcher, _ lines: [String], options: [String] = ["--auto-delay", "0"],
        job: [String] = GatedJob.command
    ) throws -> Home {
        var home = Home(launcher: launcher)
        for other in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(other) }
        launcher.podInfo.setRule("home", port: home.port, prefix: home.prefix)
        try launcher.startUp(options + lines.flatMap { ["--app", $0] }, job: job)
        try home.readKey()
        return home
    }

    private init(launcher: Launcher) { self.launcher = launcher }

    /// Takes the key from the next line with the link.
    mutating func readKey() throws {
        let line = try launcher.line("crater-run: home: open \(prefix)#key=")
        key = String(try #require(line.split(separator: "=").last))
    }

    /// Has the rule lead elsewhere, as the platform does.
    mutating func move(to prefix: String, at port: UInt16) throws {
        (self.prefix, self.port) = (prefix, port)
        launcher.podInfo.setRule("home", port: port, prefix: prefix)
        try launcher.podInfo.write()
    }

    private var bearer: String { "Authorization: Bearer \(key)" }

    /// What a path below the page answers to those with the key; nil if nobody answers.
    func get(_ path: String = "", fields: [String] = []) -> HTTP.Answer? {
        HTTP.get("\(prefix)\(path)", port: port, fields: [bearer] + fields)
    }

    /// Presses a button, and gives the answer's status.
    func press(_ verb: String, _ app: String, fields: [String]? = nil) throws -> Int {
        try launcher.wait(for: "an answer to \(verb)") {
            HTTP.post(
                "\(prefix).crater-run/app", "app=\(app)&do=\(verb)", port: port, fields: fields ?? [bearer])?.status
        }
    }

    /// The state of an app's tile, in words; nil without a tile.
    func state(of app: String) -> String? {
        guard let page = get(".crater-run/tiles"), page.status == 200,
            let start = page.body.range(of: "<li id=\"app-\(app)\""),
            let state = page.body[start.upperBound...].firstMatch(of: /<p class="state[^>]*>([^<]*)</)
        else { return nil }
        return String(state.1)
    }

    func waitUntilShown(_ app: String, _ state: String) throws {
        try launcher.wait(until: "the page shows \(app) as \(state)") { self.state(of: app) == state }
    }

    /// Waits until an app below the page answers, and gives the answer's text.
    @discardableResult
    func waitUntilServed(_ app: String) throws -> String {
        try launcher.wait(for: "\(app) below the home page") {
            get("\(app)/data/environment").flatMap { $0.status == 200 ? $0.body : nil }
        }
    }
}

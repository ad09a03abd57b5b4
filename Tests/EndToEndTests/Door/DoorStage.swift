import CraterRunLinux
import Foundation
import Testing

/// A job with apps beside it, most of them behind the front door, an ingress in front, and people at a browser.
final class DoorStage {
    /// An app with a rule of its name.
    struct App {
        let name: String
        var prefix: String
        let port = Port.free()
        /// What one would type after `crater-run` to serve it; empty for the home page, which is served without being asked for.
        let line: String

        init(_ name: String, line: String) {
            (self.name, self.line) = (name, line)
            prefix = "/ingress/\(name)/"
        }

        /// Fakes/pages.
        ///
        /// - Parameter options: those of the door; none for an app that the ingress reaches itself.
        static func pages(_ name: String, _ options: String) -> App {
            App(name, line: "app \(name) \(options) -- pages {port} {prefix} \(name)")
        }
    }

    /// The rule of the home page.
    static func home() -> App { App("home", line: "") }

    let launcher: Launcher
    let ingress: Ingress
    let browser: Browser
    private(set) var apps: [App]
    private let proxy: Ingress.Proxy

    /// Runs the body with a stage, and ends it and checks that nothing is left. What was said is kept among the artifacts.
    ///
    /// - Parameters:
    ///   - name: of the visit of Clients/browser.
    ///   - lines: of apps without rules of their own.
    static func with(
        _ launcher: Launcher, _ name: String, _ apps: [App], and lines: [String] = [],
        behind proxy: Ingress.Proxy = .nginx,
        _ body: (DoorStage) throws -> Void
    ) throws {
        let stage = try DoorStage(launcher, name, apps, lines, proxy)
        defer { stage.keepLog("\(BrowserTools.artifacts)/logs/\(name).log") }
        do {
            try body(stage)
            try stage.end()
        } catch {
            stage.browser.keepFailure()
            throw error
        }
    }

    private init(
        _ launcher: Launcher, _ name: String, _ apps: [App], _ lines: [String], _ proxy: Ingress.Proxy
    ) throws {
        (self.launcher, self.apps, self.proxy) = (launcher, apps, proxy)
        for other in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(other) }
        for app in apps { launcher.podInfo.setRule(app.name, port: app.port, prefix: app.prefix) }
        // A home page that nobody asks for waits until the job has had time to take the port.
        let home = apps.contains(where: \.line.isEmpty) ? ["--home", "home"] : []
        try launcher.startUp(home + (apps.map(\.line).filter { !$0.isEmpty } + lines).flatMap { ["--app", $0] })
        ingress = try Ingress(proxy, for: launcher)
        browser = try Browser(name, at: ingress, for: launcher)
        try route()
    }

    private func route() throws {
        try ingress.route(apps.map { ($0.prefix, $0.port) }, and: platform, for: launcher)
    }

    /// The platform's own pages, which show the apps in frames.
    private var platform: String {
        apps.map { Ingress.platform($0.name, showing: $0.prefix, by: proxy) }.joined(separator: "\n")
    }

    func prefix(_ app: String) throws -> String { try #require(apps.first { $0.name == app }).prefix }

    /// Has the rule of an app lead to another path, as the platform does.
    func move(_ app: String, to prefix: String) throws {
        let index = try #require(apps.firstIndex { $0.name == app })
        apps[index].prefix = prefix
        launcher.podInfo.setRule(app, port: apps[index].port, prefix: prefix)
        try launcher.podInfo.write()
        try route()
    }

    /// Waits until an app has said that it is ready, since the last line that was waited for.
    func waitUntilReady(_ app: String) throws { try launcher.line("crater-run: \(app): ready after") }

    /// Runs a part of a test. One part's failure hides no other's.
    func part(_ name: String, _ place: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        do { try body() } catch {
            Issue.record("\(name): \(error)", sourceLocation: place)
            browser.keepFailure()
        }
    }

    /// The pid of an app, as status shows it.
    func pid(_ app: String) throws -> Int32 { try #require(try launcher.shownSupervisor()[app]?.pid) }

    private func end() throws {
        try browser.close()
        ingress.end()
        try launcher.finishJob(code: 0)
        #expect(try launcher.end() == .exited(0))
        #expect(launcher.leftovers() == [])
    }

    private func keepLog(_ path: String) {
        let text = "\(launcher.everything)\n--- browser:\n\(browser.log)\n--- \(proxy):\n\(ingress.log)\n"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

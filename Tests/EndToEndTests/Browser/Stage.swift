import Foundation
import Glibc
import Testing

/// A job with an app beside it, an ingress in front of that, and a browser at the ingress.
final class Stage {
    let launcher: Launcher
    let ingress: Ingress
    let browser: Browser
    /// Where the app is now.
    private(set) var prefix: String
    private let rule: String

    /// Runs the body with a stage, and ends it and checks that nothing is left. What was said is kept among the artifacts,
    /// and so is a picture of the page if the body fails.
    static func with(
        _ launcher: Launcher, _ name: String, rule: String, serving line: String, _ body: (Stage) throws -> Void
    ) throws {
        let stage = try Stage(launcher, name, rule: rule, serving: line)
        defer { stage.keepLog("\(BrowserTools.artifacts)/logs/\(name).log") }
        do {
            try stage.waitUntilReady()
            try body(stage)
            try stage.end()
        } catch {
            stage.browser.keepFailure()
            throw error
        }
    }

    /// Starts all of it.
    ///
    /// - Parameters:
    ///   - name: what the browser calls the app.
    ///   - rule: the name of the app's rule.
    ///   - line: what one would type after `crater-run` to serve it.
    private init(_ launcher: Launcher, _ name: String, rule: String, serving line: String) throws {
        (self.launcher, self.rule, prefix) = (launcher, rule, launcher.prefix)
        for other in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(other) }
        launcher.podInfo.setRule(rule, port: launcher.port, prefix: launcher.prefix)
        try launcher.startUp(["--app", line])
        ingress = try Ingress(for: launcher)
        browser = try Browser(name, at: ingress, for: launcher)
        try ingress.route([(prefix, launcher.port)], for: launcher)
    }

    private func waitUntilReady() throws { try launcher.line(": ready after", "at \(prefix)") }

    /// Has the rule lead to the app by another path, as the platform does: on the pod, in its volume, at the ingress.
    func move(to prefix: String) throws {
        launcher.podInfo.setRule(rule, port: launcher.port, prefix: prefix)
        try launcher.podInfo.write()
        try ingress.route([(prefix, launcher.port)], for: launcher)
        self.prefix = prefix
        try waitUntilReady()
    }

    /// Checks that everything was asked for below the prefix, and given: as ``Traffic`` has it, and as nginx has it.
    @discardableResult
    func expectAllWithinPrefix(
        but known: [String] = [], tolerating tolerated: [String] = [], _ place: SourceLocation = #_sourceLocation
    ) throws -> Traffic {
        let traffic = try browser.traffic()
        traffic.expectAll(within: prefix, of: ingress, but: known, tolerating: tolerated, place)
        // The browser does not show all that it asks for. What the last visit left open is written down only now.
        let pages = [launcher.prefix, Stage.other].map { $0.dropLast() }
        let astray = try ingress.browsersPaths().filter { path in
            !pages.contains { path == $0 || path.hasPrefix("\($0)/") || path.hasPrefix("\($0)?") }
                && !known.contains { path.hasPrefix($0) }
        }
        #expect(astray == [], "asked for outside of the prefix", sourceLocation: place)
        return traffic
    }

    private func end() throws {
        try browser.close()
        ingress.end()
        try launcher.finishJob(code: 0)
        #expect(try launcher.end() == .exited(0))
        #expect(launcher.leftovers() == [])
    }

    private func keepLog(_ path: String) {
        let all = [
            "crater-run": launcher.everything, "browser": browser.log, "nginx": ingress.log,
        ]
        let text = all.sorted { $0.key < $1.key }.map { "--- \($0.key):\n\($0.value)\n" }.joined()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Another path than the first.
    static let other = "/ingress/liuxw24-0ther/"
}

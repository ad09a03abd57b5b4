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

    /// Starts all of it; ``waitUntilReady()`` returns when the app answers.
    ///
    /// - Parameters:
    ///   - name: what the browser calls the app.
    ///   - rule: the name of the app's rule.
    ///   - line: what one would type after `crater-run` to serve it.
    init(_ launcher: Launcher, _ name: String, rule: String, serving line: String) throws {
        (self.launcher, self.rule, prefix) = (launcher, rule, launcher.prefix)
        for other in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(other) }
        launcher.podInfo.setRule(rule, port: launcher.port, prefix: launcher.prefix)
        try launcher.startUp(["--app", line])
        ingress = try Ingress(for: launcher)
        browser = try Browser(name, at: ingress, for: launcher)
        try ingress.route([(prefix, launcher.port)], for: launcher)
    }

    func waitUntilReady() throws { try launcher.line(": ready after", "at \(prefix)") }

    /// Has the rule lead to the app by another path, as the platform does: on the pod, in its volume, at the ingress.
    func move(to prefix: String) throws {
        launcher.podInfo.setRule(rule, port: launcher.port, prefix: prefix)
        try launcher.podInfo.write()
        try ingress.route([(prefix, launcher.port)], for: launcher)
        self.prefix = prefix
        try waitUntilReady()
    }

    /// Checks that everything was asked for below the prefix, and given (``Traffic/expectAll(within:of:but:tolerating:_:)``).
    @discardableResult
    func expectAllWithinPrefix(
        but known: [String] = [], tolerating tolerated: [String] = [], _ place: SourceLocation = #_sourceLocation
    ) throws -> Traffic {
        let traffic = try browser.traffic()
        traffic.expectAll(within: prefix, of: ingress, but: known, tolerating: tolerated, place)
        return traffic
    }

    /// Ends the browser, the ingress and the job, and checks that nothing is left.
    func end() throws {
        try browser.close()
        ingress.end()
        try launcher.finishJob(code: 0)
        #expect(try launcher.end() == .exited(0))
        #expect(launcher.leftovers() == [])
    }

    /// Another path than the first.
    static let other = "/ingress/liuxw24-0ther/"
}

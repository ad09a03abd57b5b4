import Foundation
import Testing

/// Two jobs of one person on one host, each with every app that crater-run knows by name, and one browser that has all of them
/// open: as people see them, and without harm to one another.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(.minutes(20)))
struct SharedHostPageTests {
    private static let presets = Preset.available

    /// A page in the browser.
    private struct Tab {
        let name: String
        let place: HostedJob.Place
    }

    @Test(.enabled(if: !presets.isEmpty))
    func everyAppWorksBesideAllOthers() throws {
        try withLauncher(Mode.available[0]) { one in
            try withLauncher { other in
                let plain = try HostedJob(one, Self.presets) { "/ingress/liuxw24-\($0.name)/" }
                let escaped = try HostedJob(other, Self.presets) { "/ingress/\($0.escapes.rawValue)-\($0.name)/" }
                try plain.prepare()
                try escaped.prepare(like: plain)
                // One after the other: both at once are forty servers that load at the same time.
                let ready = try [plain, escaped].map { job in
                    try job.start()
                    return try job.waitUntilReady()
                }
                let ingress = try Ingress(for: one)
                let browser = try Browser("street", at: ingress, for: one)
                defer { keepLogs([plain, escaped], browser, ingress) }
                try ingress.route((plain.places + escaped.places).map { ($0.prefix, $0.port) }, for: one)

                let first = try open(ready[0], of: plain, in: browser, at: ingress)
                let second = try open(ready[1], of: escaped, in: browser, at: ingress, suffix: "-escaped")
                try expectOwnCookies(first + second, of: ingress)
                // What has been opened before still works: neither the visits of the other apps nor those of the other job
                // have changed what it needs.
                for tab in first + second { attempt("use again", tab, in: browser) { try browser.use(tab.name) } }
                try expectNoHarm(first + second, in: browser, of: ingress)

                try browser.close()
                ingress.end()
                for job in [plain, escaped] { try job.end() }
            }
        }
    }

    /// Opens these apps of a job, since each loads while others do, and then uses each.
    private func open(
        _ ready: [HostedJob.Place], of job: HostedJob, in browser: Browser, at ingress: Ingress, suffix: String = ""
    ) throws -> [Tab] {
        ready.map { Tab(name: $0.preset.name + suffix, place: $0) }
            .filter { tab in
                attempt("enter", tab, in: browser) {
                    try browser.enter(
                        tab.name, tab.place.preset.visit ?? tab.place.preset.name, job.entrance(tab.place))
                }
            }
            .filter { tab in
                attempt("open", tab, in: browser) {
                    let opened = try browser.arrive(tab.name)
                    #expect(opened.status == 200, "\(tab.name)")
                    #expect(opened.protocol == "h2", "\(tab.name)")
                    try browser.use(tab.name)
                    // The others have pictures of tests of their own.
                    let isOwn = tab.place.preset.program == nil
                    try browser.screenshot(isOwn ? tab.name : "shared-host-\(tab.name)", of: tab.name)
                }
            }
    }

    private func keepLogs(_ jobs: [HostedJob], _ browser: Browser, _ ingress: Ingress) {
        let texts = jobs.map(\.launcher.everything) + [browser.log, ingress.log]
        let path = "\(BrowserTools.artifacts)/logs/shared-host.log"
        try? FileManager.default.createDirectory(
            atPath: "\(BrowserTools.artifacts)/logs", withIntermediateDirectories: true)
        try? texts.joined(separator: "\n---\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// One app's failure hides no other's.
    @discardableResult
    private func attempt(_ what: String, _ tab: Tab, in browser: Browser, _ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            Issue.record("cannot \(what): \(tab.name) at \(tab.place.page): \(error)")
            browser.keepFailure(of: tab.name)
            return false
        }
    }

    /// Every cookie that an app sets before a login is for its own prefix.
    private func expectOwnCookies(_ tabs: [Tab], of ingress: Ingress) throws {
        for tab in tabs where tab.place.preset.token != nil {
            for page in ["", "login", "auth/login", "lab", "tree"] {
                let path = "\(tab.place.prefix)\(page)"
                for line in try ingress.curl(path).header.map({ $0.lowercased() }) where line.hasPrefix("set-cookie:") {
                    // An app may write its prefix with escapes or without.
                    let cookie = line.removingPercentEncoding ?? line
                    let prefix = String(tab.place.prefix.dropLast()).lowercased()
                    #expect(
                        cookie.contains("path=\(prefix.removingPercentEncoding ?? prefix)"), "\(path): \(line)")
                }
            }
        }
    }

    private func expectNoHarm(_ tabs: [Tab], in browser: Browser, of ingress: Ingress) throws {
        let traffic = try browser.traffic()
        func all(_ beginnings: KeyPath<Preset, [String]>) -> [String] {
            tabs.flatMap { tab in
                tab.place.preset[keyPath: beginnings].map {
                    $0.contains(/^(\/|https:)/) ? $0 : "\(tab.place.prefix)\($0)"
                }
            }
        }
        let presets = tabs.map(\.place.preset)
        let shared = Set(presets.flatMap(\.sharedCookies))
        traffic.expectAll(
            within: tabs.map(\.place.prefix), of: ingress, but: all(\.known), abandoning: all(\.abandoned),
            tolerating: presets.flatMap(\.tolerated), sharing: shared)
        for tab in tabs {
            guard let socket = tab.place.preset.socket else { continue }
            traffic.expectSocket(socket, within: tab.place.prefix, of: ingress)
        }
        // Were one of these gone, the table would say too much.
        #expect(Set(traffic.cookies.filter { $0.path == "/" }.map(\.name)) == shared)
        // Each app that asks for a login has its cookies once a job.
        let paths = traffic.cookies.map { "\($0.path)/".removingPercentEncoding ?? "" }
        for tab in tabs where tab.place.preset.token != nil {
            let prefix = tab.place.prefix.removingPercentEncoding ?? ""
            #expect(paths.contains { $0.hasPrefix(prefix) }, "no cookie for \(tab.name)")
        }
    }
}

extension Browser {
    fileprivate func enter(_ tab: String, _ app: String, _ path: String) throws {
        try tell("enter", ["tab": tab, "app": app, "url": url(path)])
    }

    fileprivate func arrive(_ tab: String) throws -> Opened { try tell("arrive", ["tab": tab], as: Opened.self) }

    fileprivate func use(_ tab: String) throws { try tell("use", ["tab": tab]) }
}

import Foundation
import Testing

/// Two jobs of one person on one host, each with every app that crater-run knows by name, and one browser that has all of them
/// open: as people see them, and without harm to one another. The apps of one job are behind the front door, with its login,
/// and in the platform's frames; the browser opens those of the other itself.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(.minutes(20)))
struct SharedHostPageTests {
    private static let presets = Preset.available

    /// A page in the browser.
    private struct Tab {
        let name: String
        let place: HostedJob.Place
        /// The app's path, with the token that it asks for.
        let entrance: String

        init(_ place: HostedJob.Place, of job: HostedJob) throws {
            self.place = place
            name = place.preset.name + (job.isGuarded ? "-guarded" : "")
            entrance = try job.entrance(place)
        }
    }

    @Test(.enabled(if: !presets.isEmpty))
    func everyAppWorksBesideAllOthers() throws {
        try withLauncher(Mode.available[0]) { one in
            try withLauncher { other in
                let plain = try HostedJob(one, Self.presets) { "/ingress/liuxw24-\($0.name)/" }
                let guarded = try HostedJob(other, Self.presets + Preset.availableStripped, isGuarded: true) {
                    "/ingress/\($0.escapes.rawValue)-\($0.name)/"
                }
                try plain.prepare()
                try guarded.prepare(like: plain)
                // One after the other: both at once are forty servers that load at the same time.
                let tabs = try [plain, guarded].map { job in
                    try job.start()
                    return try job.waitUntilReady().map { try Tab($0, of: job) }
                }
                let ingress = try Ingress(for: one)
                let browser = try Browser("street", at: ingress, for: one)
                defer { keepLogs([plain, guarded], browser, ingress) }
                try ingress.route(
                    (plain.places + guarded.places).map { ($0.prefix, $0.port) },
                    and: tabs[1].map { Ingress.platform($0.name, showing: $0.entrance) }.joined(separator: "\n"),
                    for: one)

                let first = open(tabs[0], in: browser)
                let second = open(tabs[1], in: browser)
                try expectOwnCookies(first + second, of: ingress)
                // What has been opened before still works: neither the visits of the other apps nor those of the other job
                // have changed what it needs.
                for tab in first + second { attempt("use again", tab, in: browser) { try browser.use(tab.name) } }
                try expectNoHarm(first + second, in: browser, of: ingress)

                try browser.close()
                ingress.end()
                for job in [plain, guarded] { try job.end() }
            }
        }
    }

    /// Opens these apps, since each loads while others do, and then uses each.
    private func open(_ tabs: [Tab], in browser: Browser) -> [Tab] {
        tabs
            .filter { tab in
                attempt("enter", tab, in: browser) {
                    try browser.enter(
                        tab.name, tab.place.preset.visit ?? tab.place.preset.name,
                        tab.place.key == nil ? tab.entrance : Ingress.framed(tab.name), key: tab.place.key)
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
                let words = tab.place.key.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
                let header = try ingress.curl(path, words).header.map { $0.lowercased() }
                for line in header where line.hasPrefix("set-cookie:") {
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
            within: tabs.map(\.place.prefix), of: ingress, but: all(\.known) + [Ingress.framed("")],
            abandoning: all(\.abandoned), tolerating: presets.flatMap(\.tolerated), sharing: shared,
            loginPages: tabs.filter { $0.place.key != nil }.map(\.entrance))
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
        // So has each front door.
        let sessions = traffic.cookies.filter { $0.name.hasPrefix("__Http-crater-") }
        for tab in tabs where tab.place.key != nil {
            #expect(sessions.count { "\($0.path)/" == tab.place.prefix } == 1, "no session for \(tab.name)")
        }
    }
}

extension Browser {
    /// - Parameter key: for the login that comes first, in the platform's frame.
    fileprivate func enter(_ tab: String, _ app: String, _ path: String, key: String?) throws {
        let words = ["tab": tab, "app": app, "url": url(path)]
        try tell("enter", key.map { words.merging(["key": $0]) { $1 } } ?? words)
    }

    fileprivate func arrive(_ tab: String) throws -> Opened { try tell("arrive", ["tab": tab], as: Opened.self) }

    fileprivate func use(_ tab: String) throws { try tell("use", ["tab": tab]) }
}

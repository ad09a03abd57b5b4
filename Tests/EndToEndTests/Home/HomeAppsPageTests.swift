import Foundation
import Testing

/// TensorBoard, Jupyter and Visdom under one rule, and two such jobs of one person on one host, in one browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(.minutes(10)))
struct HomeAppsPageTests {
    private static let apps = [("TensorBoard", "tensorboard"), ("Jupyter", "jupyter"), ("Visdom", "visdom")]
    private static let isInstalled = RealTensorBoard.newest.bin != nil && !RealApp.available([.lab, .visdom]).isEmpty

    @Test(
        .enabled(if: isInstalled || Mode.isOnCI)
    )
    func allAppsOfTwoJobsWorkAtOnce() throws {
        try withLauncher { launcher in
            try withLauncher { other in
                let homes = [DoorStage.home(), DoorStage.App("second", line: "")]
                try prepare(launcher)
                let lines = try lines()
                try DoorStage.with(launcher, "door-home-apps", [homes[0]], and: lines) { stage in
                    try prepare(other)
                    for name in ["tensorboard", "notebook", "lars"] { other.podInfo.removeRule(name) }
                    other.podInfo.setRule("home", port: homes[1].port, prefix: homes[1].prefix)
                    try other.startUp(["--home", "home"] + lines.flatMap { ["--app", $0] })
                    try stage.ingress.route(homes.map { ($0.prefix, $0.port) }, for: launcher)
                    for (job, home) in zip([launcher, other], homes) {
                        let line = try job.line("crater-run: home: open \(home.prefix)#key=")
                        let link = String(try #require(line.firstMatch(of: /open (\S+)$/)).1)
                        try stage.browser.open(link, in: "one.\(home.name)")
                        try stage.browser.shows("Plots that a program draws", in: "one.\(home.name)")
                        try expectAppsToWork(home, stage)
                    }
                    // What the other job's pages and apps did has ended no session and harmed no app.
                    for home in homes {
                        #expect(try stage.browser.reload("one.\(home.name)").status == 200)
                        for (_, app) in Self.apps { try stage.browser.useApp(in: "one.\(home.name)-\(app)") }
                    }
                    try expectNoHarm(homes, stage)
                    try other.finishJob(code: 0)
                    #expect(try other.end() == .exited(0) && other.leftovers() == [])
                }
            }
        }
    }

    private func prepare(_ launcher: Launcher) throws {
        launcher.environment["PATH"] = "/usr/bin:/bin"
        try VisdomFiles.install(in: launcher)
        let bin = try #require(RealTensorBoard.newest.bin)
        try launcher.client("write_scalars", in: bin, ["\(launcher.work)/scalars"])
    }

    private func lines() throws -> [String] {
        let boards = try #require(RealTensorBoard.newest.bin)
        let (lab, visdom) = (try #require(RealApp.lab.bin), try #require(RealApp.visdom.bin))
        return [
            "tensorboard --executable \(boards)/tensorboard --logdir scalars",
            "jupyter --executable \(lab)/jupyter-lab", "visdom --executable \(visdom)/visdom",
        ]
    }

    private func expectAppsToWork(_ home: DoorStage.App, _ stage: DoorStage) throws {
        let tab = "one.\(home.name)"
        for (title, app) in Self.apps {
            let isRunning = "() => document.querySelector('#app-\(app) .state')?.textContent === 'Running'"
            try stage.browser.satisfies(isRunning, in: tab)
            let opened = try stage.browser.enterApp(title, from: home.prefix, in: "\(tab)-\(app)")
            #expect(opened.status == 200 && opened.protocol == "h2")
            #expect(opened.url.hasPrefix(stage.browser.url("\(home.prefix)\(app)/")))
            // In Jupyter, a cell of a notebook is run.
            try stage.browser.useApp(in: "\(tab)-\(app)")
            try stage.browser.screenshot("home-\(home.name)-\(app)", of: "\(tab)-\(app)")
        }
    }

    /// No request, cookie or service worker of an app is outside of the app's own place below the page.
    private func expectNoHarm(_ homes: [DoorStage.App], _ stage: DoorStage) throws {
        let places = homes.flatMap { home in Self.apps.map { "\(home.prefix)\($0.1)/" } }
        let traffic = try stage.browser.traffic(of: "one")
        let prefixes = homes.map(\.prefix)
        traffic.expectAll(
            within: places + prefixes, of: stage.ingress,
            // TensorBoard's style sheet names fonts at the host's root, where they have never been.
            but: ["/font-roboto/"],
            abandoning: prefixes.map { "\($0).crater-run/tiles" }
                + prefixes.flatMap { home in ["api/", "lab/api/", "static/lab/"].map { "\(home)jupyter/\($0)" } },
            loginPages: prefixes, entrances: prefixes)
        let (own, others) = (
            traffic.cookies.filter { $0.name.hasPrefix("__Http-crater-") },
            traffic.cookies.filter { !$0.name.hasPrefix("__Http-crater-") }
        )
        #expect(Set(own.map { "\($0.path)/" }) == Set(prefixes) && own.count == prefixes.count)
        let wide = others.filter { cookie in !places.contains { "\(cookie.path)/".hasPrefix($0) } }
        #expect(wide.map { "\($0.name) for \($0.path)" } == [], "cookies of apps outside of the apps' places")
        for place in places where place.contains("/jupyter/") {
            traffic.expectSocket("api/kernels/", within: place, of: stage.ingress)
        }
        let scopes = try stage.browser.workers(of: "one")
        #expect(scopes.filter { scope in !places.contains { scope.hasPrefix(stage.browser.url($0)) } } == [])
    }
}

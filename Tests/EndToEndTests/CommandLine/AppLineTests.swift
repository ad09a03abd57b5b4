import CraterRunLinux
import Foundation
import Testing

/// Lines of `up --app` and `CRATER_RUN_APPS` that cannot be used.
@Suite(.timeLimit(TestTime.limit))
struct AppLineTests {
    struct Line: CustomTestStringConvertible {
        let text: String
        /// The name that it is shown by.
        let name: String
        /// A part of why it cannot be used.
        let reason: String

        var testDescription: String { text }
    }

    private static let lines = [
        Line(text: "tensorboard --logdirr /logs", name: "tensorboard", reason: "cannot use --logdirr"),
        Line(text: "tensorboard 'unclosed", name: "tensorboard", reason: "the quote ' has no end"),
        Line(text: "tensorboard --restart sometimes", name: "tensorboard", reason: "cannot use --restart sometimes"),
        Line(
            text: "tensorbord --logdir x", name: "tensorbord", reason: "it must begin with one of tensorboard, jupyter"),
        Line(text: "up", name: "up", reason: "it must begin with one of"),
        Line(text: "/usr/bin/tensorboard", name: "line-1", reason: "it must begin with one of"),
        Line(text: "", name: "line-1", reason: "it must begin with one of"),
        Line(text: "app demo", name: "demo", reason: "app"),
    ]

    @Test(arguments: lines)
    func aContainerInWhichNoneCanBeUsedEnds(line: Line) throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", line.text], job: [])
            #expect(try launcher.end() == .exited(64), "\(launcher.log)")
            #expect(launcher.errors.text.contains("crater-run: cannot use the app line"), "\(launcher.log)")
            #expect(launcher.errors.text.contains(line.reason), "\(launcher.log)")
            #expect(launcher.errors.text.contains("no app line can be used, and there is no job"))
        }
    }

    @Test func allOfThemAreNamed() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_APPS"] = "tensorboard --logdirr /logs\nvisdom --logdir x"
            try launcher.startUp([], job: [])
            #expect(try launcher.end() == .exited(64))
            for text in ["--logdirr", "visdom --logdir x"] { #expect(launcher.errors.text.contains(text)) }
        }
    }

    @Test(arguments: lines)
    func besideAJobItIsShownAsFailed(line: Line) throws {
        try withLauncher { launcher in
            // Nothing else that the doctor could find fault with.
            for rule in ["notebook", "lars"] { launcher.podInfo.removeRule(rule) }
            launcher.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            // An empty line of the variable is none.
            if line.text.isEmpty {
                try launcher.startUp(["--app", ""])
            } else {
                launcher.environment["CRATER_RUN_APPS"] = "\n\(line.text)\n"
                try launcher.startUp([])
            }
            try launcher.line("error: cannot use the app line", "going on without it")
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) != "")
            try launcher.wait(until: "the rules have been read") { launcher.probe("/startupz")?.status == 200 }
            #expect(launcher.probe("/readyz")?.body == "\(line.name): failed\n")
            #expect(launcher.probe("/readyz/\(line.name)")?.status == 503)
            let metrics = launcher.probe("/metrics")?.body ?? ""
            #expect(metrics.contains("crater_run_ready 0\n"))
            #expect(metrics.contains(#"crater_run_app_state{app="\#(line.name)",state="failed"} 1"#))
            let app = try #require(try launcher.shownSupervisor().apps.first)
            #expect(app.name == line.name && app.state == "failed")
            #expect(app.reason?.contains(line.reason) == true, "\(app)")
            let status = try launcher.ask("status").output
            #expect(status.contains("\(line.name): its app line cannot be used: "), "\(status)")
            let doctor = try launcher.ask("doctor")
            #expect(doctor.ending == .exited(1))
            #expect(
                doctor.output.contains("✗ \(line.name) serving: it is failed: its app line cannot be used"), "\(doctor)"
            )
            #expect(doctor.output.contains("Mend the line"))
            let start = try launcher.ask("start", line.name)
            #expect(start.ending == .exited(1) && start.errors.contains("its app line cannot be used"), "\(start)")
            #expect(try launcher.ask("probe", "ready").ending == .exited(1))
            try launcher.finishJob(code: 9)
            #expect(try launcher.end() == .exited(9))
        }
    }

    /// The others do not suffer from it, with a job or without.
    @Test(arguments: [true, false])
    func theOtherLineIsServed(hasJob: Bool) throws {
        try withLauncher { launcher in
            try launcher.startUp(
                ["--app", "visdom --logdir x", "--app", "tensorboard"], job: hasJob ? GatedJob.command : [])
            try launcher.waitUntilReady()
            #expect(try launcher.wait(for: "/readyz", toAnswer: 200) == "ok\n")
            #expect(launcher.probe("/readyz/visdom")?.status == 503)
            #expect(try launcher.shownSupervisor()["visdom"]?.state == "failed")
        }
    }

    @Test func itCountsWhereItsNameDoes() throws {
        try withLauncher { launcher in
            try launcher.startUp(
                ["--app", "visdom --logdir x", "--app", "tensorboard", "--ready-when", "tensorboard,visdom"])
            try launcher.waitUntilReady()
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "visdom: failed\n")
        }
    }

    /// A name in --ready-when that no app has.
    @Test func aNameThatNoAppHasIsSaid() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard", "--ready-when", "tensorbord"])
            try launcher.waitUntilReady()
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "there is no app tensorbord\n")
            let status = try launcher.ask("status").output
            #expect(status.contains("not ready: there is no app tensorbord"), "\(status)")
        }
    }

    /// Names must not change when a line is mended.
    @Test func itTakesPartInTheNumbers() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --logdirr x", "--app", "tensorboard"])
            try launcher.line("tensorboard-2: ready")
            let apps = try launcher.shownSupervisor().apps
            #expect(Set(apps.map { "\($0.name) \($0.state)" }) == ["tensorboard failed", "tensorboard-2 ready"])
        }
    }

    @Test func aTerminalHandsOverWhatWasMeant() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --logdirr x"])
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.wait(until: "somebody answers") { try launcher.ask("status").ending == .exited(0) }
            let said = try launcher.ask("tensorboard", "--logdir", "x", "--detach")
            #expect(said.ending == .exited(0), "\(said)")
            try launcher.waitUntilShown("tensorboard", "ready")
            // The next supervisor has it, too, and nothing that has failed.
            kill(try launcher.supervisorPID(), SIGKILL)
            launcher.errors.rewind()
            try launcher.wait(until: "it is served again") {
                let apps = (try? launcher.shownSupervisor().apps) ?? []
                return apps.map { "\($0.name) \($0.state)" } == ["tensorboard ready"] && launcher.launches.count == 2
            }
        }
    }
}

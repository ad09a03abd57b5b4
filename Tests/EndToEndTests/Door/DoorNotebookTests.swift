import CraterRunCore
import Foundation
import Glibc
import Testing

/// A notebook behind the front door, whose page keeps a websocket open.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorNotebookTests {
    private struct Printed: Decodable { let printed: String }

    /// A cell that runs until the file `go` is there. The sleep is the kernel's, so that its loop leaves the processor to
    /// others; the test itself waits for what the cell prints.
    private let cell = """
        import os, time; print('BEGUN'); [time.sleep(.01) for _ in iter(lambda: os.path.exists('go'), True)]; \
        print('KERNEL', 6 * 7)
        """

    /// Runs the body while a cell runs.
    ///
    /// - Parameter option: brings the door along.
    private func whileACellRuns(_ option: String, _ body: (Stage) throws -> Void) throws {
        try withLauncher { launcher in
            try launcher.use(.lab, rule: "notebook")
            try Stage.with(
                launcher, "jupyterlab", rule: "notebook", serving: "jupyter --interface lab \(option)"
            ) { stage in
                let line = try launcher.line("jupyter: open \(stage.prefix)?token=")
                let link = String(try #require(line.firstMatch(of: /open (\/\S+)$/)).1)
                #expect(try stage.browser.open(link).url.hasPrefix(stage.ingress.url("\(stage.prefix)lab")))
                try stage.browser.tell("decline_news")
                try stage.browser.tell("begin_cell", ["code": cell])
                try stage.browser.tell("printed", ["expecting": "BEGUN"], as: Printed.self)
                try launcher.line("Connecting to kernel")
                try body(stage)
            }
        }
    }

    @Test(.enabled(if: RealApp.lab.bin != nil || Mode.isOnCI), arguments: ["--door", "--login"])
    func aCellGoesOnAfterTheDoorsDeath(option: String) throws {
        try whileACellRuns(option) { stage in
            let launcher = stage.launcher
            let server = try #require(launcher.living().first { $0.name == "jupyter-lab" }).identity.pid
            #expect(HostProcesses.listeningPorts(of: [server]) == [], "it has a socket")
            let door = try launcher.doorPID()
            kill(door, SIGKILL)
            // The page connects again by itself. What the cell prints before Jupyter knows that the page is gone is lost
            // in Jupyter.
            try launcher.line("Connecting to kernel")
            #expect(FileManager.default.createFile(atPath: "\(launcher.work)/go", contents: nil))
            let printed = try stage.browser.tell("printed", ["expecting": "KERNEL 42"], as: Printed.self)
            #expect(printed.printed == "BEGUN\nKERNEL 42\n")
            #expect(try launcher.doorPID(after: door) != door)
            try stage.browser.screenshot("door-notebook")
        }
    }

    /// Jupyter ends its kernels, and so the cell, with itself. Its page stays, and works again without being loaded anew.
    @Test(.enabled(if: RealApp.lab.bin != nil || Mode.isOnCI))
    func thePageGoesOnAfterTheDeathOfJupyterAndOfTheSupervisor() throws {
        try whileACellRuns("--door") { stage in
            let launcher = stage.launcher
            kill(try #require(try launcher.shownSupervisor()["jupyter"]?.pid), SIGKILL)
            try launcher.line("crater-run: jupyter: ready after")
            try expectPageToGoOn(stage, 6)
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.line("the supervisor of the apps was killed by SIGKILL")
            try launcher.line("crater-run: jupyter: ready after")
            try expectPageToGoOn(stage, 7)
        }
    }

    private func expectPageToGoOn(_ stage: Stage, _ number: Int) throws {
        let words = ["code": "print('KERNEL', \(number) * 7)", "expecting": "KERNEL \(number * 7)"]
        let printed = try stage.browser.tell("go_on", words, as: Printed.self)
        #expect(printed.printed == "KERNEL \(number * 7)\n")
    }
}

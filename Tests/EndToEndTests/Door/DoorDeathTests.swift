import CraterRunCore
import Foundation
import Glibc
import Testing

/// The front door dies or hangs, and nobody else notices.
@Suite(.timeLimit(TestTime.limit))
struct DoorDeathTests {
    @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM, SIGSTOP])
    func anotherDoorServes(signal: Int32) throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --door"])
            try launcher.waitUntilReady()
            let job = try launcher.jobPID()
            let supervisor = try launcher.supervisorPID()
            let app = try launcher.waitUntilAnswered(200).body
            let first = try launcher.doorPID()
            kill(first, signal)
            // The connection waits in the queue of the socket, which the supervisor holds.
            #expect(try launcher.answer().body == app)
            _ = try launcher.doorPID(after: first)
            try launcher.wait(until: "the first door to be gone") {
                !launcher.living().contains { $0.identity.pid == first }
            }
            #expect(try launcher.supervisorPID() == supervisor && launcher.launches.count == 1)
            #expect(launcher.living().contains { $0.identity.pid == job })
            #expect(launcher.probe("/readyz")?.status == 200)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0) && launcher.leftovers() == [])
        }
    }

    /// The door is looked at, and not only waited for: the log knows what became of it.
    @Test func aRequestWaitsForAnotherDoorWhileTheFirstIsStopped() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --door"])
            try launcher.waitUntilReady()
            let app = try launcher.waitUntilAnswered(200).body
            let first = try launcher.doorPID()
            kill(first, SIGSTOP)
            #expect(try launcher.answer().body == app)
            #expect(!launcher.living().contains { $0.identity.pid == first }, "the first one was killed before")
            try launcher.line("the front door is stopped and has not answered for")
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func manyEndsInARow() throws {
        try withLauncher { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            var last: Int32?
            for _ in 0..<4 {
                let door = try launcher.doorPID(after: last)
                try launcher.waitUntilAnswered(200)
                kill(door, SIGKILL)
                last = door
            }
            try launcher.waitUntilAnswered(200)
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func itEndsWithItsSupervisor(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            _ = try launcher.doorPID()
            launcher.send(SIGKILL)
            try launcher.wait(until: "the door to be gone") {
                !launcher.living().contains { $0.name == "crater-run-door" }
            }
            #expect(Port.isFree(launcher.port))
        }
    }

    /// Even a door that hangs does not keep the port from the next supervisor.
    @Test(arguments: [false, true])
    func theNextSupervisorHasADoorOfItsOwn(hangs: Bool) throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --login"])
            try launcher.line("tensorboard: open \(launcher.prefix)#key=")
            let links = try launcher.ask("status", "--links").output
            let (supervisor, door) = (try launcher.supervisorPID(), try launcher.doorPID())
            if hangs { kill(door, SIGSTOP) }
            kill(supervisor, SIGKILL)
            _ = try launcher.supervisorPID(after: supervisor)
            try launcher.line("tensorboard: ready")
            #expect(try launcher.doorPID(after: door) != door)
            #expect(!launcher.living().contains { $0.identity.pid == door })
            #expect(try launcher.answer().status == 401)
            #expect(try launcher.ask("status", "--links").output == links, "the key is the same")
        }
    }

    @Test func aSignalForTheTerminalIsNotForTheDoor() throws {
        try withLauncher { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            let door = try launcher.doorPID()
            let row = launcher.living().first { $0.identity.pid == door }
            #expect(row?.session == door, "no terminal reaches it")
            #expect(HostProcesses.field("PPid", of: door)?.first == String(launcher.pid))
        }
    }
}

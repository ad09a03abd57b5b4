import CraterRunCore
import Foundation
import Glibc
import Testing

/// The supervisor of a front door is killed: nobody who connects is refused, and no port stays open that nobody serves.
@Suite(.timeLimit(TestTime.limit))
struct SupervisorDoorDeathTests {
    /// The next supervisor needs five seconds to end the app, which ignores SIGTERM. Its door serves meanwhile.
    @Test(arguments: Mode.available)
    func everyConnectionIsAnswered(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard --door"])
            try launcher.waitUntilReady()
            try launcher.waitUntilAnswered(200)
            let first = try #require(launcher.hostPID(of: try launcher.launch().pid))
            let (supervisor, door) = (try launcher.supervisorPID(), try launcher.doorPID())
            // With the supervisor stopped, nobody starts another door: no connection is cut from now on.
            kill(supervisor, SIGSTOP)
            kill(door, SIGKILL)
            try launcher.wait(until: "the door to be gone") {
                !launcher.living().contains { $0.identity.pid == door }
            }
            kill(supervisor, SIGKILL)
            var answers: [HTTP.Answer] = []
            repeat {
                // Nil if the connection is refused, or cut before an answer.
                answers.append(
                    try #require(HTTP.get("\(launcher.prefix)data/environment", port: launcher.port), "\(launcher.log)")
                )
                launcher.errors.drain()
            } while answers.last?.status != 200
            #expect(answers.first?.status == 503 && Set(answers.map(\.status)) == [503, 200])
            #expect(answers.first?.body.contains("starting") ?? false, "\(answers[0].body)")
            #expect(HostProcesses.row(of: first).map { $0.isZombie } ?? true)
            #expect(launcher.launches.count == 2)
            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3) && launcher.leftovers() == [])
        }
    }

    @Test func thePortOfARuleThatGoesMeanwhileIsFree() throws {
        try withLauncher(.subreaper) { launcher in
            try launcher.startUp(["--app", "tensorboard --door"])
            try launcher.waitUntilReady()
            let (supervisor, door) = (try launcher.supervisorPID(), try launcher.doorPID())
            // The init role starts no other supervisor for the time being.
            launcher.send(SIGSTOP)
            kill(supervisor, SIGKILL)
            try launcher.wait(until: "the supervisor and its door to be gone") {
                !launcher.living().contains { [supervisor, door].contains($0.identity.pid) }
            }
            #expect(!Port.isFree(launcher.port), "no process has the socket, and connections wait")
            launcher.podInfo.removeRule("tensorboard")
            try launcher.podInfo.write()
            launcher.send(SIGCONT)
            try launcher.wait(until: "the port to be free") { Port.isFree(launcher.port) }
            _ = try launcher.supervisorPID(after: supervisor)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }

    /// After the stop signal no supervisor follows one that is killed, while the job may take long to end.
    @Test(arguments: Mode.available)
    func withoutANextSupervisorThePortIsFree(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let job = ["sh", "-c", "trap '' TERM; echo job $$; read code < gate; exit $code"]
            try launcher.startUp(["--app", "tensorboard --door"], job: job)
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.line("SIGTERM received, and passed on to the job")
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.line("so it is not started again")
            try launcher.wait(until: "the port to be free") { Port.isFree(launcher.port) }
            try launcher.finishJob(code: 4)
            #expect(try launcher.end() == .exited(4) && launcher.leftovers() == [])
        }
    }
}

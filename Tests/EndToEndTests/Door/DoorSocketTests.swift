import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Apps that listen at a UNIX socket behind the front door.
@Suite(.timeLimit(TestTime.limit))
struct DoorSocketTests {
    private let line = [
        "--app",
        "app tensorboard --ready-path /data/environment -- tensorboard --uds {socket} --path_prefix={prefix}",
    ]

    private func socket(_ launcher: Launcher) throws -> String {
        try #require(try launcher.shownSupervisor()["tensorboard"]?.backend?.socket)
    }

    @Test(arguments: Mode.available)
    func theAppHasASocketAndNoPort(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            let launch = try launcher.launch()
            #expect(try launcher.waitUntilAnswered(200).body == "\(launch.pid)\n")
            let socket = try socket(launcher)
            #expect(launch.arguments.contains(socket) && socket.hasSuffix("/tensorboard/socket"))
            let shown = try #require(try launcher.shownSupervisor()["tensorboard"]?.backend)
            #expect(shown.port == nil && shown.prefix == "/ingress/liuxw24-379e0")
            let app = try #require(launcher.hostPID(of: launch.pid))
            #expect(HostProcesses.listeningPorts(of: [app]) == [])
            #expect(HostProcesses.listeningPorts(of: [try launcher.doorPID()]) == [launcher.port])
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [] && !FileManager.default.fileExists(atPath: socket))
        }
    }

    @Test func nobodyElseCanConnect() throws {
        try withLauncher { launcher in
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            let directory = try URL(fileURLWithPath: socket(launcher)).deletingLastPathComponent().path
            for path in [directory, URL(fileURLWithPath: directory).deletingLastPathComponent().path] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o700, "\(path)")
            }
        }
    }

    /// The fake does not start if the file is there already, as most servers.
    @Test func theSocketOfAnAppThatWasKilledIsNotInTheWay() throws {
        try withLauncher { launcher in
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            let socket = try socket(launcher)
            kill(try #require(launcher.hostPID(of: try launcher.launch().pid)), SIGKILL)
            try launcher.waitUntilReady()
            #expect(try launcher.waitUntilAnswered(200).body == "\(try launcher.launch(2).pid)\n")
            #expect(launcher.launches.count == 2)
            #expect(try self.socket(launcher) == socket)
        }
    }

    @Test func itGoesWithTheApp() throws {
        try withLauncher { launcher in
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            let socket = try socket(launcher)
            #expect(FileManager.default.fileExists(atPath: socket))
            #expect(try launcher.ask("stop", "tensorboard").ending == .exited(0))
            try launcher.wait(until: "the socket to be gone") { !FileManager.default.fileExists(atPath: socket) }
            try launcher.waitUntilAnswered(503)
            #expect(try launcher.ask("start", "tensorboard").ending == .exited(0))
            try launcher.waitUntilAnswered(200)
        }
    }

    @Test func theNextSupervisorTakesThePlaceOver() throws {
        try withLauncher { launcher in
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            let (socket, supervisor) = (try socket(launcher), try launcher.supervisorPID())
            kill(supervisor, SIGKILL)
            _ = try launcher.supervisorPID(after: supervisor)
            try launcher.waitUntilReady()
            #expect(try launcher.waitUntilAnswered(200).body == "\(try launcher.launch(2).pid)\n")
            #expect(try self.socket(launcher) == socket)
        }
    }

    @Test func anAppThatListensAtAPortInsteadIsReported() throws {
        try withLauncher { launcher in
            let port = Port.free()
            try launcher.startUp([
                "--app", "app tensorboard -- tensorboard --host 0.0.0.0 --port \(port) --unused {socket}",
            ])
            try launcher.line("it listens at port \(port), and not at its socket, to which the front door forwards")
            try launcher.waitUntilAnswered(503)
        }
    }

    @Test func withALoginTheKeyIsTheOnlyWayIn() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "a key of our own"
            try launcher.startUp(line)
            try launcher.waitUntilReady()
            #expect(try launcher.answer().status == 401)
            try launcher.waitUntilAnswered(200, fields: ["Authorization: Bearer a key of our own"])
            let app = try #require(launcher.hostPID(of: try launcher.launch().pid))
            #expect(HostProcesses.listeningPorts(of: [app]) == [])
        }
    }
}

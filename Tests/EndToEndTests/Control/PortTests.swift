import Glibc
import Testing

/// A port that somebody else has.
@Suite(.timeLimit(TestTime.limit))
struct PortTests {
    @Test(arguments: Mode.available)
    func isWaitedForAndItsHolderNamed(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let other = try Bystander(port: launcher.port)
            try launcher.start()
            let line = try launcher.line("cannot start tensorboard: port \(launcher.port) is in use", "trying again")
            if mode == .subreaper { #expect(line.contains("in use by python3"), "\(line)") }
            if mode == .subreaper { #expect(line.contains("(pid \(other.process.pid))"), "\(line)") }
            #expect(launcher.launches.isEmpty)
            other.end()
            try launcher.waitUntilReady()
            #expect(launcher.launches.count == 1)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    /// A busy port is not the app's fault: it is no restart.
    @Test func doesNotCountAsARestart() throws {
        try withLauncher { launcher in
            let other = try Bystander(port: launcher.port)
            try launcher.start("--max-restarts", "0")
            try launcher.line("is in use")
            other.end()
            try launcher.waitUntilReady()
        }
    }

    @Test(arguments: Mode.available)
    func isFreeAgainForARelaunch(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            for round in 1...3 {
                launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/round-\(round)/")
                try launcher.podInfo.write()
                try launcher.waitUntilReady()
            }
            #expect(!launcher.errors.text.contains("is in use"))
            #expect(launcher.readiness(under: "/ingress/round-3/")?.status == 200)
            #expect(launcher.launches.count == 4)
        }
    }
}

import CraterRunCore
import Glibc
import Testing

/// What a kubelet is answered about a real TensorBoard.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct RealAppProbeTests {
    @Test(arguments: RealTensorBoard.available, Mode.available)
    func followTheRealTensorBoard(version: RealTensorBoard, mode: Mode) throws {
        try withLauncher(mode) { launcher in
            guard let bin = version.bin else { throw Failure("\(version.rawValue) is not set") }
            launcher.environment["PATH"] = "\(bin):/usr/bin:/bin"
            try launcher.startUp(["--app", "tensorboard --logdir logs"])
            // Not before it answers under its prefix: its port is taken long after its start.
            try launcher.wait(for: "/readyz/tensorboard", toAnswer: 503)
            #expect(launcher.probe("/readyz")?.status == 503)
            #expect(launcher.readiness() == nil)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.probe("/readyz/tensorboard")?.status == 200)

            // By the interval that is the default, 10 s.
            let supervisor = try launcher.supervisorPID()
            let app = try #require(launcher.living().first { $0.parent == supervisor && $0.group == $0.identity.pid })
            kill(app.identity.pid, SIGSTOP)
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "tensorboard: unready\n")
            kill(app.identity.pid, SIGCONT)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            #expect(HostProcesses.row(of: app.identity.pid)?.identity == app.identity)
            #expect(launcher.readiness()?.status == 200)
            #expect(!launcher.errors.text.contains("starting it again"))
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
            #expect(launcher.leftovers() == [])
        }
    }
}

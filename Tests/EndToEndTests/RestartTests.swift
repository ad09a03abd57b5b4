import Glibc
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RestartTests {
    @Test(arguments: Mode.available)
    func bringsTheAppBackAfterItWasKilled(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let first = try launcher.launch().pid
            kill(try #require(launcher.hostPID(of: first)), SIGKILL)
            try launcher.line("was killed by SIGKILL after", "starting it again in", "(restart 1")
            try launcher.waitUntilReady()
            #expect(try launcher.launch(2).pid != first)
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}

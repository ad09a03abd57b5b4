import Foundation
import Testing

/// Random requests to an app through the front door, compared with the same requests to the app itself.
@Suite(.timeLimit(TestTime.limit))
struct DoorComparisonTests {
    /// Fakes/raw says which headers may differ. CRATER_RUN_TEST_SEED repeats a run.
    @Test func aDoorChangesNothingButWhatIsDocumented() throws {
        let given = ProcessInfo.processInfo.environment
        let seed = given["CRATER_RUN_TEST_SEED"] ?? "\(UInt32.random(in: 0...UInt32.max))"
        let count = given["CRATER_RUN_TEST_REQUESTS"] ?? "2000"
        print("requests through the front door: CRATER_RUN_TEST_SEED=\(seed) CRATER_RUN_TEST_REQUESTS=\(count)")
        try withLauncher { launcher in
            try launcher.install(.raw, as: "raw")
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.removeRule("lars")
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("raw", port: launcher.port, prefix: launcher.prefix)
            try launcher.startUp([
                "--app", "app raw --door -- raw {port} {prefix} \(launcher.port) \(seed) \(count)",
            ])
            try launcher.line("crater-run: raw: ready after")
            let answer = try launcher.wait(for: "the door to forward") {
                HTTP.get("\(launcher.prefix)compare", port: launcher.port).flatMap { $0.status == 503 ? nil : $0 }
            }
            #expect(answer.status == 200)
            #expect(answer.body == "\(count) requests: no difference\n", "seed \(seed)")
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}

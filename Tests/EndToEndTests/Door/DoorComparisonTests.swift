import Foundation
import Testing

/// Random requests to an app through the front door, compared with the same requests to the app itself.
@Suite(.timeLimit(TestTime.limit))
struct DoorComparisonTests {
    /// Fakes/raw says which headers may differ. CRATER_RUN_TEST_SEED repeats a run. By hand there are fewer requests than on
    /// CI, so that nobody waits.
    @Test func aDoorChangesNothingButWhatIsDocumented() throws {
        let given = ProcessInfo.processInfo.environment
        let seed = given["CRATER_RUN_TEST_SEED"] ?? "\(UInt32.random(in: 0...UInt32.max))"
        let count = given["CRATER_RUN_TEST_REQUESTS"].flatMap { Int($0) } ?? (Mode.isOnCI ? 10_000 : 2000)
        print("requests through the front door: CRATER_RUN_TEST_SEED=\(seed) CRATER_RUN_TEST_REQUESTS=\(count)")
        try withLauncher { launcher in
            try launcher.install(.raw, as: "raw")
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.removeRule("lars")
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("raw", port: launcher.port, prefix: launcher.prefix)
            try launcher.startUp([
                "--app", "app raw --door -- raw {port} {prefix} \(launcher.port) \(seed)",
            ])
            try launcher.line("crater-run: raw: ready after")
            try launcher.wait(until: "the door forwards") {
                HTTP.get(launcher.prefix, port: launcher.port)?.status == 200
            }
            // In parts, since nobody waits for an answer for ever.
            for first in stride(from: 0, to: count, by: 500) {
                let path = "\(launcher.prefix)compare/\(first)-\(min(first + 500, count) - 1)"
                let answer = try #require(HTTP.get(path, port: launcher.port))
                #expect(answer.status == 200)
                try #require(answer.body == "no difference\n", "seed \(seed), requests from \(first) on")
            }
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}

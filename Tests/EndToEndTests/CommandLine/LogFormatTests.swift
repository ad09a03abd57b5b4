import Foundation
import Testing

/// crater-run's own lines, for programs.
@Suite(.timeLimit(TestTime.limit))
struct LogFormatTests {
    @Test(arguments: Mode.available)
    func isAnObjectALine(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["CRATER_RUN_LOG_FORMAT"] = "json"
            launcher.environment["FAKE_DO"] = "line:one;line:two;exit:3"
            try launcher.start("--max-restarts", "0", "--log-level", "debug")
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.output.text == "[tensorboard] one\n[tensorboard] two\n")
            var objects: [[String: Any]] = []
            for line in launcher.errors.lines.dropLast() {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                objects.append(try #require(object, "\(line)"))
            }
            func object(_ text: String) throws -> [String: Any] {
                try #require(objects.first { ($0["message"] as? String)?.contains(text) == true }, "\(objects)")
            }
            let time = try Regex(#"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{3}Z"#)
            #expect(objects.allSatisfy { ($0["time"] as? String)?.wholeMatch(of: time) != nil } == true)

            let (started, failed) = (try object("started as pid"), try object("exited with code 3"))
            #expect(started["level"] as? String == "info")
            #expect(started["app"] as? String == "tensorboard")
            let pid = try #require(started["pid"] as? Int)
            #expect((started["message"] as? String)?.hasPrefix("started as pid \(pid) at port ") == true)
            #expect(failed["level"] as? String == "error")
            #expect(failed["pid"] as? Int == pid)
            #expect(failed["exit_code"] as? Int == 3)
            #expect(failed["duration_seconds"] is Double)
            let report = try object("the last lines of its output were:")
            #expect(report["message"] as? String == "the last lines of its output were:\n    one\n    two")
            #expect(try object("running ")["level"] as? String == "debug")
        }
    }

    @Test func mustBeOneThatThereIs() throws {
        try withLauncher { launcher in
            try launcher.start("--log-format", "yaml")
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text == "crater-run: cannot use --log-format yaml: it must be text or json\n")
        }
    }
}

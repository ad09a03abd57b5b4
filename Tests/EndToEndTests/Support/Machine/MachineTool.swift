import CraterRunLinux
import Foundation
import Testing

/// A program of this machine that asks crater-run, or judges its answers, as users' programs do.
enum MachineTool: String, CaseIterable, CustomTestStringConvertible {
    case curl
    case promtool

    var testDescription: String { rawValue }

    var isThere: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/\(rawValue)", X_OK) == 0
        }
    }

    /// By hand what is missing is left out; on CI it is tried, so that nothing is left out unseen.
    var isTested: Bool { isThere || Mode.isOnCI }

    /// Runs it.
    ///
    /// - Parameter input: a file to read from.
    /// - Returns: everything that it printed.
    func run(_ words: [String], input: String = "/dev/null", expecting ending: Ending = .exited(0)) throws -> String {
        let output = try LineStream()
        let process = try SpawnedProcess(
            ["sh", "-c", #"input=$1; shift; exec "$@" 2>&1 < "$input""#, "sh", input, rawValue] + words,
            environment: Launcher.callersEnvironment(["PATH"]), streams: [.null, output.target, output.target])
        output.closeWriteEnd()
        let deadline = Deadline()
        while !process.hasEnded, !deadline.hasPassed {
            output.drain()
            _ = poll(nil, 0, 2)
        }
        output.drain()
        guard try process.waitForEnd() == ending else { throw Failure("\(self) \(words):\n\(output.text)") }
        return output.text
    }
}

@Suite struct MachineToolTests {
    @Test(
        .enabled(
            if: MachineTool.allCases.allSatisfy(\.isTested),
            "what users ask with is not all tested here: curl and promtool (Debian: prometheus) are not both installed"
        )
    )
    func areThere() {
        for tool in MachineTool.allCases { #expect(tool.isThere, "\(tool)") }
    }
}

import CraterRunLinux
import Foundation
import Testing

/// The place in the tree of processes that crater-run is tested in.
enum Mode: String, CaseIterable, CustomTestStringConvertible {
    /// PID 1 of a pid namespace of its own, as in a container.
    case processOne
    /// Somewhere below, as in a terminal or in a pod that shares its process namespace.
    case subreaper

    var testDescription: String { self == .processOne ? "as PID 1" : "as subreaper" }

    /// What starts the command that follows in this place.
    var wrapper: [String] {
        self == .processOne ? ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"] : []
    }

    /// The modes that this machine allows: a pid namespace needs root. On CI all are tried, so that none is left out
    /// unseen.
    static let available: [Mode] = canBeProcessOne || isOnCI ? allCases : [.subreaper]

    static let isOnCI = ProcessInfo.processInfo.environment["CI"] == "true"

    static let canBeProcessOne: Bool = {
        let words = Mode.processOne.wrapper + ["true"]
        guard let process = try? SpawnedProcess(words, environment: Launcher.callersEnvironment(["PATH"])) else {
            return false
        }
        return (try? process.waitForEnd()) == .exited(0)
    }()
}

@Suite struct ModeTests {
    @Test(
        .enabled(
            if: Mode.canBeProcessOne || Mode.isOnCI,
            "crater-run as PID 1 is not tested here: unshare --pid --fork --mount-proc needs root"
        )
    )
    func canTestAsProcessOne() {
        #expect(Mode.canBeProcessOne)
    }
}

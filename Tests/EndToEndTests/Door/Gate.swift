import CraterRunLinux
import Foundation

/// A gate that each start of an app waits at (Fakes/held), so that a test sees the app while it is starting.
struct Gate {
    private let directory: String

    /// - Parameter program: what the app is, once the gate is open.
    init(for launcher: Launcher, to program: String) throws {
        directory = "\(launcher.root)/held"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try GatedJob.prepare(in: directory)
        launcher.environment["HELD_AT"] = directory
        launcher.environment["HELD_PROGRAM"] = program
    }

    /// The executable that waits.
    static let executable = Launcher.fakes + "held"

    /// Lets one start go on, the one that waits or the next.
    func open() throws { try GatedJob.finish(in: directory, code: 0) }
}

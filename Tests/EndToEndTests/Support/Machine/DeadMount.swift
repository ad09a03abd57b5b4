import CraterRunLinux
import Foundation
import Glibc

/// A file system that never answers, mounted over a directory.
final class DeadMount {
    private let process: SpawnedProcess
    private let directory: String
    private var isMounted = true

    /// Returns when the directory does not answer any more.
    init(over directory: String, in launcher: Launcher) throws {
        self.directory = directory
        let program = "\(launcher.root)/deadmount"
        try Shell.run("gcc -static -O1 -Wall -Wextra -Werror -o $2 $1", Launcher.fakes + "deadmount.c", program)
        let output = try LineStream()
        process = try SpawnedProcess(
            [program, directory], environment: [], streams: [.null, output.target, output.target])
        output.closeWriteEnd()
        try launcher.wait(until: "it is mounted: \(output.text)") {
            output.drain()
            return output.takeLine(containing: ["mounted"]) != nil
        }
    }

    deinit { try? end() }

    /// The directory is as it was before.
    func end() throws {
        guard isMounted else { return }
        isMounted = false
        // Whoever waits gets an error with the end of the connection.
        process.send(SIGKILL)
        _ = try process.waitForEnd()
        try Shell.run("umount -l $1", directory)
    }

    /// Whether this machine lets us mount one: on CI it has to.
    static let isTested: Bool = Mode.isOnCI || getuid() == 0 && access("/dev/fuse", R_OK | W_OK) == 0
}

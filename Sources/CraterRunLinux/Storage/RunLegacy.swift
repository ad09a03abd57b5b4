internal import CLinux
internal import Glibc

/// A file in memory and a socket that the init role holds open for its supervisors, so that both outlive each
/// supervisor. The init role never reads them, and no path leads to them.
package final class RunLegacy: Sendable {
    /// The descriptors' numbers in a supervisor.
    package struct Descriptors: Sendable {
        package let memory: Int32
        package let owner: Int32

        /// Takes the descriptors over.
        ///
        /// - Returns: nil if they are not a file and a socket: then the init role did not start us.
        package init?(memory: Int32, owner: Int32) {
            guard memory > 2, owner > 2, memory != owner, (try? FileStatus(of: memory))?.kind == .regular,
                (try? FileStatus(of: owner))?.kind == .socket
            else { return nil }
            // Apps must not inherit them.
            for descriptor in [memory, owner] { _ = clinux_set_close_on_exec(descriptor) }
            self.memory = memory
            self.owner = owner
        }
    }

    private let memory: Int32
    private let owner: Int32

    init() throws(SystemCallError) {
        memory = try RunMemory.makeFile()
        do throws(SystemCallError) { owner = try RunOwner.makeSocket() } catch {
            Glibc.close(memory)
            throw error
        }
    }

    deinit {
        Glibc.close(memory)
        Glibc.close(owner)
    }

    /// The descriptors that a supervisor gets, and their numbers there.
    var passed: [(source: Int32, target: Int32)] { [(memory, 3), (owner, 4)] }
    /// The arguments that tell a supervisor these numbers.
    static let arguments = ["--memory", "3", "--owner", "4"]
}

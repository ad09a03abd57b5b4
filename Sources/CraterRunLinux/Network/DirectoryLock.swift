internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// Keeps others out of a directory who take the same lock (flock(2)), as long as it lives.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Nil where it cannot be had in half a second: whoever has it is stuck, and nobody is to wait for that.
    init?(of directory: HeldDirectory) {
        guard let descriptor = try? directory.openDescriptor() else { return nil }
        self.descriptor = descriptor
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            Pause.wait(.milliseconds(10))
        }
        // `deinit` closes it.
        return nil
    }

    deinit { Glibc.close(descriptor) }
}

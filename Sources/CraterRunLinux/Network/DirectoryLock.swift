internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// A lock on a directory (flock(2)). It keeps out other processes that take the same lock, as long as the object lives.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Nil if another process keeps the lock for half a second: that process hangs, and we do not wait for it.
    init?(of directory: HeldDirectory) {
        guard let descriptor = try? directory.openDescriptor() else { return nil }
        self.descriptor = descriptor
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            Pause.wait(.milliseconds(10))
        }
        // `deinit` closes the descriptor.
        return nil
    }

    deinit { Glibc.close(descriptor) }
}

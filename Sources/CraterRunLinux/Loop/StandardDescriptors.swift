internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Descriptors 0, 1 and 2, if they were closed at our start.
package enum StandardDescriptors {
    /// Fills the ones that are closed, so that no descriptor of ours gets their numbers and an app's output goes into an
    /// epoll instance or a socket. What we execute has them closed again.
    package static func fillClosed() {
        for descriptor: Int32 in 0...2 where clinux_descriptor_flags(descriptor) == -1 {
            // The lowest free number is taken, which is this one. Without /dev (an empty chroot) a pipe does: reading
            // meets its end, writing fails.
            if clinux_open("/dev/null", O_RDWR | O_CLOEXEC, 0) == -1 {
                var ends: [Int32] = [-1, -1]
                guard clinux_pipe(&ends) == 0 else { continue }
                let (kept, other) = descriptor == 0 ? (ends[0], ends[1]) : (ends[1], ends[0])
                // Both ends took the lowest numbers, so the wrong one may be here.
                if kept != descriptor {
                    clinux_duplicate(kept, descriptor)
                    close(kept)
                }
                if other != descriptor { close(other) }
            }
        }
    }
}

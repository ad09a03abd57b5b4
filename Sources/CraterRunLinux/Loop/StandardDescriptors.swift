internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Handles descriptors 0, 1 and 2 if they were closed at crater-run's start.
package enum StandardDescriptors {
    /// Opens /dev/null at each number that is closed. Otherwise a later descriptor of ours, such as an epoll instance
    /// or a socket, would get the number, and an app's output would be written into it. The programs that we execute
    /// have these descriptors closed.
    package static func fillClosed() {
        for descriptor: Int32 in 0...2 where clinux_descriptor_flags(descriptor) == -1 {
            // open(2) takes the lowest free number, which is this one. Without /dev (an empty chroot) one end of a pipe
            // is used instead: a read gets the end of file, a write fails.
            if clinux_open("/dev/null", O_RDWR | O_CLOEXEC, 0) == -1 {
                var ends: [Int32] = [-1, -1]
                guard clinux_pipe(&ends) == 0 else { continue }
                let (kept, other) = descriptor == 0 ? (ends[0], ends[1]) : (ends[1], ends[0])
                // The two ends took the lowest free numbers, so the end at this number may be the wrong one.
                if kept != descriptor {
                    clinux_duplicate(kept, descriptor)
                    close(kept)
                }
                if other != descriptor { close(other) }
            }
        }
    }
}

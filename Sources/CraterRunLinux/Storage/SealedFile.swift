internal import CLinux
internal import Glibc
internal import Synchronization

/// A file in memory that nobody can change any more. An app reads a secret from it if no directory is safe for the
/// secret.
final class SealedFile: Sendable {
    let descriptor: Int32

    init(_ bytes: [UInt8]) throws(SystemCallError) {
        let descriptor = try systemCall("memfd_create") { clinux_memory_file("crater-run") }
        self.descriptor = descriptor
        // `deinit` closes it from here on.
        try SmallFile.writeAll(bytes, to: descriptor, path: "memory")
        try systemCall("lseek") { lseek(descriptor, 0, SEEK_SET) }
        try systemCall("fcntl") { clinux_seal(descriptor) }
    }

    deinit { close(descriptor) }
}

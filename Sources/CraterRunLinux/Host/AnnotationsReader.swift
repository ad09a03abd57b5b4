internal import CLinux
package import CraterRunCore
internal import Glibc

/// Reads a file of a downward-API volume as it is now.
package enum AnnotationsReader {
    /// How often the path is tried: while the kubelet swaps the directory, the name can be missing for an instant.
    private static let attempts = 5

    /// The file's bytes. Never blocks: anything but a regular file (a FIFO, a terminal) is not read.
    package static func read(path: String) -> Result<[UInt8], AnnotationsReadFailure> {
        do throws(SystemCallError) {
            let descriptor = try open(path)
            defer { close(descriptor) }
            var status = stat()
            try systemCall("fstat", on: path) { fstat(descriptor, &status) }
            let type = status.st_mode & S_IFMT
            guard type == S_IFREG else { return .failure(.notAFile(path: path, kind: kind(ofType: type))) }
            guard let bytes = try readAll(descriptor, path: path, expected: Int(status.st_size)) else {
                return .failure(.tooLarge(path: path))
            }
            return .success(bytes)
        } catch {
            return .failure(failure(error, path: path))
        }
    }

    /// The rules in annotations that have been read, and in the labels file beside them, which many Pods do not have.
    package static func rules(of annotations: AnnotationsFile, path: String) -> IngressRules {
        let labels = try? read(path: FilePath.beside(path, "labels")).get()
        return IngressRules(annotations: annotations, labels: labels.map(AnnotationsFile.init))
    }

    private static func open(_ path: String) throws(SystemCallError) -> Int32 {
        var attempt = 1
        while true {
            do throws(SystemCallError) {
                // O_NONBLOCK: a FIFO without a writer would block. O_NOCTTY: a terminal would become PID 1's own.
                return try systemCall("open", on: path) {
                    clinux_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
                }
            } catch {
                guard error.number == ENOENT, attempt < attempts else { throw error }
                attempt += 1
            }
        }
    }

    /// Reads to the end; nil beyond the size limit.
    private static func readAll(
        _ descriptor: Int32,
        path: String,
        expected: Int
    ) throws(SystemCallError) -> [UInt8]? {
        let limit = AnnotationsReadFailure.sizeLimit
        var bytes: [UInt8] = []
        // One more byte, so that the end is seen without another buffer.
        var capacity = min(max(expected, 4096), limit) + 1
        while bytes.count <= limit {
            var chunk = [UInt8](repeating: 0, count: capacity)
            let count = try systemCall("read", on: path) {
                chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            capacity = 64 << 10
        }
        return nil
    }

    private static func failure(_ error: SystemCallError, path: String) -> AnnotationsReadFailure {
        switch error.number {
        case ENOENT: .missing(path: path)
        case EACCES: .permissionDenied(path: path)
        // open(2) fails with this number for a socket.
        case ENXIO: .notAFile(path: path, kind: "a socket or a device")
        default: .unreadable(path: path, reason: error.reason)
        }
    }

    private static func kind(ofType type: mode_t) -> String {
        switch type {
        case S_IFDIR: "a directory"
        case S_IFIFO: "a FIFO"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "something else"
        }
    }
}

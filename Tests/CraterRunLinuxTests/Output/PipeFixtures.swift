import CLinux
import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// Lines as the writer gets them: without a tag, in pieces.
func pieces(_ text: String) -> [OutputPiece] {
    var splitter = LineSplitter(tag: "")
    return splitter.take(text.utf8) + splitter.finish()
}

/// Writing to a broken pipe must not end the test's process. Threads that are made from here on have it blocked too.
func blockBrokenPipeSignal() {
    var mask = sigset_t()
    clinux_sigset_add(&mask, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &mask, nil)
}

/// Fills a pipe to the brim.
///
/// - Returns: how many bytes that took.
@discardableResult
func fill(_ pipe: TestPipe) -> Int {
    let copy = clinux_open("/proc/self/fd/\(pipe.writeEnd)", O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0)
    let chunk = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
    var count = 0
    while write(copy, chunk, chunk.count) > 0 { count += chunk.count }
    close(copy)
    return count
}

/// Reads a pipe to its end on a thread of its own.
final class Reader: Sendable {
    private let state = Mutex((bytes: [UInt8](), isAtEnd: false))

    init(_ descriptor: Int32, isKeeping: Bool = true) {
        onThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while Wait.untilReadable(descriptor) {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                if isKeeping { state.withLock { $0.bytes += buffer.prefix(count) } }
            }
            state.withLock { $0.isAtEnd = true }
        }
    }

    var isAtEnd: Bool { state.withLock { $0.isAtEnd } }
    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
    func count(of part: String) -> Int { text.split(separator: part, omittingEmptySubsequences: false).count - 1 }
}

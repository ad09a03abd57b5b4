/// How a process ended, as waitid(2) tells it.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// The process exited with a code, 0…255.
    case exited(code: Int32)
    /// A signal killed the process.
    case signaled(Signal)
    /// The process is gone, and its status is lost: the kernel reaped it because SIGCHLD was ignored for a moment.
    case unknown

    /// Whether the process ended well: with code 0.
    package var isSuccess: Bool { self == .exited(code: 0) }

    /// The exit code as a shell reports it: the process's own, or 128 + n after signal n; 1 if the status is lost.
    package var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + min(max(signal.number, 0), 127)
        case .unknown: 1
        }
    }

    package var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signaled(let signal): "was killed by \(signal)"
        case .unknown: "is gone, and its exit status was lost"
        }
    }
}

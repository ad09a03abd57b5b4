/// How a process ended, as waitid(2) tells it.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It exited with a code, 0…255.
    case exited(code: Int32)
    /// A signal killed it.
    case signaled(Signal)
    /// It is gone and nobody can say how: the kernel reaped it (a SIGCHLD that was ignored for a moment).
    case unknown

    /// Whether it ended well: code 0.
    package var isSuccess: Bool { self == .exited(code: 0) }

    /// The exit code by the shell's custom: its own, or 128 + n by signal n; 1 where it cannot be known.
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
        case .unknown: "is gone, with a status that was lost"
        }
    }
}

internal import CLinux
internal import Glibc

/// A system call that failed: which one, on what, and errno as it was in the same breath.
package struct SystemCallError: Error, Equatable, CustomStringConvertible {
    /// The call's name as its man page has it.
    package let call: String
    /// What it was called on (a path, a pid), or empty.
    package let subject: String
    /// errno(3).
    package let number: Int32

    package init(call: String, subject: String = "", number: Int32) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// Whether it was given up because its time was over.
    package var isTimeout: Bool { number == ETIMEDOUT }

    /// Whether it is the file system that failed, and not what was asked of it: a network mount that has lost its server, a disk
    /// that is broken. It may work again.
    var isOfFileSystem: Bool {
        [EIO, ENOTCONN, ESTALE, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH, ETIMEDOUT, ECONNABORTED, ECONNRESET]
            .contains(number)
    }

    /// errno's text, such as `No such file or directory`.
    package var reason: String { systemErrorText(number) }

    package var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}

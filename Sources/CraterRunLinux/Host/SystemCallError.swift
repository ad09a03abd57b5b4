internal import CLinux
internal import Glibc

/// A failed system call: its name, what it was called on, and its errno.
package struct SystemCallError: Error, Equatable, CustomStringConvertible {
    /// The call's name, as in its man page.
    package let call: String
    /// What the call was made on (a path, a pid), or empty.
    package let subject: String
    /// errno(3).
    package let number: Int32

    package init(call: String, subject: String = "", number: Int32) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// Whether the call was given up after a time limit.
    package var isTimeout: Bool { number == ETIMEDOUT }

    /// Whether the file system failed, and not the request: a network mount has lost its server, or a disk is broken.
    /// It may work again.
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

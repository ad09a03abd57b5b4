/// Why the bytes of a link between a supervisor and its door cannot be read. Both are of the same program, so one of them is
/// broken: the link is given up.
package enum LinkFailure: Error, Equatable, Sendable {
    /// A frame longer than ``LinkFrame/longest``.
    case tooLong(UInt32)
    /// What is wrong with a frame, as the end of a sentence.
    case malformed(String)

    /// What is wrong, as the end of a sentence.
    package var reason: String {
        switch self {
        case .tooLong(let length): "a frame has \(length) bytes"
        case .malformed(let text): text
        }
    }
}

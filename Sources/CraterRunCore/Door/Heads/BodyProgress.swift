/// What bytes are to the body that they belong to.
package enum BodyProgress: Equatable, Sendable {
    /// All of these bytes belong to the body, and more can follow.
    case more
    /// The body ends before this offset in these bytes.
    case ended(at: Int)
    /// The bytes before this offset are in order, and the one at the offset is not.
    case malformed(at: Int)
}

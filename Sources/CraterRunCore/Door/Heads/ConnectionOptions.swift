/// What the Connection headers of a head name (RFC 9110, 7.6.1).
struct ConnectionOptions: OptionSet, Equatable, Sendable {
    let rawValue: UInt8

    static let close = ConnectionOptions(rawValue: 1)
    static let keepAlive = ConnectionOptions(rawValue: 2)
    static let upgrade = ConnectionOptions(rawValue: 4)
    /// Other names: the headers of these names belong to the connection and do not go on.
    static let others = ConnectionOptions(rawValue: 8)
}

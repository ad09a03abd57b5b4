/// What the Connection headers of a head name (RFC 9110, 7.6.1).
struct ConnectionOptions: OptionSet, Sendable {
    let rawValue: UInt8

    static let close = ConnectionOptions(rawValue: 1)
    static let keepAlive = ConnectionOptions(rawValue: 2)
    static let upgrade = ConnectionOptions(rawValue: 4)
    /// Other names: the headers of these names belong to the connection and do not go on.
    static let others = ConnectionOptions(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ headers: HeaderFields) {
        var options: ConnectionOptions = []
        headers.forEachMember(of: .connection) { member in
            if HeaderSyntax.equals(member, ignoringCase: "keep-alive") {
                options.insert(.keepAlive)
            } else if HeaderSyntax.equals(member, ignoringCase: "close") {
                options.insert(.close)
            } else if HeaderSyntax.equals(member, ignoringCase: "upgrade") {
                options.insert(.upgrade)
            } else {
                options.insert(.others)
            }
        }
        self = options
    }

    /// Whether a connection with these options goes on after the message (RFC 9112, 9.3).
    func keepAlive(_ version: HTTPVersion) -> Bool {
        !contains(.close) && (version == .v11 || contains(.keepAlive))
    }
}

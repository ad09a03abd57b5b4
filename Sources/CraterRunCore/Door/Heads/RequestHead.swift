/// The head of a request, read into ranges of its bytes (RFC 9112). Nothing is decoded: the bytes can go on as they came.
/// A class, since a decision and an exchange hold the same head.
package final class RequestHead: Sendable {
    package let headers: HeaderFields
    package let method: RequestMethod
    package let methodName: Range<Int>
    /// The whole request target.
    package let target: Range<Int>
    /// The target's path: empty for `*` and for an absolute target without one.
    package let path: Range<Int>
    /// What follows the target's first `?`; nil without one.
    package let query: Range<Int>?
    package let version: HTTPVersion
    package let framing: BodyFraming
    /// Whether the client wants to go on with the connection after the answer (RFC 9112, 9.3).
    package let keepsAlive: Bool
    /// Whether the client offers another protocol than HTTP/2, such as websocket (RFC 9110, 7.8).
    package let isUpgrade: Bool
    /// Whether the client waits for a 100 before it sends the body (RFC 9110, 10.1.1).
    package let expectsContinue: Bool
    let connection: ConnectionOptions
    /// Where the headers' lines end and the empty line begins.
    let fieldsEnd: Int

    init(
        headers: HeaderFields, method: RequestMethod, line: RequestLine, path: Range<Int>, query: Range<Int>?,
        framing: BodyFraming, isUpgrade: Bool, expectsContinue: Bool, connection: ConnectionOptions, fieldsEnd: Int
    ) {
        self.headers = headers
        self.method = method
        methodName = line.method
        target = line.target
        version = line.version
        self.path = path
        self.query = query
        self.framing = framing
        keepsAlive = connection.keepAlive(line.version)
        self.isUpgrade = isUpgrade
        self.expectsContinue = expectsContinue
        self.connection = connection
        self.fieldsEnd = fieldsEnd
    }

    package var bytes: [UInt8] { headers.bytes }
    package func text(_ range: Range<Int>) -> String { headers.text(range) }
    package subscript(_ header: KnownHeader) -> Range<Int>? { headers[header] }
}

// The rest is read from the bytes.
extension RequestHead: Equatable {
    package static func == (one: RequestHead, other: RequestHead) -> Bool { one === other || one.bytes == other.bytes }
}

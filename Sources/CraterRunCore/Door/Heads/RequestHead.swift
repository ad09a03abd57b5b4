/// The head of a request, read into ranges of its bytes (RFC 9112). Nothing is decoded: the bytes can go on as they came.
package struct RequestHead: Equatable, Sendable {
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

    package var bytes: [UInt8] { headers.bytes }
    package func text(_ range: Range<Int>) -> String { headers.text(range) }
    package subscript(_ header: KnownHeader) -> Range<Int>? { headers[header] }
}

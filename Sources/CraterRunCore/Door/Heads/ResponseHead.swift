/// The head of an app's response, read into ranges of its bytes (RFC 9112, 4). Read more leniently than a request, since
/// the app is what the user chose, and a browser would have taken the same bytes.
package struct ResponseHead: Equatable, Sendable {
    package let headers: HeaderFields
    package let version: HTTPVersion
    /// From 100 to 999.
    package let status: Int
    /// The status line's code, and reason phrase if there is one: `200 OK`.
    let statusAndReason: Range<Int>
    /// Whether the app goes on with the connection after the body, as far as the head says. A body that ends with the
    /// connection ends it in any case.
    package let keepsAlive: Bool
    let connection: ConnectionOptions
    /// The framing of a response that can have a body.
    let bodyFraming: BodyFraming
    /// Where the header lines end and the empty line begins.
    let fieldsEnd: Int

    package var bytes: [UInt8] { headers.bytes }
    package func text(_ range: Range<Int>) -> String { headers.text(range) }
    package subscript(_ header: KnownHeader) -> Range<Int>? { headers[header] }

    /// Whether another head follows for the same request: 1xx without 101.
    package var isInterim: Bool { (100..<200).contains(status) && status != 101 }

    /// Whether the status line ends with the code, without the space that ought to follow.
    var hasBareStatus: Bool { statusAndReason.count == 3 }

    /// How the body's end is found in the answer to a request of this method (RFC 9112, 6.3).
    package func framing(to method: RequestMethod) -> BodyFraming {
        if method == .head || status < 200 || status == 204 || status == 304 { return .none }
        return bodyFraming
    }
}

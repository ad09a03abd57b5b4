/// Why a head is not accepted. The connection is closed after the answer, since where the next message begins is unknown.
package enum HeadRefusal: Error, Equatable, Sendable {
    /// What is wrong, as a whole sentence without its full stop.
    case malformed(String)
    case tooLong
    /// The head does not say clearly where the body ends. What is wrong, as a whole sentence without its full stop.
    case ambiguousFraming(String)
    case unsupportedTransferCoding
    /// CONNECT, which makes a tunnel to any host.
    case unsupportedMethod
    case unsupportedVersion

    /// The status of the answer to a request (RFC 9110, 15; RFC 6585, 5). A response that is refused is answered with 502.
    package var status: Int {
        switch self {
        case .malformed, .ambiguousFraming: 400
        case .tooLong: 431
        case .unsupportedTransferCoding, .unsupportedMethod: 501
        case .unsupportedVersion: 505
        }
    }

    /// What is wrong, as a whole sentence without its full stop.
    package var text: String {
        switch self {
        case .malformed(let text), .ambiguousFraming(let text): text
        case .tooLong:
            "the header fields are longer than \(HeadLimits.requestBytes) bytes or more than \(HeadLimits.fields)"
        case .unsupportedTransferCoding: "the Transfer-Encoding is not chunked"
        case .unsupportedMethod: "the method CONNECT is not supported"
        case .unsupportedVersion: "the version of HTTP is not 1.0 or 1.1"
        }
    }
}

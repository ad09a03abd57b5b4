/// The version of HTTP that a head names. Later minor versions of HTTP/1 are read as 1.1 (RFC 9110, 2.5).
package enum HTTPVersion: UInt8, Comparable, Sendable {
    case v10, v11

    package static func < (one: HTTPVersion, other: HTTPVersion) -> Bool { one.rawValue < other.rawValue }
}

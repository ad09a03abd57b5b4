/// A route's prefix as bytes, made once for the route.
package struct PrefixBytes: Equatable, Sendable {
    /// `/a/`, or `/` for the root.
    package let withSlash: [UInt8]

    package init(_ prefix: PathPrefix) { withSlash = Array(prefix.withTrailingSlash.utf8) }

    /// `/a`; empty for the root.
    package var withoutSlash: ArraySlice<UInt8> { withSlash.dropLast() }

    package var isRoot: Bool { withSlash.count <= 1 }

    /// Whether the path is the prefix or is below it: `/a` and `/a/b` are at `/a`, and `/ab` is not.
    package func contains(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.starts(with: withoutSlash) else { return false }
        return path.count == withoutSlash.count || path.dropFirst(withoutSlash.count).first == Byte.slash
    }
}

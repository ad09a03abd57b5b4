/// The message authentication code HMAC (RFC 2104) with SHA-256.
package struct HMAC256: Sendable {
    /// The hashes after the padded key, so that a key that is used often is hashed once.
    private let inner: SHA256
    private let outer: SHA256

    package init(key: [UInt8]) {
        let key = key.count > SHA256.blockLength ? SHA256.digest(of: key) : key
        let padded = key + [UInt8](repeating: 0, count: SHA256.blockLength - key.count)
        func hash(_ pad: UInt8) -> SHA256 {
            var hash = SHA256()
            hash.take(padded.lazy.map { $0 ^ pad })
            return hash
        }
        inner = hash(0x36)
        outer = hash(0x5c)
    }

    /// The 32 bytes of the code.
    package func code(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var (inner, outer) = (inner, outer)
        inner.take(bytes)
        outer.take(inner.digest)
        return outer.digest
    }
}

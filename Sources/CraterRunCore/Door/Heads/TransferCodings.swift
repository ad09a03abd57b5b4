/// What the Transfer-Encoding headers of a head name (RFC 9112, 6.1).
struct TransferCodings: Equatable, Sendable {
    /// How often `chunked` is named.
    private(set) var chunked = 0
    /// How many codings other than `chunked` and `identity` are named. `identity` means no coding, and was one of RFC
    /// 2616's.
    private(set) var others = 0
    private(set) var isLastChunked = false

    /// Whether the body is sent as it is.
    var isNone: Bool { chunked + others == 0 }

    init(_ headers: HeaderFields) {
        headers.forEachMember(of: .transferEncoding) { member in
            isLastChunked = HeaderSyntax.equals(member, ignoringCase: "chunked")
            if isLastChunked {
                chunked += 1
            } else if !HeaderSyntax.equals(member, ignoringCase: "identity") {
                others += 1
            }
        }
    }
}

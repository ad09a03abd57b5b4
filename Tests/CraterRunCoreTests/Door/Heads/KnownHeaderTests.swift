import Testing

@testable import CraterRunCore

struct KnownHeaderTests {
    private func read(_ name: String) -> KnownHeader? {
        var reader = HeaderNameReader()
        name.utf8.forEach { reader.append($0) }
        return reader.known
    }

    @Test(arguments: KnownHeader.allCases.filter { $0 != .underscoredForwarded })
    func isRecognisedInAnyCase(_ header: KnownHeader) {
        #expect(read(header.name) == header)
        #expect(read(header.name.uppercased()) == header)
        #expect(header.name.utf8.count <= 24)
        for other in ["x" + header.name, header.name + "x", String(header.name.dropLast()), header.name + "-"] {
            #expect(read(other) == nil)
        }
    }

    @Test(arguments: [
        "", "x", "hos", "hosts", "cookie2", "set-cookie2", "x-forwarded-port", "service-worker-allowed-and-more",
        "service-worker-allowed-x-y-z", "host\u{0}", "accept_encoding", "content_length",
    ])
    func isNoOtherName(_ name: String) { #expect(read(name) == nil) }

    /// WSGI apps read an underscore as a hyphen.
    @Test(arguments: ["X_Forwarded_Prefix", "x-forwarded_for", "X_FORWARDED-HOST", "x_forwarded_proto"])
    func tellsForwardedNamesWithUnderscores(_ name: String) { #expect(read(name) == .underscoredForwarded) }

    @Test func hasABitForEachHeader() { #expect(KnownHeader.allCases.count <= 64) }
}

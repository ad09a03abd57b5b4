import Testing

@testable import CraterRunCore

struct PrefixBytesTests {
    @Test(
        arguments: [
            ("/in/x", "/in/x", ""), ("/in/x", "/in/x/", "/"), ("/in/x", "/in/x/a", "/a"), ("/in/x", "/in/x//a", "//a"),
            ("/in/x", "/in/xy", nil), ("/in/x", "/in/", nil), ("/in/x", "", nil), ("/in/x", "/IN/x", nil),
            ("/", "/", "/"), ("/", "/a", "/a"), ("/", "", ""),
            // A character and its escape are the same, but for a slash.
            ("/u@h", "/u%40h/a", "/a"), ("/u%40h", "/u@h/a", "/a"), ("/u%40h", "/u%40h", ""),
            ("/%C3%A9", "/%c3%a9/%40", "/%40"),
            ("/in/x", "/%69%6E/x", ""), ("/in/x", "/in%2Fx", nil), ("/in/x", "/in%2fx/", nil),
            ("/in/x", "/in/x%2Fa", nil),
            ("/in/x", "/in/x%79", nil), ("/u%40h", "/u%4", nil), ("/u%40h", "/u%", nil), ("/in/x", "/in/%", nil),
            ("/%25", "/%25", ""), ("/%2541", "/%41", nil), ("/%2541", "/A", nil),
        ])
    func findsWhereThePathGoesOn(_ prefix: String, _ path: String, _ rest: String?) throws {
        let path = HeadText.bytes("GET " + path)[4...]
        let bytes = PrefixBytes(try PathPrefix(prefix))
        #expect(bytes.end(in: path).map { HeadText.text(path[$0...]) } == rest)
        #expect(bytes.contains(path) == (rest != nil))
    }

    @Test func hasBothForms() throws {
        let prefix = PrefixBytes(try PathPrefix("/in/x/"))
        #expect(HeadText.text(prefix.withSlash) == "/in/x/")
        #expect(HeadText.text(prefix.withoutSlash) == "/in/x")
        #expect(!prefix.isRoot)
        #expect(PrefixBytes(.root).isRoot)
        #expect(PrefixBytes(.root).withoutSlash.isEmpty)
    }
}

import Testing

@testable import CraterRunCore

struct IngressPublicHostTests {
    @Test(arguments: [
        ("crater.example.org", "crater.example.org"), ("Crater.Example.ORG", "crater.example.org"), ("localhost", nil),
        ("host:8443", nil), ("https://host", "host"), ("HTTPS://host:1/", "host:1"), ("host/", "host"),
        ("10.0.0.1", nil),
        ("[2001:db8::1]", nil), ("[::1]:65535", nil), ("a-b.c", nil), ("xn--bcher-kva.example", nil),
    ])
    func accepts(_ text: String, host: String?) throws {
        #expect(try PublicHost(text).description == host ?? text)
    }

    @Test(
        arguments: [
            ("", .empty), ("https://", .empty), ("/", .empty), ("http://host", .otherScheme),
            ("https://host/path", .hasPath), ("host/path/", .hasPath), ("ftp://host", .hasPath), ("//host", .hasPath),
            ("ho st", .badHost), ("host?x", .badHost), ("user@host", .badHost), ("-a", .badHost), ("a-", .badHost),
            ("a..b", .badHost), (".a", .badHost), ("a.", .badHost), ("bücher", .badHost), ("*.example", .badHost),
            ("[::1", .badHost), ("[]", .badHost), ("[x::1]", .badHost), ("::1", .badHost), (":80", .badHost),
            ("host\n", .badHost), ("a\u{0}", .badHost), (String(repeating: "a", count: 64), .badHost),
            (Array(repeating: "abc", count: 64).joined(separator: "."), .badHost),
            ("host:", .badPort), ("host:0", .badPort), ("host:65536", .badPort), ("host:+1", .badPort),
            ("host:x", .badPort), ("host:1:2", .badPort), ("[::1]x", .badPort),
        ] as [(String, PublicHost.ValidationError)])
    func rejects(_ text: String, error: PublicHost.ValidationError) {
        #expect(throws: error) { try PublicHost(text) }
    }

    @Test func makesAURLOfHostAndPrefix() throws {
        let rule = IngressRule(name: "a", port: 1, prefix: try PathPrefix("/a"))
        let host = try PublicHost("crater.example:8443")
        #expect(AccessURL(of: rule).description == "/a/")
        #expect(AccessURL(of: rule, publicHost: host).description == "https://crater.example:8443/a/")
        let root = IngressRule(name: "a", port: 1, prefix: .root)
        #expect(AccessURL(of: root, publicHost: host).description == "https://crater.example:8443/")
    }

    @Test func prefersTheHostOfTheRuleItself() throws {
        let rule = IngressRule(name: "a", port: 1, prefix: .root, publicHost: "a.crater.example")
        #expect(AccessURL(of: rule, publicHost: try PublicHost("other")).description == "https://a.crater.example/")
    }
}

import Testing

@testable import CraterRunCore

/// What an app without a prefix writes, and what a browser gets. The prefix is `/in/x`, the app listens at port 41217,
/// and the request came for `h.example:8443` by an ingress at `crater.example`.
struct StrippingTests {
    private func forward(_ line: String, strips: Bool = true, prefix: String = "/in/x", target: String = "/in/x/a")
        throws -> String?
    {
        let addresses = AppAddresses(backendPort: 41217, publicHost: "Public.example")
        let request = try HeadText.request(
            "GET \(target) HTTP/1.1", "Host: h.example:8443", "X-Forwarded-Host: crater.example, outer.example:443")
        var output: [UInt8] = []
        ForwardedHead.write(
            try HeadText.response("HTTP/1.1 200 OK", line), to: request, keepsAlive: true,
            edits: ResponseEdits(prefix: PrefixBytes(try PathPrefix(prefix)), stripping: strips ? addresses : nil),
            to: &output)
        return HeadText.lines(output).dropFirst().first
    }

    @Test(
        arguments: [
            ("/", "/in/x/"), ("/login?next=/a#b", "/in/x/login?next=/a#b"), ("/%2F;a", "/in/x/%2F;a"),
            ("/in/xy", "/in/x/in/xy"),
            ("/\\other", "/in/x/\\other"),
            // The app knows the prefix by X-Forwarded-Prefix.
            ("/in/x/a", "/in/x/a"), ("/in/x", "/in/x"), ("/in/x?a", "/in/x?a"), ("/in/x#a", "/in/x#a"),
            // Full URLs of the app's own hosts become paths.
            ("http://h.example:8443/a", "/in/x/a"), ("https://H.example:8443/a?b", "/in/x/a?b"),
            ("http://h.example:8443", "/in/x/"), ("http://h.example:8443?q", "/in/x/?q"),
            ("http://h.example:8443#q", "/in/x/#q"),
            ("http://127.0.0.1:41217/a", "/in/x/a"), ("http://localhost:41217/", "/in/x/"),
            ("https://crater.example/a", "/in/x/a"), ("https://crater.example:443/a", "/in/x/a"),
            ("https://outer.example/a", "/in/x/a"), ("http://public.example/a", "/in/x/a"),
            ("http://h.example:8443/in/x/a", "/in/x/a"), ("//h.example:8443/a", "/in/x/a"),
            ("http://h.example:8443//evil/a", "/in/x//evil/a"), ("http://h.example:8443\\@evil/", "/in/x/\\@evil/"),
            // Other hosts and relative paths stay.
            ("//other/", "//other/"), ("//other", "//other"), ("///other", "///other"),
            ("https://other/a", "https://other/a"),
            ("http://h.example/a", "http://h.example/a"),
            ("http://h.example:8443@evil/", "http://h.example:8443@evil/"),
            ("http://h.example:8443.evil/", "http://h.example:8443.evil/"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1/"),
            ("a/b", "a/b"), ("../b", "../b"), ("?a", "?a"), ("#a", "#a"), ("mailto:a@b", "mailto:a@b"),
            ("http:/a", "http:/a"),
            ("http://", "http://"), ("//", "//"),
        ])
    func rewritesALocation(_ value: String, _ expected: String) throws {
        #expect(try forward("Location: " + value) == "Location: " + expected)
        #expect(try forward("Location: " + value, strips: false) == "Location: " + value)
        #expect(try forward("Location: " + value, prefix: "/") == "Location: " + value)
    }

    /// An app that appends a slash to the path that it was asked for must not lead to another host.
    @Test(arguments: [
        ("/in/x//other/a", "//other/a/", "/in/x//other/a/"), ("/in/x//other", "///", "/in/x///"),
        ("/in/x//other", "https://other/", "https://other/"), ("/in/x/a//other", "//other/", "//other/"),
    ])
    func leadsToNoHostThatIsPartOfAPath(_ target: String, _ value: String, _ expected: String) throws {
        #expect(try forward("Location: " + value, target: target) == "Location: " + expected)
    }

    @Test(
        arguments: [
            ("a=1; Path=/", "a=1; Path=/in/x/"), ("a=1; path = /b ; Secure", "a=1; path = /in/x/b ; Secure"),
            ("a=1;PATH=/;HttpOnly", "a=1;PATH=/in/x/;HttpOnly"),
            ("a=1; Path=/a; Path=/b", "a=1; Path=/in/x/a; Path=/in/x/b"),
            ("a=1; Path=/in/xy", "a=1; Path=/in/x/in/xy"), ("a=\u{FF}; Path=/", "a=\u{FF}; Path=/in/x/"),
            ("; Path=/", "; Path=/"),
            // These stay.
            ("a=1", "a=1"), ("a=1; Secure", "a=1; Secure"), ("a=1; Path", "a=1; Path"), ("a=1; Path=", "a=1; Path="),
            ("a=1; Path=b", "a=1; Path=b"), ("a=1; Path=/in/x", "a=1; Path=/in/x"),
            ("a=1; Path=/in/x/b", "a=1; Path=/in/x/b"),
            ("Path=/; Secure", "Path=/; Secure"), ("a=1; XPath=/", "a=1; XPath=/"), ("a=1; Domain=/", "a=1; Domain=/"),
            ("__Host-a=1; Path=/; Secure", "__Host-a=1; Path=/; Secure"), ("__host-a=1; Path=/", "__host-a=1; Path=/"),
        ])
    func rewritesTheCookiesPath(_ value: String, _ expected: String) throws {
        #expect(try forward("Set-Cookie: " + value) == "Set-Cookie: " + expected)
        #expect(try forward("Set-Cookie: " + value, strips: false) == "Set-Cookie: " + value)
        #expect(try forward("Set-Cookie: " + value, prefix: "/") == "Set-Cookie: " + value)
    }

    /// The app's value, and what becomes of it when the app knows its prefix, and when it does not.
    @Test(
        arguments: [
            ("/in/x/", "/in/x/", "/in/x/"), ("/in/x/a", "/in/x/a", "/in/x/a"), ("/", "/in/x/", "/in/x/"),
            ("/a/", "/in/x/", "/in/x/a/"), ("/in/xy/", "/in/x/", "/in/x/in/xy/"),
            // Without its last slash the prefix is a scope for /in/xy as well.
            ("/in/x", "/in/x/", "/in/x/"), ("/in/", "/in/x/", "/in/x/in/"),
            ("", "/in/x/", "/in/x/"), ("a/", "/in/x/", "/in/x/"), ("../", "/in/x/", "/in/x/"),
            ("//other/", "/in/x/", "/in/x/"),
            ("https://h.example:8443/", "/in/x/", "/in/x/"), ("/in/x/../", "/in/x/", "/in/x/"),
            ("/in/x/%2e./", "/in/x/", "/in/x/"), ("/in/x/.%2E/", "/in/x/", "/in/x/"),
            ("/in/x/\\..", "/in/x/", "/in/x/"),
            ("/in/x/.\t./", "/in/x/", "/in/x/"), ("/\\other", "/in/x/", "/in/x/"), ("/in/x/\u{E4}", "/in/x/", "/in/x/"),
            ("/../", "/in/x/", "/in/x/"), ("/in/x/%2Fa", "/in/x/%2Fa", "/in/x/%2Fa"),
        ])
    func clampsTheScope(_ value: String, _ known: String, _ stripped: String) throws {
        let name = "Service-Worker-Allowed: "
        #expect(try forward(name + value, strips: false) == name + known)
        #expect(try forward(name + value) == name + stripped)
    }

    @Test(arguments: [("/", "/"), ("/a/", "/a/"), ("//other/", "/"), ("https://h/", "/")])
    func clampsTheScopeToTheHostAtTheRoot(_ value: String, _ expected: String) throws {
        #expect(try forward("Service-Worker-Allowed: " + value, prefix: "/") == "Service-Worker-Allowed: " + expected)
    }
}

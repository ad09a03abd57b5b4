import Testing

@testable import CraterRunCore

struct IngressPathPrefixTests {
    @Test(arguments: ["/ingress/liuxw24-379e0/", "/ingress/liuxw24-379e0"])
    func isTheSameWithAndWithoutATrailingSlash(_ text: String) throws {
        let prefix = try PathPrefix(text)
        #expect(prefix == (try PathPrefix("/ingress/liuxw24-379e0")))
        #expect(prefix.withTrailingSlash == "/ingress/liuxw24-379e0/")
        #expect(prefix.withoutTrailingSlash == "/ingress/liuxw24-379e0")
        #expect(prefix.appending("/data/environment") == "/ingress/liuxw24-379e0/data/environment")
        #expect(prefix.appending("api") == "/ingress/liuxw24-379e0/api")
        #expect(!prefix.isRoot)
    }

    @Test(arguments: ["", "/"])
    func takesNothingAsTheRoot(_ text: String) throws {
        let prefix = try PathPrefix(text)
        #expect(prefix == .root)
        #expect(prefix.isRoot)
        #expect(prefix.withTrailingSlash == "/")
        #expect(prefix.withoutTrailingSlash == "/")
        #expect(prefix.appending("/data/environment") == "/data/environment")
    }

    @Test(arguments: [
        "/a", "/A/b.c/d_e~f-g", "/a!$&()*+,;=:@b", "/%20", "/%C3%A9", "/...", "/.a", "/a..", "/%2e%2e%2e", "/%252f",
    ])
    func acceptsWhatAURLPathMayHold(_ text: String) throws {
        #expect(try PathPrefix(text).withoutTrailingSlash == text)
    }

    @Test(
        arguments: [
            ("a", .noLeadingSlash), ("--logdir=/", .noLeadingSlash), ("http://host/a", .noLeadingSlash),
            (" /a", .noLeadingSlash), ("\\a", .noLeadingSlash),
            // What a browser would take for a host.
            ("//", .emptySegment), ("//evil", .emptySegment), ("/a//b", .emptySegment), ("/a//", .emptySegment),
            ("///", .emptySegment),
            // What a browser, nginx or the app would resolve.
            ("/.", .dotSegment), ("/..", .dotSegment), ("/a/../b", .dotSegment), ("/a/./", .dotSegment),
            ("/%2e%2e/", .dotSegment), ("/.%2E", .dotSegment), ("/%2E", .dotSegment), ("/../", .dotSegment),
            // What one of them would decode and another not.
            ("/a%2fb", .forbiddenEscape("%2f")), ("/a%2Fb", .forbiddenEscape("%2f")), ("/%5c", .forbiddenEscape("%5c")),
            ("/%5C", .forbiddenEscape("%5c")), ("/%0a", .forbiddenEscape("%0a")), ("/%00", .forbiddenEscape("%00")),
            ("/%", .badEscape), ("/%2", .badEscape), ("/%g0", .badEscape), ("/%/0", .badEscape),
            ("/a%u0041", .badEscape),
            ("/a?b", .forbiddenCharacter(#""?""#)), ("/a#b", .forbiddenCharacter("\"#\"")),
            ("/a b", .forbiddenCharacter(#"" ""#)), ("/a\tb", .forbiddenCharacter(#""\t""#)),
            ("/a\nb", .forbiddenCharacter(#""\n""#)), ("/a\r\n", .forbiddenCharacter(#""\r""#)),
            ("/a\u{0}", .forbiddenCharacter(#""\x00""#)), ("/a\u{7F}", .forbiddenCharacter(#""\x7f""#)),
            ("/a\"", .forbiddenCharacter(#""\"""#)), ("/a'", .forbiddenCharacter(#""'""#)),
            ("/a`", .forbiddenCharacter(#""`""#)), ("/a\\b", .forbiddenCharacter(#""\\""#)),
            ("/<a>", .forbiddenCharacter(#""<""#)), ("/{a}", .forbiddenCharacter(#""{""#)),
            ("/[a]", .forbiddenCharacter(#""[""#)), ("/a|b", .forbiddenCharacter(#""|""#)),
            ("/a^b", .forbiddenCharacter(#""^""#)), ("/训练", .forbiddenCharacter("\"训\"")),
            ("/a\u{202E}b", .forbiddenCharacter(#""\u202e""#)),
            ("/" + String(repeating: "a", count: 10_000), .tooLong),
            ("/" + String(repeating: "a", count: PathPrefix.lengthLimit), .tooLong),
        ] as [(String, PathPrefix.ValidationError)])
    func rejects(_ text: String, error: PathPrefix.ValidationError) {
        #expect(throws: error) { try PathPrefix(text) }
        #expect(!error.reason.contains("\n"))
    }

    @Test func limitsTheLength() throws {
        let longest = "/" + String(repeating: "a", count: PathPrefix.lengthLimit - 1)
        #expect(try PathPrefix(longest).withoutTrailingSlash == longest)
        #expect(throws: PathPrefix.ValidationError.tooLong) { try PathPrefix(longest + "a") }
        #expect(throws: PathPrefix.ValidationError.tooLong) { try PathPrefix(String(repeating: "/a", count: 5000)) }
    }

    @Test(arguments: [("/a b", "%20"), ("/é", "%C3%A9"), ("/训", "%E8%AE%AD")])
    func saysHowAURLHasIt(_ text: String, escape: String) throws {
        let error = try #require(throws: PathPrefix.ValidationError.self) { try PathPrefix(text) }
        #expect(error.reason.hasSuffix(", which no URL path prefix has: a URL has \(escape) for it"))
    }
}

import Testing

@testable import CraterRunCore

/// Rule 6.
struct NextPageTests {
    @Test(arguments: [
        "/ingress/x/", "/ingress/x/a/b", "/ingress/x/?a=b&c=//d", "/ingress/x/a%2Fb?x=%2F%2F", "/ingress/x/#scalars",
        "/ingress/x/lab/tree/a@b;c,d+e", "/ingress/x/a//b", "/ingress/x/...", "/ingress/x/?../..",
    ])
    func staysBelowThePrefix(next: String) { #expect(NextPage.path(next.utf8, below: DoorCase.closed) == next) }

    @Test(arguments: [
        "", "/", "x", "/ingress/x", "/ingress/x1/", "/ingress/", "//h", "///h", "/\\h", "\\\\h", "%2f%2f", "%2f%2fh",
        "/%2f%2fh", "https://h/ingress/x/", "//h/ingress/x/", "javascript:alert(1)", "/ingress/x/../y/",
        "/ingress/x/..",
        "/ingress/x/%2e%2e/y/", "/ingress/x/.%2E/y/", "/ingress/x/a/./b", "/ingress/x/a\\..\\..\\y", "/ingress/x//h",
        "/ingress/x/%2f%2fh", "/ingress/x/%5ch", "/ingress/x/a\r\nSet-Cookie: a=b", "/ingress/x/ a", " /ingress/x/",
        "/ingress/x/\t", "/ingress/x/é", "/ingress/x/\u{0}", "/ingress%2Fx/a", "/ingress/x/.crater-run/logout",
        "/ingress/x/.crater-run/login", "/ingress/x/" + String(repeating: "a", count: 9000),
    ])
    func refuses(next: String) {
        #expect(NextPage.path(next.utf8, below: DoorCase.closed) == "/ingress/x/")
    }

    /// At the root every path is below the prefix, and still no other host may be named.
    @Test(arguments: [
        ("/a", "/a"), ("/", "/"), ("/a//b", "/a//b"), ("//h", "/"), ("///h", "/"), ("/\\h", "/"), ("/%2fh", "/"),
        ("/%2F%2Fh", "/"), ("/%5Ch", "/"), ("%2f%2fh", "/"), ("http://h", "/"), ("/../a", "/"), ("/.//h", "/"),
    ])
    func namesNoOtherHostAtTheRoot(next: String, expected: String) {
        #expect(NextPage.path(next.utf8, below: DoorCase.route("app", "/")) == expected)
    }

    /// The browser sends the cookie only to the spelling that the cookie's path has.
    @Test func usesTheSpellingOfTheRule() {
        #expect(NextPage.path("/%69ngress/%78/a%2fb".utf8, below: DoorCase.closed) == "/ingress/x/a%2fb")
    }
}

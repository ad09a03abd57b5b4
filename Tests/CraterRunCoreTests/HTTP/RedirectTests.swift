import Testing

@testable import CraterRunCore

struct RedirectTests {
    /// As an app below `/ingress/x` answers.
    private func isWithin(_ location: String, from base: String = "/ingress/x/") throws -> Bool {
        Redirect(location, from: base).isWithin(try PathPrefix("/ingress/x"))
    }

    @Test(arguments: [
        "/ingress/x", "/ingress/x/", "/ingress/x?next=/login", "/ingress/x#top", "/ingress/x/lab?", "//host/ingress/x",
        "http://localhost:8080/ingress/x/", "HTTPS://h/ingress/x/login", "login", "lab/tree", "./login", "", "?next=/",
        "a/../login", "../x/login", "/ingress/%78/login", "//h//ingress//x/", "/ingress/x/%2", "/ingress/x/%zz",
        "/ingress/x/\u{301}",
    ])
    func staysWithinThePrefix(_ location: String) throws {
        #expect(try isWithin(location))
    }

    @Test(arguments: [
        "/", "/login", "/login?next=/ingress/x/", "/ingress/xy/", "/ingress/X/", "/ingress", "http://localhost:8080",
        "http://localhost:8080/login", "https://h?/ingress/x", "//h/login", "//ingress/x", "..", "../login",
        "%2e%2e/login", "/ingress/x/../login", "/../../..", "https://", "%", "/%00",
    ])
    func leavesThePrefix(_ location: String) throws {
        // What is relative to the prefix itself is so to what is above it.
        #expect(try !isWithin(location, from: "/ingress/x"))
    }

    @Test func isRelativeToTheLastSlash() throws {
        #expect(try isWithin("b", from: "/ingress/x/a"))
        #expect(try !isWithin("../b", from: "/ingress/x/a"))
        #expect(try isWithin("", from: "/ingress/x"))
        #expect(try !isWithin("login", from: "/ingress/x"))
        #expect(try isWithin("x/login", from: "/ingress/x"))
        #expect(Redirect("/login", from: "/").isWithin(.root))
    }

    @Test func knowsItsHost() {
        func isAt(_ location: String) -> Bool {
            Redirect(location, from: "/").isAt(["localhost", "crater.example.org"])
        }
        for own in ["/a", "b", "//LOCALHOST", "http://localhost:80/a", "https://Crater.example.org?a", ""] {
            #expect(isAt(own), "\(own)")
        }
        for other in ["//sso.example.org", "http://localhost.example.org/a", "https://:80/", "http://", "///a"] {
            #expect(!isAt(other), "\(other)")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 302 Found\r\nServer: x\r\nLocation: /login\r\n\r\n", "/login"),
        ("HTTP/1.1 302 Found\nlocation:/a \t\n", "/a"),
        ("HTTP/1.1 302 -\r\nLOCATION:\t/a\r\nLocation: /b\r\n\r\n", "/a"),
        ("HTTP/1.1 302 -\r\nLocation:\r\n\r\n", ""), ("HTTP/1.1 302 -\r\nLocation: /log", nil),
        ("HTTP/1.1 302 -\r\nContent-Location: /a\r\n\r\nLocation: /b\r\n", nil), ("\n\nLocation: /a\n", nil), ("", nil),
    ])
    func isInTheHead(_ response: String, location: String?) {
        #expect(Redirect.location(in: Array(response.utf8)) == location)
    }

    @Test func outsideDataNeverTraps() {
        let alphabet = Array("/.%?#:\\h2e \u{0}\u{7F}".utf8) + [0xFF, 0xC3]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in alphabet.randomElement() }
            let text = String(decoding: bytes, as: UTF8.self)
            let redirect = Redirect(text, from: "/\(text)")
            #expect(redirect.isWithin(.root))
            _ = redirect.isAt([text])
            _ = Redirect.location(in: Array("Location:".utf8) + bytes + [10])
        }
    }
}

import Testing

@testable import CraterRunCore

/// No cookie of an app below a home page leaves the app, whether or not the app knows its prefix.
struct HomeCookieTests {
    private func forward(_ value: String, edits: ResponseEdits) throws -> String {
        let response = try ResponseHead.parse(
            Array("HTTP/1.1 200 OK\r\nSet-Cookie: \(value)\r\nContent-Length: 0\r\n\r\n".utf8))
        var output: [UInt8] = []
        ForwardedHead.write(
            response, to: try DoorCase.head("GET /p/tensorboard/"), keepsAlive: true, edits: edits, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("a=b; Path=/", "a=b; Path=/p/tensorboard"), ("a=b;path = /p ;HttpOnly", "a=b;path = /p/tensorboard ;HttpOnly"),
        ("a=b; Path=/p/other/; Path=/p/tensorboardx", "a=b; Path=/p/tensorboard; Path=/p/tensorboard"),
        ("a=b; Path=/p/tensorboard/x", "a=b; Path=/p/tensorboard/x"), ("a=b", "a=b"), ("a=b; Path=x", "a=b; Path=x"),
        ("Path=/; a", "Path=/; a"), ("__Host-a=b; Path=/; Secure", "__Host-a=b; Path=/p/tensorboard; Secure"),
    ])
    func keepsCookiesOfAnAppThatKnowsItsPrefix(value: String, kept: String) throws {
        let edits = HomeCase.below.responseEdits
        #expect(try forward(value, edits: edits).contains("\r\nSet-Cookie: \(kept)\r\n"))
    }

    @Test(arguments: [
        ("a=b; Path=/", "a=b; Path=/p/tensorboard/"), ("a=b; Path=/p/other", "a=b; Path=/p/tensorboard/p/other"),
        ("a=b; Path=/p/tensorboard/x", "a=b; Path=/p/tensorboard/x"), ("a=b", "a=b"),
        ("__Host-a=b; Path=/; Secure", "__Host-a=b; Path=/p/tensorboard/; Secure"),
        ("__host-a=b; Secure; path=/", "__host-a=b; Secure; path=/p/tensorboard/"),
    ])
    func keepsCookiesOfAnAppThatDoesNot(value: String, kept: String) throws {
        let below = HomeCase.below
        let route = DoorRoute(
            app: below.app, port: below.port, prefix: below.prefix, backend: below.backend, strips: true,
            login: below.login, state: below.state, loginPlace: below.loginPlace)
        #expect(try forward(value, edits: route.responseEdits).contains("\r\nSet-Cookie: \(kept)\r\n"))
    }

    /// An app without a home page above sets a cookie for its host.
    @Test(arguments: [true, false]) func keepsHostCookiesElsewhere(strips: Bool) throws {
        let cookie = "__Host-a=b; Path=/; Secure"
        let route = DoorRoute(
            app: "tensorboard", port: 6006, prefix: PathPrefix(known: "/p/tensorboard"), backend: .port(40_001),
            strips: strips, state: DoorCase.state())
        #expect(try forward(cookie, edits: route.responseEdits).contains("\r\nSet-Cookie: \(cookie)\r\n"))
    }
}

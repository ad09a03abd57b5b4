import Testing

@testable import CraterRunCore

/// Rule 7.
struct SameOriginTests {
    private static let upgrade = ["Connection: Upgrade", "Upgrade: websocket"]

    /// Fields; whether a POST and a websocket with a session are let through.
    private static let cases: [([String], post: Bool, websocket: Bool)] = [
        ([], true, false),
        (["Sec-Fetch-Site: same-origin"], true, true),
        (["Sec-Fetch-Site: none"], true, true),
        (["Sec-Fetch-Site: same-site"], false, false),
        (["Sec-Fetch-Site: cross-site"], false, false),
        (["Sec-Fetch-Site: "], false, false),
        (["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"], false, false),
        // The browser's word about the site counts more than its Origin.
        (["Sec-Fetch-Site: cross-site", "Origin: https://crater.example.org"], false, false),
        (["Sec-Fetch-Site: same-origin", "Origin: https://other.example"], true, true),
        (["Origin: https://crater.example.org"], true, true),
        (["Origin: http://crater.example.org"], true, true),
        (["Origin: https://CRATER.example.org:443"], true, true),
        (["Origin: http://crater.example.org:80"], true, true),
        (["Origin: https://crater.example.org:80"], false, false),
        (["Origin: https://crater.example.org:8443"], false, false),
        (["Host: crater.example.org:8443", "Origin: https://crater.example.org:8443"], true, true),
        (["Host: crater.example.org:443", "Origin: https://crater.example.org"], true, true),
        (["Origin: https://crater.example.org.evil.example"], false, false),
        (["Origin: https://evil.example/crater.example.org"], false, false),
        (["Origin: null"], false, false),
        (["Origin: "], false, false),
        (["Origin: https://crater.example.org", "Origin: https://evil.example"], false, false),
        // A proxy's word does not count.
        (["Origin: https://evil.example", "X-Forwarded-Host: evil.example"], false, false),
    ]

    @Test(arguments: cases.indices) func unsafeMethodsAndWebsocketsNeedIt(index: Int) throws {
        let (fields, post, websocket) = Self.cases[index]
        let session = DoorCase.cookie(of: DoorCase.closed)
        func summary(_ line: String, _ more: [String]) throws -> String {
            try DoorCase.decide(line, fields + more, at: [DoorCase.closed]).summary
        }
        for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"] {
            #expect(try summary("\(method) /ingress/x/", [session]) == (post ? "tensorboard" : "403"))
        }
        #expect(try summary("GET /ingress/x/", Self.upgrade + [session]) == (websocket ? "tensorboard" : "403"))
        // Reading is never refused, and neither is anything to those who send the key itself.
        #expect(try summary("GET /ingress/x/", [session]) == "tensorboard")
        #expect(try summary("OPTIONS /ingress/x/", [session]) == "tensorboard")
        let key = "Authorization: Bearer \(DoorCase.key)"
        #expect(try summary("POST /ingress/x/", [key]) == "tensorboard")
        #expect(try summary("GET /ingress/x/", Self.upgrade + [key]) == "tensorboard")
    }

    @Test(arguments: cases.indices) func nothingIsCheckedWithoutALogin(index: Int) throws {
        let fields = Self.cases[index].0
        #expect(try DoorCase.decide("POST /ingress/x/", fields, at: [DoorCase.open]).summary == "tensorboard")
        #expect(
            try DoorCase.decide("GET /ingress/x/", fields + Self.upgrade, at: [DoorCase.open]).summary == "tensorboard")
    }
}

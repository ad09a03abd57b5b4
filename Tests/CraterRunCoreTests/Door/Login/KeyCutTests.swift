import Testing

@testable import CraterRunCore

/// The app gets neither our key nor a trace of it, and everything else byte for byte.
struct KeyCutTests {
    private static let key = PercentEncoding.encode(DoorCase.key)
    private static let upgrade = ["Connection: upgrade", "Upgrade: websocket", "Origin: https://crater.example.org"]

    /// The lines that the app gets, from a request with a session.
    private func forwarded(_ line: String, _ fields: [String] = [], strips: Bool = false) throws -> [String]? {
        let route = DoorCase.route(strips: strips, login: DoorCase.login)
        let session = [DoorCase.cookie(of: route), "Sec-Fetch-Site: same-origin"]
        guard let forward = try DoorCase.decide(line, fields + session, at: [route]).forwarded else { return nil }
        var output: [UInt8] = []
        ForwardedHead.write(try DoorCase.head(line, fields + session), edits: forward.request, to: &output)
        return HeadText.lines(output)
    }

    @Test(
        arguments: [
            ("?key=KEY", ""), ("?a=b&key=KEY", "?a=b"), ("?key=KEY&a=b", "?a=b"), ("?a&key=KEY&b=%2F+c", "?a&b=%2F+c"),
            ("?a&key=KEY&", "?a&"), ("?key=KEY&key=mine", "?key=mine"), ("?key=mine&key=KEY", "?key=mine"),
            ("?key=KEY&a&key=KEY", "?a"), ("?key=KEY&key=KEY", "?"),
            // What is not our key is the app's.
            ("?key=mine", "?key=mine"), ("?key=", "?key="), ("?key=KEYx&token=KEY", "?key=KEYx&token=KEY"), ("?", "?"),
            ("?xkey=KEY", "?xkey=KEY"), ("", ""),
        ])
    func theTarget(query: String, rest: String) throws {
        func target(_ query: String, _ key: String) -> String {
            query.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key)
        }
        for (method, fields) in [("POST", []), ("PUT", []), ("OPTIONS", []), ("GET", Self.upgrade)] {
            for key in [DoorCase.key, Self.key] {
                let lines = try #require(try forwarded("\(method) /ingress/x/p%2Fq\(target(query, key))", fields))
                #expect(lines.first == "\(method) /ingress/x/p%2Fq\(target(rest, key)) HTTP/1.1")
            }
        }
        let lines = try #require(try forwarded("POST /ingress/x/\(target(query, Self.key))", strips: true))
        #expect(lines.first == "POST /\(target(rest, Self.key)) HTTP/1.1")
    }

    /// Only a GET with the key as its first one is answered by a redirect.
    @Test func aSecondKeyOfAGet() throws {
        #expect(try forwarded("GET /ingress/x/?key=\(Self.key)") == nil)
        #expect(
            try forwarded("GET /ingress/x/?key=mine&key=\(Self.key)")?.first == "GET /ingress/x/?key=mine HTTP/1.1")
    }

    @Test(
        arguments: [
            // A page that a POST with the key has shown sends its address with all that it loads.
            ("GET /ingress/x/a", "Referer: https://h/ingress/x/p?key=KEY", "Referer: https://h/ingress/x/p"),
            ("GET /ingress/x/a", "Referer: https://h/?a&key=KEY&b", "Referer: https://h/?a&b"),
            ("GET /ingress/x/a", "Referer: https://h/?key=mine", "Referer: https://h/?key=mine"),
            ("GET /ingress/x/a", "Referer: ?", "Referer: ?"),
            ("POST /ingress/x/?key=KEY", "X-Original-URI: /ingress/x/?key=KEY", "X-Original-URI: /ingress/x/"),
            ("POST /ingress/x/", "X-Original-URI: /?key=mine", "X-Original-URI: /?key=mine"),
        ])
    func theHeaders(line: String, field: String, expected: String) throws {
        func filled(_ text: String) -> String {
            text.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: Self.key)
        }
        let lines = try #require(try forwarded(filled(line), [filled(field)]))
        #expect(lines.contains(filled(expected)), "\(lines)")
    }

    @Test func aScriptsRequestWithBoth() throws {
        let line = "POST /ingress/x/?key=\(Self.key)"
        let fields = ["Authorization: Bearer \(DoorCase.key)"]
        let forward = try #require(try DoorCase.decide(line, fields, at: [DoorCase.closed]).forwarded)
        var output: [UInt8] = []
        ForwardedHead.write(try DoorCase.head(line, fields), edits: forward.request, to: &output)
        let text = HeadText.text(output)
        #expect(!text.contains(DoorCase.key) && !text.contains(Self.key) && text.hasPrefix("POST /ingress/x/ HTTP/1.1"))
    }

    /// With a session, the key may stand in a second Authorization header.
    @Test func anyAuthorizationWithTheKey() throws {
        let lines = try #require(
            try forwarded(
                "POST /ingress/x/", ["Authorization: Basic eDp5", "Authorization: Bearer \(DoorCase.key)"]))
        #expect(lines.contains("Authorization: Basic eDp5") && !lines.joined().contains(DoorCase.key))
    }

    /// Without a login there is no key of ours.
    @Test func anOpenAppGetsAllOfIt() throws {
        let decision = try DoorCase.decide("POST /ingress/x/?key=\(Self.key)", at: [DoorCase.open])
        #expect(decision.forwarded?.request.withheldPlaces.isEmpty == true)
    }
}

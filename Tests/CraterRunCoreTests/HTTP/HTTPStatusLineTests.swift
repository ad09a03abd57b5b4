import CraterRunCore
import Testing

struct HTTPStatusLineTests {
    struct Case: Sendable {
        let text: String
        let status: Int?
    }

    @Test(arguments: [
        Case(text: "HTTP/1.1 200 OK\r\n", status: 200),
        Case(text: "HTTP/1.0 404 NOT FOUND\r\n", status: 404),
        Case(text: "HTTP/1.1 500", status: 500),
        Case(text: "HTTP/1.1 100 Continue", status: 100),
        Case(text: "HTTP/1.1 999\r\n", status: 999),
        Case(text: "HTTP/1.1 301\n", status: 301),
        Case(text: "", status: nil),
        Case(text: "HTTP/1.1 20", status: nil),
        Case(text: "HTTP/1.1 099 x", status: nil),
        Case(text: "HTTP/1.1 000 x", status: nil),
        Case(text: "HTTP/1.1  200", status: nil),
        Case(text: "HTTP/1.1 2x0 OK", status: nil),
        Case(text: "HTTP/1.1 -20 OK", status: nil),
        Case(text: "HTTP/1.1\t200 OK", status: nil),
        Case(text: "HTTP/2 200 OK\r\n", status: nil),
        Case(text: "http/1.1 200 OK", status: nil),
        Case(text: " HTTP/1.1 200 OK", status: nil),
        Case(text: "SSH-2.0-OpenSSH_9.2p1", status: nil),
        Case(text: "\0\0\0\0\0\0\0\0\0\0\0\0\0", status: nil),
        Case(text: "HTTP/1.1 ２００", status: nil),
    ])
    func readsTheStatus(_ case: Case) {
        #expect(HTTPStatusLine.status(in: Array(`case`.text)) == `case`.status)
    }

    @Test func waitsForEnoughBytes() {
        let line = Array("HTTP/1.1 200 OK\r\n")
        for length in 0..<12 { #expect(HTTPStatusLine.status(in: line.prefix(length)) == nil) }
        for length in 12...line.count { #expect(HTTPStatusLine.status(in: line.prefix(length)) == 200) }
    }
}

struct ReadinessPolicyTests {
    @Test func changesNothingButTheIntervalWhenThatIsChanged() {
        let policy = ReadinessPolicy(path: "/api", alsoAccepts: [401], fatal: [500: "dead"], interval: .seconds(10))
        #expect(
            policy.every(.seconds(3))
                == ReadinessPolicy(path: "/api", alsoAccepts: [401], fatal: [500: "dead"], interval: .seconds(3))
        )
    }

    @Test func accepts2xxAnd3xxAndWhatIsNamed() {
        let policy = ReadinessPolicy(path: "", alsoAccepts: [401, 403], interval: .seconds(1))
        #expect((0...1000).filter(policy.accepts) == Array(200..<400) + [401, 403])
    }
}

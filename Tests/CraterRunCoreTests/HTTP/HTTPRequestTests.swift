import Testing

@testable import CraterRunCore

@Suite struct HTTPRequestTests {
    private func text(_ request: HTTPRequest) -> String { String(decoding: request.bytes, as: UTF8.self) }

    @Test func aGetHasNoBody() {
        #expect(
            text(HTTPRequest(get: "/x/?y", port: 8888, fields: ["Authorization: token z"])) == """
                GET /x/?y HTTP/1.1\r
                Host: localhost:8888\r
                User-Agent: crater-run\r
                Connection: close\r
                Accept: */*\r
                Authorization: token z\r
                \r

                """)
    }

    @Test(arguments: ["", "{}"]) func aPostSaysHowLongItsBodyIs(body: String) {
        let request = text(HTTPRequest(post: "/v1/apps", json: Array(body.utf8)))
        #expect(request.hasPrefix("POST /v1/apps HTTP/1.1\r\nHost: localhost\r\n"))
        #expect(request.hasSuffix("\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"))
    }
}

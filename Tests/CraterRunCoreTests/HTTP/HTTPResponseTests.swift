import CraterRunCore
import Testing

struct HTTPResponseTests {
    /// The response in pieces of this size.
    private func response(_ text: String, piece: Int = .max) -> HTTPResponse {
        var response = HTTPResponse()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            response.take(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        return response
    }

    private static let final = "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"

    @Test(
        arguments: [
            "", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n",
            "HTTP/1.1 102 Processing\n\n", "HTTP/1.1 199 Whatever\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.0 103 E\r\n\r\n",
            String(repeating: "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", count: 300),
        ], [1, 2, 3, 7, 100, Int.max])
    func passesOverInterimAnswers(interim: String, piece: Int) {
        let response = response(interim + Self.final, piece: piece)
        #expect(response.status == 204)
        #expect(response.bytes == Array(Self.final.utf8))
        #expect(response.received == (interim + Self.final).utf8.count)
        #expect((response.interim == nil) == interim.isEmpty)
    }

    /// However often: nothing of them is kept.
    @Test func keepsNothingOfInterimAnswers() {
        var response = HTTPResponse()
        for _ in 0..<1000 {
            response.take("HTTP/1.1 100 Continue\r\n\r\n".utf8)
            #expect(response.status == nil && response.bytes.isEmpty && response.interim == 100)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\nX:", "HTTP/1.1 103\r\n\r", "HTTP/1.1 1", "SSH-2.0",
        "",
    ])
    func hasNoStatusBeforeTheFinalAnswer(text: String) {
        #expect(response(text).status == nil)
    }

    @Test func switchingProtocolsIsFinal() {
        let response = response("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\u{1}HTTP/1.1 200 OK\r\n\r\n")
        #expect(response.status == 101 && response.interim == nil)
    }

    /// What a body looks like is nobody's answer.
    @Test func aBodyIsNotLookedInto() {
        let response = response("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\n\r\n")
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("HTTP/1.1 100"))
    }

    @Test func endsWhereItsLengthSays() {
        let head = "HTTP/1.1 200 OK\r\ncontent-LENGTH:  3 \r\nCrater-Run-Instance: 1f\r\nEmpty:\r\n\r\n"
        for (body, isComplete) in [("", false), ("ok", false), ("ok\n", true), ("ok\nmore", true)] {
            let response = response(head + body, piece: 5)
            #expect(response.isComplete == isComplete && response.isCutShort != isComplete)
            #expect(response.field("crater-run-instance") == "1f" && response.field("empty") == "")
            #expect(response.field("content-length") == "3" && response.field("x") == nil)
        }
        for length in ["-1", "x", "99999999999999999999", ""] {
            let response = response("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\nab")
            #expect(!response.isComplete && !response.isCutShort)
        }
        #expect(response("HTTP/1.1 200 OK\r\nContent-Length: 0").isCutShort)
    }
}

import Testing

@testable import CraterRunCore

struct DoorAnswerTests {
    private let answer = DoorAnswer(status: 404, fields: [DoorAnswer.Field("A", "b")], body: Array("hello\n".utf8))

    private func text(_ answer: DoorAnswer, isHead: Bool = false, keepsAlive: Bool = true) -> String {
        String(decoding: answer.bytes(isHead: isHead, keepsAlive: keepsAlive), as: UTF8.self)
    }

    @Test func isSentWithItsLength() {
        let head = "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 6\r\nConnection: "
        #expect(text(answer) == head + "keep-alive\r\n\r\nhello\n")
        #expect(text(answer, keepsAlive: false) == head + "close\r\n\r\nhello\n")
        #expect(text(answer, isHead: true) == head + "keep-alive\r\n\r\n")
    }

    @Test func aRefusalClosesTheConnection() {
        let refusal = DoorAnswer.refusing(.ambiguousFraming("the request has two lengths"))
        #expect(text(refusal).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text(refusal).contains("\r\nConnection: close\r\n"))
        #expect(text(refusal).hasSuffix("\r\n\r\ncrater-run: the request has two lengths\n"))
        #expect(text(.refusing(.tooLong)).hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
        #expect(DoorAnswer.tooLongBody.closes)
    }

    /// Each status of a door has its own words.
    @Test(arguments: [200, 303, 308, 400, 401, 403, 404, 405, 413, 429, 431, 501, 502, 503, 504, 505])
    func namesTheStatus(status: Int) {
        let line = text(DoorAnswer(status: status, fields: [], body: [])).prefix { $0 != "\r\n" }
        #expect(line.hasPrefix("HTTP/1.1 \(status) "))
        #expect(!line.hasSuffix(" Answer"))
    }

    @Test(arguments: ["a\r\nSet-Cookie: b=c", "a\nb", "a\u{0}b\u{7F}"]) func aFieldIsOneLine(value: String) {
        let fields = [DoorAnswer.Field("Location", value)]
        let lines = text(DoorAnswer(status: 303, fields: fields, body: [])).split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
    }
}

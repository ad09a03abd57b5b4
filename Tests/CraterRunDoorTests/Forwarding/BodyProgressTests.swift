import CraterRunCore
import CraterRunDoor
import Testing

struct BodyProgressTests {
    /// A framing, the pieces that come, how many bytes of each belong to the body, and whether the body is then whole.
    @Test(arguments: [
        (BodyFraming.none, ["x"], [0], true), (.length(0), ["x"], [0], true),
        (.length(3), ["ab", "cd"], [2, 1], true),
        (.length(3), ["ab"], [2], false), (.length(2), ["ab"], [2], true), (.untilClose, ["ab", "c"], [2, 1], false),
        (.chunked, ["1\r\na", "\r\n0\r\n\r\nGET"], [4, 7], true), (.chunked, ["1\r\na\r\n"], [6], false),
        (.length(UInt64(Int64.max)), ["ab"], [2], false),
    ])
    func countsTheBody(framing: BodyFraming, pieces: [String], counts: [Int], isEnded: Bool) {
        var body = BodyProgress(framing, isLenient: false)
        let found = pieces.map { body.take(Array($0.utf8).span) }
        #expect(found.map(\.count) == counts)
        #expect(!found.contains { $0.isMalformed })
        #expect(body.isEnded == isEnded)
    }

    @Test func saysWhereChunksAreMalformed() {
        var body = BodyProgress(.chunked, isLenient: false)
        let part = body.take(Array("1\r\na\r\nzz".utf8).span)
        #expect(part.isMalformed)
        #expect(part.count == 6)
        #expect(!body.isEnded)
    }
}

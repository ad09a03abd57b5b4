import CraterRunCore
import Testing

struct LineSplitterTests {
    private let newline = UInt8(ascii: "\n")

    /// What comes out of the splitter for chunks of output, to the end.
    private func pieces(_ chunks: [[UInt8]], tag: String = "[tb] ", limit: Int = 4096) -> [OutputPiece] {
        var splitter = LineSplitter(tag: tag, limit: limit)
        return chunks.flatMap { splitter.take($0) } + splitter.finish()
    }

    private func bytes(_ pieces: [OutputPiece]) -> [UInt8] {
        pieces.flatMap(\.bytes)
    }

    private func text(_ chunks: String..., tag: String = "[tb] ", limit: Int = 4096) -> String {
        String(decoding: bytes(pieces(chunks.map { Array($0) }, tag: tag, limit: limit)), as: UTF8.self)
    }

    struct Case: Sendable {
        let chunks: [String]
        let result: String
    }

    @Test(arguments: [
        Case(chunks: [], result: ""),
        Case(chunks: [""], result: ""),
        Case(chunks: ["one\n"], result: "[tb] one\n"),
        Case(chunks: ["one\ntwo\n"], result: "[tb] one\n[tb] two\n"),
        Case(chunks: ["\n\n"], result: "[tb] \n[tb] \n"),
        Case(chunks: ["o", "n", "e", "\n", "t"], result: "[tb] one\n[tb] t\n"),
        Case(chunks: ["no end"], result: "[tb] no end\n"),
        // Line ends of another system.
        Case(chunks: ["one\r\ntwo\r\n"], result: "[tb] one\r\n[tb] two\r\n"),
        Case(chunks: ["one\r", "\ntwo"], result: "[tb] one\r\n[tb] two\n"),
        // A progress bar: each state of it is tagged, since it overwrites the last one.
        Case(chunks: ["10%\r20%\r", "30%\n"], result: "[tb] 10%\r[tb] 20%\r[tb] 30%\n"),
        Case(chunks: ["10%\r", "20%"], result: "[tb] 10%\r[tb] 20%\n"),
        Case(chunks: ["10%\r"], result: "[tb] 10%\r\n"),
        Case(chunks: ["\r\r\n"], result: "[tb] \r[tb] \r\n"),
        Case(chunks: ["a\0b\n\0\n"], result: "[tb] a\0b\n[tb] \0\n"),
        Case(chunks: ["größer\n"], result: "[tb] größer\n"),
    ])
    func tagsEachLine(_ case: Case) {
        let result = bytes(pieces(`case`.chunks.map { Array($0) }))
        #expect(String(decoding: result, as: UTF8.self) == `case`.result)
    }

    @Test func movesAProgressBarWithEachOfItsStates() {
        var splitter = LineSplitter(tag: "> ")
        #expect(splitter.take("10%\r".utf8).map(\.bytes) == [Array("> 10%\r")])
        #expect(splitter.take("20%\r3".utf8).map(\.bytes) == [Array("> 20%\r")])
        // The newline that belongs to the carriage return is no line of its own.
        #expect(splitter.take("0%\r".utf8).map(\.bytes) == [Array("> 30%\r")])
        let end = splitter.take("\nnext\n".utf8)
        #expect(end.map(\.bytes) == [Array("\n> next\n")])
        #expect(end.map(\.continuesLine) == [true])
    }

    @Test(arguments: ["Password: ", ".", "10%", "10%\r"]) func passesAPartOfALineOnAtOnceWithoutATag(part: String) {
        var splitter = LineSplitter(tag: "")
        #expect(splitter.take(part.utf8).map(\.bytes) == [Array(part)])
        #expect(splitter.take("".utf8) == [])
        #expect(splitter.finish().map(\.bytes) == [[newline]])
        #expect(splitter.finish() == [])
    }

    @Test func saysThatALineGoesOnWhoseStartIsOut() {
        var splitter = LineSplitter(tag: "")
        #expect(splitter.take("one\ntw".utf8).map(\.continuesLine) == [false])
        #expect(splitter.take("o".utf8).map(\.continuesLine) == [true])
        #expect(splitter.take("\nthree\n".utf8).map(\.continuesLine) == [true])
        #expect(splitter.take("four\n".utf8).map(\.continuesLine) == [false])
    }

    @Test func holdsALineBackUntilItIsComplete() {
        var splitter = LineSplitter(tag: "> ")
        #expect(splitter.take("par".utf8) == [])
        #expect(splitter.take("tial".utf8) == [])
        #expect(splitter.take("\n".utf8).map(\.bytes) == [Array("> partial\n")])
        #expect(splitter.finish() == [])
    }

    @Test func finishesOnce() {
        var splitter = LineSplitter(tag: "> ")
        #expect(splitter.finish() == [])
        _ = splitter.take("end".utf8)
        #expect(splitter.finish().map(\.bytes) == [Array("> end\n")])
        #expect(splitter.finish() == [])
    }

    @Test func passesInvalidUTF8OnAsItIs() {
        let output: [UInt8] = [0xFF, 0xC3, 0x28, 0x80, 0xED, 0xA0, 0x80, newline, 0xF0, 0x9F, newline]
        #expect(bytes(pieces([output], tag: "")) == output)
        #expect(bytes(pieces([output], tag: ">")).count == output.count + 2)
    }

    @Test func passesEveryByteOnExactlyWithoutATag() {
        var output: [UInt8] = []
        for first in UInt8.min...UInt8.max {
            for second in [newline, UInt8(ascii: "\r"), 0, 65, 255] { output += [first, second] }
        }
        output.append(newline)
        for limit in [1, 2, 7, 4096] { #expect(bytes(pieces([output], tag: "", limit: limit)) == output) }
    }

    @Test func endsTheLastLineWithANewlineAndNothingElse() {
        #expect(text("a\nb", tag: "") == "a\nb\n")
        #expect(text("a\nb\n", tag: "") == "a\nb\n")
    }

    @Test func givesTheSameBytesWhereverTheOutputIsCut() {
        let output = Array(
            "one\r\ntwo\r10%\r\r\n\n\0three is a line that is longer than a piece\rfour\r\n\rfive\n\rsix\r")
        for (tag, limit) in [("[tb] ", 4096), ("[tb] ", 16), ("[tb] ", 6), ("[tb] ", 0), ("", 8), ("", 1)] {
            let whole = bytes(pieces([output], tag: tag, limit: limit))
            for first in 0...output.count {
                for second in [first, first + 1, first + 9, output.count] where second <= output.count {
                    let chunks = [output[..<first], output[first..<second], output[second...]].map { Array($0) }
                    guard bytes(pieces(chunks, tag: tag, limit: limit)) != whole else { continue }
                    Issue.record("cut at \(first) and \(second), with tag '\(tag)' and limit \(limit)")
                    return
                }
            }
            #expect(bytes(pieces(output.map { [$0] }, tag: tag, limit: limit)) == whole)
        }
    }

    @Test func givesTheSameBytesForRandomOutputInRandomChunks() {
        var random = SplitMix(seed: 5)
        let alphabet = Array("ab\n\r\0") + [0xFF]
        for _ in 0..<2000 {
            let output = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            var chunks: [[UInt8]] = []
            var rest = output[...]
            while !rest.isEmpty {
                let length = Int.random(in: 1...10, using: &random)
                chunks.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            let limit = Int.random(in: 1..<20, using: &random)
            let cut = pieces(chunks, tag: ">", limit: limit)
            #expect(cut.allSatisfy { !$0.bytes.isEmpty && $0.bytes.count <= max(limit, 2) } == true)
            guard bytes(cut) != bytes(pieces([output], tag: ">", limit: limit)) else { continue }
            Issue.record("\(output) in chunks \(chunks), with limit \(limit)")
            return
        }
    }

    /// The promises to whoever writes the pieces, for random bytes in random chunks.
    @Test(arguments: ["", "> ", "[tensorboard] "]) func losesNothingAndCutsNoLineThatFits(tag: String) {
        var random = SplitMix(seed: 77)
        let tagBytes = Array(tag.utf8)
        for round in 0..<500 {
            let limit = Int.random(in: 20...200, using: &random)
            // Any byte but a carriage return, which has rules of its own; newlines so often that lines of all lengths occur.
            let output: [UInt8] = (0..<Int.random(in: 0..<2000, using: &random)).map { _ in
                let byte = UInt8.random(in: .min ... .max, using: &random)
                return Int.random(in: 0..<60, using: &random) == 0 ? newline : byte == 13 ? 0 : byte
            }
            var splitter = LineSplitter(tag: tag, limit: limit)
            var result: [OutputPiece] = []
            var rest = output[...]
            while !rest.isEmpty {
                let length = Int.random(in: 1...300, using: &random)
                result += splitter.take(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
            result += splitter.finish()

            var lines = output.split(separator: newline, omittingEmptySubsequences: false).map { Array($0) + [newline] }
            if output.isEmpty || output.last == newline { lines.removeLast() }
            let isWhole = bytes(result) == lines.flatMap { tagBytes + $0 }
            #expect(isWhole, "round \(round), limit \(limit)")
            #expect(result.allSatisfy { !$0.bytes.isEmpty && $0.bytes.count <= limit } == true)
            // Without a tag a line may be cut where a chunk ends.
            guard !tag.isEmpty else { continue }
            var position = 0
            var ends: Set<Int> = []
            for piece in result {
                position += piece.bytes.count
                ends.insert(position)
            }
            position = 0
            for line in lines {
                let next = position + tagBytes.count + line.count
                if next - position <= limit {
                    #expect(!ends.contains { position < $0 && $0 < next } == true, "round \(round), limit \(limit)")
                }
                position = next
            }
        }
    }

    @Test func findsTheEndOfALineAtEveryPlaceAmongAllBytes() {
        for end in [newline, UInt8(ascii: "\r")] {
            for length in 0..<40 {
                // Bytes that differ from an end by one, or by the highest bit, before and after it.
                for other: UInt8 in [0x00, 0x09, 0x0B, 0x0C, 0x0E, 0x8A, 0x8D, 0xFF, 0x01, 0x80] {
                    let line = [UInt8](repeating: other, count: length) + [end]
                    var splitter = LineSplitter(tag: ">")
                    let pieces = splitter.take(line + [UInt8](repeating: other, count: 20))
                    #expect(pieces.map(\.bytes) == [[UInt8(ascii: ">")] + line])
                }
            }
        }
    }

    struct LongLine: Sendable {
        let size: Int
        let chunk: Int
    }

    @Test(arguments: [
        LongLine(size: 1 << 14, chunk: 1), LongLine(size: 1 << 16, chunk: 100), LongLine(size: 1 << 20, chunk: 4096),
        LongLine(size: 10 << 20, chunk: 64 << 10),
    ])
    func putsNothingIntoAVeryLongLine(_ line: LongLine) {
        let (size, chunk) = (line.size, line.chunk)
        var splitter = LineSplitter(tag: "[tb] ", limit: 4096)
        var count = 0
        var ends = 0
        var starts = 0
        var length = 0
        let part = [UInt8](repeating: UInt8(ascii: "x"), count: chunk)
        func look(_ pieces: [OutputPiece]) {
            for piece in pieces {
                length = max(length, piece.bytes.count)
                count += piece.bytes.count
                starts += piece.continuesLine ? 0 : 1
                ends += piece.endsLine ? 1 : 0
            }
        }
        for _ in 0..<(size / chunk) { look(splitter.take(part)) }
        look(splitter.take([newline]))
        look(splitter.finish())
        #expect(count == 5 + size / chunk * chunk + 1)
        #expect(starts == 1)
        #expect(ends == 1)
        #expect(length <= 4096)
    }

    @Test func doesNotHoldALongLineBack() {
        var splitter = LineSplitter(tag: "> ", limit: 10)
        #expect(splitter.take("1234567".utf8) == [])
        let pieces = splitter.take("8".utf8)
        #expect(pieces.map(\.bytes) == [Array("> 12345678")])
        #expect(pieces.map(\.continuesLine) == [false])
        #expect(splitter.take("9\nnext\n".utf8).map(\.bytes) == [Array("9\n> next\n")])
    }

    @Test func endsALongLineThatHasNoEnd() {
        var splitter = LineSplitter(tag: "> ", limit: 10)
        _ = splitter.take("12345678".utf8)
        let pieces = splitter.finish()
        #expect(pieces.map(\.bytes) == [[newline]])
        #expect(pieces.map(\.continuesLine) == [true])
    }

    @Test func packsWholeLinesIntoPiecesWhereTheyFit() {
        let lines = (0..<1000).map { "line \($0)\n" }
        let result = pieces([Array(lines.joined())], tag: "[tb] ", limit: 100)
        #expect(result.allSatisfy { $0.bytes.count <= 100 && $0.endsLine && !$0.continuesLine } == true)
        // No piece could have taken the next line as well.
        for (piece, next) in zip(result, result.dropFirst()) {
            let line = next.bytes.prefix { $0 != newline }.count + 1
            #expect(piece.bytes.count + line > 100)
        }
        #expect(bytes(result) == Array(lines.map { "[tb] \($0)" }.joined()))
    }

    @Test func fillsAPieceToItsLastByte() {
        let line = Array(String(repeating: "x", count: 93) + "\n")
        #expect(pieces([line], tag: "[tb] ", limit: 99).map(\.bytes.count) == [99])
        #expect(pieces([line], tag: "[tb] ", limit: 98).map(\.bytes.count) == [98, 1])
    }

    @Test func takesALimitThatIsSmallerThanTheTag() {
        let result = pieces([Array("ab\n")], tag: "[tensorboard] ", limit: 3)
        #expect(String(decoding: bytes(result), as: UTF8.self) == "[tensorboard] ab\n")
        #expect(result.allSatisfy { $0.bytes.count <= 15 } == true)
    }
}

/// The Pod's annotations (or labels) as the kubelet writes them into a downward-API volume: lines `key="value"`
/// separated by newlines, the value quoted by Go.
///
/// A line that cannot be read is a problem and never hides the other lines. What a person's editor may leave is no
/// problem: CRLF line ends, blank lines, a newline at the end.
package struct AnnotationsFile: Equatable, Sendable {
    /// How many problems are kept, so that a binary file does not produce a million.
    package static let problemLimit = 10

    /// The annotations in the file's order. A key may occur twice in a file that the kubelet did not write.
    package let entries: [Annotation]
    /// The first ``problemLimit`` lines that cannot be read.
    package let problems: [AnnotationsProblem]
    /// How many lines cannot be read.
    package let problemCount: Int

    package init(parsing bytes: [UInt8]) {
        var entries: [Annotation] = []
        var problems: [AnnotationsProblem] = []
        var problemCount = 0
        var number = 0
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
            var line = bytes[start..<end]
            start = end + 1
            number += 1
            if line.last == Byte.carriageReturn { line = line.dropLast() }
            if line.isEmpty { continue }
            do throws(AnnotationsProblem.Reason) {
                entries.append(try Self.parse(line))
            } catch {
                problemCount += 1
                if problems.count < Self.problemLimit {
                    problems.append(AnnotationsProblem(line: number, reason: error, text: line))
                }
            }
        }
        self.entries = entries
        self.problems = problems
        self.problemCount = problemCount
    }

    /// Whether the file is not what a kubelet writes: a line cannot be read, or there is no annotation (the kubelet
    /// adds annotations of its own, so its file is never empty). A damaged file must not replace what was read before.
    package var isDamaged: Bool { problemCount > 0 || entries.isEmpty }

    /// Complaints about the file as a whole: it has no annotation, or more unreadable lines than ``problems`` holds.
    package var complaintsAboutAll: [String] {
        var complaints: [String] = []
        if problemCount > problems.count {
            complaints.append("cannot read \(problemCount - problems.count) more lines of the annotations file")
        }
        if entries.isEmpty {
            complaints.append("the annotations file holds no annotation, so Kubernetes did not write it like this")
        }
        return complaints
    }

    /// Everything that is wrong with the file, one line each; empty unless ``isDamaged``.
    package var complaints: [String] { problems.map(\.message) + complaintsAboutAll }

    /// The value of `key`; the last value if the key occurs twice.
    package subscript(key: String) -> [UInt8]? {
        entries.last { $0.key.elementsEqual(key.utf8) }?.value
    }

    private static func parse(_ line: ArraySlice<UInt8>) throws(AnnotationsProblem.Reason) -> Annotation {
        guard let equals = line.firstIndex(of: Byte.equals) else { throw .noEqualsSign }
        let key = line[..<equals]
        guard !key.isEmpty else { throw .emptyKey }
        // Kubernetes' keys consist of letters, digits and `./-_`. A text that cannot be printed or must be quoted is no
        // key.
        guard key.allSatisfy({ (0x21...0x7E).contains($0) && $0 != Byte.doubleQuote && $0 != Byte.backslash }) else {
            throw .badKey
        }
        do throws(GoQuotedString.DecodingError) {
            return Annotation(key: Array(key), value: try GoQuotedString.decode(line[equals...].dropFirst()))
        } catch {
            throw .badValue(error)
        }
    }
}

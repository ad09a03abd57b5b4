/// A pattern for the paths of requests below a prefix: `/data/plugin/*/tags` or `/api/contents/**`.
///
/// `*` stands for one segment, and `**` at the end for any number of them. A slash at the end of a path does not count.
/// `POST ` before the pattern lets it match such requests too; else it matches GET and HEAD alone.
package struct PathPattern: Equatable, Sendable {
    private enum Segment: Equatable, Sendable {
        case text([UInt8])
        case any
        case rest
    }

    /// The pattern as it was written.
    package let text: String
    private let segments: [Segment]
    private let matchesPosts: Bool

    package init(_ text: String) {
        self.text = text
        matchesPosts = text.hasPrefix("POST ")
        segments = text.drop { $0 != "/" }.split(separator: "/").map { segment in
            switch segment {
            case "*": .any
            case "**": .rest
            default: .text(Array(segment.utf8))
            }
        }
    }

    /// - Parameter path: the path below the prefix, with its slash, as the client has sent it.
    func matches(_ method: RequestMethod, _ path: ArraySlice<UInt8>) -> Bool {
        guard method == .get || method == .head || method == .post && matchesPosts else { return false }
        var rest = path
        for segment in segments {
            if segment == .rest { return true }
            guard rest.first == Byte.slash else { return false }
            let name = rest.dropFirst().prefix { $0 != Byte.slash }
            switch segment {
            case .text(let text): guard name.elementsEqual(text) else { return false }
            case .any, .rest: guard !name.isEmpty else { return false }
            }
            rest = rest[name.endIndex...]
        }
        return rest.isEmpty || rest.elementsEqual([Byte.slash])
    }
}

extension PathPattern: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}

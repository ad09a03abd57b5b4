import Foundation
import Testing

/// One of the documents that users read: README*.md, docs/*.md, and what stands beside images and
/// manifests.
struct Document: CustomTestStringConvertible, Sendable {
    /// Below the repository's root.
    let path: String
    let text: String
    let blocks: [Block]
    /// Its lines outside of fenced blocks.
    let prose: [String]

    /// A fenced block.
    struct Block: Sendable {
        let language: String
        let lines: [String]
    }

    var testDescription: String { path }

    init(path: String) throws {
        self.path = path
        text = try String(contentsOf: Document.root.appendingPathComponent(path), encoding: .utf8)
        var blocks: [Block] = []
        var prose: [String] = []
        var open: (language: String, lines: [String], indent: Int)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(language: block.language, lines: block.lines))
                    open = nil
                } else {
                    open = (String(bare.dropFirst(3)), [], line.count - bare.count)
                }
            } else if let block = open {
                // A block in a list is indented as a whole.
                let line = line.prefix(block.indent).allSatisfy { $0 == " " } ? line.dropFirst(block.indent) : line[...]
                open?.lines.append(String(line))
            } else {
                prose.append(line)
            }
        }
        self.blocks = blocks
        self.prose = prose
    }

    /// What stands between backticks outside of fenced blocks.
    var inlineCode: [String] {
        prose.flatMap { line in line.matches(of: /`([^`]+)`/).map { String($0.1) } }
    }

    /// The commands of its `sh` blocks, each in one line.
    var shellCommands: [String] {
        blocks.filter { $0.language == "sh" }.flatMap { block in
            block.lines.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n").map(String.init)
        }
    }

    /// Where links may lead to in it, as GitHub names headings.
    var anchors: Set<String> {
        Set(prose.filter { $0.hasPrefix("#") }.map { Document.anchor(of: $0.drop { $0 == "#" || $0 == " " }) })
    }

    private static func anchor(of heading: Substring) -> String {
        let kept = heading.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
        return kept.replacing(" ", with: "-")
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// All of them; none, where they cannot be read: a test sees to it that there are some.
    static let all: [Document] = {
        let names = ["", "docs/", "images/", "images/manifests/"].flatMap { directory in
            let path = root.appendingPathComponent(directory).path
            return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).map { directory + $0 }
        }
        return names.filter { $0.hasSuffix(".md") }.sorted().compactMap { try? Document(path: $0) }
    }()
}

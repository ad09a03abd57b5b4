import Foundation
import Testing

@testable import CraterRunCore

/// Files that Kubernetes wrote, with what is in them: see `Vectors`.
struct AnnotationsVectorsTests {
    struct Row: Decodable, CustomTestStringConvertible {
        let annotations: [String: Data]
        let file: Data

        var testDescription: String { "\(annotations.count) annotations, \(file.count) bytes" }

        static func read(_ name: String) throws -> [Row] {
            let url = try #require(Bundle.module.url(forResource: "Vectors/\(name)", withExtension: "jsonl"))
            return try Data(contentsOf: url).split(separator: 0x0A).map {
                try JSONDecoder().decode(Row.self, from: $0)
            }
        }
    }

    @Test func readsWhatKubernetesFormatMapWrites() throws {
        let rows = try Row.read("annotations-vectors")
        #expect(rows.count == 200)
        for row in rows {
            let file = AnnotationsFile(parsing: Array(row.file))
            #expect(file.problems == [])
            #expect(map(file) == row.annotations)
            #expect(file.entries.count == row.annotations.count)
            #expect(file.isDamaged == row.file.isEmpty)
        }
    }

    @Test func readsWhatAKubeletWrote() throws {
        let rows = try Row.read("kubelet-files")
        #expect(rows.count == 38)
        for row in rows {
            let file = AnnotationsFile(parsing: Array(row.file))
            #expect(!file.isDamaged)
            // The row has what was asked for; the kubelet adds its own.
            let added = ["kubernetes.io/config.seen", "kubernetes.io/config.source"]
            #expect(map(file).filter { !added.contains($0.key) } == row.annotations)
            #expect(file["kubernetes.io/config.source"] == Array("api".utf8))
        }
    }

    @Test func writesEveryValueSoThatItReadsBackTheSame() throws {
        for row in try Row.read("annotations-vectors") + Row.read("kubelet-files") {
            for value in row.annotations.values {
                let encoded = GoQuotedString.encode(Array(value))
                #expect(try GoQuotedString.decode(Array(encoded.utf8)[...]) == Array(value))
            }
        }
    }

    @Test func quotesAsGoDoes() throws {
        // An older or newer Go has other printable characters, so only what is ASCII or escaped by every Go is compared.
        for row in try Row.read("annotations-vectors") where row.file.allSatisfy({ $0 < 0x80 }) {
            let lines = row.annotations.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { "\($0.key)=\(GoQuotedString.encode(Array($0.value)))" }
            #expect(lines.joined(separator: "\n") == String(decoding: row.file, as: UTF8.self))
        }
    }

    private func map(_ file: AnnotationsFile) -> [String: Data] {
        Dictionary(
            file.entries.map { (String(decoding: $0.key, as: UTF8.self), Data($0.value)) },
            uniquingKeysWith: { $1 }
        )
    }
}

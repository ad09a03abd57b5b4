import CraterRunCore
import Foundation
import Testing

@testable import CraterRun

/// The README's table of what can be set has what the settings declare.
struct DocumentedSettingsTests {
    private struct Pair: Hashable {
        let option: String?
        let variable: String
    }

    private static let declared: [SettingDeclaration] =
        OptionTable.up.options + OptionTable.probe.options + ServingCommands.all.flatMap { $0.table.options }
        + [Setting.output.declaration, Setting.runDirectory.declaration]

    /// The rows of the table: options, variables, and what holds where nobody says, without its typography.
    private static func rows() throws -> [(options: [String], variables: [String], fallback: String)] {
        let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        let table = text.split(separator: "\n").drop { !$0.hasPrefix("| for | flag |") }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }
        return table.compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map(String.init)
            // A script's own.
            guard cells.count > 3, !cells[0].contains("entrypoint.sh") else { return nil }
            let fallback = cells[3].filter { $0 != "`" }.prefix { $0 != ";" && $0 != ":" }
            return (
                cells[1].matches(of: /--[a-z-]+/).map { String($0.output) },
                cells[2].matches(of: /CRATER_RUN_[A-Z_]+/).map { String($0.output) },
                String(fallback.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            )
        }
    }

    @Test func theTableHasAllVariables() throws {
        let documented = try Self.rows().flatMap { row in
            row.variables.flatMap { variable in
                row.options.isEmpty
                    ? [Pair(option: nil, variable: variable)]
                    : row.options.map { Pair(option: $0, variable: variable) }
            }
        }
        let declared = Self.declared.compactMap { setting in
            setting.variable.map { Pair(option: setting.option, variable: $0) }
        }
        #expect(Set(documented) == Set(declared))
        #expect(Set(documented).count == documented.count)
    }

    @Test func theTableHasNoOtherOptions() throws {
        let declared = Set(Self.declared.compactMap(\.option))
        for row in try Self.rows() { #expect(declared.isSuperset(of: row.options), "\(row)") }
    }

    @Test func theDefaultsAreTheSettings() throws {
        for row in try Self.rows() {
            let settings = Self.declared.filter { setting in
                setting.variable.map { row.variables.contains($0) } ?? false
            }
            let fallbacks = settings.compactMap(\.fallback)
            guard !fallbacks.isEmpty else { continue }
            #expect(
                fallbacks.contains { $0.hasPrefix(row.fallback) || row.fallback.hasPrefix($0) }, "\(row)")
        }
    }
}

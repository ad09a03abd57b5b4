import CraterRunCore
import Foundation
import Testing

/// The table of apps in each README has all apps, with the names and the port of their rules.
struct DocumentedAppsTests {
    private struct Row: Equatable {
        let command: String
        let ruleNames: [String]
        let port: UInt16?
    }

    private static func rows(of file: String) throws -> [Row] {
        let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../\(file)")
        let text = try String(contentsOf: place, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            // An empty piece before the first cell and after the last.
            guard cells.count == 7, let command = cells[2].prefixMatch(of: /\s`crater-run ([a-z-]+)/)?.1,
                command != "app"
            else { return nil }
            return Row(
                command: String(command),
                ruleNames: cells[3].matches(of: /`([a-z-]+)`/).map { String($0.1) },
                port: UInt16(cells[4].filter { $0 != " " }))
        }
    }

    @Test(arguments: ["README.md", "README.ja.md"])
    func theTableHasAllApps(file: String) throws {
        #expect(
            try Self.rows(of: file)
                == AppIdentity.all.map { Row(command: $0.name, ruleNames: $0.ruleNames, port: $0.defaultPort) })
    }

    /// Each simple app has a row with the versions that its line was run with: an old one and the newest.
    @Test func theVersionsThatWereMeasuredAreNamed() throws {
        let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/adding-an-app.md")
        let text = try String(contentsOf: place, encoding: .utf8)
        for app in SimpleApps.all {
            let name = app.identity.name
            let row = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("| \(app.title) | `crater-run \(name)") })
            // code-server is not on PyPI, so there is none to measure.
            if name == CodeServer.identity.name {
                #expect(row.contains("not run"))
            } else {
                #expect(row.matches(of: /[0-9]+\.[0-9]+\.[0-9]+/).count == 2, "\(row)")
            }
        }
    }
}

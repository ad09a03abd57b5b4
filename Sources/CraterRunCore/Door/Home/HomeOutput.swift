/// The last lines of the apps' output as the home page shows them: a few of each app, and so short in all that the page
/// stays small however many apps there are.
struct HomeOutput {
    private static let linesShown = 20
    private static let longestLine = 300
    /// For the lines of all apps together, in bytes of the page.
    private static let total = 16_000

    /// The most for the lines of one app, in bytes of the page.
    private let limit: Int

    init(of tiles: [HomeTile]) {
        limit = HomeOutput.total / max(1, tiles.count { !$0.state.lastLines.isEmpty })
    }

    /// The newest lines that have room, escaped; nil if there are none.
    func html(of tile: HomeTile) -> String? {
        var lines: [String] = []
        var room = limit
        for line in tile.state.lastLines.suffix(HomeOutput.linesShown).reversed() {
            let text = HTMLText.escape(PrintableText.escape(line.utf8, limit: HomeOutput.longestLine))
            room -= text.utf8.count + 1
            guard room >= 0 else { break }
            lines.append(text)
        }
        return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
    }
}

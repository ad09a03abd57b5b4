import CraterRunCore

extension Launcher {
    /// Waits until all items are as they should be. The limit is for the time from one such item to the next: how long all
    /// take depends on the machine.
    func waitForAll<Item>(
        _ items: [Item], toBe what: String, within limit: Duration = .seconds(300), _ isSo: (Item) throws -> Bool
    ) throws {
        var left = items
        while !left.isEmpty {
            left = try wait(for: "one of \(left) to be \(what)", within: limit) {
                let late = try left.filter { try !isSo($0) }
                return late.count < left.count ? late : nil
            }
        }
    }
}

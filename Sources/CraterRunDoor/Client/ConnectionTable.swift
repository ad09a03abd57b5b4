/// The clients' open connections. Used on the event loop.
final class ConnectionTable {
    private(set) var all: [ClientConnection] = []

    func add(_ connection: ClientConnection) {
        connection.slot = all.count
        all.append(connection)
    }

    /// The last connection takes the place of the one removed.
    func remove(_ connection: ClientConnection) {
        let slot = connection.slot
        guard all.indices.contains(slot), all[slot] === connection, let last = all.popLast() else { return }
        connection.slot = -1
        guard last !== connection else { return }
        last.slot = slot
        all[slot] = last
    }
}

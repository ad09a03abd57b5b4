import CraterRunCore
import NIOCore

/// The open connections of one listener, and since when each has kept us waiting. Used on the listener's event loop.
final class ConnectionTable {
    private struct Entry {
        let channel: any Channel
        var waitingSince: NIODeadline
    }

    private let capacity: Int
    private var entries: [ObjectIdentifier: Entry] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    func opened(_ channel: any Channel) {
        if entries.count >= capacity, let slowest = entries.min(by: { $0.value.waitingSince < $1.value.waitingSince }) {
            entries[slowest.key] = nil
            slowest.value.channel.close(promise: nil)
        }
        entries[ObjectIdentifier(channel)] = Entry(channel: channel, waitingSince: .now())
    }

    /// Records that the client has got its answer, and may send the next request.
    func answered(_ channel: any Channel) {
        entries[ObjectIdentifier(channel)]?.waitingSince = .now()
    }

    func closed(_ channel: any Channel) {
        entries[ObjectIdentifier(channel)] = nil
    }
}

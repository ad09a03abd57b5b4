import CraterRunCore
import NIOCore

/// What a connection may take of us.
struct ConnectionLimits: Sendable {
    /// Connections at once. One more, and the one that has kept us waiting the longest has to go: slow clients must not keep the
    /// kubelet out.
    let connections: Int
    /// From the connection, or the last answer, to the end of the next request; and as long for an answer to be taken.
    let request = TimeAmount.seconds(5)
    /// After this, the next answer is the last one.
    let total = TimeAmount.seconds(60)
    /// Of a request's first line and headers, in bytes.
    let headers = 16 << 10
    /// Of a request's body, in bytes.
    let body: Int
}

/// The open connections of one listener, on its event loop. Each entry is a connection that keeps us waiting, by when it
/// began to.
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

    /// It has got its answer, and may ask again.
    func answered(_ channel: any Channel) {
        entries[ObjectIdentifier(channel)]?.waitingSince = .now()
    }

    func closed(_ channel: any Channel) {
        entries[ObjectIdentifier(channel)] = nil
    }
}

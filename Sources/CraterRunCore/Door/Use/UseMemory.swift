/// Tells what persons do with an app from what follows from the timers of its open pages.
package struct UseMemory: Equatable, Sendable {
    /// How long after a timed request others follow from it, in seconds.
    static let following = 15
    /// How long a request waits for the timed request that it may belong to: a page sends them in any order.
    static let patience = 2

    /// The second of the last timed request.
    private var timedAt: Int?
    /// The second of the first request that may follow from a timed one that has not come yet.
    private var doubtfulAt: Int?

    package init() {}

    /// Takes a request.
    ///
    /// - Returns: whether it is certainly a person's.
    package mutating func take(_ use: RequestUse, at second: Int) -> Bool {
        switch use {
        case .person: return true
        case .timed:
            timedAt = second
            doubtfulAt = nil
        case .following:
            if timedAt.map({ second - $0 > UseMemory.following }) ?? true, doubtfulAt == nil { doubtfulAt = second }
        case .socket, .ownSocket: break
        }
        return false
    }

    /// Called once a second.
    ///
    /// - Returns: whether an earlier request turns out to be a person's.
    package mutating func settle(at second: Int) -> Bool {
        guard let at = doubtfulAt, second - at >= UseMemory.patience else { return false }
        doubtfulAt = nil
        return true
    }
}

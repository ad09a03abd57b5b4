/// Growing delays between attempts: doubling from `first` to `longest`, each shortened by up to a fifth at random, so
/// that many pods that fail together do not come back together.
package struct Backoff: Equatable, Sendable {
    package let first: Duration
    package let longest: Duration
    /// The delay that comes next, before jitter.
    private var upcoming: Duration
    /// SplitMix64's state. Randomness is an argument: the seed comes from outside.
    private var randomState: UInt64

    package init(first: Duration = .milliseconds(500), longest: Duration = .seconds(60), seed: UInt64) {
        self.first = first
        self.longest = longest
        self.upcoming = first
        self.randomState = seed
    }

    /// The delay to wait now, between 80 and 100 % of the nominal one; the next is twice as long.
    package mutating func next() -> Duration {
        let nominal = upcoming
        upcoming = min(nominal * 2, longest)
        return nominal * (1 - 0.2 * random())
    }

    /// The longest delay; all that come next are as long.
    package mutating func last() -> Duration {
        upcoming = longest
        return next()
    }

    /// Starts over at the shortest delay.
    package mutating func reset() {
        upcoming = first
    }

    /// A number in 0..<1, by SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private mutating func random() -> Double {
        randomState &+= 0x9E37_79B9_7F4A_7C15
        var bits = randomState
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
    }
}

/// Growing delays between attempts. They double from `first` to `longest`. Each is shortened by up to a fifth at
/// random, so that many pods that fail together do not come back together.
package struct Backoff: Equatable, Sendable {
    package let first: Duration
    package let longest: Duration
    /// The next delay, before jitter.
    private var upcoming: Duration
    /// The state of SplitMix64. The caller gives the seed, since the core has no randomness of its own.
    private var randomState: UInt64

    package init(first: Duration = .milliseconds(500), longest: Duration = .seconds(60), seed: UInt64) {
        self.first = first
        self.longest = longest
        self.upcoming = first
        self.randomState = seed
    }

    /// The delay to wait now: 80 to 100 % of the nominal delay, which doubles with each call up to ``longest``.
    package mutating func next() -> Duration {
        let nominal = upcoming
        upcoming = min(nominal * 2, longest)
        return nominal * (1 - 0.2 * random())
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

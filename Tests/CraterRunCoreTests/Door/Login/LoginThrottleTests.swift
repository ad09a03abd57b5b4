import Testing

@testable import CraterRunCore

struct LoginThrottleTests {
    private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    private func after(_ duration: Duration) -> LoginThrottle.Release { .at(start.advanced(by: duration)) }

    @Test func aRightKeyIsNotDelayed() {
        var throttle = LoginThrottle()
        for _ in 0..<1000 { #expect(throttle.release(.right, at: start) == .now) }
    }

    @Test func wrongKeysAreDelayedAllTogether() {
        var throttle = LoginThrottle()
        #expect(throttle.release(.wrong(mark: 1), at: start) == after(.milliseconds(500)))
        #expect(throttle.release(.wrong(mark: 2), at: start) == after(.milliseconds(1000)))
        // A right one behind them: its answer comes no earlier than theirs.
        #expect(throttle.release(.right, at: start) == after(.milliseconds(1000)))
        #expect(throttle.release(.wrong(mark: 3), at: start) == after(.milliseconds(1500)))
        let later = start.advanced(by: .milliseconds(1500))
        #expect(throttle.release(.right, at: later) == .now)
        #expect(throttle.release(.wrong(mark: 4), at: later) == after(.milliseconds(2000)))
    }

    /// When the queue is full, nobody learns anything.
    @Test func aFullQueueRefusesRightAndWrongKeys() {
        var throttle = LoginThrottle()
        for count in 1...20 {
            #expect(throttle.release(.wrong(mark: UInt64(count)), at: start) == after(.milliseconds(500) * count))
        }
        #expect(throttle.release(.wrong(mark: 99), at: start) == .refused)
        #expect(throttle.release(.right, at: start) == .refused)
        #expect(throttle.release(.right, at: start.advanced(by: .milliseconds(500))) == after(.seconds(10)))
        #expect(throttle.release(.right, at: start.advanced(by: .seconds(10))) == .now)
    }

    /// Whoever sends wrong keys keeps nobody out who has a key of ours.
    @Test func aKeyThatNobodyGuessesWaitsForNothing() {
        var throttle = LoginThrottle()
        for mark in 0..<100 { _ = throttle.release(.wrong(mark: UInt64(mark)), at: start) }
        for _ in 0..<1000 { #expect(throttle.release(.surelyRight, at: start) == .now) }
        #expect(throttle.release(.right, at: start) == .refused)
    }

    @Test(arguments: [(8, KeyGuess.right), (23, .right), (24, .surelyRight), (48, .surelyRight)])
    func aLongKeyIsOneThatNobodyGuesses(length: Int, guess: KeyGuess) {
        let key = [UInt8](repeating: 0x61, count: length)
        #expect(KeyGuess(key, at: DoorLogin(key: key)) == guess && guess.isRight)
        #expect(!KeyGuess(key + [0x62], at: DoorLogin(key: key)).isRight)
    }

    /// However many connections an attacker opens, a minute tells about 120 keys.
    @Test func guessesAreFewInAMinute() {
        var throttle = LoginThrottle()
        var told = 0
        for step in 0..<60_000 {
            let now = start.advanced(by: .milliseconds(step))
            if throttle.release(.wrong(mark: UInt64(step)), at: now) != .refused { told += 1 }
        }
        #expect((100...141).contains(told))
    }

    /// A program with an old key: the user with the new key waits half a second at most.
    @Test func aRepeatedKeyIsOneGuess() {
        var throttle = LoginThrottle()
        for second in 0..<100 {
            let now = start.advanced(by: .milliseconds(100 * second))
            let release = throttle.release(.wrong(mark: 7), at: now)
            #expect(release == .at(now.advanced(by: .milliseconds(500))))
        }
        #expect(throttle.release(.right, at: start.advanced(by: .seconds(10))) == .now)
    }

    @Test func remembersFewKeys() {
        var throttle = LoginThrottle()
        var now = start
        for mark in 0..<33 {
            _ = throttle.release(.wrong(mark: UInt64(mark)), at: now)
            now = now.advanced(by: .seconds(1))
        }
        // The first key is forgotten, the last one is not: only the first delays others again.
        _ = throttle.release(.wrong(mark: 32), at: now)
        #expect(throttle.release(.right, at: now) == .now)
        _ = throttle.release(.wrong(mark: 0), at: now)
        #expect(throttle.release(.right, at: now) == .at(now.advanced(by: .milliseconds(500))))
    }
}

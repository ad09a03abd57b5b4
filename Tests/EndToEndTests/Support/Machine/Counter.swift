import Synchronization

/// Numbers that are given out once, to any thread.
final class Counter: Sendable {
    private let value: Atomic<Int>

    init(startingAt start: Int) { value = Atomic(start) }

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

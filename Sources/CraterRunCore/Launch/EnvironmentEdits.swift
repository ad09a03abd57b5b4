/// The differences between an app's environment and crater-run's own. Everything else is passed on byte for byte.
package struct EnvironmentEdits: Equatable, Sendable {
    /// Variables to set, in order.
    package private(set) var assignments: [Assignment] = []
    /// Variables to remove, in order; none of them is among the assignments.
    package private(set) var removals: [String] = []
    /// The assignments that give way to a value of the user's own.
    private var yielding: Set<String> = []

    /// A variable to set, and its value.
    package struct Assignment: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package init(_ assignments: KeyValuePairs<String, String> = [:]) {
        for (name, value) in assignments { set(name, to: value) }
    }

    /// Sets a variable, and replaces an earlier value.
    package mutating func set(_ name: String, to value: String) {
        forget(name)
        assignments.append(Assignment(name: name, value: value))
    }

    /// Sets a variable, unless the user has given it a value (``settle(on:)``). A value that was removed does not count.
    package mutating func setUnlessGiven(_ name: String, to value: String) {
        let isRemoved = removals.contains(name)
        set(name, to: value)
        if !isRemoved { yielding.insert(name) }
    }

    /// Drops the assignments that give way to a value that the user has set.
    package mutating func settle(on host: HostFacts) {
        for name in yielding where host.value(of: name) != nil { forget(name) }
        yielding = []
    }

    package mutating func remove(_ name: String) {
        forget(name)
        removals.append(name)
    }

    /// The value that the edits give to a variable; nil if they remove the variable or do not change it.
    func value(of name: String) -> String? { assignments.last { $0.name == name }?.value }

    /// Applies the other edits after these.
    package mutating func merge(_ other: EnvironmentEdits) {
        for assignment in other.assignments {
            if other.yielding.contains(assignment.name) {
                setUnlessGiven(assignment.name, to: assignment.value)
            } else {
                set(assignment.name, to: assignment.value)
            }
        }
        for name in other.removals { remove(name) }
    }

    private mutating func forget(_ name: String) {
        assignments.removeAll { $0.name == name }
        removals.removeAll { $0 == name }
        yielding.remove(name)
    }

    /// The resulting environment: entries `NAME=value` as bytes, since neither part need be UTF-8.
    package func applied(to environment: [[UInt8]]) -> [[UInt8]] {
        let edited = (assignments.map(\.name) + removals).map { Array("\($0)=".utf8) }
        let kept = environment.filter { entry in !edited.contains { entry.starts(with: $0) } }
        return kept + assignments.map { Array("\($0.name)=\($0.value)".utf8) }
    }
}

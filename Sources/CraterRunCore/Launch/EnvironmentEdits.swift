/// What an app's environment has more or less than crater-run's own, which is passed on byte for byte otherwise.
package struct EnvironmentEdits: Equatable, Sendable {
    /// Variables to set, in order.
    package private(set) var assignments: [Assignment] = []

    package struct Assignment: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package init(_ assignments: KeyValuePairs<String, String> = [:]) {
        for (name, value) in assignments { set(name, to: value) }
    }

    /// Sets a variable, instead of an earlier value.
    package mutating func set(_ name: String, to value: String) {
        assignments.removeAll { $0.name == name }
        assignments.append(Assignment(name: name, value: value))
    }

    /// The environment that results: entries `NAME=value`, as bytes, since neither need be UTF-8.
    package func applied(to environment: [[UInt8]]) -> [[UInt8]] {
        let replaced = assignments.map { Array("\($0.name)=".utf8) }
        let kept = environment.filter { entry in !replaced.contains { entry.starts(with: $0) } }
        return kept + assignments.map { Array("\($0.name)=\($0.value)".utf8) }
    }
}

/// Which notes of a launch are new. The notes of a launch are often those of the launch before it, and an app that is
/// started again and again must not repeat them in the log.
package struct LaunchNotes: Equatable, Sendable {
    /// The notes of the last launch.
    private var last: Set<String> = []

    package init() {}

    /// Takes the notes of a launch.
    ///
    /// - Returns: those that the last launch did not have.
    package mutating func take(_ notes: [String]) -> [String] {
        defer { last = Set(notes) }
        return notes.filter { !last.contains($0) }
    }
}

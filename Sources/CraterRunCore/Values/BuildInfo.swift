/// Which crater-run this is.
package struct BuildInfo: Equatable, Sendable, CustomStringConvertible {
    /// As the next release is called, or this one (semver.org).
    package let version: String
    /// The commit that it was built from, shortened, with `-dirty` where something was not committed; nil where the build did
    /// not know, as outside of a clone.
    package let commit: String?
    /// The compiler's version; nil where the build did not know.
    package let swift: String?

    /// - Parameters:
    ///   - commit: empty for none.
    ///   - swift: empty for none.
    package init(version: String, commit: String, swift: String) {
        self.version = version
        self.commit = commit.isEmpty ? nil : commit
        self.swift = swift.isEmpty ? nil : swift
    }

    /// What `--version` prints: `crater-run 0.4.0 (commit 6c6d5ae, Swift 6.3.1)`.
    package var description: String {
        "crater-run \(version) (commit \(commit ?? "unknown"), Swift \(swift ?? "unknown"))"
    }
}

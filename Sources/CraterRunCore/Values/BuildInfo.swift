/// The version and origin of this crater-run executable, as `--version` prints them.
package struct BuildInfo: Equatable, Sendable, CustomStringConvertible {
    /// The version of this release, or of the next one for a build between releases (semver.org).
    package let version: String
    /// The commit that crater-run was built from, shortened, with `-dirty` if there were uncommitted changes; nil if
    /// the build did not know the commit, as outside of a clone.
    package let commit: String?
    /// The compiler's version; nil if the build did not know it.
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

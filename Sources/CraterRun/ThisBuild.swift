import CBuildInfo
import CraterRunCore

extension BuildInfo {
    /// This very binary. Here and in no library, so that a commit has none of them compiled again.
    static let current = BuildInfo(
        version: "0.4.0",
        commit: String(cString: cbuildinfo_commit()),
        swift: String(cString: cbuildinfo_swift())
    )
}

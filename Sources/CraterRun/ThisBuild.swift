import CBuildInfo
import CraterRunCore

extension BuildInfo {
    /// The build of this binary. It is defined here and not in a library, so that a new commit recompiles no library.
    static let current = BuildInfo(
        version: "0.4.0",
        commit: String(cString: cbuildinfo_commit()),
        swift: String(cString: cbuildinfo_swift())
    )
}

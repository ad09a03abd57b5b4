internal import CraterRunCore
internal import CLinux
internal import Glibc

/// The directory that crater-run was started in.
package enum WorkingDirectory {
    /// Its full path; `/` if it has been deleted.
    package static var path: String {
        guard let name = getcwd(nil, 0) else { return "/" }
        defer { free(name) }
        return String(cString: name)
    }
}

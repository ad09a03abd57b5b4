internal import CraterRunCore
internal import CLinux
internal import Glibc

/// What programs find out about the user that they run as.
struct UserFacts {
    let id: UInt32
    let home: HostFacts.Home
    /// Whether the user has a name: in a variable (those that Python's getpass reads), or in /etc/passwd.
    let hasName: Bool

    /// - Parameter looksAtHome: whether to check the home. A home on a file system that does not answer must not delay
    ///   an app that needs no home.
    ///   - directory: the directory in the home that the app uses.
    init(
        environment: HostProbe, passwd: String = "/etc/passwd", looksAtHome: Bool = true,
        for directory: DirectoryInHome? = nil
    ) {
        id = geteuid()
        let own = String(id)
        let entry = UserFacts.entry(in: passwd) { $1 == own }
        hasName = entry != nil || ["LOGNAME", "USER", "LNAME", "USERNAME"].contains { environment.value($0) != nil }
        if !looksAtHome {
            home = .usable
        } else if let path = environment.value("HOME") {
            home = UserFacts.home(path, named: "HOME is \(path), which", for: directory)
        } else if let path = entry?.home, !path.isEmpty {
            home = UserFacts.home(path, named: "HOME is not set, and \(path)", for: directory)
        } else {
            home = .unusable(reason: "HOME is not set")
        }
    }

    private static func home(
        _ path: String, named name: String, for directory: DirectoryInHome?
    ) -> HostFacts.Home {
        if FileAccess.isWritableDirectory(path) {
            return occupied(directory, in: path).map { .occupied(by: $0) } ?? .usable
        }
        return .unusable(reason: "\(name) \(FileAccess.exists(path) ? "cannot be written to" : "is not there")")
    }

    /// The path of a directory in the home if the app cannot use it; nil if the app can, or if it is not there.
    private static func occupied(_ directory: DirectoryInHome?, in home: String) -> String? {
        switch directory {
        case nil: return nil
        case .written(let name):
            let path = "\(home)/\(name)"
            return FileAccess.exists(path) && !FileAccess.isWritableDirectory(path) ? path : nil
        case .read(let name):
            let path = "\(home)/\(name)"
            return FileAccess.isDirectory(path) && !FileAccess.isReadableDirectory(path) ? path : nil
        }
    }

    /// The home in the first matching line of passwd(5); nil if no line matches or the home is empty.
    static func home(in file: String, where matches: (_ name: String, _ id: String) -> Bool) -> String? {
        entry(in: file, where: matches).flatMap { $0.home.isEmpty ? nil : $0.home }
    }

    /// The first matching line of passwd(5). The file is read as text, since getpwuid(3) would load plug-ins that a
    /// static program does not have.
    private static func entry(
        in file: String, where matches: (_ name: String, _ id: String) -> Bool
    ) -> (name: String, home: String)? {
        guard let bytes = try? SmallFile.read(file) else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            if fields.count > 5, matches(fields[0], fields[2]) { return (fields[0], fields[5]) }
        }
        return nil
    }
}

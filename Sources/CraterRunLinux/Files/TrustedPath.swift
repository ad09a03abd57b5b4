internal import CraterRunCore
internal import Glibc

/// Follows a path from the root, one directory after the other, and holds the directory at its end, provided that no
/// other user can make the path lead elsewhere.
///
/// Each directory on the way must belong to root or to us. Others must not be able to write to it, unless it is sticky:
/// then only an entry's own owner can rename and remove the entry. A link on the way is followed if it belongs to root
/// or to us.
struct TrustedPath {
    /// The other users that are trusted on the way.
    enum Trust {
        case nobody
        /// One other user, no matter which one: root follows paths in this way to a user's files.
        case oneUser
    }

    /// What a path leads to.
    enum End {
        case found(HeldDirectory, FileStatus)
        /// Everything exists but the last part.
        case missing(name: String, in: HeldDirectory, FileStatus)
        /// The directory belongs to us or to root, but others can write there.
        case exposed(HeldDirectory, FileStatus, PlaceRefusal)
    }

    /// How many links are followed, as in the kernel (path_resolution(7)).
    private static let mostLinks = 40

    private let trust: Trust
    private var user: UInt32?

    private init(_ trust: Trust) { self.trust = trust }

    /// - Parameter path: absolute, or relative to the working directory.
    static func follow(_ path: String, trusting trust: Trust = .nobody) throws(PlaceRefusal) -> End {
        var walk = TrustedPath(trust)
        return try walk.follow(path.hasPrefix("/") ? path : "\(WorkingDirectory.path)/\(path)")
    }

    private mutating func follow(_ path: String) throws(PlaceRefusal) -> End {
        var rest = Array(TrustedPath.parts(of: path).reversed())
        var (here, status) = try root()
        var links = 0
        while let part = rest.popLast() {
            // A directory's own permissions decide about its entries.
            if let refusal = exposure(of: here, status) { throw refusal }
            if part == ".." {
                (here, status) = try parent(of: here)
                continue
            }
            let (next, found): (HeldDirectory, FileStatus)
            do throws(SystemCallError) { (next, found) = try here.hold(part) } catch {
                guard error.number == ENOENT, rest.isEmpty else { throw .unusable(here.path(of: part), error) }
                return .missing(name: part, in: here, status)
            }
            guard trusts(found.owner) else { throw distrust(of: found, at: next.path) }
            switch found.kind {
            case .directory: (here, status) = (next, found)
            case .link:
                links += 1
                let target: String
                do throws(SystemCallError) { target = try next.target() } catch { throw .unusable(next.path, error) }
                guard links <= TrustedPath.mostLinks else {
                    throw .unusable(path, SystemCallError(call: "openat", number: ELOOP))
                }
                rest += TrustedPath.parts(of: target).reversed()
                if target.hasPrefix("/") { (here, status) = try root() }
            default:
                throw PlaceRefusal(kind: .occupied, path: next.path, reason: "is \(found.description)")
            }
        }
        if let refusal = exposure(of: here, status) { return .exposed(here, status, refusal) }
        return .found(here, status)
    }

    private static func parts(of path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map(String.init)
    }

    private mutating func root() throws(PlaceRefusal) -> (HeldDirectory, FileStatus) {
        try directory("/") { () throws(SystemCallError) in try HeldDirectory.root() }
    }

    private mutating func parent(of here: HeldDirectory) throws(PlaceRefusal) -> (HeldDirectory, FileStatus) {
        let path = "/" + here.path.split(separator: "/").dropLast().joined(separator: "/")
        return try directory(path) { () throws(SystemCallError) in try here.parent(at: path) }
    }

    private mutating func directory(
        _ path: String, _ open: () throws(SystemCallError) -> HeldDirectory
    ) throws(PlaceRefusal) -> (HeldDirectory, FileStatus) {
        let held: HeldDirectory
        let status: FileStatus
        do throws(SystemCallError) {
            held = try open()
            status = try held.status()
        } catch { throw .unusable(path, error) }
        guard trusts(status.owner) else { throw distrust(of: status, at: path) }
        return (held, status)
    }

    // MARK: Whom we trust

    private mutating func trusts(_ owner: UInt32) -> Bool {
        if owner == 0 || owner == geteuid() || owner == user { return true }
        guard trust == .oneUser, user == nil else { return false }
        user = owner
        return true
    }

    private func distrust(of status: FileStatus, at path: String) -> PlaceRefusal {
        guard status.kind == .directory else {
            return PlaceRefusal(kind: .occupied, path: path, reason: "is \(status.description)")
        }
        let owner = FileStatus.user(status.owner)
        return PlaceRefusal(
            kind: .unsafe, path: path, reason: "belongs to \(owner), who may replace what is in it")
    }

    /// Why other users could replace the entries of a directory; nil if they cannot.
    private func exposure(of directory: HeldDirectory, _ status: FileStatus) -> PlaceRefusal? {
        guard status.isWritableByOthers, !status.isSticky else { return nil }
        let who = status.mode & 0o002 != 0 ? "everybody" : "group \(status.group)"
        return PlaceRefusal(
            kind: .unsafe, path: directory.path,
            reason: "can be written to by \(who) and has no sticky bit, so another user may replace what is in it")
    }
}

internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A directory in which crater-run may keep what belongs to its runs: the control sockets and the private directories.
///
/// It is used only if no user but us and root can replace it (``TrustedPath``), and no other user can write to it.
struct RunDirectory: Sendable {
    /// Which directory at the path is used.
    private enum Place {
        /// The directory itself; our own directory in it, if everybody may write there.
        case itself
        /// Our own directory in a directory that everybody may write to.
        case ownBelow
    }

    let path: String
    /// The mode, if the directory has to be made.
    private let mode: mode_t
    private let place: Place
    /// Whether the user named the directory, and so expects that it is used.
    let isNamed: Bool

    /// The directories that everybody may write to in most containers. An emptyDir at one of them is not used: whoever
    /// can write to it can rename the entries of others.
    static let shared = ["/tmp", "/dev/shm"]
    static let usualPath = "/run/crater-run"

    /// The places that every command searches, best first. Others can enter them, since a job behind sudo runs as
    /// another user than its probes.
    static func usual(_ environment: HostProbe) -> [RunDirectory] {
        let named = environment.value(of: .runDirectory).map {
            RunDirectory(path: $0, mode: 0o755, place: .itself, isNamed: true)
        }
        let own = RunDirectory(path: usualPath, mode: 0o755, place: .itself, isNamed: false)
        return (named.map { [$0] } ?? []) + [own] + shared.map { below($0, mode: 0o755) }
    }

    /// Our own directory in a directory that everybody may write to.
    static func below(_ directory: String, mode: mode_t = 0o700) -> RunDirectory {
        RunDirectory(path: directory, mode: mode, place: .ownBelow, isNamed: false)
    }

    /// The name of a user's own directory there.
    static func name(of user: UInt32 = geteuid()) -> String { "crater-run-\(user)" }

    /// The directory, or the place where it would be.
    enum Finding {
        case held(HeldDirectory)
        /// The directory does not exist, and can be made at this path.
        case absent(path: String)

        var path: String {
            switch self {
            case .held(let directory): directory.path
            case .absent(let path): path
            }
        }
    }

    /// How long the directory's file system may take to answer.
    private static let patience = Duration.seconds(2)

    /// Looks for the directory, and changes nothing.
    func find() throws(PlaceRefusal) -> Finding { try findInTime(making: false) }

    /// Makes the directory, unless it exists.
    func make() throws(PlaceRefusal) -> HeldDirectory {
        switch try findInTime(making: true) {
        case .held(let directory): return directory
        case .absent(let path):
            throw .unusable(path, SystemCallError(call: "mkdirat", subject: path, number: ENOENT))
        }
    }

    /// A file system that does not answer is skipped like any other unusable place; the thread that waits for it stays
    /// behind.
    private func findInTime(making: Bool) throws(PlaceRefusal) -> Finding {
        let result = Interruptible.run(within: RunDirectory.patience) { () -> Result<Finding, PlaceRefusal> in
            do throws(PlaceRefusal) { return .success(try find(making: making)) } catch { return .failure(error) }
        }
        guard let result else {
            throw PlaceRefusal(kind: .silent, path: path, reason: "does not answer (a dead network mount?)")
        }
        return try result.get()
    }

    private func find(making: Bool) throws(PlaceRefusal) -> Finding {
        switch (try TrustedPath.follow(path), place) {
        case (.missing(let name, let parent, _), .itself):
            return try make(name, in: parent, making: making)
        case (.missing(_, let parent, _), .ownBelow):
            throw .unusable(path, SystemCallError(call: "openat", subject: parent.path, number: ENOENT))
        case (.found(let directory, let status), .itself) where !status.isWritableByOthers:
            return .held(try usable(directory, status))
        case (.exposed(let directory, let status, let refusal), .itself)
        where path == RunDirectory.usualPath && directory.path == path:
            return try close(directory, status, making: making, or: refusal)
        case (.exposed(_, _, let refusal), _): throw refusal
        case (.found(let directory, _), _): return try ownBelow(directory, making: making)
        }
    }

    private func ownBelow(_ directory: HeldDirectory, making: Bool) throws(PlaceRefusal) -> Finding {
        let name = RunDirectory.name()
        let status: FileStatus
        do throws(SystemCallError) { status = try directory.status(of: name) } catch {
            guard error.number == ENOENT else { throw .unusable(directory.path(of: name), error) }
            return try make(name, in: directory, making: making)
        }
        guard status.kind == .directory, status.owner == geteuid() else {
            throw PlaceRefusal(kind: .occupied, path: directory.path(of: name), reason: "is \(status.description)")
        }
        let own: HeldDirectory
        do throws(SystemCallError) { own = try directory.directory(name) } catch {
            throw .unusable(directory.path(of: name), error)
        }
        guard status.isWritableByOthers else { return .held(try usable(own, status)) }
        let refusal = PlaceRefusal(kind: .unsafe, path: own.path, reason: "can be written to by others")
        return try close(own, status, making: making, or: refusal)
    }

    private func make(_ name: String, in parent: HeldDirectory, making: Bool) throws(PlaceRefusal) -> Finding {
        let path = parent.path(of: name)
        if let obstacle = parent.obstacle {
            throw PlaceRefusal(kind: .unusable, path: path, reason: "cannot be made: \(obstacle.reason)")
        }
        guard making else { return .absent(path: path) }
        let made: HeldDirectory
        let status: FileStatus
        do throws(SystemCallError) {
            made = try parent.makeDirectory(name, mode: mode)
            status = try made.status()
        } catch {
            // Another process was faster.
            if let status = try? parent.status(of: name), status.owner != geteuid() {
                throw PlaceRefusal(kind: .occupied, path: path, reason: "is \(status.description)")
            }
            throw PlaceRefusal(kind: .unusable, path: path, reason: "cannot be made: \(error.reason)")
        }
        return .held(try usable(made, status))
    }

    private func usable(_ directory: HeldDirectory, _ status: FileStatus) throws(PlaceRefusal) -> HeldDirectory {
        guard status.owner == geteuid() else {
            let owner = FileStatus.user(status.owner)
            throw PlaceRefusal(kind: .unusable, path: directory.path, reason: "belongs to \(owner)")
        }
        if let obstacle = directory.obstacle { throw .unusable(directory.path, obstacle) }
        return directory
    }

    /// Takes the right to write from others, in a directory that is made for crater-run and belongs to us: an emptyDir
    /// that is mounted there is writable for everybody at first. The directory is refused if another user has already
    /// put something there.
    private func close(
        _ directory: HeldDirectory, _ status: FileStatus, making: Bool, or refusal: PlaceRefusal
    ) throws(PlaceRefusal) -> Finding {
        guard status.owner == geteuid(), directory.obstacle == nil else { throw refusal }
        if making {
            do throws(SystemCallError) { try directory.setMode(mode) } catch { throw .unusable(directory.path, error) }
        }
        // From here on no other user can add anything. Until the mode is changed, nothing in the directory is ours yet.
        try checkContent(of: directory)
        return making ? .held(directory) : .absent(path: directory.path)
    }

    private func checkContent(of directory: HeldDirectory) throws(PlaceRefusal) {
        guard let names = directory.names() else {
            throw .unusable(directory.path, SystemCallError(call: "openat", number: EACCES))
        }
        for name in names {
            guard let status = try? directory.status(of: name), status.owner != geteuid() else { continue }
            throw PlaceRefusal(
                kind: .occupied, path: directory.path(of: name),
                reason: "is \(status.description), but everything there must be ours")
        }
    }
}

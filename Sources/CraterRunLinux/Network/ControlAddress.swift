internal import CraterRunCore
internal import Glibc

/// A supervisor that may be asked, as a client finds it.
package struct ControlAddress: Equatable, Sendable {
    package let socket: String
    /// Whose the supervisor is: who made the socket.
    package let owner: UInt32
    /// What the state file beside it holds; nil if there is none that can be read.
    package let state: [UInt8]?

    /// Whether somebody listens; else a supervisor that was killed has left it.
    package var isServed: Bool { SocketAddress.unix(path: socket).isServed }

    /// Every supervisor that can be found in this container, by directory, and there the one that came first before others.
    package static func all(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        usual(environment: environment) + ofOtherUsers(environment: environment)
    }

    /// Those in the places where everybody looks: what the user named, /run/crater-run, our own and root's in /tmp and /dev/shm.
    package static func usual(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        var search = ControlSearch(environment)
        search.searchUsualPlaces()
        return search.addresses
    }

    /// Those in the directories of all other users, if it is root who asks: to anybody else another user's may be a trap.
    package static func ofOtherUsers(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [ControlAddress] {
        var search = ControlSearch(environment)
        search.searchPlacesOfOthers()
        return search.addresses
    }

    /// Why places where a supervisor may be cannot be trusted.
    package static func refusals(environment: [[UInt8]] = ProcessEnvironment.entries()) -> [PlaceRefusal] {
        var search = ControlSearch(environment)
        search.searchUsualPlaces()
        return search.refusals
    }
}

/// A client's look for supervisors: in the places that they choose from (``RunDirectory/usual(_:)``), as far as nobody can have
/// put a trap there.
private struct ControlSearch {
    private let named: String?
    private(set) var addresses: [ControlAddress] = []
    private(set) var refusals: [PlaceRefusal] = []
    /// By which a directory that is found by two ways is known.
    private var seen: [FileStatus] = []

    init(_ environment: [[UInt8]]) { named = HostProbe(environment: environment).value(of: .runDirectory) }

    mutating func searchUsualPlaces() {
        for path in [named, RunDirectory.usualPath].compactMap({ $0 }) { search(at: path, isShared: false) }
        for path in RunDirectory.shared { search(at: path, isShared: true) }
    }

    mutating func searchPlacesOfOthers() {
        guard geteuid() == 0 else { return }
        for path in ([named].compactMap { $0 } + RunDirectory.shared) {
            guard case .found(let directory, let status) = try? TrustedPath.follow(path, trusting: .oneUser),
                status.isWritableByOthers
            else { continue }
            let names = directory.names() ?? []
            let users = names.compactMap { name in
                UInt32(name.dropFirst(RunDirectory.name(of: 0).count - 1)).flatMap {
                    $0 > 0 && name == RunDirectory.name(of: $0) ? $0 : nil
                }
            }
            for user in users.sorted() { search(for: user, in: directory) }
        }
    }

    /// - Parameter isShared: whether it is everybody's, and each user has one of their own in it.
    private mutating func search(at path: String, isShared: Bool) {
        do throws(PlaceRefusal) {
            // Root finds what another user keeps in a directory that was named, too.
            switch try TrustedPath.follow(path, trusting: geteuid() == 0 && !isShared ? .oneUser : .nobody) {
            case .missing: break
            case .exposed(_, _, let refusal): throw refusal
            case .found(let directory, let status):
                guard isShared || status.isWritableByOthers else { return search(in: directory, of: status.owner) }
                for user in geteuid() == 0 ? [0] : [geteuid(), 0] { search(for: user, in: directory) }
            }
        } catch {
            if error.kind != .unusable { refusals.append(error) }
        }
    }

    /// Looks in a user's own directory in one that is everybody's.
    private mutating func search(for user: UInt32, in directory: HeldDirectory) {
        let name = RunDirectory.name(of: user)
        guard let status = try? directory.status(of: name) else { return }
        guard status.kind == .directory, status.owner == user, !status.isWritableByOthers,
            let own = try? directory.directory(name)
        else {
            refusals.append(
                PlaceRefusal(kind: .occupied, path: directory.path(of: name), reason: "is \(status.description)"))
            return
        }
        search(in: own, of: user)
    }

    private mutating func search(in directory: HeldDirectory, of user: UInt32) {
        guard let status = try? directory.status(), !seen.contains(where: { $0.isSame(as: status) }) else { return }
        seen.append(status)
        let names = (directory.names() ?? []).filter { name in
            name == "control.sock" || name.hasPrefix("control-") && name.hasSuffix(".sock")
        }
        // All containers of a Pod have one /dev/shm, and each is asked of its own apps.
        let isOfAllContainers = directory.path.hasPrefix("/dev/shm/")
        // `control.sock` is the shortest.
        addresses += names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.compactMap { name in
            guard let status = try? directory.status(of: name), status.kind == .socket,
                status.owner == user || status.owner == 0,
                !isOfAllContainers || !directory.isOutOfSight(name)
            else { return nil }
            let state = try? directory.readRegular("\(name.dropLast(5)).json", limit: 4096)
            return ControlAddress(socket: directory.path(of: name), owner: status.owner, state: state)
        }
    }
}

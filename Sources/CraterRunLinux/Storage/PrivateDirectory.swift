internal import CLinux
internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// The directory of one run of crater-run that no other user can look into: it has tokens, runtime files and
/// replacement homes. Its name is the run's nonce, so that a new supervisor finds what a dead supervisor of the same
/// run has left.
///
/// It is made when first needed, and held open from then on. Every call may take as long as the file systems take to
/// answer.
package final class PrivateDirectory: Sendable {
    private let name: String
    private let bases: [RunDirectory]
    private let owner: RunOwner
    private let held = Mutex<HeldDirectory?>(nil)
    /// The indices of the bases that did not answer: they are not asked again.
    private let silent = Mutex<Set<Int>>([])

    /// - Parameters:
    ///   - nonce: the run's nonce.
    ///   - environment: crater-run's own environment, for CRATER_RUN_DIR and TMPDIR.
    package init(
        nonce: UInt64, environment: [[UInt8]] = ProcessEnvironment.entries(), owner: RunOwner = RunOwner()
    ) {
        let variables = HostProbe(environment: environment)
        name = String(nonce, radix: 16)
        self.owner = owner
        let temporary =
            (["TMPDIR", "TEMP", "TMP"].compactMap { variables.value($0) } + ["/var/tmp"])
            + [variables.value("XDG_RUNTIME_DIR"), "/run"].compactMap { $0 }
        bases = RunDirectory.usual(variables) + temporary.filter { $0.hasPrefix("/") }.map { RunDirectory.below($0) }
    }

    // MARK: Finding

    /// The directory's path, or the path at which it would be made; nil if there is no place for it.
    package var path: String? {
        if let held = current { return held.path }
        return (try? place()).map { "\($0.path)/\(name)" }
    }

    /// The path of an app's own directory.
    package func path(for app: String) -> String? { path.map { "\($0)/\(PrivateDirectory.folder(of: app))" } }

    /// Why there is no place for the directory, one line each.
    package var refusals: [String] {
        bases.enumerated().compactMap { number, base -> String? in
            if silent.withLock({ $0.contains(number) }) { return "\(base.path) does not answer" }
            do throws(PlaceRefusal) {
                _ = try ask(number, base.find)
                return nil
            } catch { return error.kind == .unusable && !base.isNamed ? nil : error.description }
        }
    }

    /// The directory, if it exists.
    func openDirectory() -> HeldDirectory? {
        if let current { return current }
        for (number, base) in asked {
            guard case .held(let directory) = try? ask(number, base.find), let own = own(in: directory) else {
                continue
            }
            held.withLock { $0 = own }
            return own
        }
        return nil
    }

    /// An app's own directory, or a directory below that; nil if it does not exist.
    func openDirectory(for app: String, _ folder: String? = nil) -> HeldDirectory? {
        let own = try? openDirectory()?.directory(PrivateDirectory.folder(of: app))
        guard let folder else { return own }
        return try? own?.directory(folder)
    }

    private var asked: [(number: Int, base: RunDirectory)] {
        let silent = silent.withLock { $0 }
        return bases.enumerated().filter { !silent.contains($0.offset) }.map { ($0.offset, $0.element) }
    }

    private func ask<Found>(_ number: Int, _ question: () throws(PlaceRefusal) -> Found) throws(PlaceRefusal) -> Found {
        do throws(PlaceRefusal) { return try question() } catch {
            if error.kind == .silent { silent.withLock { _ = $0.insert(number) } }
            throw error
        }
    }

    /// The directory that is held, unless it has been removed.
    private var current: HeldDirectory? {
        guard let directory = held.withLock({ $0 }), !directory.isGone else { return nil }
        return directory
    }

    /// A file name that leads nowhere else, whatever the app's name is.
    private static func folder(of app: String) -> String {
        let name = app.utf8.map { byte in
            byte == UInt8(ascii: "/") || byte == 0 || byte == UInt8(ascii: "%")
                ? "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) : String(decoding: [byte], as: UTF8.self)
        }.joined()
        return name.hasPrefix(".") ? "%2e" + name.dropFirst() : name
    }

    /// The run's directory in a base, if it is ours and no other user can enter it.
    private func own(in directory: HeldDirectory) -> HeldDirectory? {
        guard let own = try? directory.directory(name), let status = try? own.status() else { return nil }
        return PrivateDirectory.isPrivate(status) ? own : nil
    }

    private static func isPrivate(_ status: FileStatus) -> Bool {
        status.kind == .directory && status.owner == geteuid() && status.mode & 0o077 == 0
    }

    /// The best base: one that has the directory, or else the first in which it could be made.
    private func place() throws(PlaceRefusal) -> RunDirectory.Finding {
        var first: RunDirectory.Finding?
        for (number, base) in asked {
            guard let finding = try? ask(number, base.find) else { continue }
            if case .held(let directory) = finding, own(in: directory) != nil { return finding }
            first = first ?? finding
        }
        guard let first else { throw PlaceRefusal(kind: .unusable, path: name, reason: "has no place") }
        return first
    }

    // MARK: Changes

    /// Makes the directory, unless it exists.
    ///
    /// - Throws: ``SystemCallError``; EACCES if there is no place for it.
    @discardableResult
    func make() throws(SystemCallError) -> HeldDirectory {
        if let directory = openDirectory() {
            try? owner.mark(directory)
            return directory
        }
        var failure = SystemCallError(call: "mkdirat", number: EACCES)
        for (number, base) in asked {
            guard let directory = try? ask(number, base.make) else { continue }
            do throws(SystemCallError) {
                let made = try make(in: directory)
                held.withLock { $0 = made }
                return made
            } catch { failure = error }
        }
        throw failure
    }

    private func make(in base: HeldDirectory) throws(SystemCallError) -> HeldDirectory {
        // While the lock is held, no other process takes the directory for abandoned before it has its mark.
        let lock = DirectoryLock(of: base)
        defer { withExtendedLifetime(lock) {} }
        if lock != nil { PrivateDirectory.removeAbandoned(in: base, except: name) }
        if let own = own(in: base) { return own }
        let new = ".\(name)"
        base.remove(new)
        let made = try base.makeDirectory(new, mode: 0o700)
        // Without the mark, no process can tell that we are gone, and the directory is never removed.
        try? owner.mark(made)
        do throws(SystemCallError) { try base.rename(new, to: name) } catch {
            base.remove(new)
            throw error
        }
        guard let own = own(in: base) else {
            throw SystemCallError(call: "mkdirat", subject: base.path(of: name), number: EPERM)
        }
        return own
    }

    /// Makes a directory beside this one, which all runs of this user share and no other user can look into.
    ///
    /// - Throws: ``SystemCallError``; EACCES if there is no place for it, or others can look into it.
    func makeShared(_ folder: String) throws(SystemCallError) -> HeldDirectory {
        let own = try make()
        for (number, base) in asked {
            guard case .held(let directory) = try? ask(number, base.find),
                own.path == directory.path(of: name)
            else { continue }
            let made = try directory.makeDirectory(folder, mode: 0o700)
            guard PrivateDirectory.isPrivate(try made.status()) else { break }
            return made
        }
        throw SystemCallError(call: "mkdirat", subject: folder, number: EACCES)
    }

    /// Makes a directory below this one, and those in between, for the owner alone.
    @discardableResult
    func make(below path: String) throws(SystemCallError) -> HeldDirectory {
        var directory = try make()
        guard path == directory.path || path.hasPrefix("\(directory.path)/") else {
            // The private directory is elsewhere now than when the launch was planned.
            throw SystemCallError(call: "mkdirat", subject: path, number: ESTALE)
        }
        for part in path.dropFirst(directory.path.count).split(separator: "/") {
            directory = try directory.makeDirectory(String(part), mode: 0o700)
        }
        return directory
    }

    /// Makes an app's own directory.
    func make(for app: String) throws(SystemCallError) -> HeldDirectory {
        try make().makeDirectory(PrivateDirectory.folder(of: app), mode: 0o700)
    }

    /// Removes the directory with everything in it, if it exists. What cannot be removed stays.
    package func remove() {
        for (number, base) in asked {
            guard case .held(let directory) = try? ask(number, base.find), own(in: directory) != nil else { continue }
            directory.remove(name)
        }
    }

    // MARK: What others left behind

    /// Removes the private directories of runs whose owner and apps are gone, such as the directory of a crater-run
    /// that was killed by SIGKILL. Such a directory contains a token.
    ///
    /// - Parameter name: the directory of our own run.
    static func removeAbandoned(in base: HeldDirectory, except name: String) {
        guard isLocal(base) else { return }
        let abandoned = (base.names() ?? []).filter { other in
            guard other != name, isName(other), let status = try? base.status(of: other), isPrivate(status),
                let directory = try? base.directory(other)
            else { return false }
            return RunOwner.isGone(from: directory)
        }
        guard !abandoned.isEmpty else { return }
        // An app of that run may live on, and need the directory.
        let readings = InstanceReader().instances(of: ProcessTable.rows().map(\.identity))
        let runs = readings.values.compactMap { reading -> Substring? in
            if case .instance(let instance?) = reading { instance.prefix { $0 != "/" } } else { nil }
        }
        for other in abandoned where !runs.contains(where: { $0 == other }) { base.remove(other) }
    }

    /// Whether a name is a nonce's, or that of a directory that is still being made.
    private static func isName(_ name: String) -> Bool {
        let digits = name.hasPrefix(".") ? name.dropFirst() : name[...]
        return UInt64(digits, radix: 16).map { String($0, radix: 16) == digits } ?? false
    }

    /// Whether the directory is on a local file system. On any other, the owner may be on another machine, where no
    /// socket reaches it.
    private static func isLocal(_ directory: HeldDirectory) -> Bool {
        // tmpfs, ramfs, ext2 to ext4, xfs, btrfs, overlayfs, f2fs, zfs (statfs(2)).
        let local: Set<UInt64> = [
            0x0102_1994, 0x8584_58F6, 0xEF53, 0x5846_5342, 0x9123_683E, 0x794C_7630, 0xF2F5_2010, 0x2FC1_2FC1,
        ]
        var kind: UInt64 = 0
        return clinux_file_system(directory.descriptor, &kind) == 0 && local.contains(kind)
    }
}

internal import CLinux
package import CraterRunCore
internal import Glibc

/// Tells when the annotations file may have changed.
///
/// The kubelet renames a new link `..data` in the file's directory over the old one, so the directory is watched: a
/// watch on the file or on `..data` dies with the first change. If inotify(7) is not available, or may miss changes
/// (plain files, gVisor), the file is checked from time to time.
package final class AnnotationsWatcher {
    /// The time between two checks if a change may cause no event.
    private static let pollInterval = Duration.seconds(2)
    /// The time between two checks beside the events, in case events are lost.
    private static let distrustInterval = Duration.seconds(30)
    /// The time between two tries while the file is missing during a change.
    private static let retryInterval = Duration.milliseconds(50)
    /// How long the file may be missing before that is reported.
    private static let patience = Duration.seconds(1)

    package let path: String
    private let directory: String
    private let fileName: String
    /// The inotify instance; nil if there is none.
    package private(set) var descriptor: Int32?
    /// The reason why the file will never change (a subPath mount), known from the start; nil if it may change.
    private(set) var neverChanges: String?
    private var watch: Int32?
    private var nextRead: MonotonicInstant?
    private var lastRead: MonotonicInstant?
    private var fingerprint: Fingerprint?
    private var missingSince: MonotonicInstant?
    private var saidUnwatchable = false

    /// Facts about the file that differ after a change. Inode numbers are reused, so they alone are not enough.
    private struct Fingerprint: Equatable {
        let data: String?
        let size: Int
        let inode: UInt
        let modified: Int
        let modifiedNanoseconds: Int
        let changed: Int
        let changedNanoseconds: Int
    }

    /// - Parameter path: the annotations file; it need not exist yet.
    package init(path: String) {
        self.path = path
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        fileName = parts.last.map(String.init) ?? path
        let parent = path.dropLast(fileName.count)
        directory = parent.isEmpty ? "." : String(parent)
    }

    deinit { if let descriptor { close(descriptor) } }

    /// Begins to watch. It is called before the first ``read(at:)``, so that no change is missed between the two.
    ///
    /// - Returns: what the user should know, such as that a subPath mount never changes.
    package func start(at now: MonotonicInstant) -> [LogEntry] {
        let result = try? systemCall("inotify_init1") {
            inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        }
        descriptor = result
        var entries = watchDirectory()
        if let mounts = try? SmallFile.read("/proc/self/mountinfo", limit: 4 << 20),
            MountTable.hasMount(at: FileAccess.resolved(path), in: mounts)
        {
            let why = "\(path) is mounted with subPath: such a file never changes, so changed rules will not be seen"
            neverChanges = why
            entries.append(LogEntry(.warning, "\(why). Mount the whole volume instead"))
        }
        return entries
    }

    /// When to check the file although no event has come. With `isIdle` false, other events wake the caller often
    /// enough, and the file is checked then.
    package func deadline(isIdle: Bool) -> MonotonicInstant? {
        if let nextRead { return nextRead }
        return isIdle ? lastRead?.advanced(by: AnnotationsWatcher.distrustInterval) : nil
    }

    /// Whether the file has to be read now, because a check was due and found a change.
    package func isDue(at now: MonotonicInstant) -> (isDue: Bool, entries: [LogEntry]) {
        let last = lastRead ?? MonotonicInstant(nanoseconds: 0)
        guard nextRead.map({ $0 <= now }) ?? (last.duration(to: now) >= AnnotationsWatcher.distrustInterval) else {
            return (false, [])
        }
        lastRead = now
        let isRetry = missingSince != nil
        // The directory is watched anew at each check: no event tells that another directory was mounted over it, or
        // that a parent directory was replaced.
        let entries = watchDirectory()
        schedule(at: now)
        return (isRetry || currentFingerprint() != fingerprint, entries)
    }

    /// Whether the events that came in mean that the file must be read again.
    package func drain(at now: MonotonicInstant) -> (isDue: Bool, entries: [LogEntry]) {
        guard let descriptor else { return (false, []) }
        var isDue = false
        var entries: [LogEntry] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            for event in InotifyEvent.parse(buffer.prefix(count)) {
                if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { isDue = true }
                guard event.watch == watch else { continue }
                if event.endsWatch {
                    // The directory is gone, or is another one now; once it is back, it is read again.
                    if let watch, event.mask & UInt32(IN_IGNORED) == 0 { inotify_rm_watch(descriptor, watch) }
                    watch = nil
                    isDue = true
                }
                if event.name == "..data" || event.name == fileName { isDue = true }
            }
        }
        // The directory is watched anew after an overflow too: the event that ended the watch may be among the lost
        // events.
        if isDue { entries = watchDirectory() }
        schedule(at: now)
        return (isDue, entries)
    }

    /// Reads the rules; nil if the file has been missing only for a moment, as during a change: then a check follows
    /// soon.
    package func read(at now: MonotonicInstant) -> RulesReading? {
        let before = currentFingerprint()
        lastRead = now
        schedule(at: now)
        switch AnnotationsReader.read(path: path) {
        case .success(let bytes):
            missingSince = nil
            fingerprint = before
            let file = AnnotationsFile(parsing: bytes)
            return .read(AnnotationsReader.rules(of: file, path: path), complaints: file.complaints)
        case .failure(.missing(let path)) where fingerprint != nil:
            let since = missingSince ?? now
            missingSince = since
            guard since.duration(to: now) >= AnnotationsWatcher.patience else {
                nextRead = now.advanced(by: AnnotationsWatcher.retryInterval)
                return nil
            }
            fingerprint = nil
            missingSince = nil
            return .failed(.missing(path: path))
        case .failure(let failure):
            missingSince = nil
            fingerprint = before
            return .failed(failure)
        }
    }

    /// Watches the directory that is at the path now; the watch stays the same if the directory is the same.
    private func watchDirectory() -> [LogEntry] {
        let events =
            IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF
        guard let descriptor else { return sayUnwatchable("inotify is not available") }
        let last = watch
        defer { if let last, last != watch { inotify_rm_watch(descriptor, last) } }
        do throws(SystemCallError) {
            watch = try systemCall("inotify_add_watch", on: directory) {
                inotify_add_watch(descriptor, directory, UInt32(events) | UInt32(IN_ONLYDIR))
            }
            return []
        } catch {
            watch = nil
            // The directory does not exist yet; later checks look for it again.
            return [ENOENT, ENOTDIR].contains(error.number) ? [] : sayUnwatchable("\(error)")
        }
    }

    private func sayUnwatchable(_ reason: String) -> [LogEntry] {
        guard !saidUnwatchable else { return [] }
        saidUnwatchable = true
        let interval = DurationText.describe(AnnotationsWatcher.pollInterval)
        return [LogEntry(.warning, "cannot watch \(directory): \(reason); looking at it every \(interval) instead")]
    }

    /// Sets the time of the next check: files without a `..data` link (Kata Containers, virtiofs) may change without
    /// events.
    private func schedule(at now: MonotonicInstant) {
        let isTrusted = watch != nil && SmallFile.link("\(directory)/..data") != nil
        nextRead = isTrusted ? nil : now.advanced(by: AnnotationsWatcher.pollInterval)
    }

    private func currentFingerprint() -> Fingerprint? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Fingerprint(
            data: SmallFile.link("\(directory)/..data"),
            size: Int(status.st_size),
            inode: UInt(status.st_ino),
            modified: Int(status.st_mtim.tv_sec),
            modifiedNanoseconds: Int(status.st_mtim.tv_nsec),
            changed: Int(status.st_ctim.tv_sec),
            changedNanoseconds: Int(status.st_ctim.tv_nsec)
        )
    }
}

/// One record of inotify(7).
private struct InotifyEvent {
    let watch: Int32
    let mask: UInt32
    let name: String

    /// Whether the watch is useless after the event.
    var endsWatch: Bool {
        mask & UInt32(IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF) != 0
    }

    static func parse(_ bytes: ArraySlice<UInt8>) -> [InotifyEvent] {
        // wd, mask, cookie, len: four words, then len bytes of name, padded with NUL.
        let head = 16
        var events: [InotifyEvent] = []
        var rest = bytes
        while rest.count >= head {
            let words = rest.withUnsafeBytes { raw in
                (0..<4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self) }
            }
            let length = Int(words[3])
            guard rest.count >= head + length else { break }
            let name = rest.dropFirst(head).prefix(length).prefix { $0 != 0 }
            events.append(
                InotifyEvent(
                    watch: Int32(bitPattern: words[0]),
                    mask: words[1],
                    name: String(decoding: name, as: UTF8.self)
                )
            )
            rest = rest.dropFirst(head + length)
        }
        return events
    }
}

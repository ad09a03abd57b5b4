internal import CraterRunCore
internal import Synchronization

/// Follows the annotations file on a worker, since the file's file system may not answer.
final class RulesFollower: Sendable {
    /// The result of one check of the file.
    struct Finding: Sendable {
        var entries: [LogEntry] = []
        /// The reason why the file never changes (a subPath mount); nil if it may change.
        var neverChanges: String?
        /// The rules; nil if the file was not read.
        var reading: RulesReading?
        /// The inotify instance, for the reactor's poll; nil if there is none.
        var descriptor: Int32?
        /// When to check the file again although no event has come; nil if events are expected to tell of every change.
        var nextRead: MonotonicInstant?
        /// When to check the file in case events were lost.
        var distrustedAt: MonotonicInstant?
    }

    /// Why the file is checked.
    private enum Occasion {
        case beginning
        /// There are inotify events to read.
        case events
        /// A check by time is due.
        case time
        /// The file has to be read in any case.
        case doubt
    }

    let path: String
    private let watcher: Mutex<AnnotationsWatcher>
    private let worker = Worker()
    let call = WaitingCall()

    init(path: String) {
        self.path = path
        watcher = Mutex(AnnotationsWatcher(path: path))
    }

    func begin(_ found: @escaping @Sendable (Finding) -> Void) { submit(.beginning, found) }

    func readEvents(_ found: @escaping @Sendable (Finding) -> Void) { submit(.events, found) }

    func readAgain(_ found: @escaping @Sendable (Finding) -> Void) { submit(.doubt, found) }

    func readIfDue(_ found: @escaping @Sendable (Finding) -> Void) { submit(.time, found) }

    /// - Parameter found: called on the worker's thread.
    private func submit(_ occasion: Occasion, _ found: @escaping @Sendable (Finding) -> Void) {
        worker.submit {
            found(self.call.watch { self.finding(occasion) })
        }
    }

    private func finding(_ occasion: Occasion) -> Finding {
        watcher.withLock { watcher in
            let now = MonotonicClock.now()
            var finding = Finding()
            var isDue = true
            switch occasion {
            case .beginning:
                finding.entries = watcher.start(at: now)
                finding.neverChanges = watcher.neverChanges
            case .events: (isDue, finding.entries) = watcher.drain(at: now)
            case .doubt: break
            case .time: (isDue, finding.entries) = watcher.isDue(at: now)
            }
            if isDue { finding.reading = watcher.read(at: MonotonicClock.now()) }
            finding.descriptor = watcher.descriptor
            finding.nextRead = watcher.deadline(isIdle: false)
            finding.distrustedAt = watcher.deadline(isIdle: true)
            return finding
        }
    }
}

internal import CraterRunCore
internal import Synchronization

/// Follows the annotations file on a worker: the file system that it is on may not answer.
final class RulesFollower: Sendable {
    /// What a look at the file has brought.
    struct Finding: Sendable {
        var entries: [LogEntry] = []
        /// Why the file never changes, where that is so (subPath).
        var neverChanges: String?
        /// The rules, if the file was read.
        var reading: RulesReading?
        /// The inotify instance, for the reactor's poll; nil if there is none.
        var descriptor: Int32?
        /// When to look again although no event has told of a change; nil: not for want of events.
        var nextRead: MonotonicInstant?
        /// When a look is due in case the events are not to be trusted.
        var distrustedAt: MonotonicInstant?
    }

    private enum Occasion {
        case beginning
        /// Events are there to be read.
        case events
        /// A look is due.
        case time
        /// It is to be read, whatever has happened.
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

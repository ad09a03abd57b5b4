import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The watcher's time is an argument: what it does after a while is asked of it at once.
@Suite(.timeLimit(.minutes(5))) struct AnnotationsWatcherTests {
    /// A watcher that is driven as the reactor does it.
    private final class Driver {
        let watcher: AnnotationsWatcher
        var now = MonotonicInstant(nanoseconds: 1_000_000_000_000)
        private(set) var entries: [LogEntry] = []

        init(_ path: String) {
            watcher = AnnotationsWatcher(path: path)
            entries = watcher.start(at: now)
        }

        func read() -> RulesReading? { watcher.read(at: now) }

        /// The port of the one rule that is read; nil if that was no reading.
        func readPort() -> UInt16? {
            guard case .read(let rules, complaints: []) = read() else { return nil }
            return rules.rules.first?.port
        }

        /// Whether what has happened by now is told by an event. The kernel queues events before the call that causes them
        /// returns, so there is nothing to wait for.
        func isTold() -> Bool {
            let (isDue, new) = watcher.drain(at: now)
            entries += new
            return isDue
        }

        /// Goes on to when the watcher wants to look, and asks it.
        func isFoundByLooking(isIdle: Bool = true) throws -> Bool {
            now = max(now, try #require(watcher.deadline(isIdle: isIdle)))
            let (isDue, new) = watcher.isDue(at: now)
            entries += new
            return isDue
        }

        /// How long until it wants to look.
        func untilLook(isIdle: Bool = true) -> Duration? {
            watcher.deadline(isIdle: isIdle).map { now.duration(to: $0) }
        }
    }

    private let directory: TemporaryDirectory
    private let kubelet: Kubelet

    init() throws {
        directory = try TemporaryDirectory()
        kubelet = Kubelet(directory.path)
    }

    // MARK: - As the kubelet writes

    @Test func aChangeIsToldAndReadOnce() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.entries.isEmpty)
        #expect(driver.readPort() == 6006)
        #expect(!driver.isTold())
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
        #expect(!driver.isTold())
        // Nothing more to look at but in half a minute, and then only if nobody else wakes us.
        #expect(driver.untilLook() == .seconds(30))
        #expect(driver.untilLook(isIdle: false) == nil)
        #expect(try !driver.isFoundByLooking())
    }

    @Test func aRewriteWithOtherRulesUnchangedIsAReadingWithEqualRules() throws {
        try kubelet.write(Kubelet.annotations(port: 6006, seen: 1))
        let driver = Driver(kubelet.path)
        let first = try #require(driver.read())
        try kubelet.write(Kubelet.annotations(port: 6006, seen: 2))
        #expect(driver.isTold())
        #expect(driver.read() == first)
    }

    @Test func aVolumeThatIsFilledLaterIsTold() throws {
        let driver = Driver(kubelet.path)
        #expect(driver.read() == .failed(.missing(path: kubelet.path)))
        try kubelet.write(port: 6006)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6006)
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
    }

    @Test func anItemInAFolderOfTheVolumeIsFollowed() throws {
        // The kubelet links the folder, `pod -> ..data/pod`, so what is watched goes with each change.
        func write(_ name: String, port: Int, replacing old: String? = nil) throws {
            try Files.makeDirectory(directory(name))
            try Files.makeDirectory(directory("\(name)/pod"))
            try Files.write(Kubelet.annotations(port: port), to: directory("\(name)/pod/annotations"))
            try Files.link(directory("..data_tmp"), to: name)
            try Files.rename(directory("..data_tmp"), to: directory("..data"))
            if let old { Files.remove(directory(old)) }
        }
        try write("..1", port: 6006)
        try Files.link(directory("pod"), to: "..data/pod")
        let driver = Driver(directory("pod/annotations"))
        #expect(driver.readPort() == 6006)
        for round in 2...5 {
            try write("..\(round)", port: 6006 + round, replacing: "..\(round - 1)")
            #expect(driver.isTold())
            #expect(driver.readPort() == UInt16(6006 + round))
        }
    }

    @Test func aFileThatIsMissingInTheMiddleOfAChangeIsNoFailure() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        try Files.rename(directory("..data"), to: directory("..aside"))
        #expect(driver.isTold() || driver.watcher.deadline(isIdle: true) != nil)
        #expect(driver.read() == nil)
        #expect(driver.untilLook() == .milliseconds(50))
        // Still missing at the next look.
        #expect(try driver.isFoundByLooking())
        #expect(driver.read() == nil)
        try Files.rename(directory("..aside"), to: directory("..data"))
        #expect(try driver.isFoundByLooking())
        #expect(driver.readPort() == 6006)
        #expect(driver.untilLook() == .seconds(30))
    }

    @Test func aFileThatStaysMissingIsToldOnceAfterASecond() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        Files.remove(directory("..data"))
        let gone = driver.now
        var reading: RulesReading?
        repeat {
            reading = driver.read()
            if reading == nil { #expect(try driver.isFoundByLooking()) }
        } while reading == nil && gone.duration(to: driver.now) < .seconds(5)
        #expect(reading == .failed(.missing(path: kubelet.path)))
        #expect(gone.duration(to: driver.now) >= .seconds(1))
        #expect(gone.duration(to: driver.now) < .milliseconds(1100))
        // From now on no more than a look at times, which finds nothing new.
        #expect(driver.untilLook() == .seconds(2))
        #expect(try !driver.isFoundByLooking())
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
    }

    @Test func aSecondAbsenceIsGivenItsOwnTime() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        try Files.rename(directory("..data"), to: directory("..aside"))
        #expect(driver.read() == nil)
        // Instead of the file something that cannot be read; then nothing again, much later.
        try Files.makeDirectory(directory("..data"))
        try Files.makeDirectory(directory("..data/annotations"))
        guard case .failed = driver.read() else {
            Issue.record("a directory was read")
            return
        }
        driver.now = driver.now.advanced(by: .seconds(100))
        Files.remove(directory("..data"))
        #expect(driver.read() == nil)
    }

    @Test func aLeftoverOfACrashedKubeletIsLivedWith() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        try Files.link(directory("..data_tmp"), to: "..nowhere")
        #expect(!driver.isTold())
        #expect(throws: SystemCallError.self) { try kubelet.write(port: 6007) }
        #expect(driver.readPort() == 6006)
        Files.remove(directory("..data_tmp"))
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6008)
    }

    @Test func tenThousandChangesLeaveNoDescriptorBehind() async throws {
        try await OwnProcess.run {
            try kubelet.write(port: 1)
            let driver = Driver(kubelet.path)
            #expect(driver.readPort() == 1)
            let before = openDescriptors()
            for count in 1...10_000 {
                try kubelet.write(port: 1 + count % 60_000)
                #expect(driver.isTold())
                #expect(driver.readPort() == UInt16(1 + count % 60_000))
            }
            #expect(openDescriptors() == before)
        }
    }

    // MARK: - Plain files

    @Test func aPlainFileMayBeWrittenInPlaceOrRenamedOver() throws {
        try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        // Such a file may change without events (Kata Containers).
        #expect(driver.untilLook() == .seconds(2))
        try Files.write(Kubelet.annotations(port: 6007), to: kubelet.path)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
        try Files.write(Kubelet.annotations(port: 6008), to: directory("new"))
        #expect(!driver.isTold())
        try Files.rename(directory("new"), to: kubelet.path)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6008)
        Files.remove(kubelet.path)
        #expect(driver.isTold())
        #expect(driver.read() == nil)
        try Files.write(Kubelet.annotations(port: 6009), to: kubelet.path)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6009)
    }

    @Test func aPlainFileThatChangesWithoutEventsIsFoundByLooking() throws {
        try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        #expect(try !driver.isFoundByLooking())
        // A writer that does not close the file causes none.
        let writer = clinux_open(kubelet.path, O_WRONLY | O_CLOEXEC, 0)
        defer { close(writer) }
        let bytes = Array(Kubelet.annotations(port: 6007, seen: 12).utf8)
        #expect(write(writer, bytes, bytes.count) == bytes.count)
        #expect(!driver.isTold())
        #expect(try driver.isFoundByLooking())
        #expect(driver.readPort() == 6007)
        #expect(try !driver.isFoundByLooking())
    }

    @Test func otherFilesBesideItAreNoneOfOurs() throws {
        try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        try Files.write("x", to: directory("labels"))
        try Files.write("x", to: directory("annotations.bak"))
        try Files.write("x", to: directory("..data2"))
        #expect(!driver.isTold())
    }

    // MARK: - Directories that come and go

    @Test func aDirectoryThatIsMadeLaterIsFound() throws {
        let later = Kubelet(directory("a/b"))
        let driver = Driver(later.path)
        #expect(driver.entries.isEmpty)
        #expect(driver.read() == .failed(.missing(path: later.path)))
        #expect(try !driver.isFoundByLooking())
        try Files.makeDirectory(directory("a"))
        try Files.makeDirectory(directory("a/b"))
        #expect(try !driver.isFoundByLooking())
        // It is watched from here on.
        try later.write(port: 6006)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6006)
        #expect(driver.untilLook() == .seconds(30))
    }

    @Test func aDirectoryThatIsMadeAndFilledBetweenTwoLooksIsFound() throws {
        let later = Kubelet(directory("a"))
        let driver = Driver(later.path)
        #expect(driver.read() == .failed(.missing(path: later.path)))
        try Files.makeDirectory(directory("a"))
        try later.write(port: 6006)
        #expect(try driver.isFoundByLooking())
        #expect(driver.readPort() == 6006)
        try later.write(port: 6007)
        #expect(driver.isTold())
    }

    @Test(arguments: [false, true]) func aDirectoryThatIsReplacedIsFollowed(byRename: Bool) throws {
        let volume = directory("volume")
        try Files.makeDirectory(volume)
        try Kubelet(volume).write(port: 6006)
        let driver = Driver("\(volume)/annotations")
        #expect(driver.readPort() == 6006)
        if byRename { try Files.rename(volume, to: directory("old")) } else { Files.remove(volume) }
        try Files.makeDirectory(volume)
        let kubelet = Kubelet(volume)
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
        // By the new watch, not by the old one.
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6008)
        #expect(driver.untilLook() == .seconds(30))
    }

    @Test func aDirectoryThatIsGoneForAWhileIsFoundAgain() throws {
        let volume = directory("volume")
        try Files.makeDirectory(volume)
        try Kubelet(volume).write(port: 6006)
        let driver = Driver("\(volume)/annotations")
        #expect(driver.readPort() == 6006)
        Files.remove(volume)
        #expect(driver.isTold())
        #expect(driver.read() == nil)
        driver.now = driver.now.advanced(by: .seconds(5))
        #expect(driver.read() == .failed(.missing(path: driver.watcher.path)))
        #expect(try !driver.isFoundByLooking())
        try Files.makeDirectory(volume)
        let kubelet = Kubelet(volume)
        try kubelet.write(port: 6007)
        #expect(try driver.isFoundByLooking())
        #expect(driver.readPort() == 6007)
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
    }

    @Test func aDirectoryAboveThatIsReplacedIsFoundAndWatched() throws {
        try Files.makeDirectory(directory("above"))
        try Files.makeDirectory(directory("above/volume"))
        try Kubelet(directory("above/volume")).write(port: 6006)
        let driver = Driver(directory("above/volume/annotations"))
        #expect(driver.readPort() == 6006)
        // Of this the watched directory itself is told nothing.
        try Files.rename(directory("above"), to: directory("old"))
        try Files.makeDirectory(directory("above"))
        try Files.makeDirectory(directory("above/volume"))
        let kubelet = Kubelet(directory("above/volume"))
        try kubelet.write(port: 6007)
        #expect(!driver.isTold())
        #expect(try driver.isFoundByLooking())
        #expect(driver.readPort() == 6007)
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6008)
    }

    @Test(.enabled(if: Host.canUnshare)) func aVolumeThatIsUnmountedAndMountedIsFollowed() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            let volume = directory("volume")
            try Files.makeDirectory(volume)
            try mount("tmpfs", on: volume)
            try Kubelet(volume).write(port: 6006)
            let driver = Driver("\(volume)/annotations")
            #expect(!driver.entries.contains { $0.message.contains("subPath") })
            #expect(driver.readPort() == 6006)
            try systemCall("umount") { umount(volume) }
            #expect(driver.isTold())
            #expect(driver.read() == nil)
            driver.now = driver.now.advanced(by: .seconds(2))
            #expect(driver.read() == .failed(.missing(path: driver.watcher.path)))
            // What is mounted over a directory causes no event there.
            try mount("tmpfs", on: volume)
            let kubelet = Kubelet(volume)
            try kubelet.write(port: 6007)
            #expect(try driver.isFoundByLooking())
            #expect(driver.readPort() == 6007)
            try kubelet.write(port: 6008)
            #expect(driver.isTold())
            #expect(driver.readPort() == 6008)
            try systemCall("umount") { umount(volume) }
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func aSubPathMountIsSaidNeverToChange() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            try kubelet.write(port: 6006)
            let file = directory("a file")
            try Files.write("", to: file)
            try systemCall("mount") { Glibc.mount(kubelet.path, file, nil, UInt(MS_BIND), nil) }
            defer {
                chdir("/")
                umount(file)
            }
            try Files.link(directory("link"), to: directory.path)
            try systemCall("chdir") { chdir(directory.path) }
            // By whatever path.
            for path in [file, directory("link/a file"), "a file", "./a file", directory("./a file")] {
                let driver = Driver(path)
                #expect(driver.entries.count { $0.level == .warning && $0.message.contains("subPath") } == 1, "\(path)")
                #expect(driver.readPort() == 6006)
            }
            #expect(Driver(kubelet.path).entries.isEmpty)
        }
    }

    private func mount(_ type: String, on path: String) throws {
        try systemCall("mount") { Glibc.mount(type, path, type, 0, nil) }
    }

    // MARK: - Something else in the file's place

    @Test func aDanglingLinkIsAMissingFile() throws {
        try Files.link(kubelet.path, to: "..data/annotations")
        let driver = Driver(kubelet.path)
        #expect(driver.read() == .failed(.missing(path: kubelet.path)))
        try Files.makeDirectory(directory("..1"))
        try Files.write(Kubelet.annotations(port: 6006), to: directory("..1/annotations"))
        try Files.link(directory("..data"), to: "..1")
        #expect(driver.isTold())
        #expect(driver.readPort() == 6006)
    }

    @Test func aDirectoryOrAFIFOInItsPlaceIsToldAtOnceAndLaterReplaced() throws {
        try Files.makeDirectory(kubelet.path)
        let driver = Driver(kubelet.path)
        #expect(driver.read() == .failed(.notAFile(path: kubelet.path, kind: "a directory")))
        Files.remove(kubelet.path)
        // Opening it for reading would block until there is a writer.
        try systemCall("mkfifo") { mkfifo(kubelet.path, 0o644) }
        #expect(driver.isTold())
        #expect(driver.read() == .failed(.notAFile(path: kubelet.path, kind: "a FIFO")))
        Files.remove(kubelet.path)
        try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6006)
    }

    @Test(.enabled(if: Host.isRoot || Host.isCI)) func aFileThatMayNotBeReadIsToldAndReadOnceItMay() async throws {
        try await OwnProcess.run {
            try systemCall("chmod") { chmod(directory.path, 0o755) }
            try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path, mode: 0o400)
            try systemCall("seteuid") { seteuid(65_534) }
            let driver = Driver(kubelet.path)
            #expect(driver.read() == .failed(.permissionDenied(path: kubelet.path)))
            try systemCall("seteuid") { seteuid(0) }
            try systemCall("chmod") { chmod(kubelet.path, 0o444) }
            try systemCall("seteuid") { seteuid(65_534) }
            #expect(driver.isTold())
            #expect(driver.readPort() == 6006)
            try systemCall("seteuid") { seteuid(0) }
        }
    }

    @Test(.enabled(if: Host.isRoot || Host.isCI)) func aDirectoryThatMayNotBeWatchedIsLookedAt() async throws {
        try await OwnProcess.run {
            // It may be searched but not read, which inotify asks for.
            try Files.write(Kubelet.annotations(port: 6006), to: kubelet.path)
            try systemCall("chmod") { chmod(directory.path, 0o711) }
            try systemCall("seteuid") { seteuid(65_534) }
            let driver = Driver(kubelet.path)
            #expect(driver.entries.map(\.level) == [.warning])
            #expect(driver.readPort() == 6006)
            try systemCall("seteuid") { seteuid(0) }
            try Files.write(Kubelet.annotations(port: 6007, seen: 12), to: kubelet.path)
            try systemCall("seteuid") { seteuid(65_534) }
            #expect(try driver.isFoundByLooking())
            #expect(driver.readPort() == 6007)
            #expect(driver.entries.count == 1)
            try systemCall("seteuid") { seteuid(0) }
        }
    }

    // MARK: - inotify's limits

    @Test func anOverflowOfTheQueueMeansReadAgain() throws {
        try kubelet.write(port: 6006)
        let driver = Driver(kubelet.path)
        #expect(driver.readPort() == 6006)
        let limit = try #require(Int(text(SmallFile.read("/proc/sys/fs/inotify/max_queued_events")).filter(\.isNumber)))
        // None of these means a change of the file, and equal events in a row would be merged.
        for count in 0...(limit / 2) {
            try Files.write("", to: directory("x\(count % 2)"))
            Files.remove(directory("x\(count % 2)"))
        }
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
        // All is as before.
        #expect(!driver.isTold())
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
    }

    @Test func aDirectoryThatGoesWhileTheQueueOverflowsIsFollowed() throws {
        let volume = directory("volume")
        try Files.makeDirectory(volume)
        try Kubelet(volume).write(port: 6006)
        let driver = Driver("\(volume)/annotations")
        #expect(driver.readPort() == 6006)
        let limit = try #require(Int(text(SmallFile.read("/proc/sys/fs/inotify/max_queued_events")).filter(\.isNumber)))
        for count in 0...(limit / 2) {
            try Files.write("", to: "\(volume)/x\(count % 2)")
            Files.remove("\(volume)/x\(count % 2)")
        }
        // That the watch is dead gets lost.
        Files.remove(volume)
        try Files.makeDirectory(volume)
        let kubelet = Kubelet(volume)
        try kubelet.write(port: 6007)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6007)
        try kubelet.write(port: 6008)
        #expect(driver.isTold())
        #expect(driver.readPort() == 6008)
    }

    @Test func withoutInotifyTheFileIsLookedAt() async throws {
        try await OwnProcess.run {
            try kubelet.write(port: 6006)
            // No descriptor is left for it.
            let next = dup(0)
            close(next)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let full = rlimit(rlim_cur: rlim_t(next), rlim_max: limit.rlim_max)
            var (refused, given) = (full, limit)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &refused)
            let driver = Driver(kubelet.path)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &given)

            #expect(driver.watcher.descriptor == nil)
            #expect(driver.entries.map(\.level) == [.warning])
            #expect(driver.readPort() == 6006)
            #expect(driver.untilLook(isIdle: false) == .seconds(2))
            #expect(try !driver.isFoundByLooking())
            try kubelet.write(port: 6007)
            #expect(!driver.isTold())
            #expect(try driver.isFoundByLooking())
            #expect(driver.readPort() == 6007)
            // Said once.
            #expect(driver.entries.count == 1)
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func aUserWithoutInotifyInstancesLooksInstead() async throws {
        // The limit is the user namespace's own.
        let wrapper = [
            "unshare", "--user", "--map-root-user", try Tool.path("sh"), "-c",
            #"echo 0 > /proc/sys/user/max_inotify_instances && exec "$@""#, "sh",
        ]
        try await OwnProcess.run(behind: wrapper) {
            try kubelet.write(port: 6006)
            let driver = Driver(kubelet.path)
            #expect(driver.watcher.descriptor == nil)
            #expect(driver.entries.map(\.level) == [.warning])
            #expect(driver.readPort() == 6006)
            try kubelet.write(port: 6007)
            #expect(try driver.isFoundByLooking())
            #expect(driver.readPort() == 6007)
        }
    }
}

import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// Which paths are trusted, on file systems of the test's own: what is above the usual temporary directory counts, too.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Host.canUnshare, "needs root: it mounts, and gives directories away"))
struct TrustedPathTests {
    /// An empty /mnt, for root alone.
    private func withMount(_ body: () async throws -> Void) async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            try systemCall("mount") { mount("none", "/mnt", "tmpfs", 0, "mode=755") }
            try await body()
        }
    }

    private func make(_ path: String, _ mode: mode_t = 0o755, owner: uid_t = 0, group: gid_t = 0) throws {
        try Files.makeDirectory(path)
        chmod(path, mode)
        chown(path, owner, group)
    }

    /// Where it ends: the path, or why not.
    private func follow(_ path: String, trusting trust: TrustedPath.Trust = .nobody) -> String {
        do throws(PlaceRefusal) {
            switch try TrustedPath.follow(path, trusting: trust) {
            case .found(let directory, _): return directory.path
            case .missing(let name, let directory, _): return "no \(name) in \(directory.path)"
            case .exposed(_, _, let refusal): return "exposed: \(refusal)"
            }
        } catch { return "\(error.kind): \(error)" }
    }

    private let everybody =
        "can be written to by everybody and has no sticky bit, so another user may replace what is in it"

    @Test func whatOthersCanReplaceIsNotTrusted() async throws {
        try await withMount {
            try make("/mnt/own")
            try make("/mnt/own/private", 0o700)
            #expect(follow("/mnt/own/private") == "/mnt/own/private")
            // A shared directory as it has to be.
            try make("/mnt/tmp", 0o1777)
            try make("/mnt/tmp/own")
            #expect(follow("/mnt/tmp/own") == "/mnt/tmp/own")
            #expect(follow("/mnt/tmp") == "/mnt/tmp")
            #expect(follow("/mnt/tmp/none") == "no none in /mnt/tmp")
            try make("/mnt/tmp/theirs", owner: 12345)
            #expect(
                follow("/mnt/tmp/theirs")
                    == "unsafe: /mnt/tmp/theirs belongs to user 12345, who may replace what is in it")
            #expect(follow("/mnt/tmp/theirs/x").hasPrefix("unsafe: /mnt/tmp/theirs belongs to"))
            // An emptyDir.
            try make("/mnt/open", 0o777)
            try make("/mnt/open/own", 0o700)
            #expect(follow("/mnt/open/own") == "unsafe: /mnt/open \(everybody)")
            #expect(follow("/mnt/open/none") == "unsafe: /mnt/open \(everybody)")
            #expect(follow("/mnt/open") == "exposed: /mnt/open \(everybody)")
            // The same with fsGroup, and a group's directory.
            try make("/mnt/volume", 0o2777, group: 2000)
            #expect(follow("/mnt/volume/x") == "unsafe: /mnt/volume \(everybody)")
            try make("/mnt/group", 0o2775, group: 2000)
            #expect(follow("/mnt/group/x").contains("/mnt/group can be written to by group 2000 and has no sticky bit"))
            try make("/mnt/sticky", 0o3775, group: 2000)
            #expect(follow("/mnt/sticky") == "/mnt/sticky")
            // Above all of them.
            chmod("/mnt", 0o777)
            #expect(follow("/mnt/own/private") == "unsafe: /mnt \(everybody)")
        }
    }

    @Test func linksAreFollowedThatNobodyElseMade() async throws {
        try await withMount {
            try make("/mnt/run")
            try make("/mnt/run/own")
            try make("/mnt/var")
            try Files.link("/mnt/var/run", to: "/mnt/run")
            try Files.link("/mnt/var/relative", to: "../var/./run/own")
            #expect(follow("/mnt/var/run/own") == "/mnt/run/own")
            #expect(follow("/mnt/var/relative") == "/mnt/run/own")
            #expect(follow("/mnt/var/run/none") == "no none in /mnt/run")
            try Files.link("/mnt/var/dangling", to: "/mnt/run/none")
            #expect(follow("/mnt/var/dangling") == "no none in /mnt/run")
            try make("/mnt/tmp", 0o1777)
            try Files.link("/mnt/tmp/theirs", to: "/mnt/run")
            lchown("/mnt/tmp/theirs", 12345, 12345)
            #expect(follow("/mnt/tmp/theirs/own") == "occupied: /mnt/tmp/theirs is a link of user 12345")
            // What a link leads through counts as well.
            try make("/mnt/open", 0o777)
            try make("/mnt/open/own")
            try Files.link("/mnt/run/out", to: "/mnt/open/own")
            #expect(follow("/mnt/run/out") == "unsafe: /mnt/open \(everybody)")
            try Files.link("/mnt/run/loop", to: "loop")
            #expect(
                follow("/mnt/run/loop") == "unusable: /mnt/run/loop cannot be used: Too many levels of symbolic links")
            #expect(follow("/mnt/run/own/../../open/own") == "unsafe: /mnt/open \(everybody)")
            #expect(follow("/mnt/run/own/..//./own/") == "/mnt/run/own")
            #expect(follow("/../mnt/run") == "/mnt/run")
            chdir("/mnt/run")
            #expect(follow("own") == "/mnt/run/own")
        }
    }

    @Test func whatIsNoDirectoryIsTold() async throws {
        try await withMount {
            mkfifo("/mnt/fifo", 0o600)
            try Files.write("", to: "/mnt/file")
            #expect(follow("/mnt/fifo") == "occupied: /mnt/fifo is a FIFO of root")
            #expect(follow("/mnt/file/x") == "occupied: /mnt/file is a file of root")
            #expect(follow("/mnt/none/x") == "unusable: /mnt/none is not there")
            // A name from outside forges no line.
            try make("/mnt/a\nb\u{1B}[2J", 0o777)
            #expect(follow("/mnt/a\nb\u{1B}[2J/x") == #"unsafe: /mnt/a\nb\x1b[2J \#(everybody)"#)
        }
    }

    @Test func rootFindsWhatOneUserKeeps() async throws {
        try await withMount {
            try make("/mnt/home", owner: 1000)
            try make("/mnt/home/run", owner: 1000)
            #expect(follow("/mnt/home/run").hasPrefix("unsafe: /mnt/home belongs to user 1000"))
            #expect(follow("/mnt/home/run", trusting: .oneUser) == "/mnt/home/run")
            try make("/mnt/home/theirs", owner: 2000)
            #expect(
                follow("/mnt/home/theirs", trusting: .oneUser).hasPrefix(
                    "unsafe: /mnt/home/theirs belongs to user 2000"))
            try make("/mnt/home/open", 0o777, owner: 1000)
            #expect(follow("/mnt/home/open/x", trusting: .oneUser).hasPrefix("unsafe: /mnt/home/open can be"))
        }
    }

    @Test func anybodyTrustsRootAndThemselvesAlone() async throws {
        try await withMount {
            try make("/mnt/roots")
            try make("/mnt/own", owner: 12345)
            try make("/mnt/theirs", owner: 4711)
            try systemCall("setuid") { setuid(12345) }
            #expect(follow("/mnt/roots") == "/mnt/roots")
            #expect(follow("/mnt/own") == "/mnt/own")
            #expect(follow("/mnt/theirs").hasPrefix("unsafe"))
        }
    }
}

/// The directories that are taken, and what is made of those that are there.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Host.canUnshare, "needs root: it mounts, and gives directories away"))
struct RunDirectoryTests {
    private func withMounts(run: String = "mode=755", tmp: String = "mode=1777", _ body: () throws -> Void) async throws
    {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            for (path, options) in [("/run", run), ("/tmp", tmp), ("/dev/shm", "mode=1777"), ("/mnt", "mode=755")] {
                try systemCall("mount", on: path) { mount("none", path, "tmpfs", 0, options) }
            }
            try body()
        }
    }

    /// What each place says, best first.
    private func made(_ variables: KeyValuePairs<String, String> = [:]) -> [String] {
        RunDirectory.usual(HostProbe(variables)).map { place in
            do throws(PlaceRefusal) { return try place.make().path } catch { return "\(error)" }
        }
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test func theUsualOnes() async throws {
        try await withMounts {
            #expect(made() == ["/run/crater-run", "/tmp/crater-run-0", "/dev/shm/crater-run-0"])
            #expect(made(["CRATER_RUN_DIR": "/mnt/x"]).first == "/mnt/x")
            #expect(mode("/mnt/x") == 0o755)
            // Everybody's: one of our own in it, where others cannot take our names.
            #expect(made(["CRATER_RUN_DIR": "/dev/shm"]).first == "/dev/shm/crater-run-0")
            #expect(made(["CRATER_RUN_DIR": "/mnt/none/x"]).first == "/mnt/none is not there")
        }
    }

    /// An emptyDir is mounted for crater-run, and root runs it.
    @Test func whatIsMadeForUsIsClosedToOthers() async throws {
        try await withMounts {
            try Files.makeDirectory("/run/crater-run")
            chmod("/run/crater-run", 0o777)
            #expect(made().first == "/run/crater-run")
            #expect(mode("/run/crater-run") == 0o755)
            // Not what somebody else names, or has.
            try Files.makeDirectory("/mnt/volume")
            chmod("/mnt/volume", 0o777)
            #expect(made(["CRATER_RUN_DIR": "/mnt/volume"]).first?.hasPrefix("/mnt/volume can be written to") == true)
            #expect(mode("/mnt/volume") == 0o777)
        }
    }

    @Test func itIsNotUsedWhereSomebodyWasThereBefore() async throws {
        try await withMounts {
            try Files.makeDirectory("/run/crater-run")
            chmod("/run/crater-run", 0o777)
            try Files.makeDirectory("/run/crater-run/abc")
            chown("/run/crater-run/abc", 12345, 12345)
            #expect(
                made().first
                    == "/run/crater-run/abc is a directory of user 12345, but everything there must be ours")
        }
    }

    @Test(arguments: ["directory", "link", "file", "fifo"])
    func whatStandsThereFirstIsTold(kind: String) async throws {
        try await OwnProcess.run(for: kind, behind: ["unshare", "--mount"]) {
            for (path, options) in [("/run", "mode=555,ro"), ("/tmp", "mode=1777"), ("/dev/shm", "mode=1777")] {
                try systemCall("mount", on: path) { mount("none", path, "tmpfs", 0, options) }
            }
            let path = "/tmp/crater-run-0"
            switch kind {
            case "directory": try Files.makeDirectory(path)
            case "link": try Files.link(path, to: "/root")
            case "file": try Files.write("", to: path)
            default: mkfifo(path, 0o666)
            }
            lchown(path, 12345, 12345)
            let search = ControlPlace.find(instance: "abc", environment: [])
            let what = kind == "fifo" ? "FIFO" : kind
            #expect(search.place?.socket == "/dev/shm/crater-run-0/control.sock")
            #expect(
                search.notes.map(\.message) == [
                    "/tmp/crater-run-0 is a \(what) of user 12345; /dev/shm/crater-run-0 is used instead"
                ])
            #expect(search.notes.map(\.level) == [.warning])
        }
    }

    @Test func aSharedDirectoryThatIsNotStickyIsTold() async throws {
        try await withMounts(run: "mode=555,ro", tmp: "mode=777") {
            let search = ControlPlace.find(instance: "abc", environment: [])
            #expect(search.place?.socket == "/dev/shm/crater-run-0/control.sock")
            #expect(search.notes.map(\.level) == [.info])
            #expect(
                search.notes.map(\.message) == [
                    "/tmp can be written to by everybody and has no sticky bit, so another user may replace what is in it; "
                        + "/dev/shm/crater-run-0 is used instead"
                ])
            chmod("/dev/shm", 0o777)
            let none = ControlPlace.find(instance: "abc", environment: [])
            let message = try #require(none.notes.first?.message)
            #expect(
                none.place == nil && none.notes.count == 1
                    && message.contains("/run/crater-run cannot be made: Read-only"))
            #expect(message.contains("; /tmp can be written to by everybody"))
            #expect(message.contains("; /dev/shm can be written to by everybody"))
        }
    }

    /// What the user named is missed by whoever looks there.
    @Test func whatTheUserNamedIsTold() async throws {
        try await withMounts {
            try Files.makeDirectory("/mnt/theirs")
            chown("/mnt/theirs", 12345, 12345)
            let entry = Array("CRATER_RUN_DIR=/mnt/theirs".utf8)
            let search = ControlPlace.find(instance: "abc", environment: [entry])
            #expect(
                search.notes.map(\.message) == [
                    "CRATER_RUN_DIR cannot be used: /mnt/theirs belongs to user 12345, who may replace what is in it; "
                        + "/run/crater-run is used instead"
                ])
        }
    }

    /// Both sides derive the same places.
    @Test(arguments: [0, 12345] as [uid_t], ["", "/mnt/named", "/dev/shm"])
    func aClientFindsWhatASupervisorTook(user: uid_t, named: String) async throws {
        try await OwnProcess.run(for: "\(user) \(named)", behind: ["unshare", "--mount"]) {
            for (path, options) in [("/run", "mode=755"), ("/tmp", "mode=777"), ("/dev/shm", "mode=1777")] {
                try systemCall("mount", on: path) { mount("none", path, "tmpfs", 0, options) }
            }
            try systemCall("mount") { mount("none", "/mnt", "tmpfs", 0, "mode=1777") }
            let environment = named.isEmpty ? [] : [Array("CRATER_RUN_DIR=\(named)".utf8)]
            try systemCall("seteuid") { seteuid(user) }
            let search = ControlPlace.find(instance: "abc", environment: environment)
            let place = try #require(search.place, "\(search.notes)")
            let socket = try place.bind()
            listen(socket, 1)
            _ = try place.open(state: Array("{}".utf8))
            for client in [user, 0, 4711] where client != user || user == 0 || client == user {
                try systemCall("seteuid") { seteuid(0) }
                try systemCall("seteuid") { seteuid(client) }
                let found = ControlAddress.all(environment: environment)
                // A third user looks in nobody's directory but root's and its own.
                let isFound = client == user || client == 0 || user == 0
                #expect(found.map(\.socket) == (isFound ? [place.socket] : []), "client \(client)")
                #expect(found.allSatisfy { $0.owner == user && $0.isServed && $0.state == Array("{}".utf8) })
            }
            try systemCall("seteuid") { seteuid(0) }
            var status = stat()
            #expect(stat(place.socket, &status) == 0 && status.st_mode & 0o777 == 0o666)
            place.close()
            #expect(ControlAddress.all(environment: environment) == [])
        }
    }
}

import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct PrivateDirectoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// One below the test's own directory, as CRATER_RUN_DIR has it.
    private func own(_ nonce: UInt64 = 0xABC, owner: RunOwner = RunOwner()) -> PrivateDirectory {
        let entry = Array("CRATER_RUN_DIR=\(directory("run"))".utf8)
        return PrivateDirectory(nonce: nonce, environment: [entry], owner: owner)
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test func isNamedByTheNonceAndNotMadeBeforeItIsNeeded() throws {
        #expect(own().path == directory("run/abc"))
        #expect(own().path(for: "jupyter") == directory("run/abc/jupyter"))
        #expect(!FileAccess.exists(directory("run")))
        try own().make()
        #expect(mode(directory("run")) == 0o755)
        #expect(mode(directory("run/abc")) == 0o700)
        // The second process of the same run finds it.
        try own().make()
        #expect(own(0xABD).path == directory("run/abd"))
    }

    @Test func isForItsOwnerAloneWhateverTheUmask() async throws {
        try await OwnProcess.run {
            for mask: mode_t in [0, 0o777] {
                umask(mask)
                let nonce = UInt64(mask) + 1
                try own(nonce).make(below: "\(directory("run"))/\(String(nonce, radix: 16))/app/runtime")
                umask(0o022)
                for path in ["", "/app", "/app/runtime"] {
                    #expect(mode("\(directory("run"))/\(String(nonce, radix: 16))\(path)") == 0o700)
                }
            }
        }
    }

    /// Only we ourselves can have put something else there; the next place is taken all the same.
    @Test(.enabled(if: Host.canUnshare)) func whatIsNotOursAloneIsNeitherUsedNorRemoved() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            try systemCall("mount") { mount("none", "/run", "tmpfs", 0, "mode=755") }
            try Files.makeDirectory(directory("run"))
            try Files.makeDirectory(directory("elsewhere"))
            try Files.link(directory("run/abc"), to: directory("elsewhere"))
            try Files.makeDirectory(directory("run/abd"))
            try Files.write("x", to: directory("run/abd/file"), mode: 0o600)
            chmod(directory("run/abd"), 0o755)
            try Files.makeDirectory(directory("run/abe"))
            try Files.write("x", to: directory("run/abe/file"), mode: 0o600)
            chmod(directory("run/abe"), 0o700)
            chown(directory("run/abe"), 12345, 12345)
            for nonce: UInt64 in [0xABC, 0xABD, 0xABE] {
                let own = own(nonce)
                try own.make()
                #expect(own.path == "/run/crater-run/\(String(nonce, radix: 16))")
                own.remove()
                #expect(own.openDirectory() == nil)
            }
            #expect(Directory.names(in: directory("run"))?.sorted() == ["abc", "abd", "abe"])
            #expect(Directory.names(in: directory("elsewhere")) == [])
            #expect(Directory.names(in: directory("run/abd")) == ["file"])
        }
    }

    /// Whatever its path leads to meanwhile.
    @Test func whatIsHeldIsUsed() throws {
        let own = own()
        let held = try own.make()
        try Files.rename(directory("run"), to: directory("moved"))
        try Files.makeDirectory(directory("run"))
        try Files.makeDirectory(directory("run/abc"))
        try held.write(Array("x".utf8), to: "file")
        #expect(Directory.names(in: directory("moved/abc"))?.sorted() == ["file", "owner"])
        #expect(Directory.names(in: directory("run/abc")) == [])
    }

    /// By somebody who cleans up in /tmp.
    @Test func isMadeAgainWhereItWasRemoved() throws {
        let own = own()
        try own.make(for: "app").write(Array("x".utf8), to: "token")
        Files.remove(directory("run"))
        #expect(own.openDirectory() == nil)
        #expect(own.path == directory("run/abc"))
        try own.make(for: "app").write(Array("y".utf8), to: "token")
        #expect(try SmallFile.read(directory("run/abc/app/token")) == Array("y".utf8))
        #expect(try !RunOwner.isGone(from: HeldDirectory.named(directory("run/abc"))))
    }

    @Test func anAppsNameLeadsNowhereElse() throws {
        let own = own()
        for name in ["../../x", "..", ".hand-overs", "a/b", "%2e"] {
            try own.make(for: name).write(Array(name.utf8), to: "file")
            #expect(try own.openDirectory(for: name)?.readRegular("file", limit: 99) == Array(name.utf8))
        }
        #expect(Directory.names(in: directory("run")) == ["abc"])
        #expect(Directory.names(in: directory("run/abc"))?.count == 6)
    }

    @Test func goesWithAllThatIsInItAndWithNothingElse() throws {
        try Files.makeDirectory(directory("kept"))
        try Files.write("x", to: directory("kept/file"), mode: 0o644)
        let own = own()
        let app = try own.make(below: directory("run/abc/app"))
        try own.make(below: directory("run/abc/app/home"))
        try Files.write("x", to: directory("run/abc/app/file"), mode: 0o600)
        // A name that is no UTF-8, and directories that cannot be entered.
        let name: [CChar] = [0x66, -1, 0]
        close(clinux_open_at(app.descriptor, name, O_CREAT | O_WRONLY, 0o600))
        try own.make(below: directory("run/abc/app/home/a/b"))
        chmod(directory("run/abc/app/home/a"), 0)
        try Files.link(directory("run/abc/app/link"), to: directory("kept"))
        try Files.link(directory("run/abc/app/home/dangling"), to: "nowhere")
        own.remove()
        #expect(!FileAccess.exists(directory("run/abc")))
        #expect(FileAccess.exists(directory("kept/file")))
        #expect(FileAccess.exists(directory("run")))
        own.remove()
    }

    /// Of another user, with no usual temporary directory but those that are named.
    @Test(.enabled(if: Host.canUnshare)) func anotherUsersTrapsArePassedOver() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            try systemCall("mount") { mount("none", "/mnt", "tmpfs", 0, "mode=755") }
            for path in ["/tmp", "/var/tmp", "/run", "/dev/shm"] {
                try systemCall("mount", on: path) { mount("none", path, "tmpfs", UInt(MS_RDONLY), nil) }
            }
            for name in ["a", "b", "c", "real", "open"] {
                try Files.makeDirectory("/mnt/\(name)")
                chmod("/mnt/\(name)", name == "open" ? 0o777 : 0o1777)
            }
            // A directory of root's with our name, and a link to one of our own.
            try Files.makeDirectory("/mnt/a/crater-run-12345")
            chmod("/mnt/a/crater-run-12345", 0o777)
            chown("/mnt/real", 12345, 12345)
            try Files.link("/mnt/b/crater-run-12345", to: "/mnt/real")
            try systemCall("setuid") { setuid(12345) }

            func own(_ variables: String...) -> PrivateDirectory {
                PrivateDirectory(nonce: 0xABC, environment: variables.map { Array($0.utf8) })
            }
            let trapped = own("TMPDIR=/mnt/a", "TEMP=/mnt/b", "TMP=/mnt/open")
            #expect(trapped.path == nil)
            #expect(throws: SystemCallError.self) { try trapped.make() }
            #expect(
                trapped.refusals == [
                    "/mnt/a/crater-run-12345 is a directory of root", "/mnt/b/crater-run-12345 is a link of root",
                    "/mnt/open can be written to by everybody and has no sticky bit, so another user may replace what is in it",
                ])
            let third = own("CRATER_RUN_DIR=/none/there", "TMPDIR=/mnt/a", "TEMP=/mnt/b", "TMP=/mnt/c")
            #expect(third.path == "/mnt/c/crater-run-12345/abc")
            try third.make()
            #expect(mode("/mnt/c/crater-run-12345") == 0o700)
            #expect(mode("/mnt/c/crater-run-12345/abc") == 0o700)
            // The one that is there goes before a better place.
            #expect(own("TMPDIR=/mnt/real", "TEMP=/mnt/c").path == "/mnt/c/crater-run-12345/abc")
            third.remove()
            #expect(mode("/mnt/c/crater-run-12345/abc") == nil)
        }
    }

    // MARK: What others left behind

    /// A run whose owner ends without a chance to clean up.
    private func abandon(_ nonce: UInt64) throws {
        let own = own(nonce, owner: RunOwner())
        try own.make(for: "jupyter").write(Array("geheim".utf8), to: "token")
    }

    @Test func theNextRunRemovesWhatADeadOneHasLeft() throws {
        // One that lives, one of before there were marks, and others' things.
        let living = own(0xA11E)
        try living.make(for: "jupyter").write(Array("x".utf8), to: "token")
        try abandon(0xDEAD)
        for name in ["beef", "control-1", "xyz"] {
            try Files.makeDirectory(directory("run/\(name)"))
            chmod(directory("run/\(name)"), 0o700)
        }
        try Files.write("x", to: directory("run/f11e"))
        try Files.link(directory("run/1"), to: directory("run/a11e"))
        #expect(FileAccess.exists(directory("run/dead/jupyter/token")))
        try own().make()
        #expect(
            Directory.names(in: directory("run"))?.sorted() == [
                "1", "a11e", "abc", "beef", "control-1", "f11e", "xyz",
            ])
        #expect(FileAccess.exists(directory("run/a11e/jupyter/token")))
    }

    /// Beside a job the init role holds it.
    @Test func aRunLivesAsLongAsTheInitRole() throws {
        let socket = try RunOwner.makeSocket()
        for supervisor in 1...2 {
            let copy = dup(socket)
            let own = own(0xB0B, owner: RunOwner(inherited: copy))
            try own.make(for: "app").write([UInt8(supervisor)], to: "file")
        }
        try own().make()
        #expect(try SmallFile.read(directory("run/b0b/app/file")) == [2])
        close(socket)
        try own(0xABD).make()
        #expect(!FileAccess.exists(directory("run/b0b")))
    }

    @Test func theControlPlaceRemovesThemToo() throws {
        try abandon(0xDEAD)
        let entry = Array("CRATER_RUN_DIR=\(directory("run"))".utf8)
        let search = ControlPlace.find(instance: "abc", environment: [entry])
        #expect(search.notes == [] && search.place?.socket == directory("run/control.sock"))
        #expect(Directory.names(in: directory("run")) == [])
    }

    @Test(.enabled(if: Host.isRoot || Host.isCI, "needs root: it gives a directory away"))
    func anotherUsersIsLeftAlone() throws {
        try abandon(0xDEAD)
        try systemCall("chown") { chown(directory("run/dead"), 12345, 12345) }
        try own().make()
        #expect(FileAccess.exists(directory("run/dead/jupyter/token")))
    }
}

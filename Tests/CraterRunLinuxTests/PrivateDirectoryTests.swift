import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct PrivateDirectoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// One below the test's own directory, as CRATER_RUN_DIR has it.
    private func own(_ nonce: UInt64 = 0xABC, _ variables: KeyValuePairs<String, String> = [:]) -> PrivateDirectory {
        let entries = [("CRATER_RUN_DIR", directory("run"))] + variables.map { ($0.key, $0.value) }
        return PrivateDirectory(nonce: nonce, environment: entries.map { Array("\($0.0)=\($0.1)".utf8) })
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

    @Test func refusesALinkAndADirectoryThatOthersCanEnter() throws {
        try Files.makeDirectory(directory("run"))
        try Files.makeDirectory(directory("elsewhere"))
        try Files.link(directory("run/abc"), to: directory("elsewhere"))
        #expect(throws: SystemCallError.self) { try own().make() }
        try Files.makeDirectory(directory("run/abd"))
        chmod(directory("run/abd"), 0o755)
        #expect(throws: SystemCallError.self) { try own(0xABD).make() }
        // Neither is removed: they are not ours.
        own().remove()
        own(0xABD).remove()
        #expect(FileAccess.exists(directory("run/abc")) && FileAccess.exists(directory("run/abd")))
    }

    @Test(.enabled(if: geteuid() == 0, "needs root: it gives a directory away"))
    func refusesWhatBelongsToAnother() throws {
        try Files.makeDirectory(directory("run"))
        try Files.makeDirectory(directory("run/abc"))
        chmod(directory("run/abc"), 0o700)
        chown(directory("run/abc"), 12345, 12345)
        #expect(throws: SystemCallError.self) { try own().make() }
    }

    @Test func goesWithAllThatIsInItAndWithNothingElse() throws {
        try Files.makeDirectory(directory("kept"))
        try Files.write("x", to: directory("kept/file"), mode: 0o644)
        let own = own()
        try own.make(below: directory("run/abc/app/home"))
        try Files.write("x", to: directory("run/abc/app/file"), mode: 0o600)
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
            try systemCall("mount") { mount("none", "/mnt", "tmpfs", 0, nil) }
            for path in ["/tmp", "/var/tmp", "/run", "/dev/shm"] {
                try systemCall("mount", on: path) { mount("none", path, "tmpfs", UInt(MS_RDONLY), nil) }
            }
            for name in ["a", "b", "c", "real"] {
                try Files.makeDirectory("/mnt/\(name)")
                chmod("/mnt/\(name)", 0o1777)
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
            #expect(own("TMPDIR=/mnt/a", "TEMP=/mnt/b").path == nil)
            #expect(throws: SystemCallError.self) { try own("TMPDIR=/mnt/a").make() }
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
}

@Suite(.timeLimit(.minutes(5))) struct LaunchPreparerTests {
    private let directory: TemporaryDirectory
    private let preparer: LaunchPreparer

    init() throws {
        directory = try TemporaryDirectory()
        let entry = Array("CRATER_RUN_DIR=\(directory("run"))".utf8)
        preparer = LaunchPreparer(directory: PrivateDirectory(nonce: 0xABC, environment: [entry]))
    }

    private var app: String { directory("run/abc/app") }

    private func content(_ path: String) throws -> String {
        String(decoding: try SmallFile.read(path), as: UTF8.self)
    }

    @Test func aTokenIsMadeOnce() throws {
        let path = "\(app)/token"
        try preparer.prepare([.token(path: path)])
        let token = try content(path)
        #expect(token.utf8.count == 48)
        #expect(token.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        try preparer.prepare([.token(path: path)])
        #expect(try content(path) == token)
        #expect(Directory.names(in: app) == ["token"])
        try preparer.prepare([.token(path: "\(app)/other")])
        #expect(try content("\(app)/other") != token)
    }

    @Test func aHalfWrittenTokenOfADeadProcessIsNoObstacle() throws {
        try preparer.prepare([.directory(path: app)])
        try Files.write("half", to: "\(app)/token.new", mode: 0o600)
        try preparer.prepare([.token(path: "\(app)/token")])
        #expect(try content("\(app)/token").utf8.count == 48)
    }

    @Test func aRuntimeDirectoryLosesWhatAnEarlierRunLeft() throws {
        let runtime = Preparation.runtimeDirectory(path: "\(app)/runtime", without: ["jpserver-", "kernel-"])
        try preparer.prepare([runtime])
        for name in ["jpserver-17.json", "kernel-1.json", "jupyter_cookie_secret", "nbserver-17.json"] {
            try Files.write("x", to: "\(app)/runtime/\(name)", mode: 0o600)
        }
        try preparer.prepare([runtime])
        #expect(Directory.names(in: "\(app)/runtime")?.sorted() == ["jupyter_cookie_secret", "nbserver-17.json"])
    }
}

@Suite(.timeLimit(.minutes(5))) struct ReadBackTests {
    private let directory: TemporaryDirectory
    private let rule: IngressRule

    init() throws {
        directory = try TemporaryDirectory()
        rule = IngressRule(name: "jupyter", port: 8888, prefix: try PathPrefix("/x"))
    }

    private func launcher(_ nonce: UInt64 = 0xABC) -> AppLauncher {
        AppLauncher(
            app: Jupyter(), executable: nil, nonce: nonce, probe: HostProbe(["CRATER_RUN_DIR": directory("run")]))
    }

    private func write(_ name: String, _ text: String) throws {
        try launcher().privateDirectory.make(below: directory("run/abc/jupyter/runtime"))
        try Files.write(text, to: directory("run/abc/jupyter/runtime/\(name)"), mode: 0o600)
    }

    @Test func aTokenIsToldOnceAlsoByAnotherProcessOfTheSameRun() throws {
        #expect(launcher().readBack(for: rule) == [])
        try write("jpserver-1.json", #"{"port":8888,"base_url":"/x/","token":"abc"}"#)
        #expect(launcher().readBack(for: rule).map(\.message) == ["jupyter: open /x/?token=abc"])
        #expect(launcher().readBack(for: rule) == [])
        try write("jpserver-1.json", #"{"port":8888,"base_url":"/x/","token":"abd"}"#)
        #expect(launcher().readBack(for: rule).count == 1)
        #expect(launcher(0xABD).readBack(for: rule) == [])
    }

    @Test func kernelsAreCounted() throws {
        #expect(launcher().losses() == [])
        try write("kernel-1.json", "{}")
        try write("kernel-2.json", "{}")
        try write("jpserver-1.json", "{}")
        #expect(launcher().losses().map(\.message).first?.contains("2 kernels") == true)
    }
}

import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// An app that is whatever a test needs.
struct TestApp: WebApp {
    var identity: AppIdentity { .tensorBoard }
    var executables = ["crater-run-test-app"]
    var module: String?
    var readiness = ReadinessPolicy(path: "/ready", interval: .seconds(10))
    var stopSignal = Signal.terminate
    var environment = EnvironmentEdits()
    var isViewer = false
    var dataDirectory: String? { nil }
    var words: [String] = []
    var programSearch = ProgramSearch()
    var temporaryDirectories: [String] = []
    var temporaryDirectoryVariable: String?

    func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] { words }
}

extension HostProbe {
    init(_ variables: KeyValuePairs<String, String>) {
        self.init(environment: variables.map { Array("\($0.key)=\($0.value)".utf8) })
    }

    /// What is started for an app; where it is not, the failure.
    func program(_ app: TestApp = TestApp(), override: String? = nil) -> Result<HostFacts.Program, LaunchFailure> {
        do throws(LaunchFailure) {
            let program = try facts(for: app, executable: override).program
            guard case .executable(let path, _) = program else { return .success(program) }
            return .success(.executable(path: path))
        } catch {
            return .failure(error)
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct HostProbeTests {
    private let directory: TemporaryDirectory
    private let name = "crater-run-test-app"

    init() throws {
        directory = try TemporaryDirectory()
        for folder in ["a", "b"] { try Files.makeDirectory(directory(folder)) }
    }

    private var probe: HostProbe { HostProbe(["PATH": "\(directory("a")):\(directory("b"))"]) }

    // MARK: - Programs

    @Test func theFirstOnPATHIsTaken() throws {
        try Files.script("", at: directory("b/\(name)"))
        #expect(probe.program() == .success(.executable(path: directory("b/\(name)"))))
        try Files.script("", at: directory("a/\(name)"))
        #expect(probe.program() == .success(.executable(path: directory("a/\(name)"))))
    }

    @Test func whatCannotBeExecutedIsPassedOverForWhatCan() throws {
        try Files.makeDirectory(directory("a/\(name)"))
        try Files.script("", at: directory("b/\(name)"))
        #expect(probe.program() == .success(.executable(path: directory("b/\(name)"))))
    }

    @Test func onlyWhatCannotBeExecutedIsAFailureOfItsOwn() throws {
        try Files.makeDirectory(directory("a/\(name)"))
        try Files.write("", to: directory("b/\(name)"), mode: 0o644)
        #expect(
            probe.program() == .failure(.notExecutable("cannot execute \(directory("a/\(name)")): it is not a file")))
        Files.remove(directory("a/\(name)"))
        #expect(
            probe.program() == .failure(.notExecutable("cannot execute \(directory("b/\(name)")): Permission denied")))
    }

    @Test func aMissingInterpreterIsNamed() throws {
        try Files.write("#!/no/such/program\n", to: directory("a/\(name)"), mode: 0o755)
        let path = directory("a/\(name)")
        #expect(
            probe.program()
                == .failure(
                    .notFound("cannot execute \(path): there is no /no/such/program, the interpreter that it names")))
        try Files.script("", at: directory("b/\(name)"))
        #expect(probe.program() == .success(.executable(path: directory("b/\(name)"))))
    }

    /// As where the image's Python is below /root, and the app runs as another user.
    @Test(.enabled(if: Host.canUnshare, "needs root: it becomes another user"))
    func theDirectoryThatNobodyMayEnterIsNamed() async throws {
        try await OwnProcess.run {
            let (closed, open) = (directory("closed"), directory("open"))
            for folder in [closed, open] { try Files.makeDirectory(folder) }
            try Files.script("", at: "\(closed)/python")
            try Files.link("\(open)/python", to: "\(closed)/python")
            try Files.link("\(open)/relative", to: "../closed/python")
            try Files.write("", to: "\(open)/plain", mode: 0o644)
            for (file, interpreter) in [("a", "\(closed)/python"), ("b", "\(open)/python"), ("c", "\(open)/relative")] {
                try Files.write("#!\(interpreter)\n", to: "\(open)/\(file)", mode: 0o755)
            }
            for (path, mode) in [(directory.path, 0o755), (open, 0o755), (closed, 0o700)] as [(String, mode_t)] {
                #expect(chmod(path, mode) == 0)
            }
            try systemCall("setuid") { setuid(65534) }
            for file in ["a", "b", "c"] {
                guard case .failure(.notExecutable(let reason)) = probe.program(override: "\(open)/\(file)") else {
                    Issue.record("found \(file)")
                    continue
                }
                #expect(reason.contains("the interpreter that it names: Permission denied: this user may not enter "))
                #expect(reason.hasSuffix("/closed"), "\(reason)")
            }
            #expect(FileAccess.executable(at: "\(open)/plain") == .no(reason: "Permission denied"))
        }
    }

    @Test func nothingIsAFailureThatNamesThePlacesTried() {
        guard case .failure(.missing(let missing)) = probe.program(TestApp(module: "fake.main")) else {
            Issue.record("found")
            return
        }
        let reason = LaunchFailure.missing(missing).reason
        for place in [
            directory("a/\(name)"), directory("b/\(name)"), "/opt/conda/bin/\(name)",
            "\(directory("a"))/python3 -m fake.main",
        ] {
            #expect(missing.places.contains(place))
            #expect(!reason.contains(place))
        }
        #expect(reason.contains("--executable"))
        #expect(reason.contains("in any of \(missing.places.count) places"))
    }

    @Test func aDanglingLinkAndAPlainFileOnPATHAreMissing() throws {
        try Files.link(directory("a/\(name)"), to: "nowhere")
        try Files.write("", to: directory("file"))
        let probe = HostProbe(["PATH": "\(directory("a")):\(directory("file")):\(directory("none"))"])
        guard case .failure(.missing) = probe.program() else {
            Issue.record("found")
            return
        }
    }

    @Test func anOverrideIsTheOnlyPlace() throws {
        try Files.script("", at: directory("a/\(name)"))
        try Files.script("", at: directory("b/other"))
        #expect(probe.program(override: directory("b/other")) == .success(.executable(path: directory("b/other"))))
        #expect(probe.program(override: "other") == .success(.executable(path: directory("b/other"))))
        guard case .failure(.missing(let missing)) = probe.program(override: directory("b/none")) else {
            Issue.record("found")
            return
        }
        let reason = LaunchFailure.missing(missing).reason
        #expect(reason.contains(directory("b/none")))
        #expect(!reason.contains("/opt/conda"))
    }

    // MARK: - Modules

    /// A Python that would tell if it was started.
    private func makePython(at folder: String) throws {
        try Files.makeDirectory(directory(folder))
        try Files.makeDirectory(directory("\(folder)/bin"))
        try Files.script("touch \(directory("started"))", at: directory("\(folder)/bin/python3"))
    }

    private func makeModule(_ folders: [String], _ file: String) throws {
        var path = directory.path
        for folder in folders {
            path += "/\(folder)"
            mkdir(path, 0o755)
        }
        try Files.write("", to: "\(path)/\(file)")
    }

    @Test(arguments: ["main.py", "main/__main__.py"]) func aModuleIsFoundWithoutStartingPython(file: String) throws {
        try makePython(at: "venv")
        let parts = file.split(separator: "/").map(String.init)
        try makeModule(
            ["venv", "lib", "python3.11", "site-packages", "fake"] + parts.dropLast(), parts[parts.count - 1])
        let probe = HostProbe(["PATH": directory("venv/bin")])
        #expect(
            probe.program(TestApp(module: "fake.main"))
                == .success(.module("fake.main", python: directory("venv/bin/python3"))))
        guard case .failure(.missing) = probe.program(TestApp(module: "fake.other")) else {
            Issue.record("found")
            return
        }
        #expect(access(directory("started"), F_OK) == -1)
    }

    @Test func aModuleMayBeInPYTHONPATHOrInTheUsersFolder() throws {
        try makePython(at: "venv")
        try makeModule(["code", "fake"], "main.py")
        try makeModule(["home", ".local", "lib", "python3.11", "site-packages", "mine"], "main.py")
        let probe = HostProbe([
            "PATH": directory("venv/bin"), "PYTHONPATH": "\(directory("none")):\(directory("code"))",
            "HOME": directory("home"),
        ])
        let python = directory("venv/bin/python3")
        #expect(probe.program(TestApp(module: "fake.main")) == .success(.module("fake.main", python: python)))
        #expect(probe.program(TestApp(module: "mine.main")) == .success(.module("mine.main", python: python)))
    }

    @Test func thePythonThatHasTheModuleIsTaken() throws {
        try makePython(at: "one")
        try makePython(at: "two")
        try makeModule(["two", "lib", "python3.9", "dist-packages", "fake"], "main.py")
        let probe = HostProbe(["PATH": "\(directory("one/bin")):\(directory("two/bin"))"])
        #expect(
            probe.program(TestApp(module: "fake.main"))
                == .success(.module("fake.main", python: directory("two/bin/python3"))))
        // The program itself goes before the module.
        try Files.script("", at: directory("two/bin/\(name)"))
        #expect(
            probe.program(TestApp(module: "fake.main"))
                == .success(.executable(path: directory("two/bin/\(name)"))))
    }

    // MARK: - Host

    @Test func ipv6IsThereIfTheKernelSaysSo() throws {
        try Files.script("", at: directory("a/\(name)"))
        let table = (try? SmallFile.read("/proc/net/if_inet6")) ?? []
        #expect(try probe.facts(for: TestApp(), executable: nil).hasIPv6 == !table.isEmpty)
    }

    @Test(.enabled(if: Host.canUnshare)) func ipv6IsMissingWhereTheTableIsEmpty() async throws {
        // A new network namespace, whose loopback interface is down, has no address.
        try await OwnProcess.run(behind: ["unshare", "--net"]) {
            try Files.script("", at: directory("a/\(name)"))
            #expect(try !probe.facts(for: TestApp(), executable: nil).hasIPv6)
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func aTemporaryDirectoryIsReplacedWhereNoneCanBeWrittenTo() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            func choice(_ variables: KeyValuePairs<String, String>) throws -> HostFacts.TemporaryDirectory {
                let probe = HostProbe(variables)
                return try probe.facts(for: TestApp(), executable: Tool.path("true")).temporaryDirectory
            }
            #expect(try choice([:]) == .usable)
            try makeReadOnly("/tmp")
            // The test's own directory may be below.
            defer { umount("/tmp") }
            try makeReadOnly("/var/tmp")
            let usable = "/dev/shm"
            try #require(FileAccess.isWritableDirectory(usable))
            #expect(try choice(["TMPDIR": usable]) == .usable)
            #expect(try choice(["TMP": usable]) == .usable)
            #expect(try choice(["TMPDIR": "/tmp", "TEMP": "/none"]) == .replacement(path: usable))
            #expect(try choice(["XDG_RUNTIME_DIR": "/none"]) == .replacement(path: usable))
            for path in ["/dev/shm", "/run"] { try makeReadOnly(path) }
            // A home that can be written to, then the working directory, then nothing.
            try systemCall("mount") { mount("none", "/mnt", "tmpfs", 0, nil) }
            defer { chdir("/") }
            try systemCall("chdir") { chdir("/tmp") }
            #expect(try choice(["HOME": "/mnt"]) == .replacement(path: "/mnt"))
            #expect(try choice(["HOME": "/tmp"]) == .none)
            try systemCall("chdir") { chdir("/mnt") }
            #expect(try choice([:]) == .replacement(path: "/mnt"))
        }
    }

    /// Root may write to any directory but one of a read-only file system.
    private func makeReadOnly(_ path: String) throws {
        try systemCall("mount", on: path) { mount("none", path, "tmpfs", UInt(MS_RDONLY), nil) }
    }

    // MARK: - Python

    struct Shebang: Sendable {
        let text: String
        /// Below the test's directory, or a full path.
        let python: String?
    }

    @Test(arguments: [
        Shebang(text: "#!DIRECTORY/a/python3.11\nimport x\n", python: "a/python3.11"),
        Shebang(text: "#! DIRECTORY/a/python3 -E\n", python: "a/python3"),
        Shebang(text: "#!/usr/bin/env python3\n", python: "a/python3"),
        Shebang(text: "#!/usr/bin/env -S python3 -E\n", python: "a/python3"),
        Shebang(text: "#!/bin/sh\n'''exec' /long/bin/python \"$0\" \"$@\"\n' '''\n", python: "/long/bin/python"),
        Shebang(text: "#!/bin/sh\n'''exec' \"/my env/bin/python\" \"$0\" \"$@\"\n", python: "/my env/bin/python"),
        Shebang(
            text: "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''\n",
            python: "b/python3"),
        Shebang(
            text: "#!/bin/sh\n'''exec' \"$(dirname \"$0\")\"/python3.11 \"$0\" \"$@\"\n", python: "b/python3.11"),
        Shebang(text: "#!/bin/sh\n'''exec' \"$(dirname -- \"$0\")\"/'node' \"$0\"\n", python: nil),
        Shebang(text: "#!/bin/sh\n'''exec' \"$(dirname -- \"$0\"\n", python: nil),
        Shebang(text: "#!/usr/bin/env bash\n", python: nil),
        Shebang(text: "#!/bin/sh\nexec python\n", python: nil),
        Shebang(text: "#!/usr/bin/env python9\n", python: nil),
        Shebang(text: "#!", python: nil),
        Shebang(text: "", python: nil),
    ])
    func theInterpreterOfAScriptIsReadFromIt(_ shebang: Shebang) throws {
        for python in ["python3", "python3.11"] { try Files.script("", at: directory("a/\(python)")) }
        let text = shebang.text.replacing("DIRECTORY", with: directory.path)
        try Files.write(text, to: directory("b/\(name)"), mode: 0o755)
        var app = TestApp()
        app.programSearch.startsInterpreter = true
        guard let python = shebang.python else {
            guard case .failure(.notExecutable(let reason)) = probe.program(app) else {
                Issue.record("found")
                return
            }
            #expect(reason.contains(directory("b/\(name)")))
            return
        }
        let path = python.hasPrefix("/") ? python : directory(python)
        #expect(probe.program(app) == .success(.interpreter(python: path)))
        // And the script is shown to the app that wants to know it.
        let program = try probe.facts(for: TestApp(), executable: nil).program
        #expect(program == .executable(path: directory("b/\(name)"), text: text))
    }

    @Test func aPackageIsLookedAtWithoutStartingPython() throws {
        try makePython(at: "venv")
        let site = ["venv", "lib", "python3.11", "site-packages"]
        try makeModule(site + ["fake"], "__init__.py")
        try makeModule(site + ["fake", "static"], "there.js")
        try makeModule(site + ["tornado-6.6.1.dist-info"], "METADATA")
        try makeModule(site + ["tornado_extra-9.dist-info"], "METADATA")
        try Files.write("#!\(directory("venv/bin/python3"))\n", to: directory("a/\(name)"), mode: 0o755)
        var app = TestApp()
        app.programSearch.package = PythonPackage.Question(
            name: "fake", files: ["static/there.js", "static/gone.js"], distributions: ["tornado", "numpy"])
        #expect(
            try probe.facts(for: app, executable: nil).package
                == PythonPackage(
                    directory: directory(site.joined(separator: "/") + "/fake"),
                    missingFiles: ["static/gone.js"],
                    versions: ["tornado": "6.6.1"]))
        app.programSearch.package = PythonPackage.Question(name: "other")
        #expect(try probe.facts(for: app, executable: nil).package == nil)
        #expect(access(directory("started"), F_OK) == -1)
    }

    // MARK: - User

    @Test func aHomeIsUsableIfItCanBeWrittenTo() throws {
        let passwd = directory("passwd")
        let id = geteuid()
        func home(_ line: String, _ variables: KeyValuePairs<String, String>) throws -> HostFacts.Home {
            try Files.write("other:x:99999:0::/nowhere:/bin/sh\n\(line)\n", to: passwd)
            return UserFacts(environment: HostProbe(variables), passwd: passwd).home
        }
        let there = "me:x:\(id):0:,,,:\(directory.path):/bin/sh"
        #expect(try home(there, [:]) == .usable)
        #expect(try home("", ["HOME": directory.path]) == .usable)
        #expect(try home("", [:]) == .unusable(reason: "HOME is not set"))
        #expect(try home(there, ["HOME": "/none"]) == .unusable(reason: "HOME is /none, which is not there"))
        #expect(
            try home("me:x:\(id):0::/none:", [:]) == .unusable(reason: "HOME is not set, and /none is not there"))
        #expect(
            try home("", ["HOME": passwd])
                == .unusable(reason: "HOME is \(passwd), which cannot be written to"))
        #expect(try home("me:x:\(id)", [:]) == .unusable(reason: "HOME is not set"))
    }

    @Test func anotherUsersDirectoryInTheHomeIsFound() async throws {
        try await OwnProcess.run {
            try systemCall("chmod") { chmod(directory.path, 0o755) }
            for name in ["", "/closed", "/listed", "/own"] { try Files.makeDirectory(directory("home\(name)")) }
            try Files.write("", to: directory("home/file"))
            try systemCall("chmod") { chmod(directory("home/closed"), 0o700) }
            for name in ["home", "home/own"] { try systemCall("chown") { chown(directory(name), 12345, 0) } }
            try systemCall("setuid") { setuid(12345) }
            func home(_ use: DirectoryInHome?) -> HostFacts.Home {
                UserFacts(environment: HostProbe(["HOME": directory("home")]), for: use).home
            }
            func taken(_ name: String) -> HostFacts.Home { .occupied(by: directory("home/\(name)")) }
            for use in [nil, .written("own"), .written("none"), .read("own"), .read("listed"), .read("none")]
                as [DirectoryInHome?]
            {
                #expect(home(use) == .usable)
            }
            for name in ["closed", "listed", "file"] { #expect(home(.written(name)) == taken(name)) }
            #expect(home(.read("closed")) == taken("closed"))
            // Nothing can be in it.
            #expect(home(.read("file")) == .usable)
        }
    }

    @Test func aNameIsInTheEnvironmentOrInThePasswdFile() throws {
        let passwd = directory("passwd")
        func hasName(_ line: String, _ variables: KeyValuePairs<String, String>) throws -> Bool {
            try Files.write(line, to: passwd)
            return UserFacts(environment: HostProbe(variables), passwd: passwd).hasName
        }
        #expect(try hasName("me:x:\(geteuid()):0::/:/bin/sh", [:]))
        #expect(try !hasName("me:x:99999:\(geteuid())::/:/bin/sh", [:]))
        #expect(try !hasName("", ["USER": "", "LOGNAME": ""]))
        #expect(try hasName("", ["USER": "me"]))
        #expect(try hasName("", ["LOGNAME": "me"]))
    }

    @Test func aDeletedWorkingDirectoryIsNoObstacle() async throws {
        try await OwnProcess.run {
            try Files.script("", at: directory("a/\(name)"))
            try Files.makeDirectory(directory("gone"))
            try systemCall("chdir") { chdir(directory("gone")) }
            Files.remove(directory("gone"))
            #expect(WorkingDirectory.path == "/")
            #expect(probe.program() == .success(.executable(path: directory("a/\(name)"))))
        }
    }

    @Test func theEnvironmentIsTakenAsBytes() async throws {
        try await OwnProcess.run {
            var bytes: [CChar] = [-1, -2, 10, 0]
            setenv("CRATER_RUN_TEST_BYTES", &bytes, 1)
            let entry = Array("CRATER_RUN_TEST_BYTES=".utf8) + [0xFF, 0xFE, 10]
            #expect(ProcessEnvironment.entries().contains(entry))
            #expect(HostProbe().environment == ProcessEnvironment.entries())
            clearenv()
            #expect(ProcessEnvironment.entries().isEmpty)
            #expect(ThisProcess.nonce() != ThisProcess.nonce())
        }
    }
}

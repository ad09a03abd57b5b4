import CraterRunCore
import CraterRunLinux
import Foundation
import Testing

/// What the images hold and say of themselves.
@Suite(.enabled(if: TestImage.areTested, TestImage.areNotTestedSince), .timeLimit(TestTime.limit))
struct ImageContentTests {
    /// Every file below a directory, by its path there.
    private func paths(_ root: String) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? [])
    }

    private func output(_ script: String, _ arguments: String...) throws -> String {
        let output = try LineStream()
        let process = try SpawnedProcess(
            ["/bin/sh", "-euc", script, "sh"] + arguments, environment: Launcher.callersEnvironment(["PATH"]),
            streams: [.null, output.target, .null])
        output.closeWriteEnd()
        #expect(try process.waitForEnd(within: .seconds(120)) == .exited(0))
        output.drain()
        return output.text
    }

    @Test func craterRunsImageIsTheBinaryAlone() throws {
        let image = TestImage.craterRun
        #expect(paths(image.root) == ["crater-run"])
        #expect(try output("stat -c '%a %u:%g' $1", "\(image.root)/crater-run") == "755 0:0\n")
        let said = try image.configuration()
        #expect(said.config.User == "65532:65532")
        #expect(said.config.Entrypoint == ["/crater-run"])
        #expect(said.config.Cmd == nil)
        #expect(said.rootfs.diff_ids.count == 1)
    }

    /// Its own words for its version are the label's, and with a commit although the build saw no repository.
    @Test(arguments: [TestImage.craterRun] + TestImage.apps)
    func saysWhatItIs(image: TestImage) throws {
        let labels = try #require(image.configuration().config.Labels)
        let version = try output("$1 --version", "\(TestImage.craterRun.root)/crater-run")
        let words = try output("$1 --version", TestBinary.path).split(separator: " ").prefix(2)
        #expect(version.split(separator: " ").prefix(2) == words)
        let label = { (name: String) in labels["org.opencontainers.image.\(name)"] ?? "" }
        #expect(label("version") == words.last ?? "")
        #expect(label("title") == (image.port == nil ? "crater-run" : "crater-run-\(image.name)"))
        #expect(label("description") != "")
        #expect(label("licenses") == "Apache-2.0")
        #expect(label("source") == "https://example.org/")
        let revision = label("revision")
        // The sources of a release come without their history.
        let isClone = FileManager.default.fileExists(atPath: "\(TestImage.sources)/.git")
        #expect(isClone ? revision.utf8.count == 40 : revision == "unknown")
        // What is unchanged keeps the binary of an earlier commit.
        if image.port == nil, isClone { #expect(version.contains("(commit \(revision.prefix(7))")) }
    }

    @Test(arguments: TestImage.apps)
    func appsAreServedByTheEntryPoint(image: TestImage) throws {
        let config = try image.configuration().config
        #expect(config.User == "1000:1000")
        #expect(config.Entrypoint == ["/entrypoint.sh"])
        // The base image has a command, which would be taken for a job.
        #expect((config.Cmd ?? []) == [])
        #expect(config.WorkingDir == "/work")
        let ports = (config.ExposedPorts ?? [:]).keys.sorted()
        #expect(ports == ["\(image.port ?? 0)/tcp", "9550/tcp"].sorted())
        let environment = config.Env ?? []
        #expect(environment.contains("CRATER_RUN_APPS=\(image.name)"))
        #expect(environment.contains { $0.hasPrefix("PATH=/opt/\(image.name)/bin:/usr/") })
        // Nothing of the machine that it was built on.
        #expect(environment.allSatisfy { !$0.hasPrefix("PIP_") && !$0.contains("://") })
    }

    @Test(arguments: TestImage.apps)
    func appsComeAloneAndCanBeReadByAnybody(image: TestImage) throws {
        let added = paths(image.root).subtracting(paths(TestImage.base))
        let places = ["opt/\(image.name)", "usr/local/bin/crater-run", "entrypoint.sh", "work", "logs"]
        let others = added.filter { path in !places.contains { path == $0 || path.hasPrefix("\($0)/") } }
        #expect(others == [])
        #expect(added.isSuperset(of: ["opt/\(image.name)/bin/python", "usr/local/bin/crater-run", "entrypoint.sh"]))
        #expect(paths(TestImage.base).subtracting(paths(image.root)) == [])
        // Pip's settings and this machine's certificates were there while it was built.
        for file in ["etc/pip.conf", "etc/ssl/certs/ca-certificates.crt"] {
            try Shell.run("cmp $1/$3 $2/$3", TestImage.base, image.root, file)
        }
        let venv = "\(image.root)/opt/\(image.name)"
        let unreadable = try output(
            #"find "$@" ! -type l \( ! -perm -o+r -o -type d ! -perm -o+x -o -perm /g+w,o+w,u+s,g+s \)"#,
            venv, "\(image.root)/usr/local/bin/crater-run", "\(image.root)/entrypoint.sh")
        #expect(unreadable == "")
        try Shell.run(
            #"cmp "$1" "$2/entrypoint.sh"; cmp "$3" "$2/usr/local/bin/crater-run""#,
            TestImage.entrypoint, image.root, "\(TestImage.craterRun.root)/crater-run")
        #expect(try output(#"stat -c %a "$@""#, "\(image.root)/work", "\(image.root)/entrypoint.sh") == "1777\n755\n")
    }

    /// On a read-only root nothing can be compiled for the next start; and what depends on the time of its source would have
    /// to be, once something has changed that.
    @Test(arguments: TestImage.apps)
    func pythonFilesAreCompiledWhateverTheirTime(image: TestImage) throws {
        let packages = "\(image.root)/opt/\(image.name)/lib/python3.11/site-packages"
        let all = paths(packages)
        let sources = all.filter { $0.hasSuffix(".py") && $0.split(separator: "/").first == image.module[...] }
        #expect(sources.count > 5)
        for source in sources {
            let parts = source.split(separator: "/")
            let name = parts.last?.dropLast(3) ?? ""
            let compiled = (parts.dropLast() + ["__pycache__", "\(name).cpython-311.pyc"]).joined(separator: "/")
            let bytes = try SmallFile.read("\(packages)/\(compiled)", limit: 1 << 20)
            // PEP 552: by hash, and not checked.
            #expect(Array(bytes[4..<8]) == [1, 0, 0, 0], "\(compiled)")
        }
        // What only building needs is gone.
        let tools = all.filter { $0.hasPrefix("setuptools") || $0.hasPrefix("wheel") || $0.hasPrefix("pkg_resources") }
        #expect(tools == [])
    }
}

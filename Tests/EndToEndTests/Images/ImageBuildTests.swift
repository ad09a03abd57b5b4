import CraterRunLinux
import Foundation
import Testing

/// images/build, before stand-ins for the engines: which one it takes, what it asks of it, and what it says where it cannot.
@Suite(.timeLimit(TestTime.limit))
struct ImageBuildTests {
    /// What there is of an engine: it notes what it is asked to do.
    private static let engine = #"""
        echo "${0##*/} $*" >> "$RECORD"
        case $* in *--json*) echo '"size": "7 MB",' ;; *inspect*Size*) echo 7000000 ;; *inspect*User*) echo 5:5 ;; esac
        """#
    /// docker's command, without the service that it talks to.
    private static let deafDocker = "exit 1"

    private func build(
        _ launcher: Launcher, _ engines: [String: String], _ environment: [String: String] = [:], _ names: [String] = []
    ) throws -> (said: Said, asked: [String]) {
        let bin = "\(launcher.root)/engines"
        let tools = ["bash", "sh", "dirname", "sed", "git", "cat", "mkdir", "env"]
        try Shell.run(
            #"mkdir -p "$1"; for tool in $2; do ln -sf "$(command -v "$tool")" "$1/$tool"; done"#,
            bin, tools.joined(separator: " "))
        for (name, script) in engines {
            try Shell.run(#"printf '#!/bin/sh\n%s\n' "$2" > "$1"; chmod 755 "$1""#, "\(bin)/\(name)", script)
        }
        let record = "\(launcher.root)/asked"
        let variables = environment.merging(["PATH": bin, "RECORD": record]) { $1 }
        let output = try LineStream()
        let errors = try LineStream()
        let process = try SpawnedProcess(
            ["\(TestImage.sources)/images/build"] + names,
            environment: variables.map { Array("\($0.key)=\($0.value)".utf8) },
            streams: [.null, output.target, errors.target])
        output.closeWriteEnd()
        errors.closeWriteEnd()
        let ending = try process.waitForEnd()
        output.drain()
        errors.drain()
        let asked = (try? String(contentsOfFile: record, encoding: .utf8)) ?? ""
        return (
            Said(ending: ending, output: output.text, errors: errors.text),
            asked.split(separator: "\n").map(String.init)
        )
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        var engines: [String: String] = [:]
        var environment: [String: String] = [:]
        var names: [String] = []
        let message: String

        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(message: "cannot find buildah, podman or a docker that answers: on Debian, apt-get install buildah"),
        Refusal(
            engines: ["docker": deafDocker],
            message: "cannot find buildah, podman or a docker that answers: on Debian, apt-get install buildah"),
        Refusal(
            engines: ["podman": engine], environment: ["ENGINE": "buildah"],
            message: "cannot build with buildah: it is not on PATH, or its service does not answer"),
        Refusal(
            engines: ["docker": deafDocker], environment: ["ENGINE": "docker"],
            message: "cannot build with docker: it is not on PATH, or its service does not answer"),
        Refusal(
            environment: ["ENGINE": "kaniko"],
            message: "cannot build with kaniko: ENGINE is buildah, podman or docker"),
        Refusal(
            engines: ["podman": engine], names: ["marimo"],
            message: "cannot build marimo: there are crater-run tensorboard jupyter visdom"),
    ])
    func saysWhyItCannot(refusal: Refusal) throws {
        try withLauncher { launcher in
            let (said, asked) = try build(launcher, refusal.engines, refusal.environment, refusal.names)
            #expect(said.ending == .exited(1))
            #expect(said.errors == "images/build: \(refusal.message)\n")
            #expect(asked.filter { $0.contains("build") } == [])
        }
    }

    @Test(arguments: [
        (["buildah", "podman", "docker"], "buildah"), (["podman", "docker"], "podman"), (["docker"], "docker"),
    ])
    func takesTheEngineThatIsThere(engines: [String], taken: String) throws {
        try withLauncher { launcher in
            let all = Dictionary(uniqueKeysWithValues: engines.map { ($0, ImageBuildTests.engine) })
            // Named last, and yet made first: the other one takes the binary from it.
            let (said, asked) = try build(
                launcher, all,
                ["VERSION": "9.8", "REGISTRY": "registry.example.org", "PIP_INDEX_URL": "https://index"],
                ["visdom", "crater-run"])
            #expect(said.ending == .exited(0), "\(said)")
            let table = said.output.split(separator: "\n").suffix(2).map {
                $0.split(separator: " ").joined(separator: " ")
            }
            #expect(table.first == "registry.example.org/crater-run:9.8 7 MB user 5:5")
            #expect(table.last == "registry.example.org/crater-run-visdom:9.8 7 MB user 5:5")
            let builds = asked.filter { $0.hasPrefix("\(taken) build ") }
            #expect(builds.count == 2)
            #expect(builds.first?.contains("--tag registry.example.org/crater-run:9.8 .") ?? false)
            #expect(builds.first?.contains("--build-arg CRATER_RUN_BUILD_COMMIT=") ?? false)
            let visdom = builds.last ?? ""
            #expect(visdom.contains("--tag registry.example.org/crater-run-visdom:9.8 ."))
            #expect(visdom.contains("--file images/visdom/Dockerfile"))
            #expect(visdom.contains("--build-arg CRATER_RUN_IMAGE=registry.example.org/crater-run:9.8 "))
            #expect(visdom.contains("--build-arg PIP_INDEX_URL=https://index"))
            // The Dockerfile's own values hold where nothing else was asked for.
            #expect(!visdom.contains("PYTHON_IMAGE") && !visdom.contains("VISDOM_BROWSER_FILES"))
        }
    }

    /// What an app's image takes from the first one.
    @Test(arguments: ["buildah", "podman", "docker"], [true, false])
    func makesTheImageOfCraterRunWhereThereIsNone(engine: String, isThere: Bool) throws {
        try withLauncher { launcher in
            let look = "case $* in *--format*) ;; *inspect*) exit \(isThere ? 0 : 1) ;; esac"
            let (said, asked) = try build(launcher, [engine: look + "\n" + ImageBuildTests.engine], [:], ["visdom"])
            #expect(said.ending == .exited(0), "\(said)")
            let built = asked.filter { $0.hasPrefix("\(engine) build ") }
            #expect(built.count == (isThere ? 1 : 2))
            #expect(built.last?.contains("images/visdom/Dockerfile") ?? false)
        }
    }

    struct Files: CustomTestStringConvertible, Sendable {
        /// What is done to the installed Visdom first.
        let before: String
        let folder: String
        let message: String

        var testDescription: String { message }
    }

    /// The step of Visdom's build that looks after its browser files: an image without them must not come about.
    @Test(
        .enabled(if: TestImage.areTested, TestImage.areNotTestedSince),
        arguments: [
            Files(
                before: "rm -r $static/version.built", folder: "/tmp",
                message: "cannot fetch Visdom's browser files: Error "),
            Files(
                before: "rm $static/js/jquery.min.js; mkdir -p /tmp/js", folder: "/tmp",
                message: "Visdom's page lacks js/jquery.min.js; name a folder that has them"),
            Files(
                before: "echo '<html>' > $static/css/bootstrap.min.css; mkdir -p /tmp/js", folder: "/tmp",
                message: "Visdom's page lacks css/bootstrap.min.css; name a folder that has them"),
        ])
    func visdomsImageIsNotBuiltWithoutItsBrowserFiles(files: Files) throws {
        try withLauncher(.processOne) { launcher in
            let script = "\(TestImage.sources)/images/visdom/add_browser_files.py"
            let settings = ContainerSettings(
                user: "0:0", isReadOnly: false, mounts: ["\(script):/add_browser_files.py:ro"], entrypoint: "sh")
            let place = "static=/opt/visdom/lib/python3.11/site-packages/visdom/static"
            let words = ["-euc", "\(place); \(files.before); exec python /add_browser_files.py \(files.folder)"]
            try launcher.startContainer(.visdom, settings, command: words)
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.errors.text.contains(files.message), "\(launcher.log)")
            #expect(launcher.errors.text.contains("make images VISDOM_BROWSER_FILES="))
        }
    }

    /// As it is built where Visdom's hosts can be reached: one of the files that they no longer have is one too few only if the
    /// page asks for it.
    @Test(
        .enabled(if: TestImage.areTested, TestImage.areNotTestedSince),
        arguments: [("classnames@2.2.5", Int32(0)), ("jquery.min.js", 1)])
    func visdomsBrowserFilesAreFetched(refused: String, code: Int32) throws {
        try withLauncher(.processOne) { launcher in
            let script = "\(TestImage.sources)/images/visdom/add_browser_files.py"
            let hosts = "\(TestImage.sources)/Tests/EndToEndTests/Clients/visdom_hosts.py"
            let settings = ContainerSettings(
                user: "0:0", isReadOnly: false,
                mounts: ["\(script):/add_browser_files.py:ro", "\(hosts):/visdom_hosts.py:ro"], entrypoint: "sh")
            let steps = """
                cd /opt/visdom/lib/python3.11/site-packages/visdom/static
                rm -r version.built js/jquery.min.js js/plotly-plotly.min.js css/bootstrap.min.css js/mathjax
                python /visdom_hosts.py "$0" /add_browser_files.py /tmp || exit
                head -c 200 js/plotly-plotly.min.js js/mathjax/2.7.5/MathJax.js
                """
            try launcher.startContainer(.visdom, settings, command: ["-uc", steps, refused])
            #expect(try launcher.end() == .exited(code), "\(launcher.log)")
            let said = launcher.everything
            #expect(said.contains("warning: Error 404 while downloading https://unpkg.com/"))
            #expect(said.contains("Visdom's page lacks js/jquery.min.js") == (code == 1))
            #expect(said.contains("Visdom's page has all") == (code == 0))
            if code == 0 {
                #expect(said.contains("/* https://cdn.plot.ly/plotly-2.11.1.min.js */"))
                #expect(said.contains("/mathjax/2.7.5/MathJax.js?config="))
            }
        }
    }
}

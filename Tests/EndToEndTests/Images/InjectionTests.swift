import CraterRunLinux
import Foundation
import Testing

/// crater-run brought into images that know nothing of it: by an init container from its own image, with entrypoint.sh mounted
/// beside it.
@Suite(.enabled(if: TestImage.areTested, TestImage.areNotTestedSince), .timeLimit(TestTime.limit))
struct InjectionTests {
    /// A root to bring it into, and the shell that runs the script there.
    enum Host: String, CaseIterable, CustomTestStringConvertible {
        case dash
        case bash
        /// Its one file is busybox, and there is no shell but its own.
        case busybox

        var testDescription: String { "under \(rawValue)" }

        var shell: [String] { self == .busybox ? ["busybox", "sh"] : [rawValue] }
        /// A job of a shell that is there.
        func job(_ script: String) -> [String] { (self == .busybox ? ["busybox", "sh"] : ["sh"]) + ["-c", script] }
        var sleep: String { self == .busybox ? "busybox sleep" : "sleep" }

        func root(in launcher: Launcher) throws -> String {
            guard self == .busybox else { return TestImage.base }
            let root = "\(launcher.root)/busybox"
            // Debian's is not static everywhere: what it needs comes along.
            try Shell.run(
                #"""
                program=$(readlink -f "$(command -v busybox)"); mkdir -p "$1/bin"; cp "$program" "$1/bin/busybox"
                for file in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do
                    mkdir -p "$1$(dirname "$file")"; cp -L "$file" "$1$file"
                done
                """#, root)
            return root
        }
    }

    /// Volumes as a Pod has them: an emptyDir for the binary, and a ConfigMap's with the script.
    private func volumes(_ launcher: Launcher, mode: String = "644") throws -> (tools: String, scripts: String) {
        let (tools, scripts) = ("\(launcher.root)/tools", "\(launcher.root)/scripts")
        try Shell.run(
            #"""
            mkdir -p "$1" "$2/..2025"; chmod 777 "$1"
            cp "$3" "$2/..2025/entrypoint.sh"; chmod "$4" "$2/..2025/entrypoint.sh"
            ln -s ..2025 "$2/..data"; ln -s ..data/entrypoint.sh "$2/entrypoint.sh"
            """#, tools, scripts, TestImage.entrypoint, mode)
        return (tools, scripts)
    }

    private func install(_ launcher: Launcher, to tools: String, as user: String? = nil) throws {
        let settings = ContainerSettings(user: user, hasTemporary: false, mounts: ["\(tools):/crater-run-bin"])
        try launcher.startContainer(.craterRun, settings, command: ["install", "/crater-run-bin"])
        #expect(try launcher.end() == .exited(0), "\(launcher.log)")
        #expect(launcher.output.text == "/crater-run-bin/crater-run\n")
        try Shell.run(
            #"cmp "$1" "$2"; test "$(stat -c '%a %u:%g' "$2")" = "755 $3""#,
            "\(TestImage.craterRun.root)/crater-run", "\(tools)/crater-run", user ?? "65532:65532")
    }

    @Test(arguments: Host.allCases)
    func theMountedScriptRunsTheJobAndTheApps(host: Host) throws {
        try withLauncher(.processOne, fake: .standalone) { launcher in
            let (tools, scripts) = try volumes(launcher)
            try install(launcher, to: tools)
            launcher.podInfo.setRule("demo", port: 7000, prefix: launcher.prefix)
            try Shell.run("chmod 755 $1", "\(launcher.bin)/tensorboard")
            let settings = ContainerSettings(
                user: "73291:48213", hasTemporary: false,
                mounts: ["\(tools):/crater-run:ro", "\(scripts):/scripts:ro", "\(launcher.bin)/tensorboard:/demo:ro"],
                environment: ["CRATER_RUN_APPS=app demo --ready-path /data/environment -- /demo --port {port}"],
                entrypoint: host.shell[0])
            let words = host.shell.dropFirst() + ["/scripts/entrypoint.sh"]
            let job = host.job("trap 'exit 7' TERM; echo up; \(host.sleep) 1000 & wait")
            try launcher.startContainer(root: try host.root(in: launcher), settings, command: words + job)
            try launcher.outputLine("up")
            try launcher.line("demo: ready")
            let probe = try launcher.inContainer("/crater-run/crater-run", "probe", "ready")
            #expect(probe.ending == .exited(0), "\(probe)")
            #expect(try launcher.stop() == .exited(7), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
        }
    }

    /// With `defaultMode: 0755` it may be the command itself.
    @Test func theMountedScriptIsExecutedWhereItMayBe() throws {
        try withLauncher(.processOne) { launcher in
            let (tools, scripts) = try volumes(launcher, mode: "755")
            try install(launcher, to: tools, as: "73291:48213")
            let settings = ContainerSettings(
                user: "1000:1000", mounts: ["\(tools):/crater-run:ro", "\(scripts):/scripts:ro"],
                entrypoint: "/scripts/entrypoint.sh")
            try launcher.startContainer(
                root: TestImage.base, settings, command: ["python3", "-c", "raise SystemExit(5)"])
            #expect(try launcher.end() == .exited(5), "\(launcher.log)")
        }
    }

    /// Without the init container's copy the job must not suffer.
    @Test(arguments: Host.allCases)
    func theJobRunsAloneWithoutCraterRun(host: Host) throws {
        try withLauncher(.processOne) { launcher in
            let (_, scripts) = try volumes(launcher)
            let settings = ContainerSettings(
                user: "1000:1000", mounts: ["\(scripts):/scripts:ro"], entrypoint: host.shell[0])
            let words = host.shell.dropFirst() + ["/scripts/entrypoint.sh"]
            try launcher.startContainer(
                root: try host.root(in: launcher), settings, command: words + host.job("exit 3"))
            #expect(try launcher.end() == .exited(3), "\(launcher.log)")
            #expect(launcher.errors.text.contains("entrypoint.sh: running the job alone, without any app"))
        }
    }
}

import CraterRunCore
import CraterRunLinux
import Foundation
import Testing

/// What the documents say of files, targets and commands holds.
@Suite(.timeLimit(TestTime.limit))
struct DocumentTests {
    /// Directories of the repository that documents name files in.
    private static let directories = [".ci/", "Benchmarks/", "Sources/", "Tests/", "docs/", "images/"]

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Document.root.appendingPathComponent(path).path)
    }

    @Test func areThere() {
        let paths = Document.all.map(\.path)
        for path in ["README.md", "README.ja.md", "docs/annotations.md", "docs/operating.md", "docs/user-guide.md"] {
            #expect(paths.contains(path))
        }
    }

    @Test(arguments: Document.all)
    func linksLeadSomewhere(document: Document) throws {
        let links = document.prose.flatMap { line in
            line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
        }
        for link in links where !link.hasPrefix("https://") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let directory = URL(fileURLWithPath: "/\(document.path)").deletingLastPathComponent()
            let target = parts[0].isEmpty ? "/\(document.path)" : directory.appendingPathComponent(parts[0]).path
            let path = String(URL(fileURLWithPath: target).standardized.path.dropFirst())
            #expect(Self.exists(path), "\(document.path): \(link)")
            guard parts.count > 1, Self.exists(path) else { continue }
            #expect(try Document(path: path).anchors.contains(parts[1]), "\(document.path): \(link)")
        }
    }

    @Test(arguments: Document.all)
    func namesFilesThatAreThere(document: Document) {
        let words = (document.inlineCode + document.shellCommands).flatMap { $0.split(separator: " ").map(String.init) }
        for word in words where Self.directories.contains(where: { word.hasPrefix($0) }) {
            // `images/<name>/Dockerfile` and the like stand for several.
            guard word.allSatisfy({ !"<>*…;,".contains($0) }) else { continue }
            #expect(Self.exists(word), "\(document.path): \(word)")
        }
    }

    @Test(arguments: Document.all)
    func namesTargetsOfTheMakefile(document: Document) throws {
        let makefile = try String(contentsOf: Document.root.appendingPathComponent("Makefile"), encoding: .utf8)
        let targets = Set(makefile.matches(of: /(?m)^([a-z-]+):/).map { String($0.1) })
        #expect(targets.contains("build"))
        for command in document.inlineCode + document.shellCommands {
            guard let target = command.prefixMatch(of: /make ([a-z-]+)/)?.1 else { continue }
            #expect(targets.contains(String(target)), "\(document.path): \(command)")
        }
    }

    /// The volume is the same in all documents, and is what crater-run prints where it is missing.
    @Test func showTheVolumeThatCraterRunAsksFor() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = "\(launcher.root)/podinfo/annotations"
            try launcher.startCommand(["tensorboard"])
            #expect(try launcher.end() == .exited(78))
            let printed = launcher.errors.lines.drop { $0 != "spec:" }.prefix { !$0.isEmpty }.map {
                $0.replacing("\(launcher.root)/podinfo", with: "/etc/podinfo")
            }
            #expect(printed.contains("      downwardAPI:"), "\(launcher.log)")
            for document in Document.all {
                let volumes = document.blocks.filter {
                    $0.language == "yaml" && $0.lines.contains("      downwardAPI:")
                }
                for volume in volumes { #expect(volume.lines == printed, "\(document.path)") }
                let needsOne = document.path.hasPrefix("README") || document.path == "docs/annotations.md"
                if needsOne || document.path == "docs/operating.md" { #expect(volumes.count == 1, "\(document.path)") }
            }
        }
    }
}

/// Each command line of the documents is one that crater-run takes.
@Suite(.timeLimit(TestTime.limit))
struct DocumentCommandTests {
    /// Programs that command lines of the documents start.
    private static let programs = [
        "aim", "bokeh", "code-server", "dash-update-components", "dask", "datasette", "gradio", "hiplot", "jupyter-lab",
        "marimo", "mlflow", "netron", "panel", "python", "ray", "streamlit", "uvicorn", "visdom", "visualdl", "voila",
    ]
    private static let appsByName = AppIdentity.all.map(\.name)

    /// Runs the real crater-run, so that nothing is started.
    private static let instead = """
        crater-run() {
            case $1 in
            \(appsByName.joined(separator: " | "))) set -- "$1" --dry-run "${@:2}" ;;
            app) set -- app "$2" --dry-run "${@:3}" ;;
            up) set -- up --check "${@:2}" ;;
            esac
            "$BINARY" "$@"
        }

        """

    /// What it ends with where no crater-run serves apps; nil for a command that no document has shown yet.
    private static func codes(of command: String) -> Set<Int32>? {
        switch command {
        case _ where appsByName.contains(command): [0]
        case "app", "up": [0]
        case "rules", "annotations", "help": [0]
        case "doctor": [0, 1]
        case "probe": [1]
        case "status", "start", "stop", "restart": [69]
        default: nil
        }
    }

    private static func commands(of document: Document) -> [String] {
        // Some documents have tables of command lines.
        let rows = document.prose.filter { $0.hasPrefix("|") }.flatMap { row in
            row.matches(of: /\| `(crater-run [^`…\\]+)` \|/).map { String($0.1) }
        }
        return document.shellCommands + rows
    }

    @Test(arguments: Document.all)
    func areTaken(document: Document) throws {
        // Beside these there are `kubectl exec … -- crater-run status` and the like.
        let lines = Self.commands(of: document).filter {
            $0.hasPrefix("crater-run ") || $0.hasPrefix("CRATER_RUN_") && $0.contains(" crater-run ")
        }
        try withLauncher { launcher in
            for program in Self.programs {
                let text = program == "jupyter-lab" ? "from jupyterlab.labapp import main" : ""
                try Shell.run(
                    "printf '#!%s\\n%s\\n' \"$1\" \"$2\" >$3; chmod 755 $3", Shell.python, text,
                    "\(launcher.bin)/\(program)")
            }
            for name in Self.appsByName.filter({ $0 != "jupyter" }) + ["notebook", "demo"] {
                launcher.podInfo.setRule(name, port: Port.free(), prefix: "/ingress/u-\(name)/")
            }
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            launcher.environment["BINARY"] = TestBinary.path
            for line in lines {
                let command = try #require(line.firstMatch(of: /crater-run ([a-z-]+)/)?.1)
                let codes = try #require(Self.codes(of: String(command)), "\(line): what does it end with?")
                // A second rule for TensorBoard is for those who say which one they mean.
                if line.contains("--rule tb") {
                    launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/u-tb/")
                } else {
                    launcher.podInfo.removeRule("tb")
                }
                try launcher.podInfo.write()
                try launcher.startProgram(["bash", "-c", Self.instead + line])
                let ending = try launcher.end()
                let isTaken = codes.contains { ending == .exited($0) }
                #expect(isTaken, "\(document.path): \(line): \(ending)\n\(launcher.log)")
            }
        }
    }

    /// The test above looks at something.
    @Test func areFound() {
        let found = Document.all.flatMap { Self.commands(of: $0) }
        for start in ["crater-run up ", "CRATER_RUN_APPS=", "crater-run app demo ", "crater-run doctor"] {
            #expect(found.contains { $0.hasPrefix(start) }, "\(start)")
        }
    }
}

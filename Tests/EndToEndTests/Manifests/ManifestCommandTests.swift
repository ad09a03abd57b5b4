import CraterRunLinux
import Foundation
import Testing

/// What the manifests' containers run, against the binary.
@Suite(.enabled(if: ManifestRun.isPossible, "not tested here: needs root and make test"), .timeLimit(TestTime.limit))
struct ManifestCommandTests {
    static let servers = [
        "pod-apps.yaml tensorboard", "pod-apps.yaml jupyter", "pod-inject.yaml training-injected",
        "pod-job.yaml training", "pod-sidecar.yaml training-with-sidecar", "volcano-job.yaml master",
    ]

    @Test func everyServerIsTried() throws {
        #expect(try Workload.all().filter { $0.server != nil }.map(\.name) == Self.servers)
    }

    /// Programs that the images have, which do nothing.
    private func installPrograms(_ launcher: Launcher) throws {
        try launcher.install(.tensorboard, as: "jupyter-lab")
        try Shell.run(#"printf '#!/bin/sh\n' >$1; chmod 755 $1"#, "\(launcher.bin)/python")
    }

    @Test(arguments: servers)
    func theEntryPointFindsNothingWrong(name: String) throws {
        try withLauncher { launcher in
            let run = try ManifestRun(try Workload.named(name), in: launcher)
            try installPrograms(launcher)
            try launcher.startProgram(run.command(["--check"]))
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.errors.text == "")
            let said = launcher.output.text
            #expect(said.contains("job: ") == !run.server.job.isEmpty, "\(said)")
            #expect(run.server.job.isEmpty || said.contains("job: \(launcher.bin)/\(run.server.job[0])\n"), "\(said)")
            for (name, rule) in run.workload.rules { #expect(said.contains("\(name): \(rule.prefix)"), "\(said)") }
        }
    }

    @Test(arguments: servers)
    func eachAppLineIsStartedByItsRule(name: String) throws {
        try withLauncher { launcher in
            let run = try ManifestRun(try Workload.named(name), in: launcher)
            try installPrograms(launcher)
            #expect(run.server.appLines.count == run.workload.rules.count)
            for line in run.server.appLines {
                // A line is words as in a shell.
                try launcher.startProgram(["sh", "-c", "exec crater-run \(line) --dry-run"])
                #expect(try launcher.end() == .exited(0), "\(launcher.log)")
                let plan = launcher.output.text
                let app = String(line.prefix { $0 != " " })
                let rule = try #require(run.workload.rules[app])
                let rows = plan.split(separator: "\n").map { $0.replacing(#/ +/#, with: " ") }
                #expect(rows.contains("rule: \(app), port \(rule.port), path \(rule.prefix)"), "\(plan)")
                #expect(rows.contains { $0.hasPrefix("readiness: http://127.0.0.1:\(rule.port)\(rule.prefix)") })
            }
        }
    }

    /// A variable with a wrong name does nothing and says nothing.
    @Test func everyVariableIsOneThatCraterRunKnows() throws {
        let known = try Self.knownVariables()
        #expect(known.isSuperset(of: ["CRATER_RUN_APPS", "CRATER_RUN_LOGDIR", "CRATER_RUN_BINARY"]))
        #expect(!known.contains("CRATER_RUN_LOG_DIR") && !known.contains("CRATER_RUN_"))
        let containers = try ManifestTools.load().flatMap(Workload.all).flatMap(\.containers)
        let used = containers.flatMap(\.environment.keys).filter { $0.hasPrefix("CRATER") }
        #expect(!used.isEmpty && Set(used).isSubset(of: known), "\(Set(used).subtracting(known))")
    }

    /// Those that the help of each command names, and entrypoint.sh's own.
    static func knownVariables() throws -> Set<String> {
        let commands = ["", "up", "tensorboard", "jupyter", "visdom", "marimo", "app", "rules", "probe"]
        let help = try commands.map { try ManifestTools.run([TestBinary.path, "help"] + ($0.isEmpty ? [] : [$0])) }
        let script = ManifestTools.repository.appendingPathComponent("entrypoint.sh")
        let text = try help.joined() + String(contentsOf: script, encoding: .utf8)
        return Set(text.matches(of: /CRATER_RUN_[A-Z]+(_[A-Z]+)*/).map { String($0.output.0) })
    }

    @Test(arguments: [
        ("$(A)", "1"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"), ("$(B)", "$(B)"), ("$(A", "$(A"), ("x$A$", "x$A$"),
        ("$$$$", "$$"), ("--a=$(A)/$(A)", "--a=1/1"),
    ])
    func wordsAreExpandedAsTheKubeletDoes(text: String, expanded: String) {
        #expect(ManifestContainer.expand(text, ["A": "1"]) == expanded)
    }
}

import CraterRunLinux
import Foundation
import Testing

/// The manifests' entry points really serving, as PID 1, and their probes asked.
@Suite(.enabled(if: ManifestRun.isPossible, "not tested here: needs root and make test"), .timeLimit(TestTime.limit))
struct ManifestServingTests {
    /// A stand-in for the training: it goes on until the test ends it.
    private func installJob(_ launcher: Launcher) throws {
        try GatedJob.prepare(in: launcher.work)
        try Shell.run(
            #"printf '#!/bin/sh\n%s\n' "$2" >$1; chmod 755 $1"#, "\(launcher.bin)/python", GatedJob.command[2])
    }

    /// Starts it, asks each probe once its app is ready, and ends it.
    static func serve(_ workload: Workload, in launcher: Launcher, job: (Launcher) throws -> Void) throws {
        let run = try ManifestRun(workload, in: launcher)
        try job(launcher)
        try launcher.startProgram(run.command())
        for line in run.server.appLines { try launcher.line("\(line.prefix { $0 != " " }): ready") }
        #expect(!run.server.probes.isEmpty)
        for (kind, probe) in run.server.probes {
            let said = try run.failure(of: probe)
            #expect(said == nil, "\(workload.name) \(kind): \(said.map(\.description) ?? "")")
        }
        try expectHealthy(run)
        if run.server.job.isEmpty {
            #expect(try launcher.stop() == .exited(143))
        } else {
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
        }
        #expect(launcher.leftovers() == [])
    }

    /// What is healthy has nothing that the doctor finds fault with, and the status says what is so: these apps and rules alone.
    private static func expectHealthy(_ run: ManifestRun) throws {
        let doctor = try run.inItsNetwork([TestBinary.path, "doctor"])
        #expect(doctor.ending == .exited(0), "\(run.workload.name): \(doctor)")
        let said = try run.inItsNetwork([TestBinary.path, "status", "--output", "json"])
        #expect(said.ending == .exited(0), "\(run.workload.name): \(said)")
        let status = try JSONDecoder().decode(ShownStatus.self, from: Data(said.output.utf8)).supervisors
        let apps = run.server.appLines.map { String($0.prefix { $0 != " " }) }
        #expect(status.count == 1 && status.first?.ready == true, "\(said)")
        #expect(status.flatMap(\.apps).map(\.name) == apps && status.flatMap(\.apps).allSatisfy { $0.state == "ready" })
        #expect(Set(status.flatMap(\.rules).map(\.name)) == Set(run.workload.rules.keys), "\(said)")
        #expect(status.flatMap(\.rules).allSatisfy { $0.app == $0.name && !$0.external && !$0.pending })
    }

    @Test(arguments: ManifestCommandTests.servers.filter { $0 != "pod-apps.yaml jupyter" })
    func servesAndPassesItsProbes(name: String) throws {
        try withLauncher(.processOne) { launcher in
            let workload = try Workload.named(name)
            try Self.serve(workload, in: launcher, job: installJob)
            let rule = try #require(workload.rules["tensorboard"])
            let words = try launcher.launch().arguments
            #expect(words.contains("\(rule.port)") && words.contains("--path_prefix=\(rule.prefix.dropLast())"))
        }
    }

    /// With the real one, since crater-run reads back what Jupyter says of itself.
    @Test(.enabled(if: !RealApp.available([.lab]).isEmpty))
    func jupyterServesAndPassesItsProbes() throws {
        try withLauncher(.processOne) { launcher in
            try Self.serve(try Workload.named("pod-apps.yaml jupyter"), in: launcher) { launcher in
                let bin = try #require(RealApp.lab.bin)
                launcher.environment["PATH"] = "\(launcher.bin):\(bin):/usr/sbin:/usr/bin:/sbin:/bin"
            }
        }
    }

    /// A probe that cannot fail says nothing.
    @Test func aProbeFailsWhereItsAppDoesNotServe() throws {
        try withLauncher(.processOne) { launcher in
            let run = try ManifestRun(try Workload.named("pod-apps.yaml tensorboard"), in: launcher)
            let exec = try #require(try Workload.named("pod-job.yaml training").server)
            launcher.environment["FAKE_DO"] = "gate:open"
            try launcher.startProgram(run.command())
            _ = try launcher.launch()
            let probes = run.server.probes
            for ready in [probes["readinessProbe"], exec.probes["readinessProbe"]] {
                #expect(try run.failure(of: try #require(ready)) != nil)
            }
            for other in [probes["startupProbe"], probes["livenessProbe"]] {
                #expect(try run.failure(of: try #require(other)) == nil)
            }
            #expect(try launcher.stop() == .exited(143))
        }
    }
}

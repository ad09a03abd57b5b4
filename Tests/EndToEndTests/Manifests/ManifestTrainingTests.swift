import CraterRunLinux
import Foundation
import Glibc
import Testing

/// pod-job.yaml with what its image has: its own training, and a real TensorBoard.
@Suite(
    .enabled(if: ManifestRun.isPossible && (RealTensorBoard.newest.bin != nil || Mode.isOnCI)),
    .timeLimit(TestTime.limit)
)
struct ManifestTrainingTests {
    @Test func itsCurveIsSeenAndItEndsWhenItIsTold() throws {
        try withLauncher(.processOne) { launcher in
            let bin = try #require(RealTensorBoard.newest.bin)
            let script = try #require(
                try ManifestTools.load().first { $0.file == "pod-job.yaml" && $0.kind == "ConfigMap" })
            let workload = try Workload.named("pod-job.yaml training")
            let run = try ManifestRun(
                workload, in: launcher, configMaps: [script.name: script.document["data"].strings])
            try FileManager.default.removeItem(atPath: "\(launcher.bin)/tensorboard")
            launcher.environment["PATH"] = "\(launcher.bin):\(bin):/usr/sbin:/usr/bin:/sbin:/bin"
            try launcher.startProgram(run.command())
            try launcher.outputLine("step 1")
            try launcher.line("tensorboard: ready")
            #expect(try run.failure(of: try #require(run.server.probes["readinessProbe"])) == nil)
            let rule = try #require(workload.rules["tensorboard"])
            let tags = "http://127.0.0.1:\(rule.port)\(rule.prefix)data/plugin/scalars/tags"
            try launcher.wait(until: "the curve is seen") {
                let said = try run.inItsNetwork(["curl", "--silent", "--show-error", "--fail", tags])
                return said.output.contains(#""loss""#)
            }
            // Its own code, and its own word.
            #expect(try launcher.stop() == .exited(1))
            #expect(launcher.errors.text.contains("told to stop"))
            #expect(launcher.leftovers() == [])
        }
    }
}

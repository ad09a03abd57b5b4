import Foundation
import Testing

/// The YAML in README.md and docs says the same as the manifests, and what the images are is what the manifests count on.
@Suite(.enabled(if: ManifestTools.areTested), .timeLimit(TestTime.limit))
struct ManifestExamplesTests {
    @Test func everyVolumeIsTheManifests() throws {
        let pod = try Workload.named("pod-apps.yaml tensorboard")
        let volumes = pod.spec["volumes"].list.filter { $0["name"].string == "podinfo" }
        let mount = try #require(pod.server?.mount("podinfo"))
        let examples = try ManifestTools.examples().map(\.document)
        let shown = examples.flatMap { $0.all("volumes") }.flatMap(\.list).filter { $0["downwardAPI"] != .null }
        #expect(shown.count >= 2)
        #expect(shown.allSatisfy { volumes == [$0] }, "\(shown)")
        let mounts = examples.flatMap { $0.all("volumeMounts") }.flatMap(\.list).filter {
            $0["name"].string == "podinfo"
        }
        #expect(mounts.count >= 2)
        #expect(mounts.allSatisfy { $0 == mount }, "\(mounts)")
    }

    @Test func everyProbeAsksWhatItIsFor() throws {
        let examples = try ManifestTools.examples().map(\.document)
        for kind in ManifestContainer.probeKinds {
            let shown = examples.flatMap { $0.all(kind) }
            #expect(!shown.isEmpty)
            for probe in shown { #expect(ManifestChecks.asksTheRightThing(probe, kind), "\(kind): \(probe)") }
        }
    }

    @Test func everyRuleIsOne() throws {
        let examples = try ManifestTools.examples().map(\.document)
        let annotations = examples.flatMap { $0.all("annotations") }.flatMap(\.strings)
        let rules = annotations.filter { $0.key.hasPrefix("ingress.crater.raids.io/") }
        #expect(!rules.isEmpty)
        for rule in rules {
            let decoded = try JSONDecoder().decode(ManifestRule.self, from: Data(rule.value.utf8))
            #expect(rule.key.hasSuffix("/\(decoded.name)"))
            #expect(decoded.prefix.hasPrefix("/") && decoded.prefix.hasSuffix("/"))
        }
    }

    /// A part of a Pod is valid in a Pod that has nothing else. A PodMonitor is not Kubernetes' own, and has no schema here.
    @Test func everyExampleIsValid() throws {
        let parts = ["apiVersion", "metadata", "spec"] + ManifestContainer.probeKinds
        let examples = try ManifestTools.examples().filter {
            !$0.document.members.keys.filter(parts.contains).isEmpty && $0.document["kind"].string != "PodMonitor"
        }
        #expect(examples.count >= 6)
        for example in examples {
            let problems = try ManifestTools.problems(
                example.file, example.index, patch: "[\(completion(of: example.document))]",
                in: ManifestTools.repository.path)
            #expect(problems.allSatisfy { $0.value == nil }, "\(example.file) \(example.index): \(problems)")
        }
    }

    /// The JSON patch operations that make it whole.
    private func completion(of document: JSON) -> String {
        guard document["apiVersion"] == .null else { return "" }
        var operations = [
            #"{"op": "add", "path": "/apiVersion", "value": "v1"}"#, #"{"op": "add", "path": "/kind", "value": "Pod"}"#,
        ]
        if document["spec"] == .null {
            operations.append(#"{"op": "add", "path": "/spec", "value": {"containers": [{"name": "example"}]}}"#)
        }
        for kind in document.members.keys where ManifestContainer.probeKinds.contains(kind) {
            operations.append(#"{"op": "move", "from": "/\#(kind)", "path": "/spec/containers/0/\#(kind)"}"#)
        }
        return operations.joined(separator: ", ")
    }

    private static let dockerfiles = ManifestContainer.entryPoints.map { name, entryPoint in
        let directory = name == "crater-run" ? name : String(name.dropFirst("crater-run-".count))
        return (ManifestTools.repository.appendingPathComponent("images/\(directory)/Dockerfile"), entryPoint)
    }

    /// What the manifests leave out, since the image has it.
    @Test func imagesHaveTheseEntryPoints() throws {
        for (file, entryPoint) in Self.dockerfiles {
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("ENTRYPOINT") }
            #expect(lines.last == "ENTRYPOINT [\"\(entryPoint[0])\"]", "\(file.path)")
        }
    }
}

import CraterRunLinux
import Foundation
import Testing

/// The Kustomize component, applied to Deployments by kubectl.
@Suite(.enabled(if: ManifestTools.areTested, "not tested here: needs make test"), .timeLimit(TestTime.limit))
struct ManifestComponentTests {
    /// What it adds to the container and the Pod, and nothing that was there is gone.
    private func expectComponent(
        in after: JSON, added before: JSON, container name: String = "app", location: SourceLocation = #_sourceLocation
    ) throws {
        let (old, new) = (before["spec"]["template"]["spec"], after["spec"]["template"]["spec"])
        func names(_ spec: JSON, _ key: String) -> Set<String?> { Set(spec[key].list.map { $0["name"].string }) }
        #expect(names(new, "volumes") == names(old, "volumes").union(["podinfo"]), sourceLocation: location)
        #expect(names(new, "containers") == names(old, "containers"), sourceLocation: location)
        #expect(new["containers"].list.count == old["containers"].list.count, sourceLocation: location)
        for container in old["containers"].list where container["name"].string != name {
            #expect(new["containers"].list.contains(container), sourceLocation: location)
        }
        func container(_ spec: JSON) throws -> JSON {
            try #require(spec["containers"].list.first { $0["name"].string == name }, sourceLocation: location)
        }
        let (original, changed) = (try container(old), try container(new))
        #expect(
            names(changed, "volumeMounts") == names(original, "volumeMounts").union(["podinfo"]),
            sourceLocation: location)
        for (spec, other, key) in [
            (old, new, "volumes"), (original, changed, "volumeMounts"),
        ] {
            for entry in spec[key].list { #expect(other[key].list.contains(entry), sourceLocation: location) }
        }
        let ours = ["volumeMounts"] + ManifestContainer.probeKinds
        #expect(
            changed.members.filter { !ours.contains($0.key) } == original.members.filter { !ours.contains($0.key) },
            sourceLocation: location)
        let endpoints = ["startupProbe": "/startupz", "livenessProbe": "/livez", "readinessProbe": "/readyz"]
        for (kind, path) in endpoints {
            #expect(changed[kind]["httpGet"]["path"].string == path, sourceLocation: location)
            #expect(
                ["exec", "tcpSocket", "grpc"].allSatisfy { changed[kind][$0] == .null }, "\(changed[kind])",
                sourceLocation: location)
        }
        #expect(
            new.members.filter { !["volumes", "containers"].contains($0.key) }
                == old.members.filter { !["volumes", "containers"].contains($0.key) }, sourceLocation: location)
    }

    /// Valid for each version, whole as every other manifest, and it serves.
    private func expectWorking(_ result: ManifestDocument, in directory: String, _ launcher: Launcher) throws {
        let problems = try ManifestTools.problems(result.file, result.index, in: directory)
        #expect(problems.allSatisfy { $0.value == nil }, "\(problems)")
        let workload = try #require(Workload.all(in: result).first)
        ManifestChecks.all(workload)
        if ManifestRun.isPossible {
            try ManifestServingTests.serve(workload, in: launcher) { _ in }
            #expect(try launcher.launch().arguments.contains("--path_prefix=/ingress/liuxw24-379e0"))
        }
    }

    /// There are several ways to read YAML.
    @Test func kubectlReadsEveryManifestAsTheTestsDo() throws {
        try withLauncher { launcher in
            let manifests = try ManifestTools.load().filter { !$0.document["apiVersion"].isKustomizes }
            for file in Set(manifests.map(\.file)) {
                let path = "\(ManifestTools.directory)/\(file)"
                let words = ["annotate", "--local", "--filename", path, "tests.example/read=yes", "-o", "yaml"]
                let read = try Kubectl.read(Kubectl.run(words), in: launcher.work).map(\.document)
                let expected = manifests.filter { $0.file == file }.map(\.document)
                #expect(JSON.list(read).includes(.list(expected)), "\(file)")
            }
        }
    }

    @Test func itsPatchMakesTheExampleServe() throws {
        try withLauncher(Mode.available.first ?? .subreaper) { launcher in
            let before = try #require(try ManifestTools.load().first { $0.file == "example/deployment.yaml" })
            let after = try Kubectl.patch("\(ManifestTools.directory)/example/deployment.yaml", in: launcher.work)
            try expectComponent(in: after.document, added: before.document)
            try expectWorking(after, in: launcher.work, launcher)
        }
    }

    /// As `kubectl apply -k` does it.
    @Test func theOverlayBuildsTheSame() throws {
        try withLauncher(Mode.available.first ?? .subreaper) { launcher in
            let before = try #require(try ManifestTools.load().first { $0.file == "example/deployment.yaml" })
            let built = try Kubectl.run(["kustomize", "\(ManifestTools.directory)/example"])
            let after = try Kubectl.read(built, in: launcher.work)
            #expect(after.count == 1)
            let deployment = try #require(after.first)
            try expectComponent(in: deployment.document, added: before.document)
            let patched = try Kubectl.patch("\(ManifestTools.directory)/example/deployment.yaml", in: launcher.work)
            #expect(deployment.document.withoutNulls == patched.document.withoutNulls)
            try expectWorking(deployment, in: launcher.work, launcher)
        }
    }

    /// Deployments as people have them.
    struct Existing: CustomTestStringConvertible {
        let testDescription: String
        /// The containers and the volumes, in YAML.
        let spec: String
        var container = "app"
    }

    @Test(arguments: [
        Existing(
            testDescription: "with nothing at all",
            spec: "containers: [{name: app, image: example}]"),
        Existing(
            testDescription: "with probes of other kinds",
            spec: """
                containers:
                  - name: app
                    image: example
                    startupProbe: {grpc: {port: 6006}, failureThreshold: 3}
                    livenessProbe: {exec: {command: ["true"]}, timeoutSeconds: 5}
                    readinessProbe: {tcpSocket: {port: 6006}}
                """),
        Existing(
            testDescription: "with volumes, ports and containers of its own, and another name",
            spec: """
                containers:
                  - {name: first, image: example, volumeMounts: [{name: logs, mountPath: /logs}]}
                  - name: notebook
                    image: example
                    ports: [{name: http, containerPort: 8888}, {name: health, containerPort: 9000}]
                    env: [{name: CRATER_RUN_APPS, value: jupyter}]
                    volumeMounts: [{name: logs, mountPath: /logs}, {name: work, mountPath: /work}]
                  - {name: last, image: example, readinessProbe: {tcpSocket: {port: 1}}}
                volumes:
                  - {name: logs, emptyDir: {}}
                  - {name: work, persistentVolumeClaim: {claimName: work}}
                """,
            container: "notebook"),
    ])
    func leavesTheRestAsItIs(existing: Existing) throws {
        try withLauncher { launcher in
            let lines = existing.spec.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
            let text = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: existing}
                spec:
                  selector: {matchLabels: {a: b}}
                  template:
                    metadata: {labels: {a: b}}
                    spec:
                \(lines)
                """
            let before = try #require(try Kubectl.read(text, in: launcher.work).first)
            let after = try Kubectl.patch(
                "\(launcher.work)/\(before.file)", in: launcher.work, container: existing.container)
            try expectComponent(in: after.document, added: before.document, container: existing.container)
            let problems = try ManifestTools.problems(after.file, in: launcher.work)
            #expect(problems.allSatisfy { $0.value == nil }, "\(problems)")
        }
    }
}

import Testing

/// The manifests against the API schemas of three Kubernetes versions, unknown fields refused.
@Suite(.enabled(if: ManifestTools.areTested), .timeLimit(TestTime.limit))
struct ManifestSchemaTests {
    @Test func everyDocumentIsValid() throws {
        let manifests = try ManifestTools.load()
        // A component's patch is a part of a Deployment: what it makes of one is validated where it is applied.
        for manifest in manifests where manifest.file != "component/serve.yaml" {
            let problems = try ManifestTools.problems(manifest.file, manifest.index)
            #expect(problems.count == ManifestTools.versions.count)
            #expect(problems.allSatisfy { $0.value == nil }, "\(manifest.file) \(manifest.name): \(problems)")
        }
        let kinds = Set(manifests.map(\.kind))
        #expect(
            kinds == [
                "Pod", "ConfigMap", "Job", "Service", "Ingress", "Deployment", "Kustomization", "Component",
            ])
    }

    struct Breakage: CustomTestStringConvertible {
        let file: String
        var index = 0
        /// What is broken: JSON patch operations.
        let patch: String
        let problem: String

        var testDescription: String { "\(file): \(patch)" }
    }

    @Test(arguments: [
        // Fields that nobody knows, misspelt or at the wrong place.
        Breakage(
            file: "pod-apps.yaml",
            patch: #"{"op": "add", "path": "/spec/containers/0/livenesProbe", "value": {}}"#,
            problem: "'livenesProbe' was unexpected"),
        Breakage(
            file: "pod-apps.yaml",
            patch: #"{"op": "add", "path": "/spec/containers/0/securityContext/fsGroup", "value": 1000}"#,
            problem: "'fsGroup' was unexpected"),
        Breakage(
            file: "pod-sidecar.yaml",
            patch: #"{"op": "add", "path": "/spec/initContainers/0/volumeMounts/0/readonly", "value": true}"#,
            problem: "'readonly' was unexpected"),
        Breakage(
            file: "ingress.yaml", index: 1,
            patch: #"{"op": "add", "path": "/spec/rules/0/http/paths/0/backend/serviceName", "value": "x"}"#,
            problem: "'serviceName' was unexpected"),
        // Wrong types.
        Breakage(
            file: "pod-apps.yaml", index: 1,
            patch: #"{"op": "replace", "path": "/spec/containers/0/env/1/value", "value": false}"#,
            problem: "False is not of type"),
        Breakage(
            file: "pod-job.yaml", index: 1,
            patch: #"{"op": "replace", "path": "/spec/terminationGracePeriodSeconds", "value": "120"}"#,
            problem: "'120' is not of type"),
        Breakage(
            file: "pod-inject.yaml",
            patch: #"{"op": "replace", "path": "/spec/initContainers/0/command", "value": "/crater-run install"}"#,
            problem: "'/crater-run install' is not of type"),
        // What has to be there.
        Breakage(
            file: "pod-job.yaml", index: 1,
            patch: #"{"op": "remove", "path": "/spec/containers/0/name"}"#,
            problem: "'name' is a required property"),
        Breakage(
            file: "pod-apps.yaml",
            patch: #"{"op": "remove", "path": "/spec/volumes/0/downwardAPI/items/0/path"}"#,
            problem: "'path' is a required property"),
        Breakage(
            file: "pod-apps.yaml",
            patch: #"{"op": "remove", "path": "/spec/containers/0/livenessProbe/httpGet/port"}"#,
            problem: "'port' is a required property"),
        Breakage(
            file: "ingress.yaml", index: 1,
            patch: #"{"op": "remove", "path": "/spec/rules/0/http/paths/0/pathType"}"#,
            problem: "'pathType' is a required property"),
        Breakage(
            file: "example/deployment.yaml",
            patch: #"{"op": "remove", "path": "/spec/selector"}"#,
            problem: "'selector' is a required property"),
        // Volcano's own fields, and the Pods in its tasks.
        Breakage(
            file: "volcano-job.yaml",
            patch: #"{"op": "add", "path": "/spec/parallelism", "value": 3}"#,
            problem: "'parallelism' was unexpected"),
        Breakage(
            file: "volcano-job.yaml",
            patch: #"{"op": "replace", "path": "/spec/tasks/0/policies/0/event", "value": "TaskComplete"}"#,
            problem: "'TaskComplete' is not one of"),
        Breakage(
            file: "volcano-job.yaml",
            patch: #"{"op": "replace", "path": "/spec/tasks/1/replicas", "value": "2"}"#,
            problem: "'2' is not of type 'integer'"),
        Breakage(
            file: "volcano-job.yaml",
            patch: #"{"op": "add", "path": "/spec/tasks/1/template/spec/containers/0/volumeMount", "value": []}"#,
            problem: "'volumeMount' was unexpected"),
        // Kustomize's files.
        Breakage(
            file: "component/kustomization.yaml",
            patch: #"{"op": "add", "path": "/patch", "value": []}"#,
            problem: "'patch' was unexpected"),
        Breakage(
            file: "component/kustomization.yaml",
            patch: #"{"op": "replace", "path": "/kind", "value": "Kustomization"}"#,
            problem: "is not valid under any of the given schemas"),
    ])
    func aBrokenOneIsNot(breakage: Breakage) throws {
        let problems = try ManifestTools.problems(breakage.file, breakage.index, patch: "[\(breakage.patch)]")
        for version in ManifestTools.versions {
            let problem = problems[version].flatMap { $0 }
            #expect(problem?.contains(breakage.problem) == true, "\(version): \(problem ?? "nothing is wrong")")
        }
    }
}

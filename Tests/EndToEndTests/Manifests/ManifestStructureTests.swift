import Foundation
import Testing

/// What must hold of the manifests beyond their form.
@Suite(.enabled(if: ManifestTools.areTested), .timeLimit(TestTime.limit))
struct ManifestStructureTests {
    /// Those that the examples name as a user's own.
    private static let usersImages = ["registry.example.org/liuxw24/training:1.0"]

    @Test func theWorkloadsAreThese() throws {
        let workloads = try Workload.all()
        #expect(
            workloads.filter { $0.server != nil }.map { "\($0.name), \($0.hasJob ? "job" : "apps alone")" } == [
                "pod-apps.yaml tensorboard, apps alone", "pod-apps.yaml jupyter, apps alone",
                "pod-inject.yaml training-injected, job", "pod-job.yaml training, job",
                "pod-sidecar.yaml training-with-sidecar, job", "volcano-job.yaml master, job",
            ])
        #expect(workloads.filter { $0.server == nil }.map(\.name) == ["volcano-job.yaml worker"])
    }

    @Test func everyWorkloadIsWhole() throws {
        for workload in try Workload.all() { ManifestChecks.all(workload) }
    }

    @Test func imagesAreOursInThisVersionOrAUsers() throws {
        let version = try ManifestTools.run([TestBinary.path, "--version"]).split(separator: " ")
        for workload in try Workload.all() {
            for container in workload.containers {
                let isOurs = container.ourImage != nil && version.contains { container.image.hasSuffix(":\($0)") }
                #expect(isOurs || Self.usersImages.contains(container.image), "\(container.image) \(version)")
            }
        }
    }

    /// A probe's handlers, at each of the kubelet's three questions.
    @Test func bothWaysToProbeAreShown() throws {
        let shown = try Workload.all().filter { !$0.hasJob }.flatMap { workload in
            (workload.server?.probes ?? [:]).map { "\($0.key) \($0.value["exec"] == .null ? "httpGet" : "exec")" }
        }
        #expect(Set(shown).count == 6, "\(shown)")
    }

    /// Where a job shares its container with the apps, the kernel is to take TensorBoard first: so it is in the class Guaranteed
    /// (docs/operating.md, When memory is used up).
    @Test func aJobThatSharesItsContainerIsGuaranteedItsMemory() throws {
        let sharing = try Workload.all().filter { $0.server?.job.isEmpty == false }
        #expect(sharing.map(\.name).count == 3, "\(sharing.map(\.name))")
        for workload in sharing { #expect(workload.isGuaranteed, "\(workload.name)") }
        #expect(try Workload.named("volcano-job.yaml worker").isGuaranteed)
        #expect(!(try Workload.named("pod-apps.yaml tensorboard").isGuaranteed))
    }

    @Test func theWorkersOfAVolcanoJobServeNothing() throws {
        let job = try #require(try ManifestTools.load().first { $0.file == "volcano-job.yaml" })
        let tasks = Dictionary(uniqueKeysWithValues: job.document["spec"]["tasks"].list.map { ($0["name"].string, $0) })
        let worker = try Workload.named("volcano-job.yaml worker")
        #expect((tasks["worker"]?["replicas"].integer ?? 0) > 1)
        #expect(tasks["master"]?["replicas"].integer == 1)
        #expect(worker.rules.isEmpty && worker.spec["volumes"] == .null)
        let replicas = tasks.values.compactMap { $0["replicas"].integer }.reduce(0, +)
        #expect(job.document["spec"]["minAvailable"].integer == replicas)
        // The plugin finds its tasks by name, and a worker that comes first must be able to wait.
        #expect(job.document["spec"]["plugins"]["pytorch"].words.contains("--master=master"))
        #expect(job.document["spec"]["schedulerName"].string == "volcano")
    }
}

/// The checks of one workload, wherever it comes from.
enum ManifestChecks {
    static func all(_ workload: Workload) {
        probes(workload)
        rules(workload)
        for container in workload.containers {
            mounts(of: container, in: workload)
            // A variable that is not there would stay as it stands.
            #expect(!container.words.contains { $0.contains("$(") }, "\(workload.name): \(container.words)")
            if container.serves { podInfo(of: container, in: workload) }
            if container.ourImage != nil { security(of: container, in: workload) }
            #expect(container.spec["resources"]["limits"]["memory"].string != nil, "\(workload.name) \(container.name)")
        }
        let mounted = Set(workload.containers.flatMap { $0.spec["volumeMounts"].list.map { $0["name"].string } })
        #expect(mounted == Set(workload.spec["volumes"].list.map { $0["name"].string }), "\(workload.name)")
    }

    /// Nothing about the apps may make the kubelet kill a job, or hold it back.
    private static func probes(_ workload: Workload) {
        for container in workload.containers {
            let kinds = container.serves ? (workload.hasJob ? ["readinessProbe"] : ManifestContainer.probeKinds) : []
            #expect(Set(container.probes.keys) == Set(kinds), "\(workload.name) \(container.name)")
        }
        guard let server = workload.server else { return }
        for (kind, probe) in server.probes {
            #expect(asksTheRightThing(probe, kind), "\(workload.name) \(kind)")
            let port = probe["httpGet"]["port"]
            #expect(port == .null || server.port(port) == server.healthPort, "\(workload.name) \(kind)")
        }
    }

    /// A startup probe asks for the startup, and so on, by crater-run or at the port of its probes.
    static func asksTheRightThing(_ probe: JSON, _ kind: String) -> Bool {
        let handlers = ["exec", "httpGet", "tcpSocket", "grpc"].filter { probe[$0] != .null }
        let command = probe["exec"]["command"].words
        let get = probe["httpGet"]
        let isOurPort = get["port"].integer == 9550 || get["port"].string == "health"
        let (question, paths) =
            switch kind {
            case "startupProbe": ("startup", ["/startupz"])
            case "livenessProbe": ("live", ["/livez", "/healthz"])
            default: ("ready", ["/readyz", "/readyz/tensorboard", "/readyz/jupyter", "/readyz/visdom"])
            }
        switch handlers {
        case ["exec"]:
            let isCraterRun = command.first?.split(separator: "/").last == "crater-run"
            return isCraterRun && command.dropFirst().starts(with: ["probe", question])
        case ["httpGet"]: return isOurPort && paths.contains(get["path"].string ?? "")
        default: return false
        }
    }

    /// Each rule is one that an app of the container serves, at a port that the container declares.
    private static func rules(_ workload: Workload) {
        let server = workload.server
        #expect(workload.rules.isEmpty == (server == nil), "\(workload.name)")
        for (name, rule) in workload.rules {
            #expect(rule.name == name, "\(workload.name)")
            #expect(server?.spec["ports"].list.contains { $0["containerPort"].integer == rule.port } == true)
            #expect(server?.appLines.contains { $0.hasPrefix(name) } == true, "\(workload.name)")
        }
        // Each port is a rule's or the probes': nothing is left over.
        for port in server?.spec["ports"].list.compactMap({ $0["containerPort"].integer }) ?? [] {
            #expect(
                workload.rules.values.contains { $0.port == port } || port == server?.healthPort, "\(workload.name)")
        }
        let grace = workload.spec["terminationGracePeriodSeconds"].integer
        #expect((workload.hasJob && server != nil) == (grace != nil), "\(workload.name)")
    }

    private static func mounts(of container: ManifestContainer, in workload: Workload) {
        let volumes = workload.spec["volumes"].list.compactMap { $0["name"].string }
        for mount in container.spec["volumeMounts"].list {
            #expect(volumes.contains(mount["name"].string ?? ""), "\(workload.name): \(mount)")
            #expect(mount["subPath"] == .null && mount["subPathExpr"] == .null, "\(workload.name): \(mount)")
        }
    }

    /// The whole map, where crater-run looks for it unless it is told otherwise.
    private static func podInfo(of container: ManifestContainer, in workload: Workload) {
        let volume = workload.spec["volumes"].list.first { $0["name"].string == "podinfo" }
        let fields = (volume?["downwardAPI"]["items"].list ?? []).map {
            ($0["path"].string, $0["fieldRef"]["fieldPath"].string)
        }
        #expect(fields.map(\.0) == ["annotations", "labels"], "\(workload.name)")
        #expect(fields.map(\.1) == ["metadata.annotations", "metadata.labels"], "\(workload.name)")
        #expect(volume?["downwardAPI"]["defaultMode"] == .null, "\(workload.name)")
        let place = container.environment["CRATER_RUN_ANNOTATIONS"] ?? "/etc/podinfo/annotations"
        let mount = container.mount("podinfo")
        #expect("\(mount?["mountPath"].string ?? "")/annotations" == place, "\(workload.name)")
        #expect(mount?["readOnly"] == .bool(true), "\(workload.name)")
    }

    /// Our images need no privilege, and nothing to write to but a volume.
    private static func security(of container: ManifestContainer, in workload: Workload) {
        let (own, pods) = (container.spec["securityContext"], workload.spec["securityContext"])
        let name: Comment = "\(workload.name) \(container.name)"
        func value(_ key: String) -> JSON { own[key] == .null ? pods[key] : own[key] }
        #expect(value("runAsNonRoot") == .bool(true), name)
        #expect((value("runAsUser").integer ?? 0) > 0, name)
        #expect(value("seccompProfile")["type"].string == "RuntimeDefault", name)
        #expect(own["allowPrivilegeEscalation"] == .bool(false), name)
        #expect(own["readOnlyRootFilesystem"] == .bool(true), name)
        #expect(own["capabilities"]["drop"].words == ["ALL"] && own["capabilities"]["add"] == .null, name)
        guard container.serves else { return }
        let volume = workload.spec["volumes"].list.first { $0["name"].string == "tmp" }
        #expect(container.mount("tmp")?["mountPath"].string == "/tmp" && volume?["emptyDir"] == .object([:]), name)
        // What others cannot rename: an emptyDir has no sticky bit, the runtime's own /dev/shm has.
        #expect(container.environment["CRATER_RUN_DIR"] == "/dev/shm", name)
        let paths = container.spec["volumeMounts"].list.compactMap { $0["mountPath"].string }
        #expect(!paths.contains { $0.hasPrefix("/dev") }, name)
    }
}

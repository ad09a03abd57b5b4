/// Checks whether the annotations file is there as it should be.
struct VolumeDiagnosis {
    /// Whether any annotation was read. If not, nothing about rules and apps can be known.
    let holdsAnnotations: Bool
    let pod: DoctorCheck
    /// The checks from the volume to its updates.
    let file: [DoctorCheck]

    init(_ facts: DoctorFacts) {
        let volume = facts.volume
        let parsed = (try? volume.reading.get()).map { AnnotationsFile(parsing: $0) }
        holdsAnnotations = parsed.map { !$0.entries.isEmpty } ?? false
        pod = VolumeDiagnosis.pod(facts)
        let reading = VolumeDiagnosis.reading(volume)
        guard let parsed, case .success(let bytes) = volume.reading else {
            let why = "not looked at: the annotations file cannot be read"
            file = reading + [.skipped(.item, why), .skipped(.updates, why)]
            return
        }
        file =
            reading + [
                AnnotationsItem(bytes, parsed).check(path: volume.path), VolumeDiagnosis.updates(volume),
            ]
    }

    private static func pod(_ facts: DoctorFacts) -> DoctorCheck {
        if let sign = facts.podSign { return .ok(.pod, "in a Kubernetes pod: \(sign)") }
        if case .failure(.missing) = facts.volume.reading {
            return .failed(
                .pod,
                "this does not seem to be a Kubernetes pod",
                remedy: "Run it in the job's container: crater-run doctor in a terminal of the job, or "
                    + "kubectl exec POD -- crater-run doctor. Elsewhere, --annotations FILE names a file to try it with."
            )
        }
        return .skipped(.pod, "nothing here shows that this is a Kubernetes pod; relying on the annotations file")
    }

    /// The checks that the file exists and can be read.
    private static func reading(_ volume: VolumeFacts) -> [DoctorCheck] {
        let path = PrintableText.escape(volume.path.utf8)
        let there = DoctorCheck.ok(.volume, "there is an annotations file: \(path)")
        switch volume.reading {
        case .success(let bytes):
            return [there, .ok(.readable, "\(bytes.count) bytes can be read")]
        case .failure(.missing(let path)):
            return [missing(volume, path), .skipped(.readable, "not looked at: there is no file")]
        case .failure(let failure):
            if case .notAFile(_, let kind) = failure {
                let place = kind == "a directory" ? "\(volume.path)/" : volume.path
                let remedy = "Say where the file is with --annotations FILE, or mend the volume:\n\n" + spec(place)
                return [
                    .failed(.volume, failure.summary, remedy: remedy),
                    .skipped(.readable, "not looked at: there is no file"),
                ]
            }
            return [there, .failed(.readable, failure.summary, remedy: remedy(for: failure))]
        }
    }

    private static func missing(_ volume: VolumeFacts, _ path: String) -> DoctorCheck {
        let name = PrintableText.escape((path.split(separator: "/").last.map(String.init) ?? path).utf8)
        let directory = PrintableText.escape((FilePath.directory(of: path) ?? ".").utf8)
        guard let neighbours = volume.neighbours else {
            return .failed(
                .volume,
                "the pod has no downward-API volume with its annotations: there is no directory \(directory)",
                remedy:
                    "Add the volume to the Pod (or say where the file is with --annotations FILE). A Pod that runs cannot be "
                    + "given one: the job has to be started anew.\n\n" + spec(volume.path)
            )
        }
        let shown = neighbours.filter { !$0.hasPrefix("..") }.sorted().prefix(5)
            .map { PrintableText.escape($0.utf8, limit: 80) }
        let others = shown.isEmpty ? "it is empty" : "there is \(shown.joined(separator: ", "))"
        return .failed(
            .volume,
            "the directory \(directory) has no file \(name) in it: \(others)",
            remedy: "The Pod's volume needs an item with the path \(name) (or say where the file is with --annotations "
                + "FILE):\n\n" + spec(volume.path)
        )
    }

    private static func remedy(for failure: AnnotationsReadFailure) -> String {
        guard case .unreadable(let path, _) = failure else {
            return "Say where the kubelet's file is with --annotations FILE."
        }
        return "See who may read it: ls -lL \(ShellQuoting.quote(path)). Everybody may with this in the Pod:\n\n"
            + """
              volumes:
                - name: podinfo
                  downwardAPI:
                    defaultMode: 0444
            """
    }

    private static func updates(_ volume: VolumeFacts) -> DoctorCheck {
        if volume.isSubPath {
            return .failed(
                .updates,
                "the file is mounted with subPath: it never changes, so no rule that is added or changed is seen",
                remedy: "Mount the whole volume, without subPath:\n\n" + spec(volume.path)
            )
        }
        if volume.hasLeftOver {
            return .failed(
                .updates,
                "the kubelet left a ..data_tmp beside the file, and cannot write to the volume until it is gone: no rule that "
                    + "is added or changed is seen",
                remedy:
                    "Have the node's administrator remove it below /var/lib/kubelet/pods on the node, or start the job anew."
            )
        }
        return .ok(.updates, "rules that are added or changed arrive: there is no subPath")
    }

    /// The volume to write into the Pod, after a remark if the file must be at another path.
    static func spec(_ path: String) -> String {
        let volume = PodVolume(for: path)
        return (volume.remark.map { "\($0)\n\n" } ?? "") + volume.yaml
    }
}

/// Why the annotations file could not be read.
package enum AnnotationsReadFailure: Error, Equatable, Sendable {
    case missing(path: String)
    /// The file exists but cannot be opened or read; `reason` says why and what to do.
    case unreadable(path: String, reason: String)
    /// The path leads to something else than a file: `kind`, such as "a directory".
    case notAFile(path: String, kind: String)
    /// The file is larger than ``sizeLimit``. The kubelet writes no such file.
    case tooLarge(path: String)

    /// Where the platform's Pods have the file.
    package static let defaultPath = "/etc/podinfo/annotations"
    /// The most bytes that are read. Kubernetes allows 256 KiB of annotations, which quoting can make 2.5 MiB.
    package static let sizeLimit = 16 << 20

    /// Permission denied (EACCES), with the usual cause in a Pod.
    package static func permissionDenied(path: String) -> Self {
        .unreadable(
            path: path,
            reason: "permission denied. If the volume has a defaultMode, or the item a mode, it must let this user "
                + "read: 0444 lets everyone. Or run crater-run as the file's owner"
        )
    }

    package var path: String {
        switch self {
        case .missing(let path), .unreadable(let path, _), .notAFile(let path, _), .tooLarge(let path): path
        }
    }

    /// What is wrong, in one line.
    package var summary: String {
        let subject = "cannot read the annotations file \(PrintableText.escape(path.utf8)): "
        return switch self {
        case .missing: subject + "there is no such file"
        case .unreadable(_, let reason): subject + reason
        case .notAFile(_, let kind): subject + "it is \(kind), not a file"
        case .tooLarge:
            subject + "it is larger than \(Self.sizeLimit >> 20) MiB, so Kubernetes did not write it"
        }
    }

    /// What is wrong and what to do, in one line. If the Pod lacks the volume, ``below`` goes on.
    package var message: String {
        switch self {
        case .missing:
            summary + ". If the Pod has no volume for it, add this to the Pod "
                + "(or say where the file is with --annotations FILE):"
        case .unreadable:
            summary
        case .notAFile, .tooLarge:
            summary + ". Say where the file is with --annotations FILE"
        }
    }

    /// The lines to show below the message: what to write into the Pod.
    package var below: [String] {
        guard case .missing(let path) = self else { return [] }
        let volume = PodVolume(for: path)
        let lines = volume.yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return [""] + (volume.remark.map { [$0, ""] } ?? []) + lines
    }
}

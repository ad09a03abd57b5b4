/// The downward-API volume that a Pod needs for the kubelet to write the Pod's annotations to a file.
package struct PodVolume: Equatable, Sendable {
    /// The file's full path: the path that was asked for, if ``obstacle`` is nil.
    package let path: String
    /// Why a volume cannot provide the file at the path that was asked for, as a clause; nil if it can.
    package let obstacle: String?
    private let directory: String
    private let file: String

    /// - Parameter configured: the path at which crater-run looks for the file.
    package init(for configured: String) {
        let parts = configured.utf8.split(separator: Byte.slash).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0 != "." }
        let namesDirectory = configured.utf8.last == Byte.slash
        // A path that names a directory means the file with the usual name in that directory.
        let folders = namesDirectory ? parts : parts.dropLast()
        let name = namesDirectory ? PodVolume.usual.file : parts.last ?? ""
        let folder = "/" + folders.joined(separator: "/")
        if let obstacle = PodVolume.obstacle(configured, parts, folder) {
            (directory, file, self.obstacle) = (PodVolume.usual.directory, PodVolume.usual.file, obstacle)
        } else {
            (directory, file) = (folder, name)
            obstacle = namesDirectory ? "\(PrintableText.escape(configured.utf8)) names a directory" : nil
        }
        path = "\(directory)/\(file)"
    }

    /// A sentence that says what to do besides adding the volume; nil if there is nothing.
    package var remark: String? {
        obstacle.map {
            "The file has to be at another path, since \($0): name it with --annotations \(ShellQuoting.quote(path)), or with "
                + "CRATER_RUN_ANNOTATIONS."
        }
    }

    /// The YAML for the Pod's `spec`: a volume with the annotations, and the labels beside them.
    package var yaml: String {
        let spec = """
            spec:
              containers:
                - name: NAME-OF-THE-CONTAINER
                  volumeMounts:
                    - name: podinfo
                      mountPath: \(PodVolume.yamlScalar(directory))
                      readOnly: true
              volumes:
                - name: podinfo
                  downwardAPI:
                    items:
                      - path: \(PodVolume.yamlScalar(file))
                        fieldRef:
                          fieldPath: metadata.annotations
            """
        let labels = """

                      - path: labels
                        fieldRef:
                          fieldPath: metadata.labels
            """
        return file == "labels" ? spec : spec + labels
    }

    private static let usual = (directory: "/etc/podinfo", file: "annotations")

    private static func obstacle(_ configured: String, _ parts: [String], _ directory: String) -> String? {
        guard configured.utf8.first == Byte.slash else { return "a volume is mounted at a full path" }
        // Kubernetes' own rules for the path of an item and of a mount.
        if parts.contains(where: { $0.hasPrefix("..") }) {
            return "no name in a volume's paths may begin with two dots"
        }
        if directory.contains(":") { return "a volume cannot be mounted at a path with a colon" }
        let top = parts.first ?? ""
        let isHome = top == "home" && directory.utf8.count { $0 == Byte.slash } == 2
        guard isHome || systemDirectories.contains(directory) || ["proc", "sys", "dev"].contains(top) else {
            return nil
        }
        return "a volume mounted at \(PrintableText.escape(directory.utf8)) would hide what is there"
    }

    /// Directories in which an image or the kernel has its own files.
    private static let systemDirectories: Set<String> = [
        "/", "/bin", "/boot", "/etc", "/etc/ssl", "/home", "/lib", "/lib32", "/lib64", "/media", "/mnt", "/opt",
        "/opt/conda", "/root", "/run", "/run/secrets", "/sbin", "/srv", "/tmp", "/usr", "/usr/bin", "/usr/lib",
        "/usr/lib64", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin", "/usr/local/share",
        "/usr/sbin",
        "/usr/share", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/tmp",
    ]

    /// `text` as a YAML string: quoted unless it is plainly a path, since YAML reads a bare `on` or `1` as something
    /// else.
    private static func yamlScalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { Byte.isLetterOrDigit($0) || "-._/".utf8.contains($0) }
        return text == usual.file || (text.hasPrefix("/") && isPlain) ? text : GoQuotedString.encode(text.utf8)
    }
}

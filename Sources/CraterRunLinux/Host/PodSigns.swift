internal import CraterRunCore
internal import Glibc

/// Finds a sign that this process runs in a container of a Pod.
struct PodSigns {
    let host: HostProbe
    /// Put before all paths, for tests.
    var root = ""

    /// The first sign that is found, as a text for people; nil if there is none.
    var first: String? {
        // A start script behind sudo has lost the environment.
        if host.value("KUBERNETES_SERVICE_HOST") != nil { return "KUBERNETES_SERVICE_HOST is set" }
        let account = "/var/run/secrets/kubernetes.io/serviceaccount"
        if FileAccess.exists(root + account) { return "there is \(account)" }
        if starts("/etc/hosts", with: "# Kubernetes-managed hosts file") { return "/etc/hosts is Kubernetes' own" }
        if contains("/proc/self/mountinfo", "/kubelet/pods/") {
            return "something is mounted from the kubelet's directory"
        }
        return nil
    }

    private func starts(_ path: String, with text: String) -> Bool {
        (try? SmallFile.readRegular(root + path, limit: 4096))?.starts(with: text.utf8) ?? false
    }

    private func contains(_ path: String, _ text: String) -> Bool {
        let bytes = (try? SmallFile.read(root + path, limit: 4 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).contains(text)
    }
}

/// What was found on the way from the Pod's annotations to the apps' pages. Values alone: ``Diagnosis`` says what they mean.
package struct DoctorFacts: Sendable {
    /// What shows that this is a Pod, such as `KUBERNETES_SERVICE_HOST is set`; nil if nothing does.
    package var podSign: String?
    package var volume: VolumeLook
    /// The rules of the file, where it could be read.
    package var rules: IngressRules?
    /// The names that were asked for; none: everything.
    package var names: [String]
    package var apps: [AppLook]
    package var network: NetworkLook
    package var supervisor: SupervisorLook
    /// Nil where it was not looked at.
    package var memory: MemoryLook?
    /// The host for the URLs of rules that name none.
    package var publicHost: PublicHost?

    package init(
        podSign: String?,
        volume: VolumeLook,
        rules: IngressRules?,
        names: [String] = [],
        apps: [AppLook] = [],
        network: NetworkLook = NetworkLook(),
        supervisor: SupervisorLook = .notAsked,
        memory: MemoryLook? = nil,
        publicHost: PublicHost? = nil
    ) {
        self.podSign = podSign
        self.volume = volume
        self.rules = rules
        self.names = names
        self.apps = apps
        self.network = network
        self.supervisor = supervisor
        self.memory = memory
        self.publicHost = publicHost
    }
}

extension DoctorFacts {
    /// Whether all that is asked for is served, and by `--port` and `--prefix`: then no annotation is missed.
    var needsNoRules: Bool {
        let asked = apps.filter { $0.subject.isNamed }
        let subjects = (asked.isEmpty ? apps.filter { $0.subject.supervised != nil } : asked).map(\.subject.supervised)
        return !subjects.isEmpty && subjects.allSatisfy { $0.map { $0.isFixed && $0.isReady } ?? false }
            && supervisor.served.values.allSatisfy { $0.isFixed || !names.isEmpty }
    }
}

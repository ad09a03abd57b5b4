/// What the doctor found between the Pod's annotations and the apps' pages. These are facts alone: ``Diagnosis`` says
/// what they mean.
package struct DoctorFacts: Sendable {
    /// A sign that this is a Pod, such as `KUBERNETES_SERVICE_HOST is set`; nil if there is none.
    package var podSign: String?
    package var volume: VolumeFacts
    /// The rules in the file, if the file could be read.
    package var rules: IngressRules?
    /// The names that the user asked for; empty for everything.
    package var names: [String]
    package var apps: [AppFacts]
    package var network: NetworkFacts
    package var supervisor: SupervisorFacts
    /// Nil if memory was not examined.
    package var memory: MemoryFacts?
    /// The host in the URLs of rules that name no host.
    package var publicHost: PublicHost?

    package init(
        podSign: String?,
        volume: VolumeFacts,
        rules: IngressRules?,
        names: [String] = [],
        apps: [AppFacts] = [],
        network: NetworkFacts = NetworkFacts(),
        supervisor: SupervisorFacts = .notAsked,
        memory: MemoryFacts? = nil,
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
    /// Whether everything that is asked for is served by `--port` and `--prefix`, so that no annotations are needed.
    var needsNoRules: Bool {
        let asked = apps.filter { $0.subject.isNamed }
        let subjects = (asked.isEmpty ? apps.filter { $0.subject.supervised != nil } : asked).map(\.subject.supervised)
        return !subjects.isEmpty && subjects.allSatisfy { $0.map { $0.isFixed && $0.isReady } ?? false }
            && supervisor.served.values.allSatisfy { $0.isFixed || !names.isEmpty }
    }
}

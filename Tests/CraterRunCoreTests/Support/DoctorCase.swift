import CraterRunCore

/// What `doctor` is given in a test: all is well, but for what the test changes.
struct DoctorCase {
    var podSign: String? = "KUBERNETES_SERVICE_HOST is set"
    var rules: [IngressRule] = [.manual]
    /// Further lines of the annotations file.
    var lines: [String] = []
    var labels: String?
    /// Instead of a file with these rules.
    var reading: Result<[UInt8], AnnotationsReadFailure>?
    var neighbours: [String]? = ["..data", "annotations", "labels"]
    var isSubPath = false
    var hasLeftOver = false
    var names: [String] = []
    var program: ProgramFacts = .found(words: ["/usr/bin/tensorboard"], version: "2.21.0", notes: [])
    var port = PortFacts(isTaken: true, underPrefix: .answered(status: 200))
    var listeners = [Listener(port: 6006, isLoopback: false, inode: 1, uid: 0)]
    var processes = [ListeningProcess.tensorBoard]
    var supervisor = SupervisorFacts.notAsked
    var memory: MemoryFacts?
    var apps: [any WebApp] = [TensorBoard()]
    var publicHost: PublicHost?

    var diagnosis: Diagnosis {
        let text = (["kubernetes.io/config.seen=\"1\""] + rules.map(line) + lines).joined(separator: "\n")
        let reading = reading ?? .success(Array(text))
        let file = (try? reading.get()).map { AnnotationsFile(parsing: $0) }
        let rules = file.map {
            IngressRules(annotations: $0, labels: labels.map { AnnotationsFile(parsing: Array($0)) })
        }
        let none = IngressRules(annotations: AnnotationsFile(parsing: []))
        let definitions = apps.map { app in AppDefinition(app: app, policy: .tensorBoard()) }
        let subjects = DoctorSubject.choose(
            names: names, definitions: definitions, rules: rules ?? none, served: supervisor.served)
        return Diagnosis(
            of: DoctorFacts(
                podSign: podSign,
                volume: VolumeFacts(
                    reading: reading, neighbours: neighbours, isSubPath: isSubPath, hasLeftOver: hasLeftOver),
                rules: rules,
                names: names,
                apps: subjects.map { subject in
                    AppFacts(
                        subject: subject,
                        program: subject.isKnown ? program : nil,
                        port: subject.rule == nil ? nil : port
                    )
                },
                network: NetworkFacts(listeners: listeners, processes: processes),
                supervisor: supervisor,
                memory: memory,
                publicHost: publicHost
            ))
    }

    /// The line of an annotations file that a rule is.
    private func line(_ rule: IngressRule) -> String {
        let prefix = rule.prefix.withTrailingSlash
        return #"ingress.crater.raids.io/\#(rule.name)="{\"Port\":\#(rule.port),\"Prefix\":\"\#(prefix)\"}""#
    }
}

extension Diagnosis {
    /// The one check of a link; of several the first.
    func check(_ link: DoctorCheck.Link) -> DoctorCheck? { checks.first { $0.link == link } }

    func status(_ link: DoctorCheck.Link) -> DoctorCheck.Status? { check(link)?.status }

    /// What is to be mended first.
    var broken: DoctorCheck? { checks.first { $0.status == .failed } }
}

extension ListeningProcess {
    static let tensorBoard = ListeningProcess(
        pid: 12,
        name: "tensorboard",
        words: ["/opt/conda/bin/python", "/opt/conda/bin/tensorboard", "--logdir", "my logs", "--port=6006"],
        ports: [6006]
    )

    /// The same, somehow different.
    func at(
        _ ports: Set<UInt16>,
        words: [String]? = nil,
        keeper: Keeper = .nobody,
        servedApp: String? = nil
    ) -> ListeningProcess {
        ListeningProcess(
            pid: pid, name: name, words: words ?? self.words, ports: ports, keeper: keeper, servedApp: servedApp)
    }
}

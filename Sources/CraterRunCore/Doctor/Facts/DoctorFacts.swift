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

/// What is where the annotations file should be.
package struct VolumeLook: Sendable {
    package let path: String
    package let reading: Result<[UInt8], AnnotationsReadFailure>
    /// The names in the file's directory; nil if there is none, or it cannot be read.
    package let neighbours: [String]?
    /// Whether the file is a mount of its own, as subPath makes it: it never changes then.
    package let isSubPath: Bool
    /// Whether a `..data_tmp` stays in the directory, as a kubelet leaves it that crashed: the file never changes then.
    package let hasLeftOver: Bool

    package init(
        path: String = AnnotationsReadFailure.defaultPath,
        reading: Result<[UInt8], AnnotationsReadFailure>,
        neighbours: [String]? = nil,
        isSubPath: Bool = false,
        hasLeftOver: Bool = false
    ) {
        self.path = path
        self.reading = reading
        self.neighbours = neighbours
        self.isSubPath = isSubPath
        self.hasLeftOver = hasLeftOver
    }
}

/// What was found of one app.
package struct AppLook: Sendable {
    package let subject: DoctorSubject
    /// Its program; nil for an app whose command is the user's own.
    package let program: ProgramLook?
    /// What is at its rule's port; nil without a rule.
    package let port: PortFacts?

    package init(subject: DoctorSubject, program: ProgramLook?, port: PortFacts? = nil) {
        self.subject = subject
        self.program = program
        self.port = port
    }
}

/// An app's program.
package enum ProgramLook: Equatable, Sendable {
    /// - Parameters:
    ///   - words: how it is started.
    ///   - version: nil where it cannot be told without starting it.
    ///   - notes: what the user should know about a start.
    ///   - lack: what makes a start of no use.
    ///   - file: what is executed, if that is not the first of the words: an interpreter.
    case found(words: [String], version: String?, notes: [String], lack: AppLack? = nil, file: String? = nil)
    case failed(LaunchFailure)
}

/// What is at a port.
package struct PortFacts: Equatable, Sendable {
    /// Whether an app that wants it would be refused.
    package let isTaken: Bool
    /// What a GET of the app's readiness path under the prefix found; nil where nobody was asked.
    package let underPrefix: CheckOutcome?
    /// The same without the prefix; nil where nobody was asked.
    package let atRoot: CheckOutcome?
    /// The Location of the answer under the prefix, as the app wrote it.
    package let location: String?

    package init(
        isTaken: Bool, underPrefix: CheckOutcome? = nil, atRoot: CheckOutcome? = nil, location: String? = nil
    ) {
        self.isTaken = isTaken
        self.underPrefix = underPrefix
        self.atRoot = atRoot
        self.location = location
    }
}

/// Who listens where in this network namespace, as far as it can be seen.
package struct NetworkLook: Equatable, Sendable {
    package let listeners: [Listener]
    package let processes: [ListeningProcess]

    package init(listeners: [Listener] = [], processes: [ListeningProcess] = []) {
        self.listeners = listeners
        self.processes = processes
    }

    func listeners(at port: UInt16) -> [Listener] { listeners.filter { $0.port == port } }

    func holders(of port: UInt16) -> [ListeningProcess] { processes.filter { $0.ports.contains(port) } }
}

/// What a running supervisor says, or what one left that no longer runs.
package enum SupervisorLook: Equatable, Sendable {
    /// It was not asked: no line is made of it.
    case notAsked
    /// There is none.
    case none
    /// The socket or state file of one that was killed.
    case stale(path: String)
    /// There is a process of one, and no sign of its control socket.
    case elsewhere(pid: Int32)
    /// It is there, and where its control socket may be cannot be trusted.
    case hidden(pid: Int32, reason: String)
    /// It is there, and does not answer as it should.
    case silent(reason: String)
    /// What it says of its apps, by name; with a port, where that is all that could be asked.
    case answers(apps: [String: SupervisedApp], atPort: UInt16? = nil)

    /// What it says of its apps; nil where none answers.
    package var apps: [String: SupervisedApp]? { if case .answers(let apps, _) = self { apps } else { nil } }

    /// The apps that it has, as far as that is known.
    package var served: [String: SupervisedApp] { apps ?? [:] }
}

/// What a supervisor says of an app.
package struct SupervisedApp: Equatable, Sendable {
    /// The name of an ``AppState``; others are shown as they are.
    package let state: String
    /// Why it is in that state, where that is known.
    package let reason: String?
    package let port: UInt16?
    /// With or without a trailing slash.
    package let prefix: String?
    /// Whether the line that asks for it cannot be used.
    package let isUnusable: Bool
    /// Whether it is served by `--port` and `--prefix`, and by no rule.
    package var isFixed = false
    /// Its process, while there is one.
    package var pid: Int32?
    /// Where below the prefix the supervisor asks whether it is ready, and which statuses count beside 2xx and 3xx; nil where
    /// it does not say.
    package var readyPath: String?
    package var alsoReadyWith: Set<Int>?
    /// Whose supervisor says so, if that is neither our own user nor root: it may be false.
    package var stranger: UInt32?

    package init(
        state: String, reason: String? = nil, port: UInt16? = nil, prefix: String? = nil, isUnusable: Bool = false
    ) {
        self.state = state
        self.reason = reason
        self.port = port
        self.prefix = prefix
        self.isUnusable = isUnusable
    }
}

extension SupervisedApp {
    /// Whether it is served where this rule says.
    func isAt(_ rule: IngressRule) -> Bool { place(named: rule.name).map { $0.address == rule.address } ?? false }

    /// Where it is served, as a rule of this name.
    func place(named name: String) -> IngressRule? {
        guard let port, let prefix = prefix.flatMap({ try? PathPrefix($0) }) else { return nil }
        return IngressRule(name: name, port: port, prefix: prefix, publicHost: nil)
    }

    /// Whether its supervisor, whose word can be taken, finds it ready.
    var isReady: Bool { state == AppState.ready.rawValue && stranger == nil }
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

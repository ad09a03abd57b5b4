package import CraterRunCore
internal import Glibc

/// Collects the facts that `doctor` judges: the volume, the apps' programs, the listeners, and the apps' responses.
package struct DoctorProbe {
    private let annotationsPath: String
    private let host: HostProbe

    /// - Parameter annotationsPath: the annotations file; it need not exist.
    package init(annotationsPath: String, host: HostProbe = HostProbe()) {
        self.annotationsPath = annotationsPath
        self.host = host
    }

    /// The facts as they are now. Takes as long as the apps take to answer: at most six seconds for each.
    ///
    /// - Parameters:
    ///   - names: the apps or rules that the user asks for; empty for all.
    ///   - definitions: the apps that crater-run knows.
    ///   - supervisorPID: the pid of the first supervisor that answers.
    package func facts(
        names: [String],
        definitions: [AppDefinition],
        supervisor: SupervisorFacts,
        supervisorPID: Int32? = nil,
        publicHost: PublicHost?
    ) -> DoctorFacts {
        let reading = AnnotationsReader.read(path: annotationsPath)
        let file = (try? reading.get()).map { AnnotationsFile(parsing: $0) }
        let rules = file.map { AnnotationsReader.rules(of: $0, path: annotationsPath) }
        let leftOver = leftOver
        let none = IngressRules(annotations: AnnotationsFile(parsing: []))
        let subjects = DoctorSubject.choose(
            names: names, definitions: definitions, rules: rules ?? none, served: supervisor.served)
        let apps = subjects.compactMap(facts(of:))
        return DoctorFacts(
            podSign: PodSigns(host: host).first,
            volume: VolumeFacts(
                path: annotationsPath,
                reading: reading,
                neighbours: Directory.names(in: directory),
                isSubPath: isSubPath,
                // A working kubelet leaves this link there only for an instant, so a link that stays is a left-over.
                hasLeftOver: leftOver != nil && leftOver == self.leftOver
            ),
            rules: rules,
            names: names,
            apps: apps,
            network: NetworkProbe.facts(),
            supervisor: supervisor,
            memory: MemoryProbe.facts(supervisor: supervisorPID),
            publicHost: publicHost
        )
    }

    /// Nil for an app that nobody asked for and that has neither a rule nor a program.
    private func facts(of subject: DoctorSubject) -> AppFacts? {
        let program = subject.isKnown ? program(of: subject) : nil
        if case .failed = program, !subject.isNamed, subject.selection == .none { return nil }
        return AppFacts(
            subject: subject, program: program, port: subject.rule.map { portFacts(at: $0, by: subject.readiness) })
    }

    private func portFacts(at rule: IngressRule, by readiness: ReadinessPolicy) -> PortFacts {
        guard PortProbe.isTaken(rule.port) else { return PortFacts(isTaken: false) }
        if let connections = PortProbe.connections(at: rule.port) {
            return PortFacts(isTaken: true, connections: connections)
        }
        let path = readiness.path
        var request = ReadinessRequest(.port(rule.port), path: rule.prefix.appending(path))
        var (outcome, location) = request.result()
        if outcome == ReadinessRequest.refused, let other = request.redirected {
            request = other
            (outcome, location) = request.result()
        }
        guard case .answered(let status) = outcome, !readiness.accepts(status), !rule.prefix.isRoot else {
            return PortFacts(isTaken: true, underPrefix: outcome, location: location, address: request.address)
        }
        let atRoot = ReadinessRequest(
            .port(rule.port), path: PathPrefix.root.appending(path), address: request.address
        ).result()
        return PortFacts(isTaken: true, underPrefix: outcome, atRoot: atRoot.outcome, address: request.address)
    }

    private func program(of subject: DoctorSubject) -> ProgramFacts {
        do throws(LaunchFailure) {
            let (program, python) = try host.program(of: subject.app, override: subject.executable)
            let names = subject.app.distributions(of: program)
            let versions = python.map { PythonModules.versions(of: names, interpreter: $0, environment: host.value) }
            let door = subject.supervised?.door?.use ?? door(of: subject.app)
            let launcher = AppLauncher(
                app: subject.app, executable: subject.executable, nonce: 0, probe: host, door: door)
            // Without a rule there is no plan, and without a plan nothing to note.
            let plan = try subject.rule.map { rule throws(LaunchFailure) in
                try launcher.plan(for: rule)
            }
            return .found(
                words: program.words,
                version: names.lazy.compactMap { versions?[$0] }.first,
                notes: plan?.notes ?? [],
                lack: plan?.lack,
                file: plan?.arguments.first.flatMap { $0 == program.words.first ? nil : $0 }
            )
        } catch {
            return .failed(error)
        }
    }

    /// The door that the app cannot do without.
    private func door(of app: any WebApp) -> DoorUse? {
        app.knowsPrefix && !app.needsDoor ? nil : DoorUse(strips: !app.knowsPrefix)
    }

    // MARK: - The volume

    private var directory: String { FilePath.directory(of: annotationsPath) ?? "." }

    private var isSubPath: Bool {
        guard let mounts = try? SmallFile.read("/proc/self/mountinfo", limit: 4 << 20) else { return false }
        return MountTable.hasMount(at: FileAccess.resolved(annotationsPath), in: mounts)
    }

    /// The target of the kubelet's `..data_tmp`; nil if there is none.
    private var leftOver: String? { SmallFile.link("\(directory)/..data_tmp") }
}

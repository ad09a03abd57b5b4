package import CraterRunCore
internal import CLinux
internal import Glibc

/// Starts one app: collects the facts about the host, makes the plan, and spawns it.
package struct AppLauncher {
    package let app: any WebApp
    /// `--executable`.
    package let executable: String?
    /// How the app is served through the front door; nil if the ingress reaches it directly.
    package let door: DoorUse?
    /// Where the key of the front door's login comes from; nil without a login.
    let login: LoginSource?
    /// The app's name, which no other app of this run has.
    package let name: String
    /// The marker of every process of the app.
    package let instance: String
    /// The run's storage, which all apps share; whoever ends the run removes its directory.
    package let storage: RunStorage
    private let probe: HostProbe
    private let reader: InstanceReader

    /// - Parameters:
    ///   - name: the app's name, if it is not the usual one.
    ///   - storage: the run's storage, if there is one already.
    package init(
        app: any WebApp,
        executable: String?,
        nonce: UInt64,
        name: String? = nil,
        storage: RunStorage? = nil,
        probe: HostProbe = HostProbe(),
        door: DoorUse? = nil
    ) {
        self.init(
            app: app, executable: executable, nonce: nonce, name: name, storage: storage, probe: probe, door: door,
            login: nil, reader: InstanceReader())
    }

    /// - Parameter reader: the role's reader, which knows the processes that do not answer.
    init(
        app: any WebApp,
        executable: String?,
        nonce: UInt64,
        name: String?,
        storage: RunStorage?,
        probe: HostProbe,
        door: DoorUse?,
        login: LoginSource?,
        reader: InstanceReader
    ) {
        self.app = app
        self.door = door
        self.login = login
        self.reader = reader
        self.executable = executable
        self.probe = probe
        // The run's environment, even if the app has a user's.
        let own = probe.directory == nil ? probe.environment : ProcessEnvironment.entries()
        self.storage = storage ?? RunStorage(nonce: nonce, environment: own)
        self.name = name ?? app.identity.name
        instance = LaunchMarker.instance(of: self.name, nonce: nonce)
    }

    /// The plan of what would be started by this rule now.
    package func plan(for rule: IngressRule) throws(LaunchFailure) -> LaunchPlan {
        let facts = try probe.facts(
            for: app,
            executable: executable,
            storage: storage,
            named: name
        )
        let place = try place(for: rule, on: facts)
        do throws(Refusal) {
            return try app.plan(for: place, on: facts, instance: instance)
        } catch {
            throw .misconfigured(error.reason)
        }
    }

    /// The failure, if the port is taken.
    package func portInUse(_ port: UInt16) -> LaunchFailure? {
        PortProbe.isTaken(port) ? PortProbe.failure(at: port, reader: reader) : nil
    }

    /// How often a port is looked for before a launch behind the front door fails.
    private static let portAttempts = 5

    /// Where the app would be served by this rule now. Behind the front door, the app gets a place of its own.
    private func place(for rule: IngressRule, on facts: HostFacts) throws(LaunchFailure) -> ServingPlace {
        guard let door else { return ServingPlace(direct: rule) }
        return ServingPlace(rule, behindDoorAt: try listener(for: rule, on: facts), strips: door.strips)
    }

    private func listener(for rule: IngressRule, on facts: HostFacts) throws(LaunchFailure) -> DoorBackend {
        switch app.backendWish(on: facts) {
        case .socket(let isNeeded):
            do throws(LaunchFailure) { return .socket(path: try facts.socketPath()) } catch {
                if isNeeded { throw error }
                return .port(try freePort(besides: rule.port))
            }
        // The front door listens at the rule's own port.
        case .port(let port) where port != rule.port: return .port(port)
        case .port, .anyPort: return .port(try freePort(besides: rule.port))
        }
    }

    /// A port of the loopback address that is free at this moment. If the port is taken before the app listens there, the
    /// app ends, and its next launch looks for another one.
    private func freePort(besides rulePort: UInt16) throws(LaunchFailure) -> UInt16 {
        do throws(SystemCallError) {
            for _ in 0..<AppLauncher.portAttempts {
                let port = try PortProbe.freeLoopbackPort()
                // A rule may be on one of these ports, now or later.
                let isForRules = port == rulePort || AppIdentity.all.contains { $0.defaultPort == port }
                if !isForRules, !PortProbe.isTaken(port) { return port }
            }
        } catch { throw .temporary("cannot find a free port: \(error)") }
        throw .temporary("cannot find a free port")
    }

    /// The key of the front door's login; nil without a login. May take as long as the file systems take to answer.
    func loginKey() throws(LaunchFailure) -> LoginKey? {
        guard let login else { return nil }
        return try LoginStore(storage, directory: probe.directory).key(from: login, for: name)
    }

    /// A launch whose plan has everything that it needs.
    struct Prepared: Sendable {
        let plan: LaunchPlan
        let secrets: [LaunchPreparer.Passed]
    }

    /// Makes the plan, checks the port, and prepares what the plan needs. The host may take long for that.
    func prepare(for rule: IngressRule) throws(LaunchFailure) -> Prepared {
        let plan = try plan(for: rule)
        if case .port(let port) = plan.place.backend.listener, let failure = portInUse(port) { throw failure }
        do throws(SystemCallError) {
            let secrets = try LaunchPreparer(storage: storage, app: name, environment: probe.environment)
                .prepare(plan.preparations)
            return Prepared(plan: plan, secrets: secrets)
        } catch {
            throw .temporary("cannot prepare its private directory: \(error)")
        }
    }

    /// Removes the socket that the app has left behind, if there is one.
    func removeSocket() { storage.directory.openDirectory(for: name)?.remove(HostFacts.socketName) }

    /// A forked process that is to execute the app's program, and our ends of the pipes for its output.
    struct Begun {
        let spawning: Spawning
        let output: Int32
        let error: Int32
    }

    /// Begins the start of what was planned; never waits.
    func begin(_ prepared: Prepared, with children: inout ChildProcesses) throws(LaunchFailure) -> Begun {
        let plan = prepared.plan
        do throws(SystemCallError) {
            let input = try EmptyInput()
            let output = try Pipe()
            let error = try Pipe()
            let request = SpawnRequest(
                arguments: plan.arguments,
                environment: plan.environment.applied(to: probe.environment),
                standardDescriptors: (input.descriptor, output.writeEnd, error.writeEnd),
                passed: prepared.secrets.map { ($0.file.descriptor, $0.target) },
                directory: probe.directory,
                // The kernel kills viewers first when memory runs out.
                outOfMemoryScore: app.isViewer ? 1000 : nil
            )
            // Closed only after the child has its copy.
            let spawning = try withExtendedLifetime((input, prepared)) { () throws(SystemCallError) in
                try children.begin(request)
            }
            return Begun(spawning: spawning, output: output.takeReadEnd(), error: error.takeReadEnd())
        } catch {
            throw LaunchFailure(error)
        }
    }

    /// What the app's files in its runtime directory say.
    package func readBack(for place: ServingPlace) -> ReadBack {
        guard app.runtimeDirectory != nil else { return ReadBack() }
        guard let own = storage.directory.openDirectory(for: name) else { return readBackFromMemory(for: place) }
        guard let files = runtimeFiles(in: own) else { return ReadBack() }
        // Beside the runtime directory, not in it: the mark outlives the launch.
        let mark = "announced"
        let announced = (try? own.readRegular(mark, limit: 4 << 10)).map { String(decoding: $0, as: UTF8.self) }
        var result = app.readBack(files, for: place, announced: announced)
        if let announced = result.announced { try? own.write(Array(announced.utf8), to: mark) }
        result.entries = result.entries.map(named)
        return result
    }

    /// The files in the app's runtime directory, which is below its private directory; nil if there is none.
    func runtimeFiles(in own: HeldDirectory) -> [RuntimeFile]? {
        guard let folder = app.runtimeDirectory, let runtime = try? own.directory(folder) else { return nil }
        // Any process in the app can write there: neither a FIFO nor a thousand files may delay us.
        let names = (runtime.names() ?? []).sorted().filter(app.isRuntimeFile).prefix(16)
        return names.compactMap { name in
            (try? runtime.readRegular(name, limit: 64 << 10)).map { RuntimeFile(name: name, content: $0) }
        }
    }

    /// The same if the app has its secret from memory, and its runtime directory elsewhere: a request tells whether the
    /// secret is in force.
    private func readBackFromMemory(for place: ServingPlace) -> ReadBack {
        guard let secret = storage.memory.given(to: name), let path = app.trialPath,
            case .port(let port) = place.backend.listener
        else { return ReadBack() }
        let mark = "announced \(name)"
        let status = trial(of: secret, at: place.backend.prefix.appending(path), port: port)
        var result = app.readBack(secret: secret, trial: status, for: place, announced: storage.memory[mark])
        if let announced = result.announced { storage.memory[mark] = announced }
        result.entries = result.entries.map(named)
        return result
    }

    /// The status of the response to a request with the secret; nil if there was none. Only the app may get the secret.
    private func trial(of secret: String, at path: String, port: UInt16) -> Int? {
        // If it cannot be known what listens, the secret is taken to be in force.
        if PortProbe.listeners(at: port).isEmpty { return PortProbe.isTaken(port) ? 200 : nil }
        let answer = try? LocalServer(at: .loopback(port: port), of: .only(ThisProcess.user)).answer(
            to: HTTPRequest(get: path, port: port, fields: [app.trialHeader(secret)]),
            until: MonotonicClock.now().advanced(by: .seconds(3)), limit: 64 << 10, isSecret: true)
        return answer?.response.status
    }

    /// The entry with this app's own name, which may be a second app of the kind.
    private func named(_ entry: LogEntry) -> LogEntry {
        let kind = "\(app.identity.name): "
        let message = entry.message.hasPrefix(kind) ? "\(name): " + entry.message.dropFirst(kind.count) : entry.message
        return LogEntry(entry.level, message, of: LogSubject(app: name), isEssential: entry.isEssential)
    }

    /// Warnings about the user's work that ends if the app is stopped now.
    package func losses() -> [LogEntry] {
        guard let folder = app.runtimeDirectory, let names = storage.directory.openDirectory(for: name, folder)?.names()
        else {
            return []
        }
        return app.losses(names.sorted()).map { [named($0)] } ?? []
    }
}

/// An input that is at its end: /dev/null, or if there is none (an empty chroot) a pipe without a writer.
private final class EmptyInput {
    let descriptor: Int32

    init() throws(SystemCallError) {
        let null = clinux_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
        descriptor = try null != -1 ? null : Pipe().takeReadEnd()
    }

    deinit { close(descriptor) }
}

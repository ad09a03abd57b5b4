internal import CraterRunCore

extension AppLauncher {
    /// How long the app may take to answer.
    private static let patience = Duration.seconds(3)

    /// Whether the app is at work although nobody uses it. May take as long as the file systems take to answer.
    ///
    /// - Parameter leader: the app's first process.
    func activity(at place: ServingPlace, leader: Int32) -> AppActivity {
        guard let question = app.activityQuestion else { return .idle(quiet: nil) }
        if question.hasTerminals {
            guard let haveProgram = UserTerminals.haveProgram(ProcessTable.rows(), of: leader) else {
                return .unknown("its processes cannot be seen")
            }
            if haveProgram { return .busy }
        }
        guard let path = question.path else { return .idle(quiet: nil) }
        guard let secret = secret(for: place.backend) else { return .unknown("its own files do not tell its secret") }
        let target = place.backend.prefix.appending(path)
        let fields = secret.isEmpty ? [] : [app.trialHeader(secret)]
        let deadline = MonotonicClock.now().advanced(by: AppLauncher.patience)
        let (address, port) = AppLauncher.address(of: place.backend.listener)
        // Only the app may get the secret.
        do throws(LocalServer.Failure) {
            let answer = try LocalServer(at: address, of: .only(ThisProcess.user)).answer(
                to: HTTPRequest(get: target, port: port, fields: fields), until: deadline, limit: 4 << 20,
                isSecret: !secret.isEmpty)
            return app.activity(answer.response, now: WallClock.now())
        } catch {
            switch error {
            case .call(let error): return .unknown("\(error)")
            case .stranger: return .unknown("another user answers at its place")
            case .tooLong: return .unknown("its answer is too long")
            }
        }
    }

    private static func address(of listener: DoorBackend) -> (SocketAddress, UInt16?) {
        switch listener {
        case .port(let port): (.loopback(port: port), port)
        case .socket(let path): (.unix(path: path), nil)
        }
    }

    /// The secret that is in force; nil if it is not known.
    private func secret(for backend: Backend) -> String? {
        guard let own = storage.directory.openDirectory(for: name) else { return storage.memory.given(to: name) }
        return runtimeFiles(in: own).flatMap { app.secret(in: $0, for: backend) }
    }
}

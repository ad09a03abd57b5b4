/// Removes variables that would mislead an app. Only the app's environment is changed, never the job's.
extension LaunchNeeds {
    private static let protocols = ["tcp://", "udp://", "sctp://"]

    /// Removes the variables with which Kubernetes describes a Service, and which an app could read as its own port.
    /// For a Service called flower, Kubernetes sets `FLOWER_PORT=tcp://…`.
    ///
    /// - Parameters:
    ///   - names: variables to remove even if no other variable shows that there is such a Service.
    ///   - words: the app's arguments. A variable that they name stays: the app is meant to use it, as in
    ///     `--upstream-from FLOWER_PORT` or `sh -c 'proxy --to "$FLOWER_PORT"'`.
    mutating func removeServiceLinks(_ names: [String], on host: HostFacts, usedBy words: [String]) {
        let suffix = "_PORT"
        for (name, value) in host.variables.sorted(by: { $0.key < $1.key })
        where LaunchNeeds.protocols.contains(where: value.hasPrefix) {
            guard name.hasSuffix(suffix) else { continue }
            let service = name.dropLast(suffix.count)
            // Kubernetes also sets FLOWER_SERVICE_HOST and FLOWER_PORT_5555_TCP for such a Service.
            let isLink =
                host.variables["\(service)_SERVICE_HOST"] != nil
                || host.variables.keys.contains { key in
                    key.hasPrefix("\(name)_") && ["_TCP", "_UDP", "_SCTP"].contains(where: key.hasSuffix)
                }
            guard isLink || names.contains(name), !words.contains(where: { LaunchNeeds.names(name, in: $0) }) else {
                continue
            }
            environment.remove(name)
        }
    }

    /// Whether a word has the variable's whole name.
    private static func names(_ variable: String, in word: String) -> Bool {
        func isPart(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        return word.ranges(of: variable).contains { range in
            !isPart(word[..<range.lowerBound].last) && !isPart(word[range.upperBound...].first)
        }
    }

    /// Removes variables with which the app would listen at a socket file, or speak TLS.
    mutating func removeTransports(_ names: [String], of app: AppIdentity, on host: HostFacts) {
        remove(names, of: app, on: host, because: "the ingress speaks plain HTTP to \(app.name)'s port")
    }

    /// Removes variables with which an app that is served at the root would serve below a path.
    mutating func removePrefixes(_ names: [String], of app: AppIdentity, on host: HostFacts) {
        remove(names, of: app, on: host, because: "\(app.name) is served at /")
    }

    private mutating func remove(_ names: [String], of app: AppIdentity, on host: HostFacts, because why: String) {
        let given = names.filter { host.value(of: $0) != nil }
        guard !given.isEmpty else { return }
        for name in given { environment.remove(name) }
        notes.append("\(why): not passed on to \(app.name): \(given.joined(separator: ", "))")
    }

    /// Removes variables that the app reads as the address to listen at, if their values name a platform of conda's
    /// compilers instead, such as `HOST=x86_64-conda-linux-gnu`.
    mutating func removeCompilerPlatforms(_ names: [String], of app: AppIdentity, on host: HostFacts) {
        for name in names {
            guard let value = host.value(of: name) else { continue }
            let isCondas = ["CONDA_TOOLCHAIN_HOST", "CONDA_TOOLCHAIN_BUILD"].contains { host.value(of: $0) == value }
            let parts = value.split(separator: "-", omittingEmptySubsequences: false)
            let isPlatform = parts.count > 2 && parts.dropFirst().contains { $0.hasPrefix("conda") || $0 == "linux" }
            guard isCondas || isPlatform, !value.contains(".") else { continue }
            environment.remove(name)
            notes.append(
                "\(name) is \(PrintableText.escape(value.utf8)), which names the platform of conda's compilers and is no "
                    + "address: \(name) is removed from the environment of \(app.name)")
        }
    }

    /// Removes the working directory from the app's PYTHONPATH, whoever has set the variable. Otherwise a file of the
    /// user's, such as `random.py`, would be imported instead of a module that the app needs. An empty entry also
    /// stands for the working directory.
    ///
    /// - Parameter keepsNamed: whether the working directory stays if PYTHONPATH names it, by its full path or as `.`,
    ///   which becomes the full path. It stays for apps that run the user's code, such as Jupyter's kernels, which import
    ///   from it. An empty entry names nothing: it is what a script leaves that appends to an unset variable.
    mutating func guardPythonPath(on host: HostFacts, keepsNamed: Bool) {
        let name = "PYTHONPATH"
        guard let value = environment.value(of: name) ?? host.value(of: name) else { return }
        let entries = value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let kept = entries.compactMap { entry -> String? in
            if entry.isEmpty { return nil }
            if entry == "." || entry == "./" { return keepsNamed ? host.workingDirectory : nil }
            let plain = entry.count > 1 && entry.hasSuffix("/") ? String(entry.dropLast()) : entry
            return plain == host.workingDirectory && !keepsNamed ? nil : entry
        }
        guard kept != entries else { return }
        if kept.isEmpty { environment.remove(name) } else { environment.set(name, to: kept.joined(separator: ":")) }
    }
}

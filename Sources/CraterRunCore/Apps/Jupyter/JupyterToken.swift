/// How Jupyter gets its token: from a file, since kernels and terminals would inherit a variable.
extension Jupyter {
    /// The first versions that read a token from a file: of the classic Notebook, and of all others.
    private static let fileSince = [
        PythonVersion(distribution: "notebook", numbers: [6, 1]),
        PythonVersion(distribution: "jupyter_server", numbers: [1, 6]),
    ]

    /// A Python distribution, and the numbers of one of its versions.
    private struct PythonVersion {
        let distribution: String
        let numbers: [Int]
    }

    /// Both servers depend on this package, so their distributions are installed beside it.
    static let packageQuestion = PythonPackage.Question(
        name: "jupyter_core", distributions: fileSince.map(\.distribution) + [proxyDistribution, "jupyterlab"])

    /// The user's own token is used unchanged: from JUPYTER_TOKEN, or else from the file that JUPYTER_TOKEN_FILE names.
    /// Without either, the token is random. The user's configuration overrides all of them.
    func giveToken(to needs: inout LaunchNeeds, on host: HostFacts) {
        if let token = host.value(of: "JUPYTER_TOKEN") {
            guard readsFile(on: host) else {
                needs.notes.append(
                    "kernels and terminals inherit JUPYTER_TOKEN: whether this Jupyter reads a token from a file is not known "
                        + "(Notebook 6.1 and Jupyter Server 1.6 do)")
                return
            }
            // A file may change these: line ends, and non-ASCII characters in an old locale.
            guard token.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                needs.notes.append("kernels and terminals inherit JUPYTER_TOKEN: it has other characters than ASCII's")
                return
            }
            let place = SecretPlace("own-token", in: host.privateDirectory)
            needs.preparations.append(.variable("JUPYTER_TOKEN", at: place))
            needs.environment.set("JUPYTER_TOKEN_FILE", to: place.path)
            needs.environment.remove("JUPYTER_TOKEN")
            return
        }
        let unreadable = host.unreadableFiles["JUPYTER_TOKEN_FILE"]
        if let file = host.value(of: "JUPYTER_TOKEN_FILE") {
            guard let unreadable else { return }
            needs.notes.append(
                "JUPYTER_TOKEN_FILE is \(ShellQuoting.quote(file)), which cannot be read (\(unreadable)): jupyter gets a random "
                    + "token instead")
        }
        let place = SecretPlace("token", in: host.privateDirectory)
        needs.preparations.append(.token(at: place))
        needs.environment.set("JUPYTER_TOKEN_FILE", to: place.path)
    }

    private func readsFile(on host: HostFacts) -> Bool {
        guard let package = host.package else { return false }
        let isClassic = isServer(on: host) == false
        return Jupyter.fileSince.contains { version in
            (version.distribution == "notebook") == isClassic
                && package.has(version.distribution, atLeast: version.numbers)
        }
    }

    // MARK: - A token from memory

    package var trialPath: String? { "/api/status" }

    /// Not as `?token=`: some versions log the path of a request that they refuse.
    package func trialHeader(_ secret: String) -> String { "Authorization: token \(secret)" }

    package func readBack(secret: String, trial: Int?, for place: ServingPlace, announced: String?) -> ReadBack {
        let result: ReadBack
        switch trial {
        case .some(200..<300): result = access(byToken: secret, at: place)
        case 401?, 403?:
            let entry = LogEntry(
                .warning,
                "jupyter: open \(AccessURL(of: place.outside))\(place.fragment); its configuration decides how to log in, and is not known here"
            )
            result = ReadBack(entries: [entry], announced: "unknown\(place.fragment)")
        default: return ReadBack()
        }
        return result.announced == announced ? ReadBack(link: result.link) : result
    }
}

import CraterRunCore

/// The parsed app lines of `up`: the apps that they ask for, and the lines that cannot be used.
struct AppLines {
    private(set) var apps: [AppDefinition] = []
    /// One entry for each line that cannot be used. The job and the other apps go on, and the status shows the entry.
    private(set) var unusable: [UnusableApp] = []
    /// The apps that `up` may open for a rule with the app's name.
    private(set) var automatic: [AppDefinition] = []
    /// The apps that a home page can offer.
    private(set) var offers: [AppDefinition] = []
    /// A message for each problem with environment variables and lines.
    private(set) var problems: [String] = []
    private var failures: [String] = []

    init(under up: UpSettings) {
        let lines = up.appLines
        var taken: Set<String> = []
        // The second app of a kind gets a number after its name, even if the line of the first cannot be used: names
        // must not change when a line is corrected.
        func free(_ name: String) -> String {
            var free = name
            var number = 1
            while !taken.insert(free).inserted {
                number += 1
                free = "\(name)-\(number)"
            }
            return free
        }
        for (index, line) in lines.enumerated() {
            do throws(AppLine.Failure) {
                var definition = try line.definition(under: up, forgiven: &problems)
                definition.policy.name = free(definition.name)
                apps.append(definition)
            } catch {
                let name = free(line.presumedName ?? "line-\(index + 1)")
                unusable.append(UnusableApp(name: name, reason: error.reason))
                problems.append(error.message)
                failures.append(error.message)
            }
        }
        if up.home != nil {
            var said: [String] = []
            offers = up.knownApps(forgiven: &said)
        }
        if up.isAutomatic || lines.isEmpty { automatic = up.automaticApps(forgiven: &problems) }
    }

    /// For `up` without a job. A job runs even if there is nothing to serve.
    ///
    /// - Throws: ``CommandFailure`` if there will never be anything to serve, since all lines are wrong and no rule may
    ///   open an app.
    func check() throws(CommandFailure) {
        guard apps.isEmpty, automatic.isEmpty, !failures.isEmpty else { return }
        let end = "there is nothing to serve: no app line can be used, and there is no job"
        throw CommandFailure(failures + [end], code: CommandFailure.Code.usage)
    }
}

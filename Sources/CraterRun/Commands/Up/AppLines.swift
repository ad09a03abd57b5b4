import CraterRunCore

/// The lines of `up`, once they have been read: the apps that they ask for, and what cannot be had that way.
struct AppLines {
    private(set) var apps: [AppDefinition] = []
    /// One for each line that cannot be used: the job and the other apps must not suffer from it, and it must not be forgotten.
    private(set) var unusable: [UnusableApp] = []
    /// The apps that rules may open.
    private(set) var automatic: [AppDefinition] = []
    /// What is wrong with environment variables and lines, a message each.
    private(set) var problems: [String] = []
    private var failures: [String] = []

    init(under up: UpSettings) {
        let lines = up.appLines
        var taken: Set<String> = []
        // A second app of a kind gets a number behind its name, whether or not the first one's line can be used: names must
        // not change when a line is mended.
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
        if up.isAutomatic || lines.isEmpty { automatic = up.automaticApps(forgiven: &problems) }
    }

    /// - Throws: ``CommandFailure`` where there is nothing to serve, and never will be: somebody has to mend the lines. That is
    ///   no reason to end where there is a job.
    func check() throws(CommandFailure) {
        guard apps.isEmpty, automatic.isEmpty, !failures.isEmpty else { return }
        let end = "there is nothing to serve: no app line can be used, and there is no job"
        throw CommandFailure(failures + [end], code: CommandFailure.Code.usage)
    }
}

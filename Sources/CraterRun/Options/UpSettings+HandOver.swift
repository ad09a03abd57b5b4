import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

extension UpSettings {
    /// The app that a terminal hands over.
    func definition(of handOver: HandOver) -> Result<AppDefinition, Refusal> {
        let surroundings = handOver.surroundings
        let probe = HostProbe(environment: surroundings.environment)
        var forgiven: [String] = []
        do throws(Refusal) {
            var definition = try AppWords(handOver.words, variables: { probe.value($0) })
                .definition(under: self, forgiven: &forgiven)
            // Nothing is left out here: the user at the terminal can correct the variables.
            guard forgiven.isEmpty else { return .failure(Refusal(forgiven.joined(separator: "; "))) }
            definition.surroundings = surroundings
            return .success(definition)
        } catch {
            return .failure(Refusal("cannot take over \(ShellQuoting.quote(handOver.words)): \(error.reason)"))
        }
    }

    /// The apps that an earlier supervisor of this run had taken over, except those with the name of one of `apps`.
    func keptHandOvers(in storage: RunStorage, besides apps: [AppDefinition]) -> [AppDefinition] {
        HandOverStore(storage).all().compactMap { name, bytes in
            guard !apps.contains(where: { $0.name == name }),
                let handOver = try? JSONDecoder().decode(HandOver.self, from: Data(bytes)),
                case .success(var definition) = self.definition(of: handOver)
            else { return nil }
            definition.policy.name = name
            return definition
        }
    }
}

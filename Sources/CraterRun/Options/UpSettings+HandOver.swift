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
            // Whoever waits at the terminal can mend it.
            guard forgiven.isEmpty else { return .failure(Refusal(forgiven.joined(separator: "; "))) }
            definition.surroundings = surroundings
            return .success(definition)
        } catch {
            return .failure(Refusal("cannot take over \(ShellQuoting.quote(handOver.words)): \(error.reason)"))
        }
    }

    /// Those that the supervisor before us had taken over.
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

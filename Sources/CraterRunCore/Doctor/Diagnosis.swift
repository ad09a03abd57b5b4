/// Follows the chain from the Pod's annotations to each app's page, and says of each link whether it holds. Pure: facts
/// in, lines out.
///
/// Links that depend on a broken link are not judged, so that the first ✗ is what must be mended first.
package struct Diagnosis: Sendable {
    package let checks: [DoctorCheck]

    /// Whether nothing is broken.
    package var isSound: Bool { checks.allSatisfy { $0.status != .failed } }

    package init(of facts: DoctorFacts) {
        let volume = VolumeDiagnosis(facts)
        var checks = [volume.pod] + volume.file
        checks += volume.holdsAnnotations ? RulesDiagnosis(facts).checks : [RulesDiagnosis.skipped]
        if facts.needsNoRules {
            checks = checks.map { check in
                guard check.status == .failed else { return check }
                return .skipped(
                    check.link, "\(check.message). What crater-run serves has --port and --prefix, and needs no rule")
            }
        }
        checks += [SupervisorDiagnosis.check(facts.supervisor), facts.memory?.check].compactMap { $0 }
        for appFacts in facts.apps {
            let app = AppDiagnosis(appFacts, facts)
            checks += app.checks(knowsRules: volume.holdsAnnotations)
        }
        checks += SupervisorDiagnosis.checksOfOthers(facts)
        self.checks = checks
    }
}

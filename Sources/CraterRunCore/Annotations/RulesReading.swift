/// What an attempt to read the ingress rules brought.
package enum RulesReading: Equatable, Sendable {
    /// The rules, and what is wrong with the file around them: not empty if rules may be missing.
    case read(IngressRules, complaints: [String])
    case failed(AnnotationsReadFailure)
}

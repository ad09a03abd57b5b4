/// The result of an attempt to read the ingress rules.
package enum RulesReading: Equatable, Sendable {
    /// The rules that were read. `complaints`: what is wrong with the rest of the file; not empty if rules may be
    /// missing.
    case read(IngressRules, complaints: [String])
    case failed(AnnotationsReadFailure)
}

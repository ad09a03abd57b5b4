/// What a changed prefix or port does to the app that serves the old one.
package enum RuleChangePolicy: String, CaseIterable, Sendable {
    case relaunch
    case keep
}

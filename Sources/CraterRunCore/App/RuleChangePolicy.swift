/// What happens to a running app when the prefix or the port of its rule changes: `--on-rule-change`.
package enum RuleChangePolicy: String, CaseIterable, Sendable {
    case relaunch
    case keep
}

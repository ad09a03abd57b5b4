/// What a supervisor tells the init role by its exit code.
package enum SupervisorExit {
    /// The supervisor ended itself because its reactor hung.
    package static let hung: Int32 = 70
}

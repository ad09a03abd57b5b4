/// What a supervisor tells the init role by its end.
package enum SupervisorExit {
    /// The exit code of one that ends because its reactor hangs.
    package static let hung: Int32 = 70
}

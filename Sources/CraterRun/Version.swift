/// crater-run's own version.
enum Version {
    static let number = "0.4.0"
}

/// The resources that a process uses, by the names of Prometheus' client libraries.
package struct ProcessUsage: Equatable, Sendable {
    /// User and system time.
    package var cpuSeconds: Double
    package var residentBytes: Double
    package var virtualBytes: Double
    package var openDescriptors: Int
    /// Nil if there is no limit.
    package var descriptorLimit: Double?

    package init(
        cpuSeconds: Double, residentBytes: Double, virtualBytes: Double, openDescriptors: Int, descriptorLimit: Double?
    ) {
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
        self.virtualBytes = virtualBytes
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
    }
}

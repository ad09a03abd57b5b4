/// What a process uses, as Prometheus' client libraries name it.
package struct ProcessUsage: Equatable, Sendable {
    /// User and system time.
    package var cpuSeconds: Double
    package var residentBytes: Double
    package var virtualBytes: Double
    package var openDescriptors: Int
    /// Nil without a limit.
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

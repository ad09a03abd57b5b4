package import CraterRunCore
internal import Glibc

extension ProcessUsage {
    /// Our own usage, from /proc/self (proc(5)); nil if it cannot be read.
    package static func own() -> ProcessUsage? {
        guard let bytes = try? SmallFile.read("/proc/self/stat"),
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // The fields are counted from the end of the name, since the name may contain anything. Field 3 comes first.
        let fields = bytes[end...].dropFirst().split(separator: UInt8(ascii: " ")).map {
            Double(String(decoding: $0, as: UTF8.self).filter { $0 != "\n" }) ?? 0
        }
        guard fields.count > 21 else { return nil }
        let ticks = Double(ClockTicks.perSecond)
        let limit = HostReserve.descriptorLimit
        return ProcessUsage(
            cpuSeconds: (fields[11] + fields[12]) / ticks,
            residentBytes: fields[21] * Double(max(sysconf(Int32(_SC_PAGESIZE)), 1)),
            virtualBytes: fields[20],
            // One of the entries is the descriptor with which the directory itself is read.
            openDescriptors: max((Directory.names(in: "/proc/self/fd")?.count ?? 1) - 1, 0),
            descriptorLimit: limit == .max ? nil : Double(limit)
        )
    }
}

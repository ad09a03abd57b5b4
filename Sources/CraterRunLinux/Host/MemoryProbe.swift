internal import CraterRunCore
internal import Glibc

/// What the doctor looks at.
enum MemoryProbe {
    /// - Parameter supervisor: the pid of one that runs beside the job, and is scored as the job is. Whoever asks may be scored
    ///   otherwise, as in a terminal of a viewer's.
    static func facts(supervisor: Int32?) -> MemoryLook {
        let memory = ContainerMemory()
        let scores = [supervisor.flatMap { score(of: String($0)) }, score(of: "self")].compactMap { $0 }
        return MemoryLook(score: scores.min(), limit: memory?.limit, node: node, killsAll: memory?.killsAll ?? false)
    }

    private static func score(of process: String) -> Int? {
        (try? SmallFile.read("/proc/\(process)/oom_score_adj", limit: 64)).flatMap {
            Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
    }

    /// The memory that the kernel has, in bytes.
    private static var node: UInt64? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let size = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, size > 0 else { return nil }
        return UInt64(pages).multipliedReportingOverflow(by: UInt64(size)).partialValue
    }
}

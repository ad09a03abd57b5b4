internal import CraterRunCore
internal import Glibc

/// Collects the doctor's facts about memory.
enum MemoryProbe {
    /// - Parameter supervisor: the pid of a supervisor beside the job, which has the same oom_score_adj as the job. Our
    ///   own may differ, as in a viewer's terminal.
    static func facts(supervisor: Int32?) -> MemoryFacts {
        let memory = ContainerMemory()
        let scores = [supervisor.flatMap { score(of: String($0)) }, score(of: "self")].compactMap { $0 }
        return MemoryFacts(score: scores.min(), limit: memory?.limit, node: node, killsAll: memory?.killsAll ?? false)
    }

    private static func score(of process: String) -> Int? {
        (try? SmallFile.read("/proc/\(process)/oom_score_adj", limit: 64)).flatMap {
            Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
    }

    /// The node's memory as the kernel has it, in bytes.
    private static var node: UInt64? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let size = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, size > 0 else { return nil }
        return UInt64(pages).multipliedReportingOverflow(by: UInt64(size)).partialValue
    }
}

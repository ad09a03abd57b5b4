import CraterRunCore
import Testing

struct BuildInfoTests {
    @Test func namesVersionCommitAndCompiler() {
        let info = BuildInfo(version: "0.4.0", commit: "6c6d5ae-dirty", swift: "6.3.1")
        #expect(info.description == "crater-run 0.4.0 (commit 6c6d5ae-dirty, Swift 6.3.1)")
    }

    @Test func saysWhatIsNotKnown() {
        let info = BuildInfo(version: "0.4.0", commit: "", swift: "")
        #expect(info.commit == nil && info.swift == nil)
        #expect(info.description == "crater-run 0.4.0 (commit unknown, Swift unknown)")
    }
}

import CraterRunCore
import Testing

/// Which of a container's processes its end depends on.
struct ContainerMainTests {
    /// A process that is called by its pid unless it has a name.
    private func row(_ pid: Int32, parent: Int32, started: UInt64, _ name: String = "crater-run") -> ProcessRow {
        ProcessRow(
            identity: ProcessIdentity(pid: pid, startTime: started), parent: parent, group: pid, session: pid,
            isZombie: false, name: name)
    }

    @Test func isTheOldest() {
        // Started from outside both; the job and a shell that was executed into it are younger.
        let rows = [
            row(7, parent: 0, started: 100), row(8, parent: 7, started: 101, "python"),
            row(30, parent: 0, started: 500),
        ]
        #expect(ContainerMain.isMain(7, among: rows))
        #expect(!ContainerMain.isMain(30, among: rows))
        #expect(!ContainerMain.isMain(8, among: rows))
        #expect(!ContainerMain.isMain(9, among: rows))
        #expect(!ContainerMain.isMain(7, among: []))
    }

    @Test func mayHaveStartedAChildInTheSameTick() {
        #expect(ContainerMain.isMain(7, among: [row(7, parent: 1, started: 100), row(8, parent: 7, started: 100)]))
    }

    @Test func isBelowWhatWaitsForItAndPassesItsEndOn() {
        let main = [
            row(7, parent: 0, started: 100, "tini"), row(9, parent: 7, started: 101, "sudo"),
            row(10, parent: 9, started: 102),
        ]
        #expect(ContainerMain.isMain(10, among: main))
        // Executed into a container that goes on.
        let executed = [
            row(5, parent: 0, started: 1, "python"), row(9, parent: 0, started: 100, "sudo"),
            row(10, parent: 9, started: 101),
        ]
        #expect(!ContainerMain.isMain(10, among: executed))
    }

    @Test(arguments: ["sh", "bash", "crater-run", "python"]) func isNotBelowWhatMayGoOn(parent: String) {
        #expect(
            !ContainerMain.isMain(8, among: [row(7, parent: 0, started: 100, parent), row(8, parent: 7, started: 101)]))
    }

    @Test func aTableThatContradictsItselfIsNoLoop() {
        let rows = [row(7, parent: 8, started: 1, "sudo"), row(8, parent: 7, started: 1, "sudo")]
        #expect(ContainerMain.isMain(7, among: rows))
    }
}

import CraterRunCore
import Testing

struct LaunchNotesTests {
    @Test func aNoteIsNewUnlessTheLastLaunchHadIt() {
        var notes = LaunchNotes()
        #expect(notes.take(["a", "b"]) == ["a", "b"])
        #expect(notes.take(["a", "b"]) == [])
        #expect(notes.take(["b", "c"]) == ["c"])
        // The cause was mended, and is back.
        #expect(notes.take(["a", "c"]) == ["a"])
        #expect(notes.take([]) == [])
        #expect(notes.take(["c"]) == ["c"])
    }
}

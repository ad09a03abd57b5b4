import CraterRunCore
import Testing

struct FilePathTests {
    struct Case: Sendable {
        let path: String
        let directory: String?
        let name: String
        let beside: String
    }

    @Test(arguments: [
        Case(path: "/a/b", directory: "/a", name: "b", beside: "/a/x"),
        Case(path: "/b", directory: "/", name: "b", beside: "/x"),
        Case(path: "b", directory: nil, name: "b", beside: "x"),
        Case(path: "a/b", directory: "a", name: "b", beside: "a/x"),
        Case(path: "/a/", directory: "/a", name: "", beside: "/a/x"),
        Case(path: "/", directory: "/", name: "", beside: "/x"),
        Case(path: "", directory: nil, name: "", beside: "x"),
        // A slash with a combining mark is no slash to Swift's characters, but is one to the kernel.
        Case(path: "/a/\u{301}b", directory: "/a", name: "\u{301}b", beside: "/a/x"),
    ])
    func takesAPathApart(_ test: Case) {
        #expect(FilePath.directory(of: test.path) == test.directory)
        #expect(FilePath.name(of: test.path) == test.name)
        #expect(FilePath.beside(test.path, "x") == test.beside)
    }
}

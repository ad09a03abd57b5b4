import CraterRunCore
import Testing

struct ExecutableSearchTests {
    private func search(
        _ names: [String] = ["tb"],
        module: String? = "tb.main",
        override: String? = nil,
        path: String?,
        in directory: String = "/work"
    ) -> ExecutableSearch {
        ExecutableSearch(names: names, module: module, override: override, path: path, directory: directory)
    }

    private let custom = ["/opt/conda/envs/envd/bin/tb", "/opt/conda/bin/tb", "/usr/local/bin/tb"]

    struct Case: Sendable {
        let path: String?
        var directory = "/work"
        /// Before the custom places.
        let first: [String]
    }

    @Test(arguments: [
        Case(path: nil, first: ["/bin/tb", "/usr/bin/tb"]),
        Case(path: "/usr/bin:/bin", first: ["/usr/bin/tb", "/bin/tb"]),
        Case(path: "/usr/bin/:/usr/bin", first: ["/usr/bin/tb"]),
        // An empty entry is the working directory, as for a shell.
        Case(path: "", first: ["/work/tb"]),
        Case(path: ":/bin", first: ["/work/tb", "/bin/tb"]),
        Case(path: "/bin:", first: ["/bin/tb", "/work/tb"]),
        Case(path: "/bin::/bin:/bin", first: ["/bin/tb", "/work/tb"]),
        Case(path: "bin:../x", first: ["/work/bin/tb", "/work/../x/tb"]),
        Case(path: "bin:", directory: "/", first: ["/bin/tb", "/tb"]),
        Case(path: "/", first: ["/tb"]),
        Case(path: "/my programs", first: ["/my programs/tb"]),
    ])
    func looksOnPathAndThenInTheCustomPlaces(_ case: Case) {
        #expect(search(path: `case`.path, in: `case`.directory).candidates == `case`.first + custom)
    }

    @Test func looksInACustomPlaceOnceAndWhereItComesFirst() {
        #expect(
            search(path: "/usr/local/bin:/opt/conda/bin/").candidates
                == ["/usr/local/bin/tb", "/opt/conda/bin/tb", "/opt/conda/envs/envd/bin/tb"]
        )
    }

    @Test func looksEverywhereForTheBestNameFirst() {
        #expect(
            search(["a", "b"], path: "/bin").candidates
                == (["/bin"] + ExecutableSearch.customDirectories).flatMap { ["\($0)/a"] }
                + (["/bin"] + ExecutableSearch.customDirectories).flatMap { ["\($0)/b"] }
        )
    }

    @Test func takesAPathForItself() {
        #expect(search(["./serve"], path: "/bin").candidates == ["/work/./serve"])
        #expect(search(["/x/serve"], path: "/bin").candidates == ["/x/serve"])
    }

    @Test func looksOnPathAloneIfThereAreNoOthers() {
        let found = ExecutableSearch(
            names: ["a"], module: nil, override: nil, path: "/bin:/sbin", directory: "/", others: [])
        #expect(found.candidates == ["/bin/a", "/sbin/a"])
    }

    @Test func looksForPythonWhereThereIsAModule() {
        let found = search(path: "/bin")
        #expect(found.module == "tb.main")
        #expect(found.interpreters.first == "/bin/python3")
        #expect(found.interpreters.count == 8)
        #expect(found.interpreters.last == "/usr/local/bin/python")
        let none = search(module: nil, path: "/bin")
        #expect(none.module == nil)
        #expect(none.interpreters == [])
    }

    struct Override: Sendable {
        let override: String
        let candidates: [String]
    }

    @Test(arguments: [
        Override(override: "/x/my-tb", candidates: ["/x/my-tb"]),
        Override(override: "./my-tb", candidates: ["/work/./my-tb"]),
        Override(override: "venv/bin/tb", candidates: ["/work/venv/bin/tb"]),
        Override(
            override: "my-tb",
            candidates: [
                "/bin/my-tb", "/opt/conda/envs/envd/bin/my-tb", "/opt/conda/bin/my-tb", "/usr/local/bin/my-tb",
            ]
        ),
    ])
    func looksForNothingButWhatWasNamed(_ override: Override) {
        let found = search(override: override.override, path: "/bin")
        #expect(found.candidates == override.candidates)
        #expect(found.module == nil)
        #expect(found.interpreters == [])
    }

    @Test func namesThePlacesThatWereTried() {
        #expect(
            search(path: "/bin").places
                == "/bin/tb, /opt/conda/envs/envd/bin/tb, /opt/conda/bin/tb, /usr/local/bin/tb, python3 -m tb.main"
        )
        #expect(search(override: "/x/tb", path: "/bin").places == "/x/tb")
    }
}

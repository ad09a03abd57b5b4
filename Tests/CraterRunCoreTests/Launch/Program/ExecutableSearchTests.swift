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
            Array(search(path: "/bin").places.prefix(6))
                == ["/bin/tb"] + custom + ["/bin/python3 -m tb.main", "/opt/conda/envs/envd/bin/python3 -m tb.main"]
        )
        #expect(search(path: "/bin").places.count == 12)
        #expect(search(override: "/x/tb", path: "/bin").places == ["/x/tb"])
    }

    @Test(arguments: [
        Override(override: "/x/front", candidates: ["/x/a", "/x/b", "/x/front"]),
        Override(override: "bin/front", candidates: ["/w/bin/a", "/w/bin/b", "/w/bin/front"]),
        Override(override: "front", candidates: ["/bin/a", "/bin/b", "/bin/front"]),
        Override(override: "/front/x", candidates: ["/front/x"]),
        Override(override: "front2", candidates: ["/bin/front2"]),
    ])
    func aCommandWithSubcommandsStandsForThePrograms(_ override: Override) {
        let found = ExecutableSearch(
            names: ["a", "b"], module: "a", override: override.override, path: "/bin", directory: "/w", others: [],
            frontCommand: "front")
        #expect(found.candidates == override.candidates)
        #expect(found.module == nil)
    }

    @Test(arguments: [
        Override(override: "/x/python3", candidates: ["/x/python3"]),
        Override(override: "venv/bin/python", candidates: ["/w/venv/bin/python"]),
        Override(override: "python3.11", candidates: ["/bin/python3.11", "/sbin/python3.11"]),
    ])
    func aPythonRunsTheModule(_ override: Override) {
        func search(_ module: String?) -> ExecutableSearch {
            ExecutableSearch(
                names: ["a"], module: module, override: override.override, path: "/bin:/sbin", directory: "/w",
                others: [],
                takesInterpreter: true)
        }
        #expect(search("a.main").candidates == [])
        #expect(search("a.main").interpreters == override.candidates)
        #expect(search("a.main").module == "a.main")
        #expect(search(nil).candidates == override.candidates)
        #expect(search(nil).interpreters == [])
    }

    @Test func tellsWhatIsMissingAndInHowManyPlaces() {
        let search = search(["a", "b"], path: "/bin")
        let missing = MissingProgram(
            names: ["a", "b"], module: search.module, places: search.places, remedy: "install it")
        #expect(
            LaunchFailure.missing(missing).reason
                == "there is none of the programs a, b in any of 16 places, and no Python has the module tb.main; install it"
        )
        #expect(LaunchFailure.missing(missing).places == search.places)
        #expect(LaunchFailure.missing(missing).exitCode == 127)
        let one = MissingProgram(names: ["/x/tb"], places: ["/x/tb"])
        #expect(LaunchFailure.missing(one).reason == "there is no such program: /x/tb")
        // The interpreter may be there, without the module.
        let python = MissingProgram(names: ["/x/python3"], module: "tb.main", places: ["/x/python3 -m tb.main"])
        #expect(LaunchFailure.missing(python).reason == "there is no /x/python3 with the module tb.main")
    }
}

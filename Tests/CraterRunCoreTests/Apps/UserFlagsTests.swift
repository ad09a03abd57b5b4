import CraterRunCore
import Testing

struct UserFlagsTests {
    struct Case: Sendable {
        let words: [String]
        /// The values of each time that --port was given.
        let values: [String?]
    }

    @Test(arguments: [
        Case(words: [], values: []),
        Case(words: ["--port", "1"], values: ["1"]),
        Case(words: ["--port=1"], values: ["1"]),
        Case(words: ["--port="], values: [""]),
        Case(words: ["--port=a=b"], values: ["a=b"]),
        Case(words: ["--port"], values: [nil]),
        Case(words: ["--port", "--other"], values: [nil]),
        Case(words: ["--port", ""], values: [""]),
        Case(words: ["--po", "1", "--por=2", "x", "--port", "3"], values: ["1", "2", "3"]),
        Case(words: ["--p", "1"], values: []),
        Case(words: ["--ports", "1"], values: []),
        Case(words: ["-port", "1"], values: []),
        Case(words: ["port", "1"], values: []),
        Case(words: ["", "=", "==", "-", "--"], values: []),
    ])
    func findsAFlagInAllItsSpellings(_ case: Case) {
        let given = UserFlags(`case`.words).given("--port", shortest: "--po")
        #expect(given.map(\.value) == `case`.values)
    }

    @Test func givesTheFlagAsItWasTyped() {
        #expect(UserFlags(["--por=1"]).given("--port", shortest: "--po").map(\.flag) == ["--por"])
    }
}

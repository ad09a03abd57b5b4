import CraterRunCore
import Testing

/// What is told about a fault whose cause does not stand in the last line.
struct AppFaultTextTests {
    /// SQLAlchemy writes the statement and a link after the error.
    private static func databaseError(_ cause: String, statementLines count: Int) -> [String] {
        ["Traceback (most recent call last):", "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) \(cause)"]
            + ["[SQL:", "CREATE TABLE runs ("] + (0..<count).map { "\tcolumn_\($0) VARCHAR(32) NOT NULL, " }
            + [
                "\tPRIMARY KEY (run_uuid)", ")", "", "]",
                "(Background on this error at: https://sqlalche.me/e/20/e3q8)",
            ]
    }

    @Test(arguments: [0, 2, 20, 45])
    func findsTheCauseAboveALongStatement(lines: Int) throws {
        let words = AppFaultTextTests.databaseError("database or disk is full", statementLines: lines)
        let fault = try #require(AppFault(lastWords: words, of: "mlflow"))
        #expect(fault.cause == "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database or disk is full")
        #expect(fault.cure?.contains("df -h") == true)
        let other = AppFaultTextTests.databaseError("no such table: x", statementLines: lines)
        #expect(try #require(AppFault(lastWords: other, of: "mlflow")).cause.hasSuffix("no such table: x"))
    }

    /// Only an exception is the cause of an end that comes so much later, and the last error goes before it.
    @Test func aLineFarAboveCountsOnlyIfItNamesAnException() throws {
        let filler = (0..<12).map { "line \($0)" }
        for survived in ["error: port 7 is already in use", "rm: x: Permission denied"] {
            let fault = try #require(AppFault(lastWords: [survived] + filler, of: "demo"))
            #expect(fault.cause == "line 11" && fault.cure == nil)
        }
        let later = try #require(AppFault(lastWords: ["ValueError: x"] + filler + ["error: y"], of: "demo"))
        #expect(later.cause == "error: y")
    }

    struct SourceCase: Sendable, CustomTestStringConvertible {
        let words: [String]
        let cause: String
        var testDescription: String { cause }
    }

    private static let invalid = "SyntaxError: invalid syntax"

    @Test(arguments: [
        SourceCase(
            words: ["  File \"app.py\", line 3", "    x =", "       ^", invalid],
            cause: "app.py, line 3: SyntaxError: invalid syntax"),
        SourceCase(
            words: [
                "Traceback (most recent call last):", "  File \"/x/runpy.py\", line 189, in run", "    code = load()",
                "  File \"/w/b.py\", line 12", "    x", "    ^", "IndentationError: expected an indented block",
            ], cause: "/w/b.py, line 12: IndentationError: expected an indented block"),
        SourceCase(
            words: ["File \"t.py\", line 2", "TabError: inconsistent use of tabs and spaces in indentation"],
            cause: "t.py, line 2: TabError: inconsistent use of tabs and spaces in indentation"),
        // What the source is, or where, is not known.
        SourceCase(words: ["  File \"<string>\", line 1", "    1 +", invalid], cause: invalid),
        SourceCase(words: ["  File \"app.py\", line 3, in <module>", "    eval(x)", invalid], cause: invalid),
        SourceCase(words: ["  File \"app.py\", line 3", "a", "b", "c", "d", invalid], cause: invalid),
        SourceCase(words: [invalid], cause: invalid),
        // Other errors have nothing to do with the line of the last call.
        SourceCase(words: ["  File \"app.py\", line 3", "    x()", "ValueError: x"], cause: "ValueError: x"),
    ])
    func tellsWhereTheSourceIsWrong(_ test: SourceCase) throws {
        let fault = try #require(AppFault(lastWords: test.words, of: "dash", code: .userScript))
        #expect(fault.cause == test.cause && fault.cure == nil)
    }

    @Test(arguments: [
        (["Error: No such option: --nope"], "Error: No such option: --nope. The app has no such flag"),
        (
            ["AttributeError: module 'numpy' has no attribute 'bool'."],
            "has no attribute 'bool'. A package is too old for this NumPy"
        ),
        (["ERROR: Permission denied!"], "Permission denied! The user of crater-run may not"),
        (["ModuleNotFoundError: No module named 'pkg_resources'"], "'pkg_resources'. Setuptools 82 and later"),
    ])
    func theCureIsASentenceOfItsOwn(words: [String], text: String) throws {
        let description = try #require(AppFault(lastWords: words, of: "x")).description
        #expect(description.contains(text), "\(description)")
    }

    @Test(arguments: [
        ("ValueError: x.", "ValueError: x"), ("ValueError: x", "ValueError: x"), ("Loading...", "Loading..."),
    ])
    func withoutACureTheFullStopIsLeftToTheSentence(cause: String, description: String) {
        #expect(AppFault(lastWords: [cause], of: "x")?.description == description)
    }
}

import CraterRunCore
import Testing

@testable import CraterRun

/// crater-run's own options behind the `--`, where they are the app's words.
struct MisplacedOptionTests {
    private func problems(_ words: [String]) throws -> [String] {
        let request = try #require(AppRequest(plain: words), "\(words)")
        var settings = Settings(request.given, variables: { _ in nil })
        _ = request.definition(in: .up, publicHost: nil, settings: &settings)
        return settings.problems
    }

    /// A program of the user's own takes whatever options it likes.
    @Test(arguments: [
        ["gradio", "app.py", "--", "--rule", "x"], ["gradio", "app.py", "--", "--wait", "5"],
        ["dash", "app.py", "--", "--dry-run"], ["app", "demo", "--", "serve", "--rule", "x"],
        ["bokeh", "app.py", "--", "--args", "--rule", "x"], ["panel", "app.py", "--", "--args", "--wait", "5"],
        ["marimo", "book.py", "--", "--", "--rule", "x"],
    ])
    func theUsersProgramHasItsOwn(_ words: [String]) throws {
        #expect(try problems(words) == [])
    }

    @Test(arguments: [
        ["streamlit", "app.py", "--", "--rule", "x"], ["bokeh", "app.py", "--", "--rule", "x", "--args", "y"],
        ["tensorboard", "--", "--dry-run"], ["mlflow", "--", "--wait", "5"],
    ])
    func aKnownProgramHasNone(_ words: [String]) throws {
        let problems = try problems(words)
        #expect(problems.count == 1 && problems[0].contains("it is crater-run's own"), "\(problems)")
    }
}

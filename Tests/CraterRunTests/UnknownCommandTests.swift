import ArgumentParser
import Testing

@testable import CraterRun

struct UnknownCommandTests {
    private func message(_ words: [String]) throws -> String {
        let error = try #require(throws: (any Error).self) { try CraterRun.parseAsRoot(words) }
        return try #require(CraterRun.hinted(error, words: words) as? CommandFailure).message
    }

    @Test(arguments: [
        ("jupyter-lab", "jupyter lab"), ("jupyter-notebook", "jupyter notebook"), ("tensorbord", "tensorboard"),
        ("visdm", "visdom"),
    ])
    func offersWhatIsMeant(word: String, meant: String) throws {
        let offer = "cannot run \(word): there is no such command; did you mean crater-run \(meant)?"
        #expect(try message([word]) == offer)
    }

    @Test(arguments: ["flower", "x-y"]) func listsAllWhereNothingIsNear(word: String) throws {
        #expect(try message([word]).contains("there is no such command; there are "))
    }
}

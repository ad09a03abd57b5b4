import CraterRunCore
import Foundation
import Testing

/// Whatever happens in whatever order, as long as the world keeps its promises to the machine.
struct AppMachinePropertyTests {
    @Test(arguments: [RestartPolicy.always, .onFailure, .never], [nil, 3])
    func keepsItsPromisesWhateverHappens(_ restart: RestartPolicy, _ maxRestarts: Int?) {
        var random = SplitMix(seed: 42)
        for life in 0..<60 {
            let policy = AppPolicy.tensorBoard(
                restart: restart,
                maxRestarts: maxRestarts,
                onRuleChange: life.isMultiple(of: 3) ? .keep : .relaunch
            )
            var world = AppWorld(AppMachine(policy: policy, seed: UInt64(life)))
            for _ in 0..<400 { world.step(using: &random) }
            #expect(world.broken == [])
        }
    }

    @Test func keepsThemWithRuntimeFilesToo() {
        for life in 0..<60 {
            var policy = AppPolicy.tensorBoard(maxRestarts: 3)
            policy.writesRuntimeFiles = true
            var random = SplitMix(seed: UInt64(life))
            var world = AppWorld(AppMachine(policy: policy, seed: UInt64(life)))
            for _ in 0..<400 { world.step(using: &random) }
            #expect(world.broken == [])
        }
    }

    @Test(arguments: RestartPolicy.allCases)
    func keepsThemWhateverItIsTold(_ restart: RestartPolicy) {
        for life in 0..<100 {
            var world = AppWorld.withCommands(life: life, restart)
            var random = SplitMix(seed: UInt64(life))
            for _ in 0..<400 { world.step(using: &random) }
            #expect(world.broken == [], "life \(life)")
        }
    }

    /// The drawing of docs/states.md has the transitions that there are, and no others.
    @Test func isWhatTheDocumentDraws() throws {
        var seen: Set<String> = []
        for restart in RestartPolicy.allCases {
            for life in 0..<100 {
                var world = AppWorld.withCommands(life: life, restart)
                var random = SplitMix(seed: UInt64(life))
                for _ in 0..<400 { world.step(using: &random) }
                seen.formUnion(world.transitions)
            }
        }
        // Some are drawn twice, with two causes.
        let drawn = Set(try drawnArrows())
        #expect(seen.subtracting(drawn).sorted() == [], "not drawn")
        #expect(drawn.subtracting(seen).sorted() == [], "drawn, and never seen")
    }

    /// The lines of the drawing between two states, without what they say.
    private func drawnArrows() throws -> [String] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/states.md"), encoding: .utf8)
        return document.split(separator: "\n").drop { $0 != "stateDiagram-v2" }.prefix { $0 != "```" }
            .filter { $0.contains(" --> ") && !$0.contains("[*]") }
            .map { line in
                let arrow = line.split(separator: ":", maxSplits: 1).first ?? line
                return arrow.split(separator: " ").joined(separator: " ")
            }
    }

    @Test func triesOutEveryState() {
        var random = SplitMix(seed: 7)
        var seen: Set<AppState> = []
        for life in 0..<60 {
            let policy = AppPolicy.tensorBoard(maxRestarts: 3)
            var world = AppWorld(AppMachine(policy: policy, seed: UInt64(life)))
            for _ in 0..<400 {
                world.step(using: &random)
                seen.insert(world.machine.state)
            }
        }
        #expect(seen == Set(AppState.allCases))
    }
}

extension AppWorld {
    fileprivate static func withCommands(life: Int, _ restart: RestartPolicy) -> AppWorld {
        let limits: [Int?] = [nil, 0, 2]
        var policy = AppPolicy.tensorBoard(
            restart: restart,
            maxRestarts: limits[life % limits.count],
            stopTimeout: life.isMultiple(of: 5) ? .zero : .seconds(10),
            onRuleChange: life.isMultiple(of: 4) ? .keep : .relaunch
        )
        policy.restartUnresponsive = life.isMultiple(of: 2) ? .seconds(20) : nil
        policy.writesRuntimeFiles = life.isMultiple(of: 7)
        policy.remindsOfStop = life.isMultiple(of: 3)
        return AppWorld(AppMachine(policy: policy, seed: UInt64(life)), hasCommands: true)
    }
}

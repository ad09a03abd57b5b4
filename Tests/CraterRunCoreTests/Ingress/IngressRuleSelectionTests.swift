import Testing

@testable import CraterRunCore

struct IngressRuleSelectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Rule names with their ports; port 0 makes the rule a bad one.
        let rules: [(name: String, port: Int)]
        let app: AppIdentity
        let named: String?
        let port: UInt16?
        /// `found NAME`, `none`, `ambiguous NAME NAME`, `unusable NAME`.
        let outcome: String

        init(
            _ description: String,
            _ rules: [(String, Int)],
            app: AppIdentity = .tensorBoard,
            named: String? = nil,
            port: UInt16? = nil,
            is outcome: String
        ) {
            (testDescription, self.rules, self.app) = (description, rules.map { (name: $0.0, port: $0.1) }, app)
            (self.named, self.port, self.outcome) = (named, port, outcome)
        }
    }

    @Test(arguments: [
        Case("no rules", [], is: "none"),
        Case("its name", [("tensorboard", 1), ("visdom", 6006)], is: "found tensorboard"),
        Case("its other name", [("tb", 1)], is: "found tb"),
        Case("its name before its port", [("tb", 1), ("lars", 6006)], is: "found tb"),
        Case("two of its names", [("tensorboard", 1), ("tb", 2)], is: "ambiguous tb tensorboard"),
        Case("its port", [("lars", 6006), ("other", 1)], is: "found lars"),
        Case("its port under another app's name", [("visdom", 6006)], is: "none"),
        Case("its port twice", [("lars", 6006), ("my-logs", 6006)], is: "ambiguous lars my-logs"),
        Case("its port twice, once another app's", [("lars", 6006), ("lab", 6006)], is: "found lars"),
        Case("another's port", [("lars", 8888)], is: "none"),
        Case("names are exact", [("TensorBoard", 1)], is: "none"),
        Case("Jupyter's names", [("notebook", 1)], app: .jupyter, is: "found notebook"),
        Case(
            "several of Jupyter's names", [("lab", 1), ("jupyterlab", 2)], app: .jupyter, is: "ambiguous jupyterlab lab"
        ),
        Case("Visdom's port", [("lars", 8097)], app: .visdom, is: "found lars"),
        // What is meant and bad is never replaced by something else.
        Case("its name, bad", [("tensorboard", 0), ("lars", 6006)], is: "unusable tensorboard"),
        Case("one of its names bad, another good", [("tensorboard", 0), ("tb", 2)], is: "found tb"),
        Case("another rule bad", [("lars", 0), ("more", 6006)], is: "found more"),
        Case("named", [("lars", 1), ("tensorboard", 6006)], named: "lars", is: "found lars"),
        Case("named, not there", [("tensorboard", 6006)], named: "lars", is: "none"),
        Case("named, bad", [("lars", 0), ("tensorboard", 6006)], named: "lars", is: "unusable lars"),
        Case("named as another app", [("visdom", 1)], named: "visdom", is: "found visdom"),
        Case("on a port", [("tensorboard", 6006), ("more", 7000)], port: 6006, is: "found tensorboard"),
        Case("on a port, under any name", [("tensorboard", 6006), ("more", 7000)], port: 7000, is: "found more"),
        Case("on a port, as another app's", [("notebook", 6006)], port: 6006, is: "found notebook"),
        Case("on a port, its own of two", [("lars", 6006), ("tb", 6006)], port: 6006, is: "found tb"),
        Case("on a port, two others", [("lars", 1), ("more", 1)], port: 1, is: "ambiguous lars more"),
        Case("on a port where none is", [("tensorboard", 6006)], port: 7000, is: "none"),
        Case("on a port where none is, its own bad", [("tensorboard", 0)], port: 6006, is: "unusable tensorboard"),
        Case("on a port, and its own bad", [("tensorboard", 0), ("x", 1)], port: 1, is: "found x"),
        Case("named, on its port", [("lars", 1)], named: "lars", port: 1, is: "found lars"),
        Case("named, on another port", [("lars", 1), ("x", 2)], named: "lars", port: 2, is: "none"),
        Case("Jupyter's, on a port", [("notebook", 8888)], app: .jupyter, port: 8888, is: "found notebook"),
        Case("a custom app's, on a port", [("demo", 1), ("x", 2)], app: .demo, port: 2, is: "none"),
        Case("a custom app's, on its port", [("demo", 1), ("x", 2)], app: .demo, port: 1, is: "found demo"),
        Case("a custom app's, by the port alone", [("x", 2)], app: .demo, port: 2, is: "found x"),
    ])
    func chooses(_ test: Case) {
        let lines = test.rules.map { name, port in
            "\(IngressRules.keyPrefix)\(name)=\"{\\\"Port\\\":\(port),\\\"Prefix\\\":\\\"/\(name)\\\"}\""
        }
        let file = AnnotationsFile(parsing: Array(lines.joined(separator: "\n").utf8))
        let wish = RuleWish(name: test.named, port: test.port)
        let selection = RuleSelection.choose(for: test.app, in: IngressRules(annotations: file), wish: wish)
        #expect(outcome(selection) == test.outcome)
    }

    private func outcome(_ selection: RuleSelection) -> String {
        switch selection {
        case .found(let rule): "found \(rule.name)"
        case .none: "none"
        case .ambiguous(let rules): "ambiguous " + rules.map(\.name).joined(separator: " ")
        case .unusable(let problem): "unusable \(problem.ruleName)"
        }
    }

    @Test(arguments: [nil, "jupyter"])
    func comesToTheLabelLast(named: String?) throws {
        let labels = AnnotationsFile(parsing: Array(#"crater.raids.io/base-url="u-12345""#.utf8))
        let rules = IngressRules(annotations: AnnotationsFile(parsing: []), labels: labels)
        let rule = try #require(rules.labelRule)
        #expect(RuleSelection.choose(for: .jupyter, in: rules, wish: RuleWish(name: named)) == .found(rule))
        #expect(RuleSelection.choose(for: .jupyter, in: rules, wish: RuleWish(port: rule.port)) == .found(rule))
        #expect(RuleSelection.choose(for: .jupyter, in: rules, wish: RuleWish(port: 1)) == .none)
        #expect(RuleSelection.choose(for: .tensorBoard, in: rules) == .none)
        // Where nobody asks for Jupyter there is nothing that the label stands for.
        #expect(RuleSelection.choose(for: .jupyter, in: rules, usesLabel: false) == .none)
    }

    @Test func leavesOutWhatOtherAppsSayIsTheirs() throws {
        let (tb, own) = (
            IngressRule(name: "tb", port: 1, prefix: try PathPrefix("/a")),
            IngressRule(name: "tensorboard", port: 2, prefix: .root)
        )
        let both = RuleSelection.ambiguous([tb, own])
        #expect(both.without(["tb"]) == .found(own))
        #expect(both.without([]) == both)
        #expect(both.without(["tb", "tensorboard"]) == both)
        #expect(RuleSelection.found(tb).without(["tb"]) == .found(tb))
    }

    @Test func listsTheRulesThatCouldBeMeant() throws {
        let rules = [
            IngressRule(name: "tb", port: 1, prefix: try PathPrefix("/a")),
            IngressRule(name: "tensorboard", port: 2, prefix: .root),
        ]
        #expect(
            RuleSelection.ambiguous(rules).failureMessage(for: "tensorboard")
                == "cannot tell which ingress rule is tensorboard's: say --rule NAME with one of "
                + "tb (port 1, /a/), tensorboard (port 2, /)"
        )
    }
}

extension AppIdentity {
    fileprivate static let demo = AppIdentity(name: "demo", ruleNames: ["demo"], defaultPort: nil)
}

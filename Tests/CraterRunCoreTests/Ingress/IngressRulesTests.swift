import Testing

@testable import CraterRunCore

struct IngressRulesTests {
    private func rules(_ values: KeyValuePairs<String, String>, labels: String? = nil) -> IngressRules {
        let lines = values.map { "\($0.key)=\(GoQuotedString.encode($0.value.utf8))" }.joined(separator: "\n")
        return IngressRules(
            annotations: AnnotationsFile(parsing: Array(lines.utf8)),
            labels: labels.map { AnnotationsFile(parsing: Array("crater.raids.io/base-url=\"\($0)\"".utf8)) }
        )
    }

    private func rule(_ json: String, named name: String = "tensorboard") -> IngressRules {
        rules([IngressRules.keyPrefix + name: json])
    }

    private func expected(_ name: String, _ port: UInt16, _ prefix: String, host: String? = nil) throws -> IngressRule {
        IngressRule(name: name, port: port, prefix: try PathPrefix(prefix), publicHost: host)
    }

    @Test(arguments: [
        // The three shapes that the platform has written.
        #"{"Name":"tensorboard","Port":6006,"Prefix":"/ingress/liuxw24-379e0/"}"#,
        #"{"name":"tensorboard","port":6006,"prefix":"/ingress/liuxw24-379e0/"}"#,
        #"{"Name":"tensorboard","ContainerPort":6006,"ServicePort":80,"Prefix":"/ingress/liuxw24-379e0","ServiceName":"s","IngressName":"i"}"#,
        // And what else says the same.
        #"{"PREFIX":"/ingress/liuxw24-379e0","pOrT":6006}"#,
        #"{"Port":6006,"ContainerPort":6006,"port":6006,"Prefix":"/ingress/liuxw24-379e0","prefix":"/ingress/liuxw24-379e0"}"#,
        #" {"Port" : 6006 ,"# + "\n\t"
            + #""Prefix": "\/ingress\/liuxw24\u002d379e0\/" , "x": [{"Port": 1}, "}", "\"" ] } "#,
        #"{"Port":6006,"Prefix":"/ingress/liuxw24-379e0/","Port2":1,"":null,"训练":"é"}"#,
        #"{"\u0050ort":6006,"Prefix":"/ingress/liuxw24-379e0/"}"#,
    ])
    func readsARule(_ json: String) throws {
        let rules = rule(json)
        #expect(rules.rules == [try expected("tensorboard", 6006, "/ingress/liuxw24-379e0")])
        #expect(rules.problems == [])
    }

    @Test(
        arguments: [
            // Port.
            (#"{"Port":"6006","Prefix":"/a"}"#, .wrongType(.port, found: "a string"), #""6006""#),
            (#"{"Port":null,"Prefix":"/a"}"#, .wrongType(.port, found: "null"), "null"),
            (#"{"Port":true,"Prefix":"/a"}"#, .wrongType(.port, found: "a boolean"), "true"),
            (#"{"Port":[6006],"Prefix":"/a"}"#, .wrongType(.port, found: "an array"), "[6006]"),
            (#"{"Port":{},"Prefix":"/a"}"#, .wrongType(.port, found: "an object"), "{}"),
            (#"{"Port":6006.5,"Prefix":"/a"}"#, .portNotAnInteger, "6006.5"),
            (#"{"Port":6006.0,"Prefix":"/a"}"#, .portNotAnInteger, "6006.0"),
            (#"{"Port":1e99,"Prefix":"/a"}"#, .portNotAnInteger, "1e99"),
            (#"{"Port":-1,"Prefix":"/a"}"#, .portOutOfRange, "-1"),
            (#"{"Port":0,"Prefix":"/a"}"#, .portOutOfRange, "0"),
            (#"{"Port":-0,"Prefix":"/a"}"#, .portOutOfRange, "-0"),
            (#"{"Port":65536,"Prefix":"/a"}"#, .portOutOfRange, "65536"),
            (#"{"Port":99999999999999999999,"Prefix":"/a"}"#, .portOutOfRange, "99999999999999999999"),
            (#"{"Prefix":"/a"}"#, .missing(.port), #"{"Prefix":"/a"}"#),
            (#"{"Port":1,"ContainerPort":2,"Prefix":"/a"}"#, .conflict(.port), "2"),
            (#"{"Port":1,"port":2,"Prefix":"/a"}"#, .conflict(.port), "2"),
            (#"{"Port":1,"Port":2,"Prefix":"/a"}"#, .conflict(.port), "2"),
            // Prefix.
            (#"{"Port":1}"#, .missing(.prefix), #"{"Port":1}"#),
            (#"{"Port":1,"Prefix":null}"#, .wrongType(.prefix, found: "null"), "null"),
            (#"{"Port":1,"Prefix":7}"#, .wrongType(.prefix, found: "a number"), "7"),
            (#"{"Port":1,"Prefix":"/a","prefix":"/b"}"#, .conflict(.prefix), #""/b""#),
            (#"{"Port":1,"Prefix":"//evil"}"#, .badLocation(.prefix(.emptySegment)), #""//evil""#),
            (#"{"Port":1,"Prefix":"--logdir=/"}"#, .badLocation(.prefix(.noLeadingSlash)), #""--logdir=/""#),
            (#"{"Port":1,"Prefix":"/\u002e."}"#, .badLocation(.prefix(.dotSegment)), #""/\u002e.""#),
            (#"{"Port":1,"Prefix":"https:///a"}"#, .badLocation(.host(.empty)), #""https:///a""#),
            (#"{"Port":1,"Prefix":"https://h h/a"}"#, .badLocation(.host(.badHost)), #""https://h h/a""#),
            (#"{"Port":1,"Prefix":"https://h//a"}"#, .badLocation(.prefix(.emptySegment)), #""https://h//a""#),
            // Name.
            (#"{"Name":"a","name":"b","Port":1,"Prefix":"/"}"#, .conflict(.name), #""b""#),
            // JSON.
            ("", .notAnObject, ""), ("[1]", .notAnObject, "[1]"), ("6006", .notAnObject, "6006"),
            (#""{}""#, .notAnObject, #""{}""#), ("null", .notAnObject, "null"),
            ("\u{FEFF}{}", .notAnObject, "\\ufeff{}"),
            ("{", .notJSON, "{"), ("}", .notAnObject, "}"), ("{]", .notJSON, "{]"), ("{}}", .notJSON, "{}}"),
            (#"{"Port":1,"Prefix":"/a"} x"#, .notJSON, #"{"Port":1,"Prefix":"/a"} x"#),
            (#"{"Port":1,"Prefix":"/a"}{}"#, .notJSON, #"{"Port":1,"Prefix":"/a"}{}"#),
            (#"{"Port":1,"Prefix":"/a",}"#, .notJSON, #"{"Port":1,"Prefix":"/a",}"#),
            (#"{,"Port":1,"Prefix":"/a"}"#, .notJSON, nil), ("{,}", .notJSON, "{,}"), ("{}", .missing(.port), "{}"),
            (#"{'Port':1,"Prefix":"/a"}"#, .notJSON, #"{'Port':1,"Prefix":"/a"}"#),
            (#"{"Port":1 "Prefix":"/a"}"#, .notJSON, #"{"Port":1 "Prefix":"/a"}"#),
            (#"{"Port":1,"Prefix":"/a}"#, .notJSON, #"{"Port":1,"Prefix":"/a}"#),
            (#"{"Port":,"Prefix":"/a"}"#, .notJSON, #"{"Port":,"Prefix":"/a"}"#),
            (#"{"Port":006,"Prefix":"/a"}"#, .notJSON, nil),
            (#"{"Port":NaN,"Prefix":"/a"}"#, .notJSON, nil),
            (#"{"Port":0x10,"Prefix":"/a"}"#, .notJSON, nil),
            (#"{Port:1,"Prefix":"/a"}"#, .notJSON, nil),
            ("{\"Port\":1,\"Prefix\":\"/a\"}\u{0}", .notJSON, nil),
            (#"{"Port":1,"Prefix":"/\ud800"}"#, .badText(.prefix), nil),
            (#"{"Port":1,"Prefix":"/\q"}"#, .badText(.prefix), nil),
            ("{\"Port\":1,\"Prefix\":\"/a\nb\"}", .badText(.prefix), nil),
        ] as [(String, RuleProblem.Reason, String?)])
    func reportsABadRule(_ json: String, reason: RuleProblem.Reason, value: String?) throws {
        let rules = rule(json)
        #expect(rules.rules == [])
        let problem = try #require(rules.problems.first)
        #expect(rules.problems.count == 1)
        #expect(problem.reason == reason)
        #expect(problem.severity == .error)
        if let value { #expect(problem.value == value) }
        #expect(problem.message.hasPrefix("cannot use the ingress rule tensorboard: "))
        #expect(!problem.message.contains("\n"))
    }

    @Test func saysWhatIsWrongInOneLine() {
        #expect(
            rule(#"{"Port":"6006","Prefix":"/a"}"#).problems.map(\.message)
                == ["cannot use the ingress rule tensorboard: its Port is a string, not an integer, value \"6006\""]
        )
    }

    // The texts are not arguments: each would be in the test's name.
    @Test func survivesDeepNesting() {
        for opening in ["[", "{\"a\":"] {
            let json = "{\"a\":" + String(repeating: opening, count: 40_000)
            #expect(rule(json).problems.map(\.reason) == [.tooDeep])
        }
        let brackets = String(repeating: "[", count: 100_000)
        #expect(rule(brackets).problems.map(\.reason) == [.notAnObject])
        #expect(rule("{\"a\":\(brackets)").problems.map(\.reason) == [.tooDeep])
        #expect(rule("{\"Port\":1,\"Prefix\":\"/a\",\"x\":\"\(brackets)\"}").problems == [])
    }

    @Test func survivesHugeJSON() {
        let huge = "{\"x\":[" + Array(repeating: "1", count: 1 << 20).joined(separator: ",") + "]}"
        #expect(rule(huge).problems.map(\.reason) == [.tooLong])
        #expect(rule(huge).problems.allSatisfy { $0.message.utf8.count < 300 })
    }

    @Test func reportsWhatIsNotUTF8() {
        let file = AnnotationsFile(
            parsing: Array(#"ingress.crater.raids.io/a="{\"Port\":1,\"Prefix\":\"/\xff\"}""#.utf8))
        #expect(IngressRules(annotations: file).problems.map(\.reason) == [.notUTF8])
    }

    @Test func readsThePathAndHostOfAFullURL() throws {
        let url = #"{"Port":1,"Prefix":"HTTPS://App.Crater.example:8443/x/"}"#
        #expect(rule(url).rules == [try expected("tensorboard", 1, "/x", host: "app.crater.example:8443")])
        let root = #"{"Port":1,"Prefix":"https://app.crater.example"}"#
        #expect(rule(root).rules == [try expected("tensorboard", 1, "/", host: "app.crater.example")])
    }

    @Test(arguments: ["", "/"])
    func takesAnEmptyPrefixAsTheRoot(_ prefix: String) throws {
        #expect(rule(#"{"Port":1,"Prefix":"\#(prefix)"}"#).rules == [try expected("tensorboard", 1, "/")])
    }

    @Test func aBadRuleHidesNoGoodOne() throws {
        let rules = rules([
            "ingress.crater.raids.io/visdom": #"{"Port":8097,"Prefix":"/v"}"#,
            "ingress.crater.raids.io/bad": "{",
            "ingress.crater.raids.io/": #"{"Port":8097,"Prefix":"/v"}"#,
            "ingress.crater.raids.io/a": #"{"Port":1,"Prefix":"/a"}"#,
            "kubernetes.io/config.source": "api",
            "nodeport.crater.raids.io/ssh": #"{"Port":22,"Prefix":"/s"}"#,
            "Ingress.crater.raids.io/b": #"{"Port":2,"Prefix":"/b"}"#,
            "crater.raids.io/task-name": "训练任务-1\u{1B}",
        ])
        #expect(rules.rules == [try expected("a", 1, "/a"), try expected("visdom", 8097, "/v")])
        #expect(rules.problems.map(\.reason) == [.noName, .notJSON])
        #expect(
            rules.problems.first?.message
                == "cannot use the annotation ingress.crater.raids.io/: its key has no rule name after the slash, "
                + #"value {"Port":8097,"Prefix":"/v"}"#
        )
        #expect(rules.taskName == "训练任务-1\\x1b")
    }

    @Test func warnsOfANameThatIsNotItsKeys() throws {
        let rules = rule(#"{"Name":"visdom","Port":1,"Prefix":"/a"}"#)
        #expect(rules.rules == [try expected("tensorboard", 1, "/a")])
        #expect(rules.problems.map(\.reason) == [.otherName])
        #expect(rules.problems.map(\.severity) == [.warning])
        #expect(rule(#"{"Name":5,"Port":1,"Prefix":"/a"}"#).problems.map(\.reason) == [.otherName])
    }

    @Test(arguments: ["TensorBoard", "tb2", "my-app", "abcdefghijklmnopqrstu"])
    func warnsOfANameThatThePlatformDoesNotGive(_ name: String) {
        let rules = rule(#"{"Port":1,"Prefix":"/a"}"#, named: name)
        #expect(rules.rules.map(\.name) == [name])
        #expect(rules.problems.map(\.reason) == [.unusualName])
    }

    @Test func warnsOfTheSamePortOrPrefix() throws {
        let rules = rules([
            "ingress.crater.raids.io/b": #"{"Port":6006,"Prefix":"/x"}"#,
            "ingress.crater.raids.io/a": #"{"Port":6006,"Prefix":"/x/"}"#,
            "ingress.crater.raids.io/c": #"{"Port":6006,"Prefix":"/y"}"#,
            "ingress.crater.raids.io/d": #"{"Port":1,"Prefix":"/x"}"#,
        ])
        #expect(rules.rules.count == 4)
        #expect(
            rules.problems.map(\.message) == [
                "the ingress rule c is odd: it has the same port 6006 as a, b",
                "the ingress rule d is odd: it has the same prefix as a, b",
            ]
        )
    }

    @Test func takesRulesAtTheRootAsOnSubdomainsOfTheirOwn() {
        let rules = rules([
            "ingress.crater.raids.io/a": #"{"Port":1,"Prefix":"/"}"#,
            "ingress.crater.raids.io/b": #"{"Port":2,"Prefix":""}"#,
            "ingress.crater.raids.io/c": #"{"Port":3,"Prefix":"https://h/"}"#,
            "ingress.crater.raids.io/d": #"{"Port":4,"Prefix":"https://h"}"#,
        ])
        #expect(rules.problems.map(\.reason) == [.samePrefix(as: ["c"])])
    }

    @Test func takesTheLastOfSeveralAnnotationsWithOneKey() throws {
        let rules = rules([
            "ingress.crater.raids.io/a": "{",
            "ingress.crater.raids.io/b": #"{"Port":2,"Prefix":"/b"}"#,
            "ingress.crater.raids.io/a": #"{"Port":1,"Prefix":"/a"}"#,
            "ingress.crater.raids.io/a": #"{"Port":3,"Prefix":"/c"}"#,
        ])
        #expect(rules.rules == [try expected("a", 3, "/c"), try expected("b", 2, "/b")])
        #expect(rules.problems.map(\.reason) == [.givenTwice])
    }

    @Test func isEqualWhenOnlyTheKubeletsOwnAnnotationsDiffer() {
        let rule = (key: "ingress.crater.raids.io/a", value: #"{"Port":1,"Prefix":"/a"}"#)
        #expect(
            rules([rule.key: rule.value, "kubernetes.io/config.seen": "2026-01-01T00:00:00Z"])
                == rules(["kubernetes.io/config.seen": "2026-01-02T00:00:00Z", rule.key: rule.value])
        )
    }

    // MARK: - The label

    @Test func givesJupyterTheRuleOfThePodsLabel() throws {
        let rules = rules(["a": "b"], labels: "liuxw24-379e0")
        #expect(rules.labelRule == (try expected("jupyter", 8888, "/ingress/liuxw24-379e0")))
        #expect(rules.rules == [])
        #expect(rules.problems == [])
    }

    @Test(arguments: [
        #"{"Port":9999,"Prefix":"/n"}"#,
        // A rule with an error is the user's, and the label is no answer to it.
        "{",
    ])
    func doesWithoutTheLabelWhereAnAnnotationIsJupyters(_ json: String) {
        #expect(rules(["ingress.crater.raids.io/notebook": json], labels: "u-12345").labelRule == nil)
    }

    @Test(arguments: ["", "u", "u-1234", "u-123456", "-12345", "u-1234g", "u/a-12345", "u-1234F", "u_12345", "ü-12345"])
    func warnsOfALabelThatIsNoBaseURL(_ value: String) {
        let rules = rules(["a": "b"], labels: value)
        #expect(rules.labelRule == nil)
        #expect(rules.problems.map(\.reason) == [.badLabel])
        #expect(rules.problems.map(\.severity) == [.warning])
        #expect(rules.problems[0].message.hasPrefix("cannot use the label crater.raids.io/base-url: it is not <user>-"))
    }
}

import CraterRunCore
import Testing

/// The form in which each app is given a prefix, and the prefixes that an app cannot serve.
struct PrefixFormTests {
    private static let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable)

    private func words(_ app: any WebApp, _ prefix: String) throws(Refusal) -> [String] {
        try app.arguments(for: IngressRule("mine", 8888, prefix), on: PrefixFormTests.host)
    }

    private func refusal(_ app: any WebApp, _ prefix: String) -> String? {
        do throws(Refusal) {
            _ = try words(app, prefix)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        arguments: [
            ("/ingress/z.san%40corp-1a2b3/", "/ingress/z.san@corp-1a2b3"), ("/%7Ea", "/~a"), ("/a%20b", "/a b"),
            ("/a%25b", "/a%b"), ("/a%2540", "/a%40"), ("/a(b)+*$.c", "/a(b)+*$.c"), ("/%28%3F%23", "/(?#"), ("/", "/"),
        ])
    func isDecodedWhereTheAppDecodesRequests(prefix: String, decoded: String) throws {
        #expect(try words(TensorBoard(), prefix).last == "--path_prefix=\(decoded)")
        let marimo = try words(Marimo(words: ["--no-token"]), prefix)
        #expect(marimo.contains(decoded) == (prefix != "/"))
    }

    @Test(arguments: ["/a%c3%a9", "/%E5%BC%A0", "/a%FF"])
    func isRefusedForTensorBoardWithLettersBeyondASCII(_ prefix: String) throws {
        let reason = try #require(refusal(TensorBoard(), prefix))
        #expect(
            reason.hasPrefix("tensorboard cannot be served below \(prefix)/: it reads letters beyond ASCII wrongly"))
    }

    @Test(arguments: ["/a%20b", "/a%c3%a9", "/a%25b", "/a;b", "/a=b", "/a%3Fb"])
    func isRefusedForMarimoWhereNobodyCouldLogIn(_ prefix: String) throws {
        let reason = try #require(refusal(Marimo(), prefix))
        #expect(reason.hasPrefix("marimo cannot be served below \(prefix)/: it cannot log anybody in"))
        #expect(refusal(Marimo(words: ["--no-token"]), prefix) == nil)
    }

    @Test(arguments: [
        "/ingress/z.san%40corp-1a2b3", "/%7Ea", "/a%20b", "/a%c3%a9", "/a%FF", "/a%28b%29", "/a.b@~!&,=:",
    ])
    func isTheRequestsOwnForTornado(_ prefix: String) throws {
        #expect(try words(Jupyter(), prefix).first == "--ServerApp.base_url=\(prefix)/")
        #expect(try words(Visdom(), prefix).contains(prefix))
    }

    @Test(arguments: ["/a(b)", "/a+b", "/a*b", "/a$b", "/x/(", "/)"])
    func isRefusedWhereItIsARegularExpression(_ prefix: String) throws {
        for app in [Jupyter(), Visdom()] as [any WebApp] {
            let reason = try #require(refusal(app, prefix))
            #expect(
                reason.hasPrefix("\(app.identity.name) cannot be served below \(prefix)/: it takes these for signs"))
            #expect(reason.hasSuffix("The rule mine needs a prefix without them"))
        }
        #expect(refusal(TensorBoard(), prefix) == nil)
        #expect(refusal(Marimo(), prefix) == nil)
    }

    @Test func isRefusedWhereACookieCannotHaveIt() {
        #expect(
            refusal(Jupyter(), "/a;b")
                == "jupyter cannot be served below /a;b/: it cannot write such a path in its cookies: ;. The rule mine needs "
                + "a prefix without them")
        for app in [TensorBoard(), Visdom()] as [any WebApp] { #expect(refusal(app, "/a;b") == nil) }
    }

    /// The user's own flag of the same prefix, in any form, is left out: it would come last, and win.
    @Test(arguments: ["/a%40b", "/a@b", "/a@b/", "/a%40b/"])
    func isTakenInAnyFormFromTheUser(_ typed: String) throws {
        for flags in [["--path_prefix=\(typed)"], ["--pa", typed]] {
            let app = TensorBoard(flags: flags + ["--reload_interval=5"])
            let given = try words(app, "/a%40b")
            #expect(given.suffix(2) == ["--path_prefix=/a@b", "--reload_interval=5"])
        }
        let jupyter = try words(Jupyter(flags: ["--ServerApp.base_url=\(typed)"]), "/a%40b")
        #expect(jupyter.filter { $0.contains("base_url") }.count == 2)
    }

    @Test func isThereForACustomAppWithAndWithoutEscapes() throws {
        let app = CustomApp(name: "mine", command: ["app", "{prefix}", "{prefix/}", "{prefix:decoded}"])
        #expect(try words(app, "/a%40b") == ["/a%40b", "/a%40b/", "/a@b"])
        #expect(try words(app, "/") == ["", "/", ""])
    }
}

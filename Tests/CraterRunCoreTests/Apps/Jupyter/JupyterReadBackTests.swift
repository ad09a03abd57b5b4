import CraterRunCore
import Testing

/// What Jupyter's own file makes crater-run say.
struct JupyterReadBackTests {
    private let rule = IngressRule("jupyter", 8888, "/ingress/x/")

    /// As jupyter_server 2.21 writes it.
    private func file(
        _ name: String = "jpserver-17.json",
        base: String = "/ingress/x/",
        port: Int = 8888,
        token: String = "0123456789abcdef",
        password: Bool = false,
        secure: Bool = false
    ) -> RuntimeFile {
        let text = """
            {"base_url": "\(base)", "hostname": "0.0.0.0", "password": \(password), "pid": 17, "port": \(port), \
            "root_dir": "/work", "secure": \(secure), "sock": "", "token": "\(token)", \
            "url": "http://vm:8888/ingress/x/", "version": "2.21.1"}
            """
        return RuntimeFile(name: name, content: Array(text.utf8))
    }

    private func read(_ files: RuntimeFile..., announced: String? = nil, rule: IngressRule? = nil) -> ReadBack {
        Jupyter().readBack(files, for: rule ?? self.rule, announced: announced)
    }

    @Test func saysWhereToOpenItOnce() {
        let first = read(file())
        #expect(
            first.entries == [LogEntry(.info, "jupyter: open /ingress/x/?token=0123456789abcdef", isEssential: true)])
        let remembered = first.announced
        #expect(remembered != nil)
        // The link is known after a restart of crater-run, too.
        #expect(
            read(file(), announced: remembered) == ReadBack(link: "/ingress/x/?token=0123456789abcdef"))
        // Another token is news, a changed prefix is not: the platform keeps the first token that it finds.
        #expect(read(file(token: "ffff"), announced: remembered).entries.count == 1)
        let other = IngressRule("jupyter", 8888, "/y")
        #expect(
            read(file(base: "/y/"), announced: remembered, rule: other) == ReadBack(link: "/y/?token=0123456789abcdef"))
    }

    @Test func namesThePublicHost() {
        let rule = IngressRule(name: "jupyter", port: 8888, prefix: rule.prefix, publicHost: "gpu.example.org")
        #expect(
            read(file(), rule: rule).entries.first?.message
                == "jupyter: open https://gpu.example.org/ingress/x/?token=0123456789abcdef")
    }

    @Test func readsTheClassicNotebooksFile() {
        #expect(read(file("nbserver-17.json")).entries.count == 1)
    }

    @Test func saysNothingWithoutAFile() {
        #expect(read() == ReadBack())
        for name in ["kernel-1.json", "jpserver-17-open.html", "x-jpserver-1.json"] {
            #expect(read(file(name)) == ReadBack())
        }
        for text in ["", "{", "[]", "null", "{}", #"{"port":8888}"#, #"{"port":99999,"base_url":"/ingress/x/"}"#] {
            #expect(read(RuntimeFile(name: "jpserver-1.json", content: Array(text.utf8))) == ReadBack())
        }
    }

    @Test func takesTheServerAtItsPortOfSeveral() {
        let entries = read(file("jpserver-1.json", port: 9999, token: "a"), file("jpserver-2.json", token: "b")).entries
        #expect(entries.map(\.message) == ["jupyter: open /ingress/x/?token=b"])
    }

    @Test(arguments: [("my-token_1", "my-token_1"), ("a b&c", "a%20b%26c"), ("käse", "k%C3%A4se")])
    func warnsOfATokenThatThePlatformCannotRead(token: String, shown: String) {
        let entries = read(file(token: token)).entries
        #expect(entries.first?.message == "jupyter: open /ingress/x/?token=\(shown)")
        #expect(entries.count == 2)
        #expect(entries.last?.level == .warning)
        #expect(entries.last?.message.contains(token) == false)
    }

    /// As a file has it that was written by echo: Jupyter keeps the newline, and trims what it compares with.
    @Test(arguments: [#"abc\n"#, " abc"]) func saysThatNobodyGetsInWithWhiteSpace(token: String) {
        let result = read(file(token: token))
        #expect(result.entries.map(\.level) == [.error])
        #expect(result.entries.first?.message.contains("?token=") == false)
        #expect(read(file(token: token), announced: result.announced) == ReadBack())
    }

    @Test func showsNoTokenThatWouldNotStayInOnePiece() {
        let token = String(repeating: "x", count: 1025)
        let result = read(file(token: token))
        #expect(result.entries.count == 1)
        #expect(result.entries.first?.message.contains("xx") == false)
        #expect(read(file(token: token), announced: result.announced) == ReadBack())
    }

    @Test func tellsOfAPasswordAndOfNoneAtAll() {
        let password = read(file(token: "", password: true))
        #expect(
            password.entries == [
                LogEntry(.info, "jupyter: open /ingress/x/ and log in with its password", isEssential: true)
            ])
        let open = read(file(token: ""))
        #expect(open.entries.first?.level == .warning)
        #expect(open.entries.first?.message.contains("whoever knows the path can run code") == true)
        for result in [password, open] {
            #expect(result.entries.first?.message.contains("token=") == false)
            #expect(read(file(token: "", password: result == password), announced: result.announced) == ReadBack())
        }
    }

    @Test func saysWhatAConfigurationOverrode() {
        for file in [file(port: 9999), file(base: "/other/"), file(base: "/")] {
            let result = read(file)
            #expect(result.announced == nil)
            #expect(result.entries.map(\.level) == [.error])
            #expect(result.entries.first?.message.contains("token=") == false)
        }
        #expect(
            read(file(base: "/other/", port: 9999)).entries.first?.message
                == "jupyter: it serves at port 9999, path /other/ instead of port 8888, path /ingress/x/: take port and "
                + "base_url out of its configuration (~/.jupyter; jupyter --paths lists all places)")
        #expect(read(file(secure: true)).entries.first?.message.contains("HTTPS") == true)
    }
}

import CraterRunCore
import Testing

/// What the user is told, and which page is opened.
extension PresetTests {
    @Test func saysWhatIsMissing() throws {
        func notes(_ app: any SimpleApp) throws -> [String] { try Self.plan(app, on: Self.host(hasData: false)).notes }
        #expect(
            try notes(Streamlit()) == ["the file app.py is not there (yet): streamlit does not start until it is"])
        #expect(
            try notes(VisualDL()) == ["the directory ./logs is not there (yet): visualdl shows nothing until it is"])
        #expect(try notes(Aim(words: ["runs"])).first?.contains("runs/.aim is not there (yet)") == true)
        #expect(VisualDL(words: ["--logdir=hdfs://a/b"]).dataDirectory == nil)
        #expect(Aim(words: ["--repo", "aim://a"]).dataDirectory == nil)
    }

    @Test(arguments: [["a.py"], ["a.py", "--auth-module=b.py"], ["a.py", "--auth-mod", "b.py"]])
    func saysThatThereIsNoLoginWhereThereIsNone(words: [String]) {
        #expect((Bokeh(words: words).withoutLogin == nil) == (words.count > 1))
        #expect((Panel(words: words).withoutLogin == nil) == (words.count > 1))
    }

    @Test func aVariableGivesPanelALogin() {
        for name in ["PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER"] {
            #expect(Panel().withoutLogin { $0 == name ? "x" : nil } == nil)
            #expect(Panel().withoutLogin { $0 == name ? "" : nil } != nil)
            #expect(Bokeh().withoutLogin { $0 == name ? "x" : nil } != nil)
        }
    }

    @Test(arguments: [
        ("a/b.py", "/b"), ("a.b.py", "/a.b"), ("dir", "/dir"), ("dir/", "/dir"), (".", ""), ("..", ""),
    ])
    func opensAPageByItsFile(file: String, page: String) {
        #expect(Bokeh(words: [file]).page == page)
    }
}

import CraterRunCore
import Testing

struct ShellWordsTests {
    @Test(arguments: [
        ("", []),
        ("  \t ", []),
        ("tensorboard --logdir ./logs", ["tensorboard", "--logdir", "./logs"]),
        ("  a   b  ", ["a", "b"]),
        (#"a 'b  c' d"#, ["a", "b  c", "d"]),
        (#"a "b  c" d"#, ["a", "b  c", "d"]),
        (#"a\ b"#, ["a b"]),
        (#"'' "" a"#, ["", "", "a"]),
        (#"--x='a b'"c d"e"#, ["--x=a bc de"]),
        (#"'a\b' "a\b" "a\"b\\\$\`""#, [#"a\b"#, #"a\b"#, #"a"b\$`"#]),
        ("$HOME * ; | ~ # `x`", ["$HOME", "*", ";", "|", "~", "#", "`x`"]),
        ("a\\\nb 'c\nd'", ["ab", "c\nd"]),
        ("日本 'é'", ["日本", "é"]),
    ]) func splits(line: String, words: [String]) throws {
        #expect(try ShellWords.split(line) == words)
    }

    @Test(arguments: [
        ("--logdir ~/runs ~", ["--logdir", "/home/me/runs", "/home/me"]),
        ("~ada/x ~ada", ["/home/ada/x", "/home/ada"]),
        (#"~/"a b" ~/'c'd"#, ["/home/me/a b", "/home/me/cd"]),
        (#"'~/x' "~" \~/x ~'ada' ~"/x""#, ["~/x", "~", "~/x", "~ada", "~/x"]),
        ("a~ a/~/b --logdir=~/x ~nobody/x", ["a~", "a/~/b", "--logdir=~/x", "~nobody/x"]),
        ("~root/x ~root", ["/x", "/"]),
        ("-- ~/bin/serve", ["--", "/home/me/bin/serve"]),
    ]) func putsAHomeInPlaceOfATilde(line: String, words: [String]) throws {
        #expect(try ShellWords.split(line, homes: .some) == words)
    }

    @Test(arguments: [
        ("~", "/home/me"), ("~/x", "/home/me/x"), ("~ada", "/home/ada"), ("~ada/x/", "/home/ada/x/"), ("~root/x", "/x"),
        ("~root", "/"), ("~none/x", "~none/x"), ("x~", "x~"), ("./~", "./~"), ("", ""), ("/~", "/~"),
    ]) func expandsAPath(path: String, expanded: String) {
        #expect(HomeDirectories.some.expand(path) == expanded)
        #expect(HomeDirectories.unknown.expand(path) == path)
    }

    @Test(arguments: [
        ("a 'b", "the quote ' has no end"), ("a \"b", "the quote \" has no end"), ("\"a\\", "the quote \" has no end"),
        ("a\\", "it ends with a backslash"),
    ]) func refuses(line: String, reason: String) {
        let error = #expect(throws: ShellWords.SplitError.self) { try ShellWords.split(line) }
        #expect(error?.reason == reason)
    }

    /// What is quoted for a shell is read back as it was.
    @Test func takesBackWhatIsQuoted() throws {
        var random = SplitMix(seed: 7)
        let characters: [Character] = Array(" '\"\\$`*a-=/\n\té日\r\u{1B}\u{9B}\u{202E}7")
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                (0..<Int.random(in: 0..<8, using: &random)).reduce(into: "") { word, _ in
                    word.append(characters[Int.random(in: 0..<characters.count, using: &random)])
                }
            }
            #expect(try ShellWords.split(ShellQuoting.quote(words)) == words)
        }
    }
}

extension HomeDirectories {
    static let some = HomeDirectories { ["": "/home/me", "ada": "/home/ada", "root": "/"][$0] }
}

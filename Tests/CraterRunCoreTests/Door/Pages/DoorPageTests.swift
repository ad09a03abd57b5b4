import Testing

@testable import CraterRunCore

/// Rule 9, and what a page has to be.
struct DoorPageTests {
    private static let evil = "<img src=x onerror=alert(1)>\"'&\u{1B}[31m\u{202E}"

    private var pages: [DoorAnswer] {
        let state = DoorAppState(
            .backingOff, since: DoorCase.now, restarts: 1, reason: Self.evil, cure: Self.evil, retryAt: DoorCase.now,
            lastLines: [Self.evil, Self.evil])
        let route = DoorCase.route(Self.evil, "/ingress/x&y", login: DoorCase.login, state: state)
        return [
            StatePage(route: route, isTrusted: true, now: DoorCase.now).answer,
            StatePage(route: route, isTrusted: false, next: "/ingress/x&y/\(Self.evil)", now: DoorCase.now).answer,
            StatePage(route: route, isTrusted: true, failure: .malformed(Self.evil), now: DoorCase.now).answer,
            LoginPage(route: route, next: "/ingress/x&y/\(Self.evil)", isWrong: true).answer,
            LogoutPage(route: route).answer,
        ]
    }

    @Test func haveTheHeadersOfOwnPages() throws {
        for page in pages {
            #expect(page.values(of: "Content-Type") == ["text/html; charset=utf-8"])
            #expect(page.values(of: "Cache-Control") == ["no-store"])
            #expect(page.values(of: "Cross-Origin-Opener-Policy") == ["noopener-allow-popups"])
            #expect(page.values(of: "Cross-Origin-Resource-Policy") == ["same-origin"])
            #expect(page.values(of: "X-Content-Type-Options") == ["nosniff"])
            #expect(page.values(of: "Referrer-Policy").count == 1)
            let policy = try #require(page.value(of: "Content-Security-Policy"))
                .split(separator: "; ")
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("frame-ancestors 'self'"))
            #expect(policy.contains("form-action 'self'"))
            #expect(policy.contains("base-uri 'none'"))
            #expect(!policy.contains { $0.contains("unsafe") || $0.contains("*") })
        }
    }

    /// What the policy allows is what the page has.
    @Test func theHashesAreThoseOfThePage() throws {
        for page in pages {
            let policy = try #require(page.value(of: "Content-Security-Policy"))
            for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
                let inner = try #require(page.text.between("<\(tag)>", "</\(tag)>"))
                let hash = Base64.encode(SHA256.digest(of: inner.utf8))
                #expect(policy.contains("\(directive) 'sha256-\(hash)'"))
            }
        }
    }

    @Test func nothingFromOutsideIsMarkup() {
        for page in pages {
            #expect(!page.text.contains("<img"))
            #expect(!page.text.contains("onerror=alert(1)>"))
            #expect(page.text.unicodeScalars.allSatisfy { $0 == "\n" || PrintableText.isPrintable($0) })
        }
    }

    /// No file from elsewhere, no inline handler, no inline style: the policy would refuse them.
    @Test func needsNothingElse() {
        for page in pages {
            for word in [" src=", " style=", " onclick=", " onload=", "http://", "https://", "@import", "url("] {
                #expect(!page.text.replacing(HTMLText.escape(Self.evil), with: "").contains(word), "\(word)")
            }
        }
    }

    @Test func fitsEveryScreen() {
        for page in pages {
            #expect(page.text.hasPrefix("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"))
            #expect(page.text.contains(#"<meta name="viewport" content="width=device-width, initial-scale=1">"#))
            #expect(page.text.contains("prefers-color-scheme: dark"))
            #expect(page.text.contains("<link rel=\"icon\" href=\"data:,\">"))
        }
    }

    /// Only pages that wait load again, and only without a form: a reload would take away what is being typed.
    @Test func loadsAgainWithoutJavaScript() {
        let refresh = #"<noscript><meta http-equiv="refresh" content="5"></noscript>"#
        #expect(pages.map { $0.text.contains(refresh) } == [true, true, true, false, false])
        #expect(pages.map { $0.text.contains("data-mark=") } == [true, true, true, false, false])
        #expect(pages.map { $0.text.contains("<form") } == [false, false, false, true, true])
    }

    /// The key leaves the address bar where it can be posted, and the page comes back to where it was.
    @Test func takesTheKeyOfTheFragment() {
        #expect(pages.map { $0.text.contains("data-login=") } == [false, true, false, true, true])
        #expect(pages.map { $0.text.contains("data-next=\"/ingress/x&amp;y/") } == [false, true, false, true, true])
    }

    @Test func saysWhatALoginKeepsOut() {
        #expect(
            pages[3].text.contains(
                "keeps out who guesses or scans paths, and not another tenant's page in the same browser"))
    }

    @Test(arguments: [(-1, "never restarted"), (0, "never restarted"), (1, "restarted once"), (2, "restarted 2 times")])
    func countsRestarts(count: Int, words: String) {
        let state = DoorAppState(.starting, since: DoorCase.now, restarts: count)
        let page = StatePage(route: DoorCase.route(state: state), isTrusted: true, now: DoorCase.now).answer
        #expect(
            page.text.contains(#"<time datetime="2025-10-09T08:53:20.000Z">2025-10-09 08:53:20 UTC</time>, \#(words)."#)
        )
    }

    @Test func showsTheLastLinesOnly() {
        let long = String(repeating: "é", count: 10_000)
        let state = DoorAppState(
            .failed, since: DoorCase.now, lastLines: (0..<1000).map { "line \($0)." } + [long])
        let text = StatePage(
            route: DoorCase.route(login: DoorCase.login, state: state), isTrusted: true, now: DoorCase.now
        ).answer.text
        #expect(text.contains("line 951.\nline 952."))
        #expect(!text.contains("line 950."))
        #expect(text.utf8.count < 20_000)
    }

    /// An app that has not said where it listens is starting, whatever its state says.
    @Test func namesEachState() {
        var titles: Set<String> = []
        for state in AppState.allCases {
            let route = DoorCase.route(backend: nil, state: DoorCase.state(state))
            titles.insert(
                StatePage(route: route, isTrusted: true, now: DoorCase.now).answer.text.between("<h1>", "</h1>") ?? "")
        }
        #expect(titles.count == 7)
        #expect(titles.contains("tensorboard is starting"))
    }
}

extension String {
    /// What stands between two texts; nil if one of them is missing.
    fileprivate func between(_ begin: String, _ end: String) -> String? {
        guard let from = firstRange(of: begin)?.upperBound, let to = self[from...].firstRange(of: end)?.lowerBound
        else {
            return nil
        }
        return String(self[from..<to])
    }
}

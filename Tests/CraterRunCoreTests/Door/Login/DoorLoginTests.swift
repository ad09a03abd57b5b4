import Testing

@testable import CraterRunCore

/// The key and the sessions: rules 1 to 4.
struct DoorLoginTests {
    private let route = DoorCase.closed

    @Test func hasNeitherKeyNorDigestInACookie() {
        let value = DoorSession.value(of: route, login: DoorCase.login, now: DoorCase.now)
        #expect(value.hasPrefix("1760003600."))
        #expect(value.utf8.count == 54)
        #expect(value.utf8.allSatisfy { Byte.isLetterOrDigit($0) || "-_.".utf8.contains($0) })
        #expect(!value.contains(DoorCase.key))
        #expect(DoorCase.login.keyDigest != DoorCase.login.signingKey)
    }

    @Test func lastsTwelveHoursAtMost() {
        #expect(DoorLogin(key: [1]).lasts == 43_200)
        #expect(DoorLogin(key: [1], lasts: .max).lasts == 43_200)
        #expect(DoorLogin(key: [1], lasts: 0).lasts == 1)
        #expect(DoorLogin(key: [1], lasts: 60).lasts == 60)
    }

    /// Every change of a valid value makes it invalid.
    @Test func acceptsExactlyItsOwnValues() {
        let value = Array(DoorSession.value(of: route, login: DoorCase.login, now: DoorCase.now).utf8)
        #expect(isValid(value))
        for index in value.indices {
            var other = value
            other[index] = other[index] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            #expect(!isValid(other), "byte \(index)")
            #expect(!isValid(Array(value.prefix(index))), "the first \(index)")
        }
        #expect(!isValid(value + [UInt8(ascii: "=")]))
        #expect(!isValid([UInt8(ascii: "0")] + value))
    }

    @Test(arguments: [
        "", ".", "1760003600", "1760003600.", ".AAAA", "-1.A", "9999999999999.A", "999999999999.A", "1760003600.\u{0}",
        "99999999999999999999999999999999.A", "0x7.A", "1,5.A",
    ])
    func refuses(value: String) { #expect(!isValid(Array(value.utf8))) }

    @Test func belongsToOneKeyOneAppAndOnePrefix() {
        let value = Array(DoorSession.value(of: route, login: DoorCase.login, now: DoorCase.now).utf8)[...]
        let sameKey = DoorLogin(key: DoorCase.key.utf8, lasts: 60)
        let otherKey = DoorLogin(key: (DoorCase.key + "1").utf8)
        func isValid(_ route: DoorRoute, _ login: DoorLogin) -> Bool {
            DoorSession.isValid(value, of: route, login: login, now: DoorCase.now)
        }
        // A restart with the same key logs nobody out.
        #expect(isValid(DoorCase.route(port: 7007, backend: nil), sameKey))
        #expect(!isValid(route, otherKey))
        #expect(!isValid(DoorCase.route("jupyter"), DoorCase.login))
        #expect(!isValid(DoorCase.route("tensorboard", "/ingress/x1"), DoorCase.login))
        #expect(!isValid(DoorCase.route("tensorboard", "/"), DoorCase.login))
    }

    @Test(arguments: [(0, true), (3_599_999, true), (3_600_000, false), (99_999_999_999, false), (-1_000_000, true)])
    func ends(after milliseconds: Int64, isValid: Bool) {
        let value = Array(DoorSession.value(of: route, login: DoorCase.login, now: DoorCase.now).utf8)
        let now = WallTime(milliseconds: DoorCase.now.milliseconds + milliseconds)
        #expect(DoorSession.isValid(value[...], of: route, login: DoorCase.login, now: now) == isValid)
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max]) func aWrongClockDoesNotTrap(milliseconds: Int64) {
        let now = WallTime(milliseconds: milliseconds)
        let value = Array(DoorSession.value(of: route, login: DoorCase.login, now: now).utf8)
        // Beyond the digits of an expiry there are no sessions.
        #expect(
            DoorSession.isValid(value[...], of: route, login: DoorCase.login, now: now) == (milliseconds < .max))
    }

    @Test func namesItsCookiesAfterPrefixAndApp() {
        let names = route.cookies
        #expect(names.secure.hasPrefix("__Http-crater-"))
        #expect(names.plain == String(names.secure.dropFirst("__Http-".count)))
        #expect(names.plain.dropFirst("crater-".count).utf8.allSatisfy { Byte.hexValue($0) != nil })
        #expect(names.plain.utf8.count == "crater-".utf8.count + 16)
        #expect(DoorCase.route("jupyter").cookies != names)
        #expect(DoorCase.route("tensorboard", "/ingress/x1").cookies != names)
        #expect(DoorCase.route(port: 7007, strips: true).cookies == names)
    }

    @Test(arguments: [
        // What the browser sends; which forms it gets.
        (["Origin: https://crater.example.org"], [true]), (["Origin: http://crater.example.org"], [false]),
        (["Sec-Fetch-Site: none"], [true]), (["Origin: null", "Sec-Fetch-Site: same-origin"], [true]),
        ([], [false]), (["Origin: null"], [false]), (["X-Forwarded-Proto: https"], [false]),
        (["Host: localhost:6006", "Sec-Fetch-Site: none"], [true, false]),
        (["Host: 127.0.0.1:6006", "Sec-Fetch-Site: none"], [true, false]),
        (["Host: [::1]:6006", "Sec-Fetch-Site: none"], [true, false]),
        (["Host: tb.localhost", "Sec-Fetch-Site: none"], [true, false]),
        (["Host: 127.0.0.1.evil.example", "Sec-Fetch-Site: none"], [true]),
        (["Host: notlocalhost", "Sec-Fetch-Site: none"], [true]),
        (["Host: localhost", "Origin: http://localhost:6006"], [true, false]),
        (["Host: localhost", "Origin: https://localhost"], [true]),
    ])
    func setsTheFormThatTheBrowserKeeps(fields: [String], areSecure: [Bool]) throws {
        let form = DoorCookieForm(of: try DoorCase.head("POST /ingress/x/", fields))
        let cookies = DoorCookies.set("v", of: route, lasts: 60, form: form)
        #expect(
            cookies.map(\.value)
                == areSecure.map { isSecure in
                    isSecure
                        ? "\(route.cookies.secure)=v; Path=/ingress/x; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
                        : "\(route.cookies.plain)=v; Path=/ingress/x; Max-Age=60; HttpOnly; SameSite=Lax"
                })
    }

    @Test(arguments: [
        ("/", "/"), ("/a", "/a"), ("/a/b;c/d", "/a"), ("/a;b", "/"),
        ("/ingress/liuxw24-379e0", "/ingress/liuxw24-379e0"),
    ])
    func clearsWithThePathOfThePrefix(prefix: String, path: String) {
        let cookies = DoorCookies.clear(DoorCase.route("tensorboard", prefix)).map(\.value)
        #expect(cookies.count == 2)
        #expect(cookies.allSatisfy { $0.contains("=; Path=\(path); Max-Age=0; ") })
        #expect(cookies[0].hasPrefix("__Http-") && cookies[0].contains("; Secure"))
        #expect(!cookies[1].hasPrefix("__Http-") && !cookies[1].contains("; Secure"))
    }

    /// Browsers compare a cookie's path byte for byte with what an app writes into its links.
    @Test(arguments: [
        ("/ingress/x", ["/ingress/x"]),
        ("/ingress/a%40b%7E%C3%BC", ["/ingress/a%40b%7E%C3%BC", "/ingress/a%40b~%C3%BC", "/ingress/a@b~%C3%BC"]),
        ("/ingress/a@b", ["/ingress/a@b", "/ingress/a%40b"]),
        ("/a%3Bb/c", ["/a%3Bb/c"]), ("/%c3%bc", ["/%c3%bc", "/%C3%BC"]),
    ])
    func hasACookieForEachSpellingOfThePrefix(prefix: String, paths: [String]) throws {
        let route = DoorCase.route("tensorboard", prefix)
        let form = DoorCookieForm(of: try DoorCase.head("POST /ingress/x/", ["Sec-Fetch-Site: none"]))
        func found(_ fields: [DoorAnswer.Field]) throws -> [String] {
            try fields.map { String(try #require($0.value.firstMatch(of: /; Path=([^;]*);/)).1) }
        }
        #expect(try found(DoorCookies.set("v", of: route, lasts: 60, form: form)) == paths)
        #expect(try found(DoorCookies.clear(route)) == paths + paths)
    }

    private func isValid(_ value: [UInt8]) -> Bool {
        DoorSession.isValid(value[...], of: route, login: DoorCase.login, now: DoorCase.now)
    }
}

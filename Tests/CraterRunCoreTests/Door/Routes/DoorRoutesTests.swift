import Testing

@testable import CraterRunCore

struct DoorRoutesTests {
    private let routes = [
        DoorCase.route("short", "/ingress/x"), DoorCase.route("long", "/ingress/x/tb"),
        DoorCase.route("other", port: 7007, "/ingress/y"), DoorCase.route("mail", "/ingress/a@b"),
        DoorCase.route("escaped", "/ingress/c%20d"),
    ]

    @Test(arguments: [
        ("/ingress/x/", "short"), ("/ingress/x/data?a=/ingress/x/tb/", "short"), ("/ingress/x//", "short"),
        ("/ingress/x/../y/", "short"), ("/ingress/x/tbc/", "short"), ("/ingress/x/tb/", "long"),
        ("/ingress/x/tb/a%2Fb;c", "long"), ("/ingress/x/%74b/", "long"), ("/%69ngress/%78/", "short"),
        ("http://crater.example.org/ingress/x/", "short"), ("/ingress/a@b/", "mail"), ("/ingress/a%40b/", "mail"),
        ("/ingress/c%20d/", "escaped"), ("/ingress/%63%20%64/", "escaped"),
        // Other paths, at other ports too.
        ("/", "404"), ("/ingress/", "404"), ("/ingress/x0/", "404"), ("/ingress/x%2Ftb/", "404"),
        ("/ingress%2Fx/", "404"),
        ("/ingress/X/", "404"), ("/ingress/y/", "404"), ("//ingress/x/", "404"), ("/./ingress/x/", "404"),
        ("/ingress/%7/", "404"), ("/ingress/%zz/", "404"), ("http://crater.example.org", "404"), ("/ingress/c d/", nil),
    ])
    func findsTheLongestPrefix(target: String, app: String?) throws {
        let found = try? DoorCase.decide("GET \(target)", at: routes).summary
        #expect(found == app)
        let reversed = try? DoorCase.decide("GET \(target)", at: routes.reversed()).summary
        #expect(reversed == app)
    }

    @Test func keepsThePortsApart() throws {
        #expect(try DoorCase.decide("GET /ingress/y/", at: routes, port: 7007).summary == "other")
        #expect(try DoorCase.decide("GET /ingress/x/", at: routes, port: 7007).summary == "404")
        #expect(try DoorCase.decide("GET /ingress/x/", at: routes, port: 1).summary == "404")
        #expect(DoorRoutes(generation: 1, routes: routes).ports == [6006, 7007])
    }

    /// Of two routes with the same prefix, the first serves.
    @Test func keepsTheOrderOfEqualPrefixes() throws {
        for names in [["a", "b"], ["b", "a"]] {
            #expect(try DoorCase.decide("GET /ingress/x/", at: names.map { DoorCase.route($0) }).summary == names[0])
        }
    }

    @Test func theRootTakesEverything() throws {
        let root = [DoorCase.route("root", "/"), DoorCase.route("below", "/ingress/x")]
        #expect(try DoorCase.decide("GET /", at: root).summary == "root")
        #expect(try DoorCase.decide("GET /ingress/", at: root).summary == "root")
        #expect(try DoorCase.decide("GET //a", at: root).summary == "root")
        #expect(try DoorCase.decide("GET /ingress/x/", at: root).summary == "below")
        #expect(try DoorCase.decide("OPTIONS *", at: root).summary == "404")
    }

    @Test(arguments: [
        ("/ingress/x", "/ingress/x/"), ("/ingress/x?a=%2F+b&d", "/ingress/x/?a=%2F+b&d"),
        ("/ingress/x?", "/ingress/x/?"),
        ("/ingress/x/tb", "/ingress/x/tb/"), ("/ingress/%78", "/ingress/x/"), ("/ingress/a%40b", "/ingress/a@b/"),
        ("http://evil.example/ingress/x?q", "/ingress/x/?q"),
    ])
    func addsTheSlash(target: String, location: String) throws {
        for method in ["GET", "POST", "HEAD"] {
            let answer = try #require(try DoorCase.decide("\(method) \(target)", at: routes).answered)
            #expect(answer.status == 308)
            #expect(answer.values(of: "Location") == [location])
            #expect(answer.value(of: "Cache-Control") == "no-store")
        }
    }

    @Test func saysNothingOfWhatIsServedElsewhere() throws {
        let answer = try #require(try DoorCase.decide("GET /ingress/z/", DoorCase.navigation, at: routes).answered)
        #expect(answer.text == "crater-run: nothing is served at this path\n")
        #expect(answer.value(of: "Content-Type") == "text/plain; charset=utf-8")
    }

    @Test func forwardsWithTheEditsOfTheRoute() throws {
        let plain = try #require(try DoorCase.decide("GET /ingress/x/", at: [DoorCase.open]).forwarded)
        #expect(plain.backend == .port(40_001))
        #expect(plain.request.peer == "10.0.0.7")
        #expect(plain.request.route.stripping == nil)
        #expect(!plain.request.withholdsBearer)
        #expect(plain.response == ResponseEdits(prefix: PrefixBytes(PathPrefix(known: "/ingress/x"))))

        let route = DoorRoute(
            app: "netron", port: 6006, prefix: PathPrefix(known: "/ingress/x"), backend: .port(40_002), strips: true,
            publicHost: "crater.example.org", state: DoorCase.state())
        let stripped = try #require(try DoorCase.decide("GET /ingress/x/", at: [route]).forwarded)
        #expect(stripped.request.route.stripping == route.path)
        #expect(
            stripped.response.stripping == AppAddresses(backendPort: 40_002, publicHost: "crater.example.org"))
    }

    /// A browser sends the cookies of a prefix to everything below it.
    @Test func withholdsTheCookiesOfAllPrefixesAbove() throws {
        let forward = try #require(try DoorCase.decide("GET /ingress/x/tb/", at: routes).forwarded)
        let names = Set(forward.request.route.withheldCookies.map { String(decoding: $0, as: UTF8.self) })
        let expected = routes.prefix(2).flatMap { [$0.cookies.secure, $0.cookies.plain] }
        #expect(names == Set(expected))
    }
}

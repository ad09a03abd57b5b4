/// The answers that are one line of text.
extension DoorAnswer {
    /// - Parameter line: one line for a person.
    static func text(_ status: Int, _ line: String, fields: [Field] = [], closes: Bool = false) -> DoorAnswer {
        let own = [
            Field("Content-Type", "text/plain; charset=utf-8"), Field("Cache-Control", "no-store"),
            Field("X-Content-Type-Options", "nosniff"),
        ]
        return DoorAnswer(
            status: status, fields: own + fields, body: Array("crater-run: \(line.printable)\n".utf8), closes: closes)
    }

    /// One word for the script of a page.
    static func plain(_ word: String) -> DoorAnswer {
        let fields = [Field("Content-Type", "text/plain; charset=utf-8"), Field("Cache-Control", "no-store")]
        return DoorAnswer(status: 200, fields: fields, body: Array("\(word)\n".utf8))
    }

    /// A redirect that nothing keeps.
    ///
    /// - Parameter location: a path of this host. It is ASCII without line ends.
    static func redirect(_ status: Int, to location: String, fields: [Field] = []) -> DoorAnswer {
        let own = [
            Field("Location", location), Field("Cache-Control", "no-store"), Field("Referrer-Policy", "no-referrer"),
        ]
        return DoorAnswer(status: status, fields: own + fields, body: [])
    }

    /// The redirect that begins a session.
    ///
    /// - Parameter next: a checked path (``NextPage``).
    static func beginSession(
        at route: DoorRoute, login: DoorLogin, form: DoorCookieForm, next: String, now: WallTime
    ) -> DoorAnswer {
        let value = DoorSession.value(of: route, login: login, now: now)
        return redirect(303, to: next, fields: DoorCookies.set(value, of: route, lasts: login.lasts, form: form))
    }

    /// The answer to a request whose head is not accepted.
    package static func refusing(_ refusal: HeadRefusal) -> DoorAnswer {
        text(refusal.status, refusal.text, closes: true)
    }

    /// The answer if ``LoginThrottle`` refuses.
    package static let tooManyGuesses = text(
        429, "too many wrong keys were tried; try again in 10 s", fields: [Field("Retry-After", "10")])

    /// The answer to a request that waits while all of them together hold too much memory.
    package static let tooManyWaiting = text(
        503, "too many requests wait here; try again in 10 s", fields: [Field("Retry-After", "10")], closes: true)

    /// The answer to a command that the supervisor cannot be told.
    package static let commandLost = text(
        503, "the supervisor takes no commands now, and nothing was done; try again in 10 s",
        fields: [Field("Retry-After", "10")])

    /// The answer to a form with a longer body than ``DoorForm/longestBody``.
    package static let tooLongBody = text(413, "the posted form is too long", closes: true)

    /// The answer to a form that comes without the length of its body (RFC 9110, section 15.5.12).
    package static let lengthRequired = text(411, "a form is sent with its Content-Length", closes: true)

    /// - Parameter methods: the methods that are allowed.
    static func notAllowed(_ methods: String) -> DoorAnswer {
        text(405, "this place takes only \(methods)", fields: [Field("Allow", methods)])
    }

    /// For a script whose wish was taken in.
    static let noContent = DoorAnswer(status: 204, fields: [Field("Cache-Control", "no-store")], body: [])

    static let nothingHere = text(404, "nothing is served at this path")

    /// For programs. The field that RFC 9110, section 15.5.2, wants names the scheme that scripts use; browsers show no
    /// dialog for it.
    static func keyNeeded(for route: DoorRoute) -> DoorAnswer {
        text(401, "\(route.app) needs a login: open its page in a browser, or send Authorization: Bearer KEY")
            .adding([challenge])
    }

    static let challenge = Field("WWW-Authenticate", "Bearer realm=\"crater-run\"")

    static let otherOrigin = text(
        403, "this request comes from a page of another site; a script sends Authorization: Bearer KEY instead")
}

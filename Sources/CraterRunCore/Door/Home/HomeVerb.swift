/// What a button of the home page asks of an app. The raw value is what the button's form posts.
package enum HomeVerb: String, CaseIterable, Sendable {
    case start, stop, restart
}

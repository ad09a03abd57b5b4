import CraterRunCore

/// What a client's connection waits for.
enum ClientPhase {
    /// A request's head. No byte of the head has come, or some have.
    case head
    /// The body of a form, which the door reads itself.
    case form(FormBody)
    /// The time at which the answer to this request, about a key, may go out.
    case delay(RequestHead)
    /// A request is with an app.
    case exchange
    /// Bytes pass in both directions.
    case tunnel
    /// Everything is written, and the output is shut. What the client still sends is read and thrown away: a close with
    /// unread bytes would be a reset, which may take the last answer from the client (RFC 9112, 9.6).
    case lingering
    /// The connection is closed when everything is written.
    case closing
    case closed
}

/// The body of a form, as far as it has come. A class, so that a ``ClientPhase`` is small.
final class FormBody {
    let form: DoorForm
    let request: RequestHead
    /// How many bytes the body has.
    let length: Int

    init(form: DoorForm, request: RequestHead, length: Int) {
        self.form = form
        self.request = request
        self.length = length
    }
}

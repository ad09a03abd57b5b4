import Foundation
import Testing

/// A text as somebody may choose it who wants our lines to say something else.
enum Hostile {
    /// What turns up at the beginning of a line if a text got out of its own.
    static let forged = "forged"
    /// Every kind of character that does more than be seen. In the middle, since it has to be a name too.
    static let text =
        "a\u{1B}]0;t\u{07}\u{1B}[2J\n\(forged)\r\n\(forged)\u{9B}31m\u{202E}\u{2028}\(forged)\u{200B}\u{E0041}\u{7F}\tz"
    /// The same for a socket, whose path has 107 bytes (unix(7)).
    static let socketName = "a\u{1B}]0;t\u{07}\u{1B}[2J\n\(forged)\r\u{9B}31m\u{202E}\u{2028}\u{7F}\tz"
    /// The same in the 15 bytes of a process's name.
    static let short = "\n\(forged)\u{1B}[K\u{9B}"

    /// Whether it can do anything but be read: judged by numbers, and not as the product does it.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// What is wrong with text that was written to a terminal or a log; nothing, if all is well.
    static func problems(in text: String) -> [String] {
        let dangerous = text.unicodeScalars.filter(isDangerous).map { "U+" + String($0.value, radix: 16) }
        let lines = text.utf8.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        return Set(dangerous).sorted() + lines.filter { $0.hasPrefix(forged) }.map { "a line of its own: \($0)" }
    }

    /// Expects that none of it can be found, and that it was said at all.
    static func expectHarmless(
        _ said: Said, saysIt: Bool = true, _ what: String = "", location: SourceLocation = #_sourceLocation
    ) {
        let text = said.output + said.errors
        #expect(problems(in: text) == [], "\(what)\n\(said)", sourceLocation: location)
        if saysIt { #expect(text.contains(forged), "\(what): it was not said\n\(said)", sourceLocation: location) }
    }
}

/// A server that answers at a control socket in crater-run's stead, as it is told.
final class FalseSupervisor {
    let process: SpawnedProcess

    /// What starts one.
    ///
    /// - Parameters:
    ///   - place: the socket's path, or a port.
    ///   - answers: bodies of 200 by the beginning of the path; POST gets that of "POST" with 202, if there is one. A body
    ///     that ends in `…` goes on for ever.
    static func command(at place: String, answers: [String: String]) throws -> [String] {
        let code = """
            import json, os, socket, sys
            place, answers = sys.argv[1], json.loads(sys.argv[2])
            if place.isdigit():
                server = socket.create_server(("0.0.0.0", int(place)))
            else:
                os.makedirs(os.path.dirname(place), exist_ok=True)
                server = socket.socket(socket.AF_UNIX)
                server.bind(os.fsencode(place))
                os.chmod(os.fsencode(place), 0o777)
                server.listen(64)
            print("listening", flush=True)
            while True:
                connection, _ = server.accept()
                with connection:
                    request = b""
                    while b"\\r\\n\\r\\n" not in request:
                        more = connection.recv(65536)
                        if not more: break
                        request += more
                    words = request.decode("utf-8", "replace").split(" ")
                    if len(words) < 2: continue
                    key = "POST" if words[0] == "POST" else next((k for k in answers if words[1].startswith(k)), None)
                    body, is_endless = answers.get(key, "").encode(), answers.get(key, "").endswith("…")
                    status = 404 if key is None or key not in answers else 202 if key == "POST" else 200
                    length = "" if is_endless else f"Content-Length: {len(body)}\\r\\n"
                    head = f"HTTP/1.1 {status} X\\r\\n{length}Crater-Run-Instance: 0123\\r\\n\\r\\n"
                    try:
                        connection.sendall(head.encode() + body)
                        while is_endless: connection.sendall(b"x" * 100000)
                    except OSError: pass
            """
        let json = String(decoding: try JSONEncoder().encode(answers), as: UTF8.self)
        return [Shell.python, "-S", "-c", code, place, json]
    }

    init(at place: String, answers: [String: String]) throws {
        let output = try LineStream()
        process = try SpawnedProcess(
            FalseSupervisor.command(at: place, answers: answers),
            environment: Launcher.callersEnvironment(["PATH"]), streams: [.null, output.target, .null])
        output.closeWriteEnd()
        let deadline = Deadline()
        while !output.text.contains("listening") {
            output.drain()
            guard !deadline.hasPassed, !process.hasEnded else { throw Failure("no false supervisor at \(place)") }
            _ = poll(nil, 0, 2)
        }
    }

    /// A status document whose every text is this one.
    static func status(_ text: String, app: String? = nil, port: UInt16 = 6006, prefix: String? = nil) throws -> String
    {
        let place: [String: Any] = ["name": text, "port": port, "prefix": prefix ?? text, "url": text]
        let served: [String: Any] = [
            "name": app ?? text, "state": text, "stateSeconds": 1, "reason": text, "pid": 7, "startedAt": text,
            "restarts": 0, "rule": place, "servedAt": place,
            "lastExit": ["code": 1, "description": text, "secondsAgo": 1],
        ]
        let silent: [String: Any] = [
            "name": text + "2", "state": "failed", "stateSeconds": 1, "restarts": 0,
            "lastExit": ["code": 1, "description": text],
        ]
        let rule: [String: Any] = ["name": text, "port": port, "prefix": text, "url": text, "app": text]
        let document: [String: Any] = [
            "instance": "0123", "kind": text, "version": text, "pid": 7, "startedAt": text, "uptimeSeconds": 1,
            "stopping": false, "ready": false, "notReadyBecause": text, "annotationsProblem": text, "ruleReloads": 0,
            "orphansReaped": 0, "apps": [served, silent],
            "rules": [
                rule.merging(["external": true, "pending": false]) { $1 },
                rule.merging(["external": false, "pending": true]) { $1 },
            ],
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self)
    }
}

import CraterRunCore
import Testing

struct SHA256Tests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }

    /// The examples of FIPS 180 (NIST's SHA256.pdf and SHA2_Additional.pdf).
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func agreesWithTheStandard(text: String, digest: String) {
        #expect(hex(SHA256.digest(of: text.utf8)) == digest)
    }

    /// Lengths around the ends of blocks, where padding can go wrong; made with Python's hashlib.
    @Test(arguments: [
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"),
        (56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"),
        (63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"),
        (64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
        (65, "4bfd2c8b6f1eec7a2afeb48b934ee4b2694182027e6d0fc075074f2fabb31781"),
        (119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"),
        (120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"),
        (128, "471fb943aa23c511f6f72f8d1652d9c880cfa392ad80503120547703e56a2be5"),
        (1000, "4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d"),
    ])
    func padsEveryLength(count: Int, digest: String) {
        #expect(hex(SHA256.digest(of: (0..<count).map { UInt8($0 % 251) })) == digest)
    }

    @Test func goesOnAfterADigest() {
        var hash = SHA256()
        for byte in "abc".utf8 {
            hash.take([byte])
            _ = hash.digest
        }
        #expect(hash.digest == SHA256.digest(of: "abc".utf8))
    }

    /// RFC 4231, test cases 1, 2, 3, 4, 6 and 7.
    private static let codes: [(key: [UInt8], text: [UInt8], code: String)] = [
        (
            .init(repeating: 0x0b, count: 20), .init("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            .init("Jefe".utf8), .init("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            .init(repeating: 0xaa, count: 20), .init(repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            .init(1...25), .init(repeating: 0xcd, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            .init(repeating: 0xaa, count: 131), .init("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            .init(repeating: 0xaa, count: 131), longText,
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    private static let longText = Array(
        """
        This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed \
        before being used by the HMAC algorithm.
        """.utf8)

    @Test(arguments: codes.indices) func hmacAgreesWithTheStandard(index: Int) {
        let (key, text, code) = Self.codes[index]
        #expect(hex(HMAC256(key: key).code(of: text)) == code)
    }

    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("ab", "aB", false), ("Ab", "ab", false), ("a", "", false),
        ("a", "aa", false),
    ])
    func comparesWholeTexts(one: String, other: String, areEqual: Bool) {
        #expect(ConstantTime.areEqual(Array(one.utf8), Array(other.utf8)) == areEqual)
    }
}

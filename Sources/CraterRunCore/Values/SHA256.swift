/// The hash function SHA-256 (FIPS 180-4, section 6.2).
package struct SHA256: Sendable {
    /// The length of a block, in bytes.
    static let blockLength = 64

    /// The hash of the whole blocks so far.
    private var state = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
    /// The block under way. Only the bytes of ``length`` that are left over count.
    private var block = InlineArray<64, UInt8>(repeating: 0)
    /// How many bytes have been taken in.
    private var length: UInt64 = 0

    package init() {}

    /// The 32 bytes of the hash.
    package static func digest(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.take(bytes)
        return hash.digest
    }

    package mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { take(byte) }
    }

    private mutating func take(_ byte: UInt8) {
        let position = Int(truncatingIfNeeded: length & 63)
        block[position] = byte
        length &+= 1
        if position == 63 { compress() }
    }

    /// The hash of what has been taken in so far. More can be taken in afterwards.
    package var digest: [UInt8] {
        var copy = self
        // A 1 bit, zeros up to the last eight bytes of a block, and the length in bits.
        let bits = length &<< 3
        copy.take(0x80)
        while copy.length & 63 != 56 { copy.take(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            copy.take(UInt8(truncatingIfNeeded: bits &>> shift))
        }
        var result: [UInt8] = []
        result.reserveCapacity(32)
        for word in copy.state.indices {
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                result.append(UInt8(truncatingIfNeeded: copy.state[word] &>> shift))
            }
        }
        return result
    }

    /// Takes the block into the hash.
    private mutating func compress() {
        var schedule = InlineArray<64, UInt32>(repeating: 0)
        for word in 0..<16 {
            let first = word &* 4
            schedule[word] =
                UInt32(block[first]) &<< 24 | UInt32(block[first &+ 1]) &<< 16 | UInt32(block[first &+ 2]) &<< 8
                | UInt32(block[first &+ 3])
        }
        for word in 16..<64 {
            let (near, far) = (schedule[word &- 2], schedule[word &- 15])
            let first = SHA256.rotate(far, 7) ^ SHA256.rotate(far, 18) ^ far &>> 3
            let second = SHA256.rotate(near, 17) ^ SHA256.rotate(near, 19) ^ near &>> 10
            schedule[word] = schedule[word &- 16] &+ first &+ schedule[word &- 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        let constants = SHA256.constants
        for round in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let sumE = SHA256.rotate(e, 6) ^ SHA256.rotate(e, 11) ^ SHA256.rotate(e, 25)
            let sumA = SHA256.rotate(a, 2) ^ SHA256.rotate(a, 13) ^ SHA256.rotate(a, 22)
            let first = h &+ sumE &+ choice &+ constants[round] &+ schedule[round]
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ sumA &+ majority)
        }
        state &+= SIMD8(a, b, c, d, e, f, g, h)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &>> count | word &<< (32 - count)
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

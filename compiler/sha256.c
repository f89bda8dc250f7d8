/* sha256.c -- the digest that ties a generated file to its model. */

#include "rnnc.h"

#include <string.h>

/* FIPS 180-4, 4.2.2: fractional parts of the cube roots of the first 64
 * primes. */
static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* ROTR of 3.2; n is never 0, which would shift by 32. */
static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* 6.2.2, step 1: the message schedule, big-endian words first. */
static void expand(uint32_t w[64], const unsigned char *block)
{
    for (int t = 0; t < 16; t++, block += 4)
        w[t] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
               (uint32_t)block[2] << 8 | block[3];
    for (int t = 16; t < 64; t++) {
        uint32_t a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

/* 6.2.2, steps 2 to 4. Variables and not an array of eight that moves along:
 * those stay in registers, which makes it twice as fast. */
static void compress(uint32_t hash[8], const unsigned char *block)
{
    uint32_t w[64];
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4],
             f = hash[5], g = hash[6], h = hash[7];
    expand(w, block);
    for (int t = 0; t < 64; t++) {
        uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t t1 = h + sum1 + choice + round_constant[t] + w[t];
        uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + sum0 + majority;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d;
    hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

/* The last one or two blocks: the rest, a 1 bit, zeros, the length in bits. */
static void finish(uint32_t hash[8], const unsigned char *rest, size_t size,
                   uint64_t total)
{
    unsigned char tail[128] = {0};
    size_t length = size < 56 ? 64 : 128;
    if (size)
        memcpy(tail, rest, size);
    tail[size] = 0x80;
    for (int i = 0; i < 8; i++)
        tail[length - 1 - (size_t)i] = (unsigned char)(total * 8 >> 8 * i);
    for (size_t at = 0; at < length; at += 64)
        compress(hash, tail + at);
}

/* The data is in memory as a whole, so no running state is needed. */
void sha256_hex(const void *data, size_t size, char hex[65])
{
    /* 5.3.3: fractional parts of the square roots of the first 8 primes. */
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const unsigned char *bytes = data;
    size_t whole = size / 64 * 64;
    for (size_t at = 0; at < whole; at += 64)
        compress(hash, bytes + at);
    finish(hash, size > whole ? bytes + whole : NULL, size - whole, size);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08lx", (unsigned long)hash[i]);
}

/// exp and ln that a compiler can vectorise and that give the same bits on every machine.
///
/// libm's exp differs in the last bit between versions and instruction sets, which would change the
/// bytes of a lookup table from one machine of a cluster to the next.
#pragma once

#include <cstdint>
#include <cstring>

namespace pheno {

/// e^x for |x| < 700, relative error below 4e-16.
///
///   e^x = 2^n e^r, n = round(x / ln 2), |r| <= ln(2)/2, e^r by its Taylor series to r^13/13!
///
/// (remainder below 5e-18).  n is read from the low bits of x/ln 2 + 1.5 2^52.
[[nodiscard]] inline double exp_same(double x) noexcept {
    constexpr double shifter = 6755399441055744.0;
    const double shifted = x * 1.4426950408889634 + shifter;
    const double n = shifted - shifter;
    const double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double sum = 1.0 / 6227020800.0;
    sum = sum * r + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1.0;
    sum = sum * r + 1.0;
    std::int64_t bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    const std::int64_t exponent = static_cast<std::int64_t>((static_cast<std::uint64_t>(bits) + 1023u)
                                                            << 52);  // (n + 1023) << 52, n sits in the low bits
    double power;
    std::memcpy(&power, &exponent, sizeof power);
    return sum * power;
}

/// ln x for normal x > 0, absolute error below 2e-16 (1 + |ln x|).
///
///   x = 2^n y, 1/sqrt(2) <= y < sqrt(2),  ln y = 2 atanh(z), z = (y - 1)/(y + 1), by its series to z^21
[[nodiscard]] inline double log_same(double x) noexcept {
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    constexpr std::uint64_t root_half = 0x3FE6A09E667F3BCDu;  // 1/sqrt(2)
    const std::uint64_t shifted = bits - root_half;
    const std::uint64_t exponent = (shifted >> 52) | 0x4330000000000000u;  // 2^52 + (n mod 2^12)
    const std::uint64_t mantissa = bits - (shifted & 0xFFF0000000000000u);
    double n, y;
    std::memcpy(&n, &exponent, sizeof n);
    std::memcpy(&y, &mantissa, sizeof y);
    n -= 4503599627370496.0;
    n = n > 2047.0 ? n - 4096.0 : n;
    const double z = (y - 1) / (y + 1), z2 = z * z;
    double sum = 1.0 / 21;
    sum = sum * z2 + 1.0 / 19;
    sum = sum * z2 + 1.0 / 17;
    sum = sum * z2 + 1.0 / 15;
    sum = sum * z2 + 1.0 / 13;
    sum = sum * z2 + 1.0 / 11;
    sum = sum * z2 + 1.0 / 9;
    sum = sum * z2 + 1.0 / 7;
    sum = sum * z2 + 1.0 / 5;
    sum = sum * z2 + 1.0 / 3;
    sum = sum * z2 + 1.0;
    return n * 0.693147180369123816490 + (n * 1.90821492927058770002e-10 + 2 * z * sum);
}

}  // namespace pheno

/// exp and sinh that a compiler can vectorise and that give the same bits on every machine.
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

}  // namespace pheno

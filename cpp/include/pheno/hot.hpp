/// PHENO_HOT: marks the loops in which the time goes.
#pragma once

// Versions of the hot loop in one binary, chosen when the module loads.  No fused multiply-add in any, so all give the
// same bits.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#if __GNUC__ >= 12
#define PHENO_HOT __attribute__((target_clones("arch=x86-64-v4", "avx2", "default"), flatten))
#else
#define PHENO_HOT __attribute__((target_clones("avx2", "default"), flatten))
#endif
#elif defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__)
#define PHENO_HOT __attribute__((flatten))  // a call left in the loop would keep it from being vectorised
#else
#define PHENO_HOT
#endif

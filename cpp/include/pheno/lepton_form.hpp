/// The five numbers that tell the mediators of spin 0 and 1 apart.
#pragma once

namespace pheno {

/// L = [D PD^2 + t PP (plus (s+U)^2 + minus (s-U)^2)]/(sU)^2 + [k Gk + one (G1 + G2)]/(sU), see amplitude.hpp.
template <class Real>
struct LeptonForm {
    Real D, plus, minus, k, one;
};

}  // namespace pheno

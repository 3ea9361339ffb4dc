// Generated amplitudes against explicit spinors (rows of tests/references/amplitudes.csv, tests/oracles/compton.py).

#include <array>
#include <cassert>
#include <cmath>

#include "pheno/amplitude.hpp"
#include "pheno/compton.hpp"

namespace {

using pheno::Mediator;

// 1e-16 of rounding, in inputs and in arithmetic, times the cancellation of the terms at these points.
constexpr double rtol_bremsstrahlung = 1e-11;
// Sums of positive terms, apart from brackets that lose a factor of a few.
constexpr double rtol_compton = 1e-14;

struct Bremsstrahlung {
    std::array<double, 10> invariants;  // s, U, t, t1, PD, PP, G1, G2, Gk, 2 q.k
    double m, m_X;
    std::array<double, 4> expected;  // scalar, pseudoscalar, vector, axial vector
};

const Bremsstrahlung bremsstrahlung[] = {
    {{4.043505982526925, 0.4276762357834624, 0.4271728112234875, 0.0060922886926480435, -1130.4233598583467,
      196596.1775315224, 2016707.615721106, 0.1664650183082375, 2015888.4581134466, 3.615829746743463},
     0.00051099895069,
     2.009206377969745,
     {58565.564830923475, 58562.76132703746, 124703.70586799642, 124714.12346661944}},
    {{3.5964812840425126e-05, 1.2513890214848318e-06, 1.0238032126620548e-06, 3.572071543114274e-05,
      -0.011524913206322832, 148717.09814240533, 138.2231247702109, 0.007197068467272462, 136.23552732048108,
      3.4713423818940295e-05},
     0.00051099895069,
     0.00012849747258064965,
     {24755703372513.105, 24207773622104.156, 48576783681790.52, 1582087555840109.2}},
    {{0.04985847878990499, 0.965020610557051, 1.2396289758572663, 0.3244165923540448, -18055.968235125798,
      49979.68050824712, 449021513.21368605, 48193692.7519296, 203004977.74383062, -0.9151621317671461},
     0.1056583755,
     0.007088845891639203,
     {84004349184.8501, 33697062543.401466, 114924075309.05559, 30260083992652.926}},
    {{0.6209755073291956, 0.6206116200494057, 0.00021267524609124063, 0.00020989357640245092, -0.003114382457643416,
      3.4709377363065954, 210.83003574282, 210.58135186983066, 7.337684302456034e-05, 0.00036388727978981444},
     0.00051099895069,
     0.019148601763016644,
     {0.0015286195997616585, 0.0015286190540741125, 17495.722280556016, 17495.722284880558}},
};

struct Compton {
    double m, m_X, x, kT2;
    std::array<double, 7> expected;  // spin 0 and 1 as above; tensor with (c_l, c_gamma) = (1,1), (1,0), (0,1)
};

const Compton compton[] = {
    {0.00051099895069,
     0.1,
     0.9,
     0.004,
     {22.03395993171371, 22.032877106761966, 60.06467138857218, 60.0713039776892, 0.30681320722546224,
      1.353372252296637, 1.390050795491983}},
    {0.1056583755,
     0.001,
     0.3,
     1e-05,
     {0.8260947280798503, 0.5142787314706236, 16.71674146633202, 22982.962091099813, 0.0027210815263721674,
      2472.3117833082806, 2476.299101082723}},
    {0.00051099895069,
     1.0,
     0.5,
     1e-09,
     {1.9999999920000104, 1.9999999920000022, 19.999999983999995, 20.000002072959443, 31996161.289187603,
      22.499995898748107, 31996111.87549328}},
};

bool close(double value, double expected, double rtol) {
    return std::abs(value - expected) <= rtol * expected;
}

void check(const Bremsstrahlung& row) {
    pheno::Point<double> v{};
    const auto& a = row.invariants;
    v.s = a[0];
    v.U = a[1];
    v.t = a[2];
    v.t1 = a[3];
    v.PD = a[4];
    v.PP = a[5];
    v.G1 = a[6];
    v.G2 = a[7];
    v.Gk = a[8];
    v.qk2 = a[9];
    const std::array<double, 4> found = {pheno::squared_amplitude<Mediator::scalar>(v, row.m, row.m_X),
                                         pheno::squared_amplitude<Mediator::pseudoscalar>(v, row.m, row.m_X),
                                         pheno::squared_amplitude<Mediator::vector>(v, row.m, row.m_X),
                                         pheno::squared_amplitude<Mediator::axial_vector>(v, row.m, row.m_X)};
    for (std::size_t i = 0; i < found.size(); ++i) assert(close(found[i], row.expected[i], rtol_bremsstrahlung));
}

void check(const Compton& row) {
    const auto v = pheno::compton_point(row.kT2, row.x, 1 - row.x, row.m, row.m_X);
    const std::array<double, 7> found = {pheno::compton_squared<Mediator::scalar>(v, row.m, row.m_X),
                                         pheno::compton_squared<Mediator::pseudoscalar>(v, row.m, row.m_X),
                                         pheno::compton_squared<Mediator::vector>(v, row.m, row.m_X),
                                         pheno::compton_squared<Mediator::axial_vector>(v, row.m, row.m_X),
                                         pheno::compton_squared<Mediator::tensor>(v, row.m, row.m_X),
                                         pheno::compton_squared<Mediator::tensor>(v, row.m, row.m_X, 1.0, 0.0),
                                         pheno::compton_squared<Mediator::tensor>(v, row.m, row.m_X, 0.0, 1.0)};
    for (std::size_t i = 0; i < found.size(); ++i) assert(close(found[i], row.expected[i], rtol_compton));
}

// For a massless lepton and universal couplings the tensor has a short closed form.
void check_massless_tensor() {
    const double m_X = 0.3;
    const auto v = pheno::compton_point(0.02, 0.6, 0.4, 0.0, m_X);
    const double X2 = m_X * m_X, sU = v.s * v.U;
    const double expected = (4 * sU + v.t1 * X2) * (2 * sU + v.t1 * v.t1 + X2 * X2) / (sU * v.t1);
    assert(close(pheno::compton_squared<Mediator::tensor>(v, 0.0, m_X), expected, rtol_compton));
}

}  // namespace

int main() {
    for (const auto& row : bremsstrahlung) check(row);
    for (const auto& row : compton) check(row);
    check_massless_tensor();
}

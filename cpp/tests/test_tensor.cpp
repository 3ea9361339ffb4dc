// Spin-2 amplitude, from (E_X, t, z, phi) to L in double precision, against explicit spinors and polarisations:
// rows of tests/references/amplitudes.csv from the smallest to the largest mediator mass.

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "pheno/amplitude.hpp"

namespace {

// Worst of all 420 rows: 1e-11 with equal couplings, 5e-11 without.
constexpr double rtol = 1e-10;

struct Row {
    double m, M, m_X, E;
    bool from_recoil;  // whether `kinetic` is E - E_X - m or E_X - m_X
    double kinetic, t, z, phi;
    std::array<double, 5> expected;
};

constexpr std::array<std::array<double, 3>, 5> couplings{{{1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}}};

const Row rows[] = {
    {0.00051099895069,
     11.17792924464,
     1.0096432349028225e-06,
     675.1154777654667,
     true,
     295.4727931395579,
     1.2451374335574334e-17,
     3.38185689078517e-07,
     4.424684809617035,
     {0.03526089197547925, 522892027.09664094, 522899669.75971395, 0.07933131798405985, 0.13063219940354542}},
    {0.00051099895069,
     0.93149410372,
     1.4798008677727271e-05,
     303.669620951568,
     true,
     91.70812103001111,
     3.0779832952824585e-18,
     8.030350355631297e-13,
     4.281100683513042,
     {1.0554917516570476e-06, 3.827083576423513, 3.8310850681474893, 1.0197550857986802e-10, 1.055630723436199e-06}},
    {0.1056583755,
     0.93149410372,
     0.0018515576867666047,
     90.02945126901461,
     false,
     0.025536007839193076,
     6.290145982718824e-09,
     0.0006438410745858311,
     0.0,
     {3916.399473065953, 251.943373401453, 3719.353608341196, 22.14402826880508, 3620.433780220742}},
    {0.00051099895069,
     0.93149410372,
     0.04923673099168445,
     293.8938630637543,
     false,
     0.29454117231216514,
     1.688980032618601e-05,
     0.0007540919646028416,
     1.8648960431053538,
     {5624084.580501856, 8456.385081728318, 5175427.133300617, 137284.98024118817, 5228393.802794572}},
    {0.00051099895069,
     0.93149410372,
     0.662321189069315,
     222.01163673506792,
     false,
     0.0014843753084505806,
     4.8969833038638155,
     2.815110569597827,
     1.913428712976841e-07,
     {6303495.777040942, 26367513.94143372, 23242055.49919107, 32511869.370442163, 65075775.74924479}},
    {0.00051099895069,
     11.17792924464,
     5.761326237445573,
     9.899912640006013,
     false,
     0.0443971294505614,
     59.2431571167669,
     0.16518616369196013,
     2.446956139041588,
     {5012304.728246683, 73441.22938738711, 8435947.975431088, 691881.4154873451, 9096954.395647377}},
    {0.00051099895069,
     173.25790329192,
     57.02072126596542,
     370.0987693949374,
     false,
     62.412632756641074,
     265.94832536578986,
     0.014942028844081915,
     0.01734597294069911,
     {793108732233.1436, 2308941770.403081, 385896874900.3374, 118145667847.19814, 419344699942.1252}},
    {0.00051099895069,
     171.39491508448,
     239.03618084967692,
     685.6106079233408,
     false,
     221.43802717142077,
     62210.74314904007,
     8573.531353794864,
     5.96534059808538,
     {786453859620.1469, 56236415213.23864, 664196620975.4979, 347963894566.9705, 816581495002.5754}},
};

pheno::Point<double> point_of(const Row& r) {
    const auto reaction = pheno::make_reaction(r.m, r.M, r.m_X, r.E);
    const auto share =
        r.from_recoil ? pheno::share_from_recoil(reaction, r.kinetic) : pheno::share_from_mediator(reaction, r.kinetic);
    const auto recoil = pheno::make_recoil(reaction, share, r.t);
    const auto decay = pheno::make_decay(reaction, share, recoil, r.z);
    const double half = std::sin(r.phi / 2);
    return pheno::make_point(reaction, share, recoil, decay, 2 * half * half);
}

void matches_explicit_spinors() {
    for (const Row& r : rows) {
        const auto v = point_of(r);
        for (std::size_t i = 0; i < couplings.size(); ++i) {
            const auto& c = couplings[i];
            const double L = pheno::tensor_squared(v, r.m, r.m_X, pheno::TensorCouplings<double>{c[0], c[1], c[2]});
            assert(std::abs(L / r.expected[i] - 1) < rtol);
        }
    }
}

// The non-conserved part vanishes continuously: nearly equal couplings give nearly the same L.
void equal_couplings_are_no_special_case() {
    const Row& r = rows[std::size(rows) - 1];
    const auto v = point_of(r);
    const double equal = pheno::tensor_squared(v, r.m, r.m_X, pheno::TensorCouplings<double>{1, 1, 1});
    const double nearly = pheno::tensor_squared(v, r.m, r.m_X, pheno::TensorCouplings<double>{1, 1, 1 + 1e-15});
    assert(std::abs(nearly / equal - 1) < rtol);
    const double twice = pheno::tensor_squared(v, r.m, r.m_X, pheno::TensorCouplings<double>{2, 2, 2});
    assert(std::abs(twice / (4 * equal) - 1) < 1e-14);
}

}  // namespace

int main() {
    matches_explicit_spinors();
    equal_couplings_are_no_special_case();
    return 0;
}

// A dark-bremsstrahlung process with exact cross sections, reduced to what concerns its tables.
//
// DarkBremsstrahlung below has the two functions a G4VDiscreteProcess asks for, with plain numbers in place of
// G4Track, G4Material and CLHEP, so that this program compiles without Geant4. Where Geant4 has its own name for
// something, a comment says which. Internal units are those of Geant4: MeV and mm.
//
//   dark_brem TABLE.pht MASS_IN_GEV EPSILON
#include <cfloat>
#include <cmath>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include <pheno/table.hpp>

namespace {

const double GeV = 1e3;              // CLHEP::GeV
const double picobarn = 1e-34;       // CLHEP::picobarn, in mm2
const double mm3_per_cm3 = 1e3;
const double avogadro = 6.02214076e23;
const double elementary_charge = std::sqrt(4.0 * 3.14159265358979323846 / 137.035999177);

/// What Geant4 knows of one element of a material: G4Material::GetVecNbOfAtomsPerVolume() has the density of atoms.
struct Element {
    double Z;
    double atoms_per_mm3;
};

/// Lead: 11.35 g/cm3, 207.2 g/mol.
Element lead() {
    return {82.0, 11.35 / 207.2 * avogadro / mm3_per_cm3};
}

class DarkBremsstrahlung {
public:
    /// @param file     the table of one mediator on one nucleus
    /// @param mass     mass of the mediator [MeV]
    /// @param epsilon  coupling in units of e; for the tensor c/Lambda = epsilon e / GeV
    DarkBremsstrahlung(const std::string& file, double mass, double epsilon)
        : table_(file), sigma_(table_.at_mass(mass / GeV)), coupling_(epsilon * elementary_charge) {
        if (table_.header().count("x_window") == 0 || table_.header().at("x_window").compare(0, 4, "0.0 ") != 0) {
            throw std::runtime_error(file + ": a simulator samples x itself and needs the table of all x");
        }
    }

    /// Cross section [mm2] per atom. `energy` [MeV] is the total energy: GetKineticEnergy() + GetPDGMass().
    double CrossSectionPerAtom(double energy) const {
        // A table does not extrapolate. The process is off below its lowest energy (choose a spec that reaches down
        // to your production cut), and an energy above the highest one is a mistake: let the exception tell.
        if (energy / GeV < table_.energy_min()) return 0.0;
        return coupling_ * coupling_ * sigma_(energy / GeV) * picobarn;
    }

    /// G4VDiscreteProcess::GetMeanFreePath [mm].
    double GetMeanFreePath(double energy, const Element& element) const {
        const double per_length = CrossSectionPerAtom(energy) * element.atoms_per_mm3;
        return per_length > 0.0 ? 1.0 / per_length : DBL_MAX;
    }

    const pheno::Table& table() const { return table_; }

private:
    pheno::Table table_;       // const after construction: G4 worker threads may share one process object
    pheno::Table::Mass sigma_;
    double coupling_;
};

}  // namespace

int main(int count, char** words) try {
    if (count != 4) {
        std::cerr << "usage: dark_brem TABLE.pht MASS_IN_GEV EPSILON\n";
        return 2;
    }
    const DarkBremsstrahlung process(words[1], std::stod(words[2]) * GeV, std::stod(words[3]));
    const pheno::Table& table = process.table();
    std::cout << table.header().at("process") << ", X = " << table.header().at("mediator") << "\n"
              << "interpolation error: " << table.header().at("accuracy") << "\n"
              << "energy [GeV]   sigma [pb]   mean free path in lead [mm]\n";
    double energy = table.energy_max();
    while (energy >= table.energy_min()) {
        std::cout << energy << "   " << process.CrossSectionPerAtom(energy * GeV) / picobarn << "   "
                  << process.GetMeanFreePath(energy * GeV, lead()) << "\n";
        energy /= 2.0;
    }
    return 0;
} catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
}
